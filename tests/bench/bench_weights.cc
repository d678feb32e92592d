// One look at the current weights, alone and while a writer replaces them a thousand times a
// second: the publisher, a mutex, and an atomic shared pointer. CPU time of the reading thread.
#include <benchmark/benchmark.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <thread>

#include "agent/policy/publisher.h"
#include "tests/policy/random_net.h"

namespace quanta {
namespace {

class Published {
 public:
  explicit Published(const Weights& initial) : publisher_(initial) {}
  float read() {
    publisher_.quiescent();
    return publisher_.current().w[0];
  }
  bool write(const Weights& weights) { return publisher_.publish(weights); }

 private:
  Publisher publisher_;
};

class Mutexed {
 public:
  explicit Mutexed(const Weights& initial) : weights_(initial) {}
  float read() {
    const std::lock_guard lock(mutex_);
    return weights_.w[0];
  }
  bool write(const Weights& weights) {
    const std::lock_guard lock(mutex_);
    weights_ = weights;
    return true;
  }

 private:
  std::mutex mutex_;
  Weights weights_;
};

class SharedPointer {
 public:
  explicit SharedPointer(const Weights& initial)
      : weights_(std::make_shared<const Weights>(initial)) {}
  float read() { return weights_.load(std::memory_order_acquire)->w[0]; }
  bool write(const Weights& weights) {
    weights_.store(std::make_shared<const Weights>(weights), std::memory_order_release);
    return true;
  }

 private:
  std::atomic<std::shared_ptr<const Weights>> weights_;
};

template <class Holder>
void alone(benchmark::State& state) {
  Rng rng(1);
  Holder holder(random_net(rng));
  for (auto _ : state) benchmark::DoNotOptimize(holder.read());
}

template <class Holder>
void swapped(benchmark::State& state) {
  Rng rng(1);
  const Weights nets[] = {random_net(rng), random_net(rng)};
  Holder holder(nets[0]);
  std::atomic<int64_t> swaps{0};
  std::jthread writer([&](const std::stop_token& stop) {
    for (size_t i = 0; !stop.stop_requested(); ++i) {
      swaps += holder.write(nets[i % 2]) ? 1 : 0;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  });
  for (auto _ : state) benchmark::DoNotOptimize(holder.read());
  state.counters["swaps"] = static_cast<double>(swaps);
}

BENCHMARK(alone<Published>)->Name("publisher/alone");
BENCHMARK(swapped<Published>)->Name("publisher/swapped");
BENCHMARK(alone<Mutexed>)->Name("mutex/alone");
BENCHMARK(swapped<Mutexed>)->Name("mutex/swapped");
BENCHMARK(alone<SharedPointer>)->Name("shared_ptr/alone");
BENCHMARK(swapped<SharedPointer>)->Name("shared_ptr/swapped");

}  // namespace
}  // namespace quanta
