// What trains the network. No torch here: the implementation is a library loaded at run time
// (libquanta_learn.so), so that the scheduler starts in milliseconds and runs without it.
// One thread, the cold one.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "agent/hot/record.h"
#include "agent/policy/network.h"
#include "env/base/result.h"

namespace quanta {

class Section;

struct LearnerConfig {
  int64_t batch = 1024;  // explored decisions per update
  int64_t minibatch = 128;
  int64_t epochs = 2;
  int64_t warmup_updates = 2;     // of the value and burst heads and the normaliser only
  double cpu = 0.25;              // of one CPU, where decisions do not wait for it; 1: no bound
  double learning_rate = 1.5e-3;  // Adam
  double clip = 0.2;              // of the probability ratio (Schulman et al. 2017)
  double gradient_norm = 1;
  double mean_penalty = 0.1;  // L2 pull of the residual's mean to 0
  double reward_clip = 8;     // after normalisation
  double advantage_clip = 4;
  double exploration_start = 0.5;  // octaves
  double exploration_end = 0.4;
  int64_t exploration_updates = 60;  // over which it falls
  double burst_weight = 1;           // of the supervised loss
  int64_t hidden = 32;               // width of each of the hidden layers
  int64_t layers = 3;                // hidden layers
  bool order = false;                // the order is learnt too (ExplorationConfig)
  bool own_shape = false;            // one of these two is configured
  bool in_integers = false;          // trained as the kernel rounds it; two hidden layers
  uint64_t seed = 1;
};

void read(Section& section, LearnerConfig& config);

// One decision with its reward.
struct Sample {
  Features x;
  std::array<float, kActions> mean;  // of the policy that acted
  std::array<float, kActions> taken;
  float sd;      // 0: not explored, no use to the policy gradient
  float reward;  // any unit; normalised by the learner
};

// Of an update and of each of its steps, at most: bursts are the cheaper ones.
inline constexpr int64_t kBurstsPerSample = 4;

// One activation's outcome for the burst head.
struct BurstSample {
  Features x;
  float target;                  // log2(true remaining / prior's), octaves
  bool censored;                 // the truth is at least that
  std::array<uint8_t, 3> pad{};  // saved as bytes: none is left undefined
};

struct UpdateReport {
  double policy_loss = 0;
  double value_loss = 0;
  double burst_loss = 0;  // mean squared error, octaves^2
  double entropy = 0;     // nats
  double kl = 0;          // nats, of the policy after the update from that before
  double explained_variance = 0;
  double gradient_norm = 0;  // before clipping
  double mean_reward = 0;
  uint64_t updates = 0;  // so far
};

class Learner {
 public:
  virtual ~Learner() = default;
  // Either may be empty: then its loss is none.
  virtual UpdateReport update(std::span<const Sample> samples,
                              std::span<const BurstSample> bursts) = 0;
  // The current network with its normaliser and exploration, for publication.
  virtual void snapshot(Weights& weights) const = 0;
  // Exploration begins anew with its full deviation: the load has changed.
  virtual void explore_anew() {}
  // Everything that an exact continuation needs: parameters, optimiser, normaliser, random state.
  virtual std::string save() const = 0;
  virtual Status load(const std::string& state) = 0;
};

// Loads the library of this build or installation (library.h) and makes a learner. The library
// stays loaded. An error names the missing library and what installs it.
Result<std::unique_ptr<Learner>> make_learner(const LearnerConfig& config);

}  // namespace quanta
