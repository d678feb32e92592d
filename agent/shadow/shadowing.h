// What runs beside an agent that only watches: the twin, in which the policy learns, the forecasts,
// and what people are told of them.
//
// One thread, the one that runs the cold side. Takes no more than `env.shadow.twin_cpu` of a CPU,
// learning included.
#pragma once

#include <string>
#include <vector>

#include "agent/run/agent.h"
#include "agent/shadow/forecast.h"
#include "agent/shadow/forecast_metrics.h"
#include "agent/shadow/twin.h"
#include "agent/shadow/twin_metrics.h"
#include "env/shadow/shadow_env.h"

namespace quanta {

class Shadowing {
 public:
  // `config` as for a run that acts; `env` and `agent`, which acts in it, outlive this.
  Shadowing(const Config& config, ShadowEnv& env, Agent& agent);

  // To be called often, between two steps of the cold side.
  void tick();
  // Of the twin, where what is learnt acts.
  const Meter& meter() { return twin_.hot().meter; }
  // Lines for the end of a run: costs, twin, forecasts.
  std::string summary() const;

 private:
  void show_window(const WatchedWindow& window);
  std::unique_ptr<SeedLearner> name_learner() const;
  void hand_over_weights();
  void go_on();

  const Config config_;
  ShadowEnv& env_;
  Agent& agent_;
  Twin twin_;
  TwinMetrics twin_metrics_;
  ForecastMetrics forecast_metrics_;
  std::vector<TwinReport> reports_;
  uint64_t version_ = UINT64_MAX;  // of the weights that the twin has
  Weights weights_;                // as published
  Forecasts forecasts_;
  Nanos started_;
  Nanos cpu_before_;  // CPU time of this thread at the start
  uint64_t switches_before_;
  std::string last_problem_;
};

// "wake-up p99 now 3.10 ms; with Quanta 0.20 ms (twin error 8%)"
std::string describe(const TwinReport& report);
// A table: what each predictor's forecasts of all runs were worth.
std::string describe(const Forecasts& forecasts);

}  // namespace quanta
