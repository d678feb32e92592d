#include "agent/policy/index.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "agent/config/section.h"
#include "agent/features/exp2.h"

namespace quanta {

namespace {
constexpr int64_t kNoKey = -1;

// Durations are far below 2^63, and signed conversions cost one instruction.
double real(Nanos t) {
  return static_cast<double>(static_cast<int64_t>(t));
}
Nanos scaled(Nanos t, float factor) {
  return static_cast<Nanos>(
      static_cast<int64_t>(factor * static_cast<float>(static_cast<int64_t>(t))));
}

// `rem` remains of the task, remaining(cpu) of those that run.
Situation look(const Tracker& tracker, TaskId id, Nanos rem, auto remaining) {
  const TaskView& task = tracker.task(id);
  const Nanos now = tracker.now();
  const int cpus = tracker.cpus();
  int64_t largest = kNoKey;  // keys are compared by their bits, which order positive numbers
  CpuId victim_cpu = kNoCpu;
  Nanos victim_rem = 0;
  Nanos least = ~Nanos{0};      // that remains of those that run
  Nanos slice_end = ~Nanos{0};  // the first
  for (CpuId c = 0; c < cpus; ++c) {
    const CpuView& cpu = tracker.cpu(c);
    if (cpu.task == kNoTask) continue;  // about to pick, and perhaps another one
    const Nanos running = remaining(cpu);
    least = std::min(least, running);
    slice_end = std::min(slice_end, cpu.slice_end);
    if (tracker.are_peers(cpu, task)) continue;
    const auto key = std::bit_cast<int64_t>(index_of(real(running), cpu.w));
    if (key <= largest) continue;
    largest = key;
    victim_cpu = c;
    victim_rem = running;
  }
  const Nanos left = std::max(slice_end, now + tracker.granularity()) - now;
  return {.task = id,
          .rem = rem,
          .victim_cpu = victim_cpu,
          .victim = victim_cpu == kNoCpu ? kNoTask : tracker.cpu(victim_cpu).task,
          .victim_rem = victim_rem,
          .saved = std::min(least, left),
          .others = std::max(0.0, tracker.weighted_waiters() - task.w) / cpus};
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

double worth_of(double saved, const IndexConfig& config) {
  if (config.latency_worth == 0 || saved <= 0) return saved;
  const auto octaves = static_cast<float>(-M_LOG2E * real(config.latency_target) / saved);
  return saved * (1 + config.latency_worth * exp2_of(std::max(octaves, -100.0F)));
}

Nanos expected_remaining(Nanos exec, Nanos burst) {
  return exec < burst ? std::max(burst - exec, burst / 4) : std::max<Nanos>(exec, 1);
}

Situation assess(const Tracker& tracker, TaskId id, const BurstOracle* oracle) {
  if (oracle == nullptr) {
    const TaskView& task = tracker.task(id);
    return look(tracker, id, expected_remaining(tracker.exec(task), task.burst),
                [&](const CpuView& cpu) {
                  return scaled(expected_remaining(tracker.exec(cpu), cpu.burst), cpu.rem_scale);
                });
  }
  const auto known = [&](TaskId task) { return std::max<Nanos>(oracle->remaining(task), 1); };
  return look(tracker, id, known(id), [&](const CpuView& cpu) { return known(cpu.task); });
}

Decision decide(Tracker& tracker, const Situation& s, const Residual& r, uint32_t generation,
                const IndexConfig& config) {
  TaskView& t = tracker.task(s.task);
  t.rem_scale = exp2_of(r.burst);
  const double rem = real(s.rem) * t.rem_scale;
  const double behind = t.woken ? t.peer_index : 0;
  const double index = std::max(index_of(rem, t.w), behind) * exp2_of(r.order);
  const auto slice = static_cast<int64_t>(real(config.slice) * exp2_of(r.slice));
  t.slice = std::clamp(static_cast<Nanos>(slice), config.slice_min, config.slice_max);
  CpuId preempt = kNoCpu;
  if (t.woken && s.victim_cpu != kNoCpu) {
    const double v = tracker.task(s.victim).w;
    const double price = v * rem + real(config.switch_cost) * (v + s.others);
    if (t.w * worth_of(real(s.saved), config) > exp2_of(r.preempt) * price) preempt = s.victim_cpu;
  }
  return Decision{
      .task = s.task,
      .generation = generation,
      .key = tracker.now() + static_cast<uint64_t>(static_cast<int64_t>(index * config.patience)),
      .guard = t.due,
      .slice = static_cast<uint32_t>(t.slice),
      .preempt_cpu = static_cast<int16_t>(preempt),
      .pad = 0};
}

}  // namespace quanta
