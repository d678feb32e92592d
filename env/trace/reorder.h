// Puts records of many CPUs into order of time, within a window; later stragglers come out late.
// Made for records that come nearly in order: each then costs the same. Not thread-safe.
#pragma once

#include <algorithm>
#include <deque>

#include "bpf/intf.h"
#include "env/base/types.h"

namespace quanta {

class ReorderWindow {
 public:
  explicit ReorderWindow(Nanos window) : window_(window) {}

  void push(const quanta_task_record& record) {
    newest_ = std::max<Nanos>(newest_, record.head.time);
    auto at = waiting_.end();
    while (at != waiting_.begin() && std::prev(at)->head.time > record.head.time) --at;
    waiting_.insert(at, record);
  }

  // Calls `take` with every record older than the window, oldest first.
  template <class Take>
  void drain(Take&& take) {
    while (!waiting_.empty() && waiting_.front().head.time + window_ < newest_) pop(take);
  }

  template <class Take>
  void drain_all(Take&& take) {
    while (!waiting_.empty()) pop(take);
  }

 private:
  template <class Take>
  void pop(Take&& take) {
    take(waiting_.front());
    waiting_.pop_front();
  }

  const Nanos window_;
  Nanos newest_ = 0;
  std::deque<quanta_task_record> waiting_;  // oldest first; of equal times, in order of arrival
};

}  // namespace quanta
