// A linear axis: maps values to pixels and names round values in between. Plain value.
#pragma once

#include <string>
#include <vector>

namespace quanta {

class Axis {
 public:
  // [low, high] is widened to whole steps; an empty or senseless range becomes [0, 1]. `from` and
  // `to` are the pixels of its ends, in either direction.
  Axis(double low, double high, double from, double to, int ticks);

  double at(double value) const;
  const std::vector<double>& ticks() const { return ticks_; }
  std::string label(double tick) const;

 private:
  double low_;
  double high_;
  double from_;
  double to_;
  int decimals_;
  std::vector<double> ticks_;
};

}  // namespace quanta
