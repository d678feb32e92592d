// The seed predictor: a small network that predicts from a task's name and priority how long it
// will run, in the deadline rule. The idea that Quanta grew from, kept to compare with.
//
// Four layers of weights, three hidden ones of 32, one output. What is predicted is the CPU time of
// an activation (wake-up to sleep), at most kSeedLongest; in the deadline it stands in place of the
// CPU time since the last sleep. Inputs: 15 bits of the name's hash as +-1, and the priority.
#pragma once

#include <boost/lockfree/spsc_queue.hpp>
#include <vector>

#include "agent/policy/baselines.h"
#include "agent/policy/network.h"
#include "agent/policy/policy.h"
#include "agent/policy/publisher.h"

namespace quanta {

inline constexpr Nanos kSeedShortest = 10 * kMicrosecond;
inline constexpr Nanos kSeedLongest = 100 * kMillisecond;

// One observed activation.
struct SeedSample {
  Nanos time;  // when it was known
  Features x;
  float target;  // see seed_target()
};
using SeedQueue = boost::lockfree::spsc_queue<SeedSample>;

// What the network predicts: four octaves a unit, 0 is 1 ms.
float seed_target(Nanos burst);
Nanos seed_prediction(float output);
void seed_features(const TaskView& view, Features& x);

// Whether the prediction is the time slice too.
enum class SeedUse : uint8_t { kDeadline, kDeadlineAndSlice };

class SeedPolicy final : public Policy {
 public:
  // Weights come from `publisher`, observations go to `queue` (dropped when it is full); both
  // outlive the policy.
  SeedPolicy(Publisher& publisher, SeedQueue& queue, uint32_t max_tasks, SeedUse use);
  Decision decide(const Event& event, Tracker& tracker) override;

 private:
  void observe(const TaskView& view, TaskId id, Nanos now);

  Publisher& publisher_;
  SeedQueue& queue_;
  Vruntime vruntime_;
  std::vector<Nanos> long_since_;  // per task: wake-up of the activation last reported as long
  SeedUse use_;
};

}  // namespace quanta
