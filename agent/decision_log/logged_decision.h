// One decision with its propensity and what came of it, as it is logged. Plain values.
#pragma once

#include <cstdint>
#include <string>

#include "agent/hot/record.h"
#include "agent/reward/credit.h"

namespace quanta {

struct LoggedDecision {
  Nanos time = 0;            // when it was decided
  uint32_t task = 0;         // slot, which another task may have later
  std::string reward_class;  // of the task; empty: none
  std::string arm;           // what acted (agent/guard/arm.h), or "other"
  uint64_t version = 0;      // of the weights
  bool woken = false;        // decided at a wake-up
  bool preempted = false;    // a running task
  float sd = 0;              // of the exploration noise, octaves; 0: not explored
  // Of the action among what could have been done, given the features: log of log_density(); 0
  // where nothing was explored.
  double log_propensity = 0;
  float burst = 0;                     // the burst head's, octaves; not explored; 0: it did not act
  std::array<float, kActions> mean{};  // octaves
  std::array<float, kActions> taken{};
  double weight = 0;  // reward weight of the task
  Nanos wait = 0;
  Nanos run = 0;
  double earned = 0;  // what its CPU time was worth at the going price, ns (GoingRates)
  double reward = 0;  // ns: the sum of `terms`
  Terms terms{};      // ns, weights of the configuration applied
  Features x{};

  bool explored() const { return sd > 0; }
  bool operator==(const LoggedDecision&) const = default;
};

// `record` is a kDecision, which `rates` know already.
LoggedDecision logged(const Record& record, const RewardConfig& config, const GoingRates& rates);

// Log of the density of `taken` under independent normal noise of deviation `sd` > 0 around `mean`,
// octaves.
double log_density(const std::array<float, kActions>& taken,
                   const std::array<float, kActions>& mean, double sd);

}  // namespace quanta
