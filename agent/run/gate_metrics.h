// What the gate has measured and how often the guard has interfered, as Prometheus sees it.
#pragma once

#include <prometheus/metric_family.h>

#include <vector>

#include "agent/hot/meter.h"

namespace quanta {

// Any thread.
std::vector<prometheus::MetricFamily> gate_metrics(const Meter& meter);

}  // namespace quanta
