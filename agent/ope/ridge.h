// Ridge regression (Hoerl, Kennard 1970) by the normal equations, several outcomes at once:
//   b = (X'X + l * diag(X'X))^-1 X'y,  l = 1e-3; the first column, the constant, is not shrunk.
// Shrinking in proportion to the diagonal does not depend on the columns' units.
#pragma once

#include <span>
#include <vector>

namespace quanta {

class Ridge {
 public:
  static constexpr double kShrinkage = 1e-3;

  Ridge(size_t columns, size_t outcomes);

  void add(std::span<const double> x, std::span<const double> y);
  // Takes in all that `other`, of the same size, has.
  void add(const Ridge& other);

  // Coefficients, one row of `columns` per outcome. A column that was always 0 has the coefficient
  // 0.
  std::vector<std::vector<double>> solve() const;

 private:
  size_t columns_;
  std::vector<double> products_;              // X'X, lower triangle, row by row in full rows
  std::vector<std::vector<double>> moments_;  // X'y
};

}  // namespace quanta
