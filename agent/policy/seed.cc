#include "agent/policy/seed.h"

#include <algorithm>
#include <cmath>

namespace quanta {

namespace {

constexpr float kOctavesPerUnit = 4;
constexpr Nanos kLag = 20 * kMillisecond;
constexpr Nanos kSlice = 20 * kMillisecond;
constexpr Nanos kSliceMin = kMillisecond;

}  // namespace

float seed_target(Nanos burst) {
  const Nanos bounded = std::clamp(burst, kSeedShortest, kSeedLongest);
  return std::log2(static_cast<float>(bounded) / static_cast<float>(kMillisecond)) /
         kOctavesPerUnit;
}

Nanos seed_prediction(float output) {
  const float octaves = std::clamp(output * kOctavesPerUnit, -20.0F, 20.0F);
  const auto burst = static_cast<Nanos>(static_cast<float>(kMillisecond) * std::exp2(octaves));
  return std::clamp(burst, kSeedShortest, kSeedLongest);
}

void seed_features(const TaskView& view, Features& x) {
  const uint32_t mixed = view.name_hash * 0x9e3779b1U;
  for (size_t i = 0; i + 1 < x.size(); ++i) x[i] = (mixed >> (31 - i)) & 1 ? 1.0F : -1.0F;
  const float weight = static_cast<float>(std::max(1U, view.load_weight));
  x.back() = 0.5F * std::log2(weight / static_cast<float>(kNiceZeroWeight));
}

SeedPolicy::SeedPolicy(Publisher& publisher, SeedQueue& queue, uint32_t max_tasks, SeedUse use)
    : publisher_(publisher),
      queue_(queue),
      vruntime_(max_tasks, kLag),
      long_since_(max_tasks),
      use_(use) {}

// At a wake-up the activation before it is known; one that goes on and on counts as the longest.
void SeedPolicy::observe(const TaskView& view, TaskId id, Nanos now) {
  SeedSample sample;
  sample.time = now;
  if (view.woken && view.last_burst > 0) {
    sample.target = seed_target(view.last_burst);
  } else if (view.exec >= kSeedLongest && long_since_[id] != view.woke_at + 1) {
    long_since_[id] = view.woke_at + 1;  // + 1: woken at 0 is not "never reported"
    sample.target = seed_target(kSeedLongest);
  } else {
    return;
  }
  seed_features(view, sample.x);
  queue_.push(sample);
}

Decision SeedPolicy::decide(const Event& event, Tracker& tracker) {
  TaskView& t = tracker.task(event.task);
  observe(t, event.task, tracker.now());
  publisher_.quiescent();
  Features x;
  seed_features(t, x);
  Outputs y;
  forward(publisher_.current(), x, y);
  const Nanos predicted = seed_prediction(y[0]);
  t.slice = use_ == SeedUse::kDeadlineAndSlice
                ? std::clamp(predicted, kSliceMin, kSlice)
                : std::max(kSlice / (tracker.waiting() + 1), kSliceMin);
  return {.task = event.task,
          .generation = event.generation,
          .key = vruntime_.of(event.task, tracker) + predicted,
          .guard = kNoGuard,
          .slice = static_cast<uint32_t>(t.slice),
          .preempt_cpu = kNoCpu,
          .pad = 0};
}

}  // namespace quanta
