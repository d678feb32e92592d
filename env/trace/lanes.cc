#include "env/trace/lanes.h"

#include <algorithm>
#include <atomic>
#include <bit>

namespace quanta {
namespace {

constexpr uint64_t kHandBack = 1024;  // places that are given back to the kernel at once
constexpr uint32_t kLeastPlaces = 1 << 12;
constexpr uint32_t kMostPlaces = 1 << 17;  // of 16 bytes
constexpr uint32_t kAllPlaces = 1 << 20;

constexpr auto kLater = [](const auto& a, const auto& b) { return a.time > b.time; };

}  // namespace

Lanes::Lanes(std::span<quanta_lane> lanes, std::span<quanta_brief> places)
    : lanes_(lanes), places_(places), size_(places.size() / lanes.size()), tails_(lanes.size()) {
  for (size_t cpu = 0; cpu < lanes_.size(); ++cpu) tails_[cpu] = lanes_[cpu].tail;
  next_.reserve(lanes_.size());
}

uint32_t Lanes::places_for(size_t cpus) {
  const auto each = static_cast<uint32_t>(kAllPlaces / std::max<size_t>(1, cpus));
  return std::clamp(std::bit_floor(each), kLeastPlaces, kMostPlaces);
}

// Whether the lane has a record to be read; if not, what was read of it is given back.
bool Lanes::is_there(uint32_t cpu) {
  const uint64_t tail = tails_[cpu];
  // Acquires what put() in bpf/record.bpf.c releases.
  const uint64_t what = std::atomic_ref(place(cpu).what).load(std::memory_order_acquire);
  const bool there = (what & 1) == ((tail & size_) == 0 ? 1 : 0);
  if (!there || tail % kHandBack == 0) {
    std::atomic_ref(lanes_[cpu].tail).store(tail, std::memory_order_release);
  }
  return there;
}

// Notes the lane's oldest record, if there is one.
void Lanes::look(uint32_t cpu) {
  if (!is_there(cpu)) return;
  next_.push_back({place(cpu).time, cpu});
  std::push_heap(next_.begin(), next_.end(), kLater);
}

uint32_t Lanes::earliest() {
  std::pop_heap(next_.begin(), next_.end(), kLater);
  const uint32_t cpu = next_.back().cpu;
  next_.pop_back();
  return cpu;
}

uint64_t Lanes::lost() const {
  uint64_t lost = 0;
  for (quanta_lane& lane : lanes_) {
    lost += std::atomic_ref(lane.lost).load(std::memory_order_relaxed);
  }
  return lost;
}

}  // namespace quanta
