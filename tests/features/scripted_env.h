// An environment that replays events which a test wrote down, and keeps the decisions it is given.
#pragma once

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "env/env.h"

namespace quanta {

struct TaskSpec {
  std::string comm = "task";
  uint32_t process = 0;  // 0: a process of its own
  int32_t nice = 0;
  uint32_t weight = kNiceZeroWeight;
  bool kernel_thread = false;
  uint32_t uid = 0;
  uint64_t cgroup = 0;
};

inline TaskInfo info_of(const TaskSpec& spec, TaskId id) {
  TaskInfo info{};
  std::memcpy(info.comm, spec.comm.data(), std::min<size_t>(spec.comm.size(), 15));
  info.pid = 1000 + id;
  info.process = spec.process != 0 ? spec.process : info.pid;
  info.weight = spec.weight;
  info.nice = spec.nice;
  info.uid = spec.uid;
  info.kernel_thread = spec.kernel_thread;
  info.cgroup = spec.cgroup;
  return info;
}

// One event; what its kind does not use stays empty.
inline Event event_at(Nanos time, EventKind kind, TaskId task) {
  return {.time = time,
          .ran = 0,
          .work = 0,
          .task = task,
          .other = kNoTask,
          .generation = 0,
          .cpu = kNoCpu,
          .kind = kind,
          .flags = 0,
          .reason = StopReason::kSleep,
          .pad = {}};
}

class ScriptedEnv final : public Env {
 public:
  ScriptedEnv(int cpus, uint32_t max_tasks, Nanos granularity = 0)
      : cpus_(cpus), granularity_(granularity), infos_(max_tasks) {}

  // What task() says from now on.
  void describe(TaskId id, const TaskSpec& spec) { infos_[id] = info_of(spec, id); }
  void play(const Event& event) { script_.push_back(event); }
  const std::vector<Decision>& decisions() const { return decisions_; }

  std::string_view name() const override { return "script"; }
  int cpus() const override { return cpus_; }
  uint32_t max_tasks() const override { return static_cast<uint32_t>(infos_.size()); }
  Nanos granularity() const override { return granularity_; }
  Nanos now() const override { return next_ == 0 ? 0 : script_[next_ - 1].time; }
  size_t poll(std::span<Event> out) override {
    const size_t n = std::min(out.size(), script_.size() - next_);
    std::copy_n(script_.begin() + static_cast<std::ptrdiff_t>(next_), n, out.begin());
    next_ += n;
    return n;
  }
  void dispatch(std::span<const Decision> decisions) override {
    decisions_.insert(decisions_.end(), decisions.begin(), decisions.end());
  }
  bool finished() const override { return next_ == script_.size(); }
  const TaskInfo& task(TaskId id) const override { return infos_[id]; }
  bool waits_for_agent() const override { return true; }
  bool save(std::string&) override { return false; }
  bool load(std::span<const char>) override { return false; }
  uint64_t stale_decisions() const override { return 0; }

 private:
  int cpus_;
  Nanos granularity_;
  std::vector<TaskInfo> infos_;
  std::vector<Event> script_;
  size_t next_ = 0;
  std::vector<Decision> decisions_;
};

}  // namespace quanta
