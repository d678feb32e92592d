// What a running agent tells of itself, and its JSON form: the pages /tasks, /decisions and
// /policy beside /metrics. Shared by the agent that serves it and the commands that show it.
//
// Plain values. Durations in ns of the environment's clock, rewards in ns of weighted waiting,
// rates per CPU and time. JSON has the fields' names and units. Reading takes any bytes: what is
// not such a report is an error of one line.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "agent/hot/record.h"
#include "agent/policy/network.h"
#include "agent/reward/reward_config.h"
#include "env/base/result.h"

namespace quanta {

// A number that may be NaN or infinite: null in JSON.
struct Real {
  double value = 0;
};

struct MachineReport {
  std::string env;
  std::string dispatch;  // user, kernel or heuristic; of `live`
  std::string policy;    // "acting", or "watching": what is decided changes nothing
  int cpus = 0;
  double now_ns = 0;
  uint64_t tasks = 0;
  uint64_t runnable = 0;
  uint64_t decisions = 0;  // since the start
  uint64_t switches = 0;
  uint64_t preemptions = 0;
  uint64_t records_dropped = 0;
  // Over the last second or so:
  double decisions_per_second = 0;
  double switches_per_second = 0;
  double wakeup_p50_ns = 0;
  double wakeup_p99_ns = 0;
  double reward = 0;
  std::array<double, kTerms> reward_terms{};  // in the order of kTermNames, weights applied
};

// What the gate knows of an arm's reward less the prior's, in total or of one term.
struct UpliftReport {
  std::string name;
  double uplift = 0;
  double standard_error = 0;
  double rounds = 0;  // effective number of comparisons
};

struct LearningReport {
  bool learns = false;
  uint64_t version = 0;  // of the weights that decide
  uint64_t updates = 0;
  Real entropy;  // nats
  Real kl;       // nats
  Real explained_variance;
  Real policy_loss;
  Real value_loss;
  Real burst_loss;  // octaves^2
  // In `shadow`, of the twin in which the policy learns.
  std::string acting;  // arm of this window
  bool exploring = false;
  std::string best;         // arm that acts outside comparisons
  double interval_sds = 2;  // standard errors by which an arm must exceed the prior to act
  uint64_t rounds = 0;
  std::vector<UpliftReport> arms;
  std::vector<UpliftReport> terms;  // of `best`; empty: that is the prior
};

struct TaskReport {
  uint32_t pid = 0;
  std::string comm;
  std::string reward_class;  // empty: none
  bool exited = false;
  uint64_t decisions = 0;  // that were recorded
  double last_seen_ns = 0;
  // Of the last activation that is over; 0: none yet.
  double predicted_ns = 0;      // by the network, at a decision in it
  double prior_ns = 0;          // by the model alone
  double burst_ns = 0;          // what it was
  bool burst_censored = false;  // at least that: it went on
  // Of the last decision; all 0: none yet.
  double wait_ns = 0;
  double run_ns = 0;
  double slice_ns = 0;
  double reward = 0;      // as the learner got it: with the going price of the CPU time used
  double reward_sum = 0;  // of all recorded
};

struct DecisionReport {
  double age_ns = 0;
  uint64_t version = 0;                 // of the weights
  Features features{};                  // not normalised
  std::array<float, kActions> mean{};   // of the order, preemption and slice heads, as they acted
  std::array<float, kActions> taken{};  // with noise
  float exploration_sd = 0;
  double prior_rem_ns = 0;  // expected remaining burst, without residual
  // As in Grounds and Record:
  float burst = 0;  // octaves applied, all in all
  float order = 0;
  float preempt = 0;
  float slice = 0;
  bool burst_acts = false;
  bool residual_acts = false;
  double saved_ns = -1;
  double victim_weight = -1;
  double weight = 1;
  double others = 0;
  double peer_index_ns = 0;
  double key_ns = 0;    // after the decision
  double guard_ns = 0;  // likewise
  bool woken = false;
  bool preempted = false;
  std::array<double, kTerms> reward_terms{};  // credited, weights applied
};

struct DecidedTask {
  TaskReport task;
  DecisionReport decision;
};

struct TasksReport {  // /tasks
  MachineReport machine;
  LearningReport learning;
  std::vector<TaskReport> tasks;  // most recently seen first
};

struct DecisionsReport {  // /decisions
  MachineReport machine;
  LearningReport learning;
  std::vector<DecidedTask> tasks;  // those with a decision, likewise
};

// How the kernel has the network; empty `problem`: it can have it.
struct PackedReport {
  bool used = false;  // the kernel decides
  std::string problem;
  uint32_t head_shift = 0;
  std::array<double, 3> largest{};  // weight of each layer, integers
};

struct PolicyReport {  // /policy
  Weights weights;
  IndexConfig index;
  PackedReport packed;
};

std::string to_json(const TasksReport& report);
std::string to_json(const DecisionsReport& report);
std::string to_json(const PolicyReport& report);

Result<TasksReport> parse_tasks(std::string_view json);
Result<DecisionsReport> parse_decisions(std::string_view json);
// Only weights that are well_formed().
Result<PolicyReport> parse_policy(std::string_view json);

// Looks at the weights as the kernel would have them. `used`: it decides with them.
PackedReport packed_report(const Weights& weights, bool used);

}  // namespace quanta
