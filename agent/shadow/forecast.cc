#include "agent/shadow/forecast.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "agent/features/features.h"
#include "agent/features/log2.h"

namespace quanta {

const std::array<std::string_view, kPredictors> kPredictorNames = {"network", "name+priority",
                                                                   "last value", "average"};

namespace {

constexpr double kLately = 20'000;  // forecasts
constexpr Nanos kTrainEvery = 50 * kMillisecond;
constexpr size_t kQueue = 1 << 14;
constexpr Nanos kNoneYet = kMillisecond;  // as the average starts

float bounded(float log2_ns) {
  static const float shortest = std::log2(static_cast<float>(kSeedShortest));
  static const float longest = std::log2(static_cast<float>(kSeedLongest));
  return std::clamp(log2_ns, shortest, longest);
}

// The exact logarithm of the duration that log2_q8() was given.
float exact_log2(float feature) {
  const float whole = std::floor(feature);
  return whole + std::log2(1 + (feature - whole));
}

Weights initial(const SeedLearner* learner) {
  Weights weights{};
  if (learner != nullptr) {
    learner->snapshot(weights);
  } else {
    weights.inverse_sd.fill(1);
  }
  weights.checksum = checksum_of(weights);
  return weights;
}

// Where the name has no learner.
class NobodyLearns final : public SeedLearner {
 public:
  void step(std::span<const SeedSample>) override {}
  void snapshot(Weights& weights) const override { weights = initial(nullptr); }
};

std::array<ForecastScore, kPredictors> scores(double memory) {
  const ForecastScore score(memory);
  return {score, score, score, score};
}

}  // namespace

void ForecastScore::add(float forecast, float truth) {
  count_ = std::min(count_ + 1, memory_);
  const double rate = 1 / count_;
  const double off = static_cast<double>(truth) - static_cast<double>(forecast);
  const double late = (std::exp2(truth) - std::exp2(forecast)) / kSecond;
  error_ += rate * (std::abs(off) - error_);
  bias_ += rate * (off - bias_);
  longer_ += rate * ((off > 0 ? 1.0 : 0.0) - longer_);
  seconds_ += rate * (std::abs(late) - seconds_);
}

Features name_inputs(const Record& burst) {
  const auto part = [&](FeatureIndex i) {
    const float value = burst.act.x[static_cast<size_t>(i)];
    return static_cast<uint32_t>(std::lround(value * kOctave) + 256) & 511U;
  };
  TaskView view;
  view.name_hash = part(kNameA) | part(kNameB) << 9;
  view.load_weight = static_cast<uint32_t>(burst.importance * kNiceZeroWeight);
  Features x;
  seed_features(view, x);
  return x;
}

std::optional<Forecast> forecast(const Record& burst, const Weights& network, const Weights& name) {
  const Features& x = burst.act.x;
  if (burst.censored || x[kExec] > 0) return std::nullopt;
  Outputs residual;
  forward(network, x, residual);
  Outputs by_name;
  forward(name, name_inputs(burst), by_name);
  const float last =
      x[kBurstLast] > 0 ? exact_log2(x[kBurstLast]) : std::log2(static_cast<float>(kNoneYet));
  Forecast f{};
  f.truth = bounded(std::log2(static_cast<float>(burst.burst)));
  f.said[kByNetwork] =
      bounded(burst.act.prior_rem + std::clamp(residual[kHeadBurst], -kMaxResidual, kMaxResidual));
  f.said[kByName] = std::log2(static_cast<float>(seed_prediction(by_name[0])));
  f.said[kByLast] = bounded(last);
  f.said[kByAverage] = bounded(exact_log2(x[kBurstMean]));
  return f;
}

Forecasts::Forecasts(std::unique_ptr<SeedLearner> learner, uint64_t seed)
    : learner_(learner ? std::move(learner) : std::make_unique<NobodyLearns>()),
      queue_(kQueue),
      publisher_(initial(learner_.get())),
      trainer_(*learner_, queue_, publisher_, seed, kTrainEvery),
      lately_(scores(kLately)),
      all_(scores(std::numeric_limits<double>::infinity())) {}

void Forecasts::take(const Record& burst, const Weights& network, Nanos now) {
  const auto said = forecast(burst, network, publisher_.current());
  if (!said) return;
  ++count_;
  for (size_t p = 0; p < kPredictors; ++p) {
    lately_[p].add(said->said[p], said->truth);
    all_[p].add(said->said[p], said->truth);
  }
  queue_.push({.time = now, .x = name_inputs(burst), .target = seed_target(burst.burst)});
}

void Forecasts::learn() {
  trainer_.step();
  publisher_.quiescent();
}

}  // namespace quanta
