// A real kernel as an Env: tasks are scheduled by the kernel half (bpf/quanta.bpf.c), decisions are
// the agent's.
//
// begin(), poll(), dispatch() and wait() belong to the hot thread; counters() to any. begin() makes
// that thread real-time (SCHED_FIFO, lowest priority) if it is to decide, so that it runs at once
// when it is woken and whom it interrupts goes on afterwards; where that is not allowed, the kernel
// half lets it go before everybody instead. With `dispatch: kernel` nobody waits for it: it is a
// task like others.
#pragma once

#include <memory>
#include <vector>

#include "env/env.h"
#include "env/kernel_policy.h"
#include "env/live/cgroup_table.h"
#include "env/live/compaction.h"
#include "env/live/live_config.h"
#include "env/live/mechanism.h"
#include "env/live/sequencer.h"
#include "env/live/topology.h"

namespace quanta {

class LiveEnv final : public Env, private KernelPolicy {
 public:
  // Loads the kernel half; nothing is scheduled before begin().
  static Result<std::unique_ptr<LiveEnv>> open(const LiveConfig& config);

  std::string_view name() const override { return "live"; }
  int cpus() const override { return static_cast<int>(topology_.online.size()); }
  uint32_t max_tasks() const override { return static_cast<uint32_t>(infos_.size()); }
  Nanos now() const override;
  Nanos granularity() const override { return config_.min_slice; }
  bool namesakes_are_peers() const override { return true; }
  Status begin() override;
  size_t poll(std::span<Event> out) override;
  void dispatch(std::span<const Decision> decisions) override;
  void wait(Nanos timeout) override;
  bool finished() const override;
  Ending ending() const override;
  const TaskInfo& task(TaskId id) const override { return infos_[id]; }
  bool waits_for_agent() const override { return false; }
  uint64_t stale_decisions() const override;
  std::vector<EnvCounter> counters() const override;
  KernelPolicy* kernel_policy() override {
    return config_.dispatch == DispatchMode::kKernel ? this : nullptr;
  }
  void refresh() override { cgroups_.refresh(); }
  bool save(std::string&) override { return false; }
  bool load(std::span<const char>) override { return false; }

 private:
  LiveEnv(const LiveConfig& config, Topology topology, std::unique_ptr<Mechanism> mechanism);

  static bool take(void* self, const quanta_event& event, const quanta_judgement* judgement);
  const TaskFacts* facts(TaskId id) const override;
  // Fills the buffer with what brings the agent up to date. False: it is.
  bool catch_up();
  void publish(const quanta_network& network) override;
  void act_with(const quanta_conduct& conduct) override;
  void weigh(TaskId task, float weight) override;
  const quanta_judgement* judgement(const Event& event) const override;
  void learn_of(TaskId id);

  static constexpr size_t kBuffer = 256;

  LiveConfig config_;
  CompactionHold compaction_;
  Topology topology_;
  std::unique_ptr<Mechanism> mechanism_;
  Sequencer sequencer_;
  CgroupTable cgroups_;
  std::vector<TaskInfo> infos_;
  std::vector<Event> buffer_;  // taken from the kernel, not handed out yet
  size_t next_ = 0;
  // What the agent missed while nothing was reported: the next slots to forget and to recall.
  bool observes_ = false;
  bool missed_ = false;
  int fruitless_ = 0;  // looks in a row that found an event that is not complete
  TaskId to_forget_ = 0;
  TaskId to_recall_ = 0;
  mutable TaskFacts facts_{};
  std::vector<quanta_judgement> judgements_;  // of the events in the buffer that have one
  uint64_t decided_ = 0;                      // written by the hot thread alone
};

}  // namespace quanta
