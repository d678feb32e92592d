#include "env/shadow/host_timing.h"

#include <chrono>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <thread>

namespace quanta {
namespace {

std::string text_of(const char* file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

bool hrtick_is_on() {
  std::ifstream features("/sys/kernel/debug/sched/features");
  for (std::string word; features >> word;) {
    if (word == "HRTICK") return true;
  }
  return false;
}

}  // namespace

std::optional<uint64_t> jiffies_in(const std::string& timer_list) {
  constexpr std::string_view kKey = "\njiffies: ";
  const size_t at = timer_list.find(kKey);
  if (at == std::string::npos) return {};
  const uint64_t value = std::strtoull(timer_list.c_str() + at + kKey.size(), nullptr, 10);
  return value > 0 ? std::optional(value) : std::nullopt;
}

Nanos nearest_tick(uint64_t ticks, Nanos time) {
  const double hertz = static_cast<double>(ticks) * kSecond / static_cast<double>(time);
  double nearest = 250;
  for (const double usual : {100.0, 250.0, 300.0, 1000.0}) {
    if (std::abs(std::log(hertz / usual)) < std::abs(std::log(hertz / nearest))) nearest = usual;
  }
  return static_cast<Nanos>(kSecond / nearest);
}

HostTiming read_host_timing() {
  using Clock = std::chrono::steady_clock;
  HostTiming timing;
  timing.hrtick = hrtick_is_on();
  const auto before = jiffies_in(text_of("/proc/timer_list"));
  const auto start = Clock::now();
  if (!before) return timing;
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  const auto after = jiffies_in(text_of("/proc/timer_list"));
  const auto time = std::chrono::nanoseconds(Clock::now() - start).count();
  if (after && *after > *before) {
    timing.tick = nearest_tick(*after - *before, static_cast<Nanos>(time));
  }
  return timing;
}

}  // namespace quanta
