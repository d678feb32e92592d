// A share of one CPU that a piece of work, done in turns, may take in the long run: what a turn has
// cost is paid off, at this share of the time that passes, before the next one may begin.
//
// Plain values, one thread.
#pragma once

#include <algorithm>

#include "env/base/types.h"

namespace quanta {

class CpuBudget {
 public:
  // `share` of one CPU; from 1 on there is no bound. Times are ns on the caller's clock.
  CpuBudget(double share, Nanos now) : share_(share), paid_at_(now) {}

  bool unbounded() const { return share_ >= 1; }
  // May the next turn begin? `now` is not before that of the last call; since then the share has
  // been `pace` times the whole one, 0 < pace <= 1.
  bool allows(Nanos now, double pace = 1) {
    debt_ = std::max(0.0, debt_ - pace * share_ * static_cast<double>(now - paid_at_));
    paid_at_ = now;
    return debt_ == 0;
  }
  // A turn has cost so much CPU time.
  void spent(Nanos cpu) { debt_ += static_cast<double>(cpu); }

 private:
  double share_;
  Nanos paid_at_;
  double debt_ = 0;  // ns of CPU time
};

}  // namespace quanta
