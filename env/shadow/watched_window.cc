#include "env/shadow/watched_window.h"

#include <utility>

namespace quanta {

WindowRecorder::WindowRecorder(Nanos length, uint32_t cpus, bool infer_sync)
    : length_(length), cpus_(cpus), infer_sync_(infer_sync) {}

void WindowRecorder::begin(Nanos now, const Observer& observer) {
  if (!wanted()) return;
  end_ = now + length_;
  builder_ = std::make_unique<TraceBuilder>(
      BuilderOptions{.start = now, .cpus = cpus_, .infer_sync = infer_sync_});
  observer.each_task([&](quanta_task_record task) {
    task.head.kind = QUANTA_RECORD_ALIVE;
    task.head.other = 0;
    task.head.time = now;
    builder_->add(task);
  });
}

std::optional<WatchedWindow> WindowRecorder::take() {
  const std::lock_guard lock(mutex_);
  wanted_.store(true, std::memory_order_relaxed);
  return std::exchange(last_, std::nullopt);
}

}  // namespace quanta
