#include "agent/policy/index.h"

#include <algorithm>
#include <cmath>

#include "agent/config/section.h"

namespace quanta {

namespace {
constexpr Nanos kRemCap = 50 * kMillisecond;

// Durations are far below 2^63, and signed conversions cost one instruction.
double real(Nanos t) {
  return static_cast<double>(static_cast<int64_t>(t));
}
Nanos scaled(Nanos t, float factor) {
  return static_cast<Nanos>(
      static_cast<int64_t>(factor * static_cast<float>(static_cast<int64_t>(t))));
}

}  // namespace

void read(Section& section, IndexConfig& config) {
  section.duration("switch_cost", config.switch_cost, 0, kMillisecond);
  section.duration("slice_min", config.slice_min, 50 * kMicrosecond, 100 * kMillisecond);
  section.duration("slice_max", config.slice_max, 50 * kMicrosecond, kSecond);
  section.duration("slice", config.slice, 50 * kMicrosecond, kSecond);
  if (config.slice < config.slice_min) section.complain("slice", "at least 'slice_min'");
  if (config.slice > config.slice_max) section.complain("slice", "at most 'slice_max'");
}

Nanos expected_remaining(Nanos exec, Nanos burst) {
  const Nanos rem = exec < burst ? std::max(burst - exec, burst / 4) : exec;
  return std::max<Nanos>(rem, 1);
}

Situation assess(const Tracker& tracker, TaskId id, const BurstOracle* oracle) {
  const auto remaining = [&](TaskId task, const TaskView& view) {
    if (oracle != nullptr) return std::max<Nanos>(oracle->remaining(task), 1);
    return scaled(expected_remaining(tracker.exec(view), view.burst), view.rem_scale);
  };
  const TaskView& t = tracker.task(id);
  const Nanos now = tracker.now();
  Situation s;
  s.task = id;
  s.rem = oracle != nullptr ? remaining(id, t) : expected_remaining(tracker.exec(t), t.burst);
  s.others = std::max(0.0, tracker.weighted_waiters() - t.w) / tracker.cpus();
  s.saved = ~Nanos{0};
  double largest = -1;
  const int cpus = tracker.cpus();
  for (CpuId c = 0; c < cpus; ++c) {
    const CpuView& cpu = tracker.cpu(c);
    if (cpu.task == kNoTask) {  // about to pick: nothing is saved by preempting
      s.saved = 0;
      continue;
    }
    const TaskView& v = tracker.task(cpu.task);
    const Nanos rem = remaining(cpu.task, v);
    const Nanos left =
        std::max(cpu.slice_end > now ? cpu.slice_end - now : 0, tracker.granularity());
    s.saved = std::min(s.saved, std::min(rem, left));
    if (v.process == t.process) continue;  // peers do not preempt each other
    const double key = real(std::min(rem, kRemCap)) / v.w;
    if (key > largest) {
      largest = key;
      s.victim_cpu = c;
      s.victim = cpu.task;
      s.victim_rem = rem;
    }
  }
  return s;
}

Decision decide(Tracker& tracker, const Situation& s, const Residual& r, uint32_t generation,
                const IndexConfig& config) {
  TaskView& t = tracker.task(s.task);
  t.rem_scale = std::exp2(r.burst);
  const double rem = static_cast<double>(s.rem) * t.rem_scale;
  const double index = std::min(rem, static_cast<double>(kRemCap)) / t.w * std::exp2(r.order);
  const double slice = static_cast<double>(config.slice) * std::exp2(r.slice);
  t.slice = std::clamp(static_cast<Nanos>(slice), config.slice_min, config.slice_max);
  CpuId preempt = kNoCpu;
  if (t.woken && s.victim_cpu != kNoCpu) {
    const double v = tracker.task(s.victim).w;
    const double price = v * rem + static_cast<double>(config.switch_cost) * (v + s.others);
    if (t.w * static_cast<double>(s.saved) > std::exp2(r.preempt) * price) preempt = s.victim_cpu;
  }
  return Decision{.task = s.task,
                  .generation = generation,
                  .key = tracker.now() + static_cast<uint64_t>(index * config.patience),
                  .guard = t.due,
                  .slice = static_cast<uint32_t>(t.slice),
                  .preempt_cpu = static_cast<int16_t>(preempt),
                  .pad = 0};
}

}  // namespace quanta
