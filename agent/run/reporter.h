// Tells a person how a run goes: one line that is kept up to date on a terminal, otherwise a line
// now and then; on request a line for every interval of the environment's time; a summary at the
// end.
//
// Used by the thread that runs the cold side.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "agent/run/figures.h"

namespace quanta {

struct RewardPoint {
  Nanos time;
  double reward;  // rate over the half second that ends here
};

class Reporter {
 public:
  // `stats`: 0, or the interval of the environment's time of which each gets a line on stdout.
  Reporter(const Agent& agent, Nanos stats);

  // To be called often; cheap when there is nothing to say.
  void tick();
  // The last stats line is complete, the terminal's line ended. Returns the summary, for stdout.
  std::string finish(const std::string& checkpoint);

  const std::vector<RewardPoint>& curve() const { return curve_; }

 private:
  using Clock = std::chrono::steady_clock;

  void follow_reward(const Moment& now);
  void print_stats(const Moment& now);
  void print_progress(const Moment& now);
  std::string line(const Figures& figures, Nanos time) const;

  const Agent& agent_;
  Nanos stats_;
  bool terminal_;
  Moment start_;
  Moment last_point_;
  Moment last_stats_;
  Moment last_progress_;
  Clock::time_point started_;
  Clock::time_point next_progress_;
  std::vector<RewardPoint> curve_;
  double reward_ = 0;  // moving average
};

}  // namespace quanta
