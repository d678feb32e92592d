// Whether a load is still the one that it was: the prior's reward, window by window, lately against
// before. One thread; no allocation.
//
// Drift: the median of the last kLately windows, so that one odd window is none, is more than
// `sigma` standard errors away from the mean of those before them (exponential memory kMemory,
// judged from kLeast on), the spread taken as at least a fiftieth of that mean.
#pragma once

#include <array>
#include <cstddef>

namespace quanta {

class Drift {
 public:
  static constexpr size_t kLately = 5;
  static constexpr double kLeast = 20;
  static constexpr double kMemory = 60;

  // The reward of one of the prior's windows. True: this is another load. `checked`: it was looked
  // at only because this was said before, and does not yet become part of what was before.
  bool add(double reward, double sigma, bool checked = false);

 private:
  void settle(double reward);

  std::array<double, kLately> lately_{};
  size_t seen_ = 0;
  double count_ = 0;  // of those that are not in `lately_` any more
  double mean_ = 0;
  double variance_ = 0;
};

}  // namespace quanta
