// Decision records from one thread to another: boost's single-producer queue against a deque behind
// a mutex. Wall time from the first push to the last pop, both threads busy.
#include <benchmark/benchmark.h>

#include <array>
#include <boost/lockfree/spsc_queue.hpp>
#include <cstdint>
#include <deque>
#include <mutex>
#include <thread>

namespace quanta {
namespace {

constexpr size_t kCapacity = 4096;
constexpr uint64_t kRecords = 100'000;  // per round

struct Record {
  uint64_t number;
  std::array<uint8_t, 184> rest;
};
static_assert(sizeof(Record) == 192);

class LockFree {
 public:
  bool push(const Record& record) { return queue_.push(record); }
  bool pop(Record& record) { return queue_.pop(record); }

 private:
  boost::lockfree::spsc_queue<Record, boost::lockfree::capacity<kCapacity>> queue_;
};

class Mutexed {
 public:
  bool push(const Record& record) {
    const std::lock_guard lock(mutex_);
    if (queue_.size() == kCapacity) return false;
    queue_.push_back(record);
    return true;
  }
  bool pop(Record& record) {
    const std::lock_guard lock(mutex_);
    if (queue_.empty()) return false;
    record = queue_.front();
    queue_.pop_front();
    return true;
  }

 private:
  std::mutex mutex_;
  std::deque<Record> queue_;
};

// Takes one round's records; true if they came in order and whole.
template <class Queue>
bool drain(Queue& queue) {
  Record record;
  bool ordered = true;
  for (uint64_t i = 0; i < kRecords; ++i) {
    while (!queue.pop(record)) std::this_thread::yield();
    ordered &= record.number == i && record.rest[183] == static_cast<uint8_t>(i);
  }
  return ordered;
}

template <class Queue>
void transfer(benchmark::State& state) {
  Queue queue;
  bool ordered = true;
  for (auto _ : state) {
    std::jthread consumer([&] { ordered = drain(queue) && ordered; });
    Record record{};
    for (uint64_t i = 0; i < kRecords; ++i) {
      record.number = i;
      record.rest[183] = static_cast<uint8_t>(i);
      while (!queue.push(record)) std::this_thread::yield();
    }
  }
  if (!ordered) state.SkipWithError("records lost or out of order");
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(kRecords));
}

BENCHMARK(transfer<LockFree>)->Name("queue/spsc")->UseRealTime();
BENCHMARK(transfer<Mutexed>)->Name("queue/mutexed_deque")->UseRealTime();

}  // namespace
}  // namespace quanta
