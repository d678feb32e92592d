// Reads the metrics of a running agent, as Prometheus would. Cold path only.
#pragma once

#include <map>
#include <string>

#include "agent/metrics/metrics_config.h"
#include "env/base/result.h"

namespace quanta {

// Values by name; samples that differ in labels alone are added up, histograms' buckets left out.
using Samples = std::map<std::string, double>;

// The text format 0.0.4. What is not a sample is passed over.
Samples parse_samples(const std::string& text);

// GET /metrics at the configured address. The error is one line that names it.
Result<Samples> scrape(const MetricsConfig& config);

}  // namespace quanta
