// Which of the watched tasks' wake-ups are decided on: all while there are few, else a random
// share, so that watching a busy machine stays cheap. One thread.
#pragma once

#include <algorithm>

#include "env/base/rng.h"
#include "env/base/types.h"

namespace quanta {

class DecisionShare {
 public:
  explicit DecisionShare(double per_second) : per_second_(per_second) {}

  // Whether to decide on the one at `now`. The share is what the second before would have wanted.
  bool takes(Nanos now) {
    if (now >= begun_ + kSecond) {
      const double seconds = static_cast<double>(now - begun_) / kSecond;
      share_ = std::min(1.0, per_second_ * seconds / static_cast<double>(std::max(1U, seen_)));
      begun_ = now;
      seen_ = 0;
    }
    ++seen_;
    return share_ >= 1 || rng_.uniform() < share_;
  }

 private:
  double per_second_;
  double share_ = 1;
  Nanos begun_ = 0;  // of this second
  uint32_t seen_ = 0;
  Rng rng_;
};

}  // namespace quanta
