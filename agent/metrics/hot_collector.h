// Shows to Prometheus what the hot thread counts, as it stands when asked; nothing is observed
// twice. Thread-safe; the HotMetrics outlive it.
#pragma once

#include <prometheus/collectable.h>
#include <vector>

#include "agent/metrics/latency_histogram.h"

namespace quanta {

class HotCollector final : public prometheus::Collectable {
 public:
  explicit HotCollector(const HotMetrics& hot) : hot_(hot) {}
  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  const HotMetrics& hot_;
};

}  // namespace quanta
