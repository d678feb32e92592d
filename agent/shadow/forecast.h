// How well the CPU time of a task's next run, from wake-up to sleep, is foretold: by the network's
// burst head, by the seed's network from name and priority alone, by the last one, and by their
// exponential average.
//
// Each activation is foretold by all before any of them learns from it. Errors are in octaves (log2
// of the ratio; 1: off by a factor of two); truth and forecasts count as at least 10 us and at most
// 100 ms, as the seed's network does. One thread.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string_view>

#include "agent/hot/record.h"
#include "agent/learn/seed_trainer.h"

namespace quanta {

enum Predictor : int { kByNetwork, kByName, kByLast, kByAverage, kPredictors };
extern const std::array<std::string_view, kPredictors> kPredictorNames;

// Running means over forecasts, of which the oldest fade after `memory` of them.
class ForecastScore {
 public:
  explicit ForecastScore(double memory) : memory_(memory) {}
  // In log2 of ns.
  void add(float forecast, float truth);

  double error() const { return error_; }      // octaves, absolute
  double bias() const { return bias_; }        // octaves by which truth exceeds the forecast
  double longer() const { return longer_; }    // share of runs that took longer than foretold
  double seconds() const { return seconds_; }  // absolute error
  double count() const { return count_; }      // forecasts that count

 private:
  double memory_;
  double count_ = 0;
  double error_ = 0;
  double bias_ = 0;
  double longer_ = 0;
  double seconds_ = 0;
};

// What each predictor says of one activation, log2 of ns. Empty: it was not decided at its wake-up,
// or went on longer than is followed.
struct Forecast {
  float truth;
  std::array<float, kPredictors> said;
};
std::optional<Forecast> forecast(const Record& burst, const Weights& network, const Weights& name);

// The seed network's inputs, from what a record keeps of name and priority.
Features name_inputs(const Record& burst);

class Forecasts {
 public:
  // `learner`: of the network from name and priority; null: it stays as it is, saying 1 ms.
  Forecasts(std::unique_ptr<SeedLearner> learner, uint64_t seed);

  // A record of the kind kBurst; `network` is what is published at this time, `now` the
  // environment's.
  void take(const Record& burst, const Weights& network, Nanos now);
  // Lets the name network learn from what was taken; some ms of CPU time.
  void learn();

  const ForecastScore& lately(Predictor p) const { return lately_[static_cast<size_t>(p)]; }
  const ForecastScore& all(Predictor p) const { return all_[static_cast<size_t>(p)]; }
  uint64_t count() const { return count_; }

 private:
  std::unique_ptr<SeedLearner> learner_;
  SeedQueue queue_;
  Publisher publisher_;
  SeedTrainer trainer_;
  std::array<ForecastScore, kPredictors> lately_;
  std::array<ForecastScore, kPredictors> all_;
  uint64_t count_ = 0;
};

}  // namespace quanta
