// Puts records of many CPUs into order of time, within a window; later stragglers come out late.
// Not thread-safe.
#pragma once

#include <queue>
#include <vector>

#include "bpf/intf.h"
#include "env/base/types.h"

namespace quanta {

class ReorderWindow {
 public:
  explicit ReorderWindow(Nanos window) : window_(window) {}

  void push(const quanta_task_record& record) {
    newest_ = std::max<Nanos>(newest_, record.head.time);
    waiting_.push({record, pushed_++});
  }

  // Calls `take` with every record older than the window, oldest first.
  template <class Take>
  void drain(Take&& take) {
    while (!waiting_.empty() && waiting_.top().record.head.time + window_ < newest_) pop(take);
  }

  template <class Take>
  void drain_all(Take&& take) {
    while (!waiting_.empty()) pop(take);
  }

 private:
  struct Entry {
    quanta_task_record record;
    uint64_t order;  // of arrival, for equal times

    bool operator<(const Entry& other) const {
      if (record.head.time != other.record.head.time)
        return record.head.time > other.record.head.time;
      return order > other.order;
    }
  };

  template <class Take>
  void pop(Take&& take) {
    take(waiting_.top().record);
    waiting_.pop();
  }

  const Nanos window_;
  Nanos newest_ = 0;
  uint64_t pushed_ = 0;
  std::priority_queue<Entry> waiting_;
};

}  // namespace quanta
