// A decision by hand, with round numbers: for what shows and explains it.
#pragma once

#include "agent/status/report.h"

namespace quanta {

// Woke up; the model expects 1 ms, the learned burst makes it 0.5 ms; weight 2; spares 1 ms of
// waiting by pushing aside a task of weight 0.5.
inline DecidedTask sample_task() {
  DecidedTask t;
  t.task = {.pid = 42,
            .comm = "game",
            .reward_class = "interactive",
            .exited = false,
            .decisions = 7,
            .last_seen_ns = 9e9,
            .predicted_ns = 0.5e6,
            .prior_ns = 1e6,
            .burst_ns = 0.4e6,
            .burst_censored = false,
            .wait_ns = 20e3,
            .run_ns = 0.4e6,
            .slice_ns = 1e6,
            .reward = 0.25e6,
            .reward_sum = 1e6};
  DecisionReport& d = t.decision;
  d.age_ns = 1e9;
  d.version = 3;
  d.mean = {0, 1, -1};
  d.taken = {0, 1, -1};
  d.prior_rem_ns = 1e6;
  d.burst = -1;
  d.preempt = 1;
  d.slice = -1;
  d.burst_acts = d.residual_acts = true;
  d.saved_ns = 1e6;
  d.victim_weight = 0.5;
  d.weight = 2;
  d.others = 1.5;
  d.key_ns = 2e6;
  d.guard_ns = 30e6;
  d.woken = d.preempted = true;
  return t;
}

inline LearningReport sample_learning() {
  LearningReport l;
  l.learns = true;
  l.version = 3;
  l.updates = 3;
  l.acting = "full";
  l.best = "full";
  l.rounds = 12;
  l.arms = {{.name = "burst", .uplift = -0.01, .standard_error = 0.02, .rounds = 12},
            {.name = "full", .uplift = 0.04, .standard_error = 0.01, .rounds = 12}};
  l.terms = {{.name = "runqueue_wait", .uplift = 0.05, .standard_error = 0.02, .rounds = 12},
             {.name = "slowdown", .uplift = 0, .standard_error = 0, .rounds = 12},
             {.name = "throughput", .uplift = -0.01, .standard_error = 0.01, .rounds = 12}};
  return l;
}

inline TasksReport sample_tasks() {
  TasksReport all;
  all.machine.env = "sim";
  all.machine.dispatch = "user";
  all.machine.policy = "acting";
  all.machine.cpus = 4;
  all.machine.now_ns = 10e9;
  all.learning = sample_learning();
  const auto add = [&](uint32_t pid, const char* comm, double wait, double reward, bool exited) {
    TaskReport t = sample_task().task;
    t.pid = pid;
    t.comm = comm;
    t.reward_class = "";
    t.wait_ns = wait;
    t.reward = reward;
    t.exited = exited;
    t.decisions = pid;
    all.tasks.push_back(t);
  };
  add(3, "shell", 5e3, -1e6, false);
  add(1, "game", 20e3, 2e6, false);
  add(2, "cc1", 9e6, 1e6, true);
  return all;
}

}  // namespace quanta
