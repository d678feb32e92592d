// A machine under its own scheduler as an Env: what its tasks do comes as events, and decisions
// change nothing. Runnable tasks come as kEnqueue, beyond so many a second a share of them; the
// others come as kWake, since the kernel does not wait for decisions.
//
// begin(), poll(), dispatch() and wait() belong to the watching thread, which need not be prompt:
// the kernel keeps some seconds of events. Unlike elsewhere, poll() may allocate. counters(),
// waits() and take_window() are for any thread.
#pragma once

#include <atomic>
#include <memory>
#include <vector>

#include "env/env.h"
#include "env/live/cgroup_table.h"
#include "env/live/sequencer.h"
#include "env/live/topology.h"
#include "env/shadow/decision_share.h"
#include "env/shadow/observer.h"
#include "env/shadow/shadow_config.h"
#include "env/shadow/task_filter.h"
#include "env/shadow/watched_window.h"
#include "env/trace/probe.h"

namespace quanta {

// What watching has cost so far.
struct WatchCost {
  Nanos kernel = 0;   // CPU time of the BPF programs; 0: this kernel does not time them
  uint64_t runs = 0;  // of those programs
  Nanos thread = 0;   // CPU time of the watching thread
};

class ShadowEnv final : public Env {
 public:
  // The error says what is missing: root, BTF, or what the kernel refused.
  static Result<std::unique_ptr<ShadowEnv>> open(const ShadowConfig& config);

  std::string_view name() const override { return "shadow"; }
  int cpus() const override { return static_cast<int>(topology_.online.size()); }
  uint32_t max_tasks() const override { return static_cast<uint32_t>(infos_.size()); }
  Nanos now() const override;
  Status begin() override;
  size_t poll(std::span<Event> out) override;
  void dispatch(std::span<const Decision>) override {}
  void wait(Nanos timeout) override;
  bool finished() const override { return false; }
  const TaskInfo& task(TaskId id) const override { return infos_[id]; }
  bool waits_for_agent() const override { return false; }
  uint64_t stale_decisions() const override { return 0; }
  std::vector<EnvCounter> counters() const override;
  void refresh() override { cgroups_.refresh(); }
  bool save(std::string&) override { return false; }
  bool load(std::span<const char>) override { return false; }

  WatchCost cost() const;
  uint64_t lost() const { return probe_->lost(); }  // events
  // The last whole window, once; not one during which events were lost. Asks for the next one.
  std::optional<WatchedWindow> take_window() { return windows_.take(); }

 private:
  ShadowEnv(const ShadowConfig& config, Topology topology, std::unique_ptr<Probe> probe);

  void take(const quanta_task_record& record);
  void report(const quanta_event& event);
  void learn_of(TaskId id);
  void begin_window(Nanos now);
  void end_window(Nanos now);

  Topology topology_;
  std::unique_ptr<Probe> probe_;
  TaskFilter filter_;
  uint32_t own_process_;
  CgroupTable cgroups_;
  Observer observer_;
  DecisionShare share_;
  Sequencer sequencer_;
  WindowRecorder windows_;
  std::vector<TaskInfo> infos_;
  std::vector<Event> buffer_;  // taken from the kernel, not handed out yet
  size_t next_ = 0;
  uint64_t lost_before_ = 0;  // at the start of the window
  Nanos started_ = 0;
  std::atomic<uint64_t> events_{0};
  std::atomic<uint64_t> repaired_{0};
  std::atomic<uint64_t> refused_{0};
  std::atomic<Nanos> thread_time_{0};
};

}  // namespace quanta
