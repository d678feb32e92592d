// The shapes of random durations. Each draw takes a fixed number of values from its source, so that
// equal seeds demand equal work whatever the scheduler does.
#pragma once

#include <algorithm>
#include <cmath>

#include "env/base/rng.h"
#include "env/base/types.h"

namespace quanta::workload {

inline Nanos scaled(Nanos value, double factor) {
  return static_cast<Nanos>(static_cast<double>(value) * factor);
}

// Uniform from 0.3 to 1.7 of the mean.
inline Nanos around(Rng& rng, Nanos mean) {
  return scaled(mean, 0.3 + 1.4 * rng.uniform());
}

inline Nanos exponential(Rng& rng, Nanos mean) {
  return scaled(mean, rng.exponential());
}

inline Nanos lognormal(Rng& rng, Nanos median, double sigma) {
  return scaled(median, std::exp(sigma * rng.normal()));
}

// Uniform in the logarithm: as many between 1 and 2 ms as between 10 and 20 ms.
inline Nanos log_uniform(Rng& rng, Nanos least, Nanos most) {
  return scaled(least,
                std::pow(static_cast<double>(most) / static_cast<double>(least), rng.uniform()));
}

}  // namespace quanta::workload
