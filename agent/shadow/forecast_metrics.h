// How good the forecasts are, for Prometheus. Updates are thread-safe.
#pragma once

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>

#include <array>

#include "agent/shadow/forecast.h"

namespace quanta {

class ForecastMetrics {
 public:
  explicit ForecastMetrics(prometheus::Registry& registry);
  void show(const Forecasts& forecasts);

 private:
  struct Of {
    prometheus::Gauge* error;
    prometheus::Gauge* bias;
    prometheus::Gauge* longer;
    prometheus::Gauge* seconds;
  };
  std::array<Of, kPredictors> each_;
  prometheus::Counter* count_;
};

}  // namespace quanta
