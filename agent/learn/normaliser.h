// Running statistics that bring features and rewards to mean 0 and deviation 1. Trivially copyable.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

#include "agent/policy/network.h"

namespace quanta {

// Mean and variance whose memory grows to `kMemory` samples and then forgets exponentially.
class ScalarNormaliser {
 public:
  void add(double v) {
    count_ = std::min(count_ + 1, kMemory);
    const double rate = 1 / count_;
    const double delta = v - mean_;
    mean_ += rate * delta;
    variance_ = (1 - rate) * (variance_ + rate * delta * delta);
  }
  double mean() const { return mean_; }
  double sd() const { return std::sqrt(variance_); }
  double apply(double v) const { return variance_ > 0 ? (v - mean_) / sd() : 0; }

 private:
  static constexpr double kMemory = 100'000;
  double count_ = 0;
  double mean_ = 0;
  double variance_ = 0;
};

class FeatureNormaliser {
 public:
  void add(const Features& x) {
    for (size_t i = 0; i < x.size(); ++i) each_[i].add(x[i]);
  }
  void snapshot(std::array<float, kInputs>& mean, std::array<float, kInputs>& inverse_sd) const {
    constexpr double kLeastSd = 0.05;  // a feature that hardly moves is not blown up
    for (size_t i = 0; i < each_.size(); ++i) {
      mean[i] = static_cast<float>(each_[i].mean());
      inverse_sd[i] = static_cast<float>(1 / std::max(kLeastSd, each_[i].sd()));
    }
  }

 private:
  std::array<ScalarNormaliser, kInputs> each_;
};

}  // namespace quanta
