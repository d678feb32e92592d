// Where the machine's events go: straight into the caller's memory, and what it has no room for
// into a vector, for the next time. Not thread-safe; allocates only to grow beyond its reserve.
#pragma once

#include <algorithm>
#include <span>
#include <vector>

#include "env/env.h"

namespace quanta {

class EventSink {
 public:
  explicit EventSink(size_t reserve) { spilled_.reserve(reserve); }

  // What was spilled and not yet handed out goes to `out` first; add() fills what is left of it.
  void open(std::span<Event> out) {
    out_ = out;
    used_ = std::min(out.size(), spilled_.size() - next_);
    std::copy_n(spilled_.begin() + static_cast<std::ptrdiff_t>(next_), used_, out.begin());
    next_ += used_;
    if (!spilling()) {
      spilled_.clear();
      next_ = 0;
    }
  }

  // Place for one event, to be written as a whole; valid until the next call.
  Event& add() { return used_ < out_.size() ? out_[used_++] : spilled_.emplace_back(); }

  size_t used() const { return used_; }                       // of what open() was given
  size_t size() const { return used_ + spilled_.size(); }     // since open()
  bool spilling() const { return next_ != spilled_.size(); }  // some are not yet handed out

  template <class Archive>
  void state(Archive& a) {
    a(spilled_, next_);
  }

 private:
  std::span<Event> out_;
  size_t used_ = 0;
  std::vector<Event> spilled_;
  size_t next_ = 0;  // first of spilled_ not handed out yet
};

}  // namespace quanta
