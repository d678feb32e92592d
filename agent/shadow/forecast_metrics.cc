#include "agent/shadow/forecast_metrics.h"

#include <string>

namespace quanta {

ForecastMetrics::ForecastMetrics(prometheus::Registry& registry) {
  const auto family = [&](const char* name,
                          const char* help) -> prometheus::Family<prometheus::Gauge>& {
    return prometheus::BuildGauge().Name(name).Help(help).Register(registry);
  };
  auto& error = family("quanta_forecast_error_octaves",
                       "Mean error of the CPU time of tasks' next runs, lately; 1: off by a factor "
                       "of two.");
  auto& bias = family("quanta_forecast_bias_octaves",
                      "By how much runs took longer than foretold on average, lately.");
  auto& longer = family("quanta_forecast_longer_ratio",
                        "Share of runs that took longer than foretold, lately.");
  auto& seconds =
      family("quanta_forecast_error_seconds", "Mean error of what was foretold, lately.");
  for (size_t p = 0; p < kPredictors; ++p) {
    const prometheus::Labels labels{{"predictor", std::string(kPredictorNames[p])}};
    each_[p] = {&error.Add(labels), &bias.Add(labels), &longer.Add(labels), &seconds.Add(labels)};
  }
  count_ = &prometheus::BuildCounter()
                .Name("quanta_forecasts_total")
                .Help("Runs of tasks that were foretold.")
                .Register(registry)
                .Add({});
}

void ForecastMetrics::show(const Forecasts& forecasts) {
  for (size_t p = 0; p < kPredictors; ++p) {
    const ForecastScore& score = forecasts.lately(static_cast<Predictor>(p));
    each_[p].error->Set(score.error());
    each_[p].bias->Set(score.bias());
    each_[p].longer->Set(score.longer());
    each_[p].seconds->Set(score.seconds());
  }
  count_->Increment(static_cast<double>(forecasts.count()) - count_->Value());
}

}  // namespace quanta
