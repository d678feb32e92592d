#include "agent/ope/ridge.h"

#include <algorithm>
#include <cmath>

namespace quanta {

Ridge::Ridge(size_t columns, size_t outcomes)
    : columns_(columns),
      products_(columns * columns),
      moments_(outcomes, std::vector<double>(columns)) {}

void Ridge::add(std::span<const double> x, std::span<const double> y) {
  for (size_t i = 0; i < columns_; ++i) {
    double* row = &products_[i * columns_];
    for (size_t j = 0; j <= i; ++j) row[j] += x[i] * x[j];
  }
  for (size_t o = 0; o < moments_.size(); ++o) {
    for (size_t i = 0; i < columns_; ++i) moments_[o][i] += x[i] * y[o];
  }
}

void Ridge::add(const Ridge& other) {
  for (size_t i = 0; i < products_.size(); ++i) products_[i] += other.products_[i];
  for (size_t o = 0; o < moments_.size(); ++o) {
    for (size_t i = 0; i < columns_; ++i) moments_[o][i] += other.moments_[o][i];
  }
}

// Cholesky: products = L L'. A pivot that is nothing but rounding takes its column out.
std::vector<std::vector<double>> Ridge::solve() const {
  constexpr double kRounding = 1e-12;
  const size_t n = columns_;
  std::vector<double> l = products_;
  std::vector<bool> out(n);
  for (size_t i = 0; i < n; ++i) {
    for (size_t j = 0; j <= i; ++j) {
      double sum = products_[i * n + j];
      if (i == j && i > 0) sum *= 1 + kShrinkage;
      for (size_t k = 0; k < j; ++k) sum -= l[i * n + k] * l[j * n + k];
      if (i != j) {
        l[i * n + j] = out[j] ? 0 : sum / l[j * n + j];
        continue;
      }
      out[i] = !(sum > kRounding * products_[i * n + i]);
      l[i * n + i] = out[i] ? 0 : std::sqrt(sum);
    }
  }
  std::vector<std::vector<double>> all = moments_;
  for (std::vector<double>& b : all) {
    for (size_t i = 0; i < n; ++i) {
      for (size_t k = 0; k < i; ++k) b[i] -= l[i * n + k] * b[k];
      b[i] = out[i] ? 0 : b[i] / l[i * n + i];
    }
    for (size_t i = n; i-- > 0;) {
      for (size_t k = i + 1; k < n; ++k) b[i] -= l[k * n + i] * b[k];
      b[i] = out[i] ? 0 : b[i] / l[i * n + i];
    }
  }
  return all;
}

}  // namespace quanta
