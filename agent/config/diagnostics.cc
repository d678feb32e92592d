#include <fmt/format.h>
#include <algorithm>

#include "agent/config/section.h"

namespace quanta {

void Diagnostics::add(std::string line, int at) {
  const auto place = std::upper_bound(at_.begin(), at_.end(), at);
  lines_.insert(lines_.begin() + (place - at_.begin()), std::move(line));
  at_.insert(place, at);
  if (lines_.size() <= kMost) return;
  lines_.pop_back();
  at_.pop_back();
  ++dropped_;
}

Error Diagnostics::error() const {
  std::string all = fmt::format("{}", fmt::join(lines_, "\n"));
  if (dropped_ > 0) all += fmt::format("\n... and {} more", dropped_);
  return Error{std::move(all)};
}

}  // namespace quanta
