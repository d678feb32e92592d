// A stretch of the machine's life, for the twin to live through again: recorded in memory, handed
// from the thread that watches to the one that learns. Recorded only when one was asked for.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>

#include "env/shadow/observer.h"
#include "env/trace/builder.h"
#include "env/trace/trace.h"

namespace quanta {

struct WatchedWindow {
  Trace trace;  // control groups are hashes of their paths
  MeasuredWaits waits;
};

class WindowRecorder {
 public:
  // `infer_sync`: see BuilderOptions.
  WindowRecorder(Nanos length, uint32_t cpus, bool infer_sync);

  // The watching thread: in order of time. begin() does nothing unless a window is wanted; then,
  // up to end(), this is recording. At begin() `observer` has all tasks that there are.
  bool wanted() const { return wanted_.load(std::memory_order_relaxed); }
  bool recording() const { return builder_ != nullptr; }
  void begin(Nanos now, const Observer& observer);
  void add(const quanta_task_record& record) { builder_->add(record); }
  bool ends_before(Nanos now) const { return now >= end_ || builder_->full(); }
  // Ends the window at `now`,
  void drop() { builder_.reset(); }
  // and hands it over.
  template <class Hash>
  void end(Nanos now, const MeasuredWaits& waits, uint64_t lost, Hash&& cgroup_hash) {
    WatchedWindow window{.trace = builder_->finish(now, lost), .waits = waits};
    drop();
    for (TraceTask& task : window.trace.tasks) task.cgroup = cgroup_hash(task.cgroup);
    const std::lock_guard lock(mutex_);
    last_ = std::move(window);
    wanted_.store(false, std::memory_order_relaxed);
  }

  // Any thread: the last window, once. Asks for the next one.
  std::optional<WatchedWindow> take();

 private:
  const Nanos length_;
  const uint32_t cpus_;
  const bool infer_sync_;
  std::unique_ptr<TraceBuilder> builder_;  // null: nothing is recorded
  Nanos end_ = 0;
  std::atomic<bool> wanted_{false};
  std::mutex mutex_;
  std::optional<WatchedWindow> last_;
};

}  // namespace quanta
