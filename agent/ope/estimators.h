// Off-policy estimates of the mean outcome per decision that another policy would have had on
// logged decisions i = 1..n, with 95% intervals. Pure functions.
//
//   w_i = min(clip, p_new(a_i | x_i) / p_logged(a_i | x_i))         truncated (Ionides 2008)
//   SNIPS = sum w_i r_i / sum w_i          self-normalised (Swaminathan, Joachims 2015)
//   DR    = mean q_new(x_i) + sum w_i (r_i - q(x_i, a_i)) / sum w_i
//           doubly robust (Dudik, Langford, Li 2011), self-normalised (Thomas, Brunskill 2016);
//           q(x, a): a model of the outcome, q_new(x): its expectation over the new policy's
//           actions
//   ESS   = (sum w_i)^2 / sum w_i^2        effective sample size (Kong 1992)
// SNIPS and the correction of DR are biased by the truncation, towards the logging policy.
//
// Intervals: an estimate is, up to o(1 / sqrt n), the truth and the mean of the influences
//   SNIPS: psi_i = w_i (r_i - SNIPS) / mean w
//   DR:    psi_i = q_new(x_i) - mean q_new + w_i (e_i - sum w e / sum w) / mean w,  e = r - q
// whose spread is taken from batch means (Law, Carson 1979), since what is decided shortly after
// one another earns alike: batches of equally many decisions, in the log's order.
#pragma once

#include <span>
#include <vector>

#include "agent/eval/statistics.h"

namespace quanta {

inline constexpr size_t kBatches = 50;
// Of n >= kBatches values, which value i belongs to.
size_t batch_of(size_t i, size_t n);

// Value of a policy, and of each decision the influence on it; these add up to 0.
struct Estimate {
  double value = 0;
  std::vector<double> influence;
};

Estimate snips(std::span<const double> weights, std::span<const double> outcomes);
Estimate doubly_robust(std::span<const double> weights, std::span<const double> outcomes,
                       std::span<const double> foretold, std::span<const double> expected);

double effective_sample_size(std::span<const double> weights);
// Part of the new policy's actions, by probability, that truncation takes out of sight: untruncated
// weights have the mean 1.
double truncated_mass(std::span<const double> weights);

Interval interval_of(const Estimate& estimate);
// Of a - b, both from the same decisions.
Interval interval_of(const Estimate& a, const Estimate& b);

}  // namespace quanta
