#include "agent/status/status.h"

#include <cmath>
#include <utility>

namespace quanta {
namespace {

constexpr size_t kTasks = 1024;
constexpr Nanos kInterval = kSecond;
constexpr const char* kJson = "application/json";

double real(Nanos t) {
  return static_cast<double>(t);
}

UpliftReport uplift_report(std::string_view name, const Uplift& u) {
  return {.name = std::string(name),
          .uplift = u.mean,
          .standard_error = u.standard_error,
          .rounds = u.rounds};
}

const char* name_of(DispatchMode mode) {
  switch (mode) {
    case DispatchMode::kUser:
      return "user";
    case DispatchMode::kHeuristic:
      return "heuristic";
    case DispatchMode::kKernel:
      return "kernel";
  }
  return "";
}

}  // namespace

StatusService::StatusService(Agent& agent, const Meter& learning)
    : agent_(agent),
      learning_(learning),
      table_(agent.config.reward, kTasks),
      weights_(agent.hot.publisher.current()),  // no thread runs yet
      update_(agent.cold.last()),
      updates_(agent.cold.updates()),
      last_(moment(agent)) {
  agent_.cold.tell([this](const Record& record) { take(record); });
}

StatusService::~StatusService() {
  agent_.cold.tell([](const Record&) {});
}

void StatusService::take(const Record& record) {
  const std::scoped_lock lock(mutex_);
  table_.take(record, agent_.hot.names, weights_);
}

void StatusService::tick() {
  if (agent_.cold.updates() != updates_) {
    Weights weights;
    agent_.cold.learner()->snapshot(weights);
    const std::scoped_lock lock(mutex_);
    if (well_formed(weights)) weights_ = weights;
    update_ = agent_.cold.last();
    updates_ = agent_.cold.updates();
  }
  const Nanos time = agent_.hot.metrics.counters.env_time.value();
  if (time < last_.time + kInterval) return;
  const Moment now = moment(agent_);
  const std::scoped_lock lock(mutex_);
  figures_ = between(last_, now, agent_);
  for (size_t i = 0; i < kTerms; ++i) {
    terms_[i] = agent_.config.reward.weight[i] * (now.terms[i] - last_.terms[i]) /
                (real(now.time - last_.time) * agent_.hot.tracker.cpus());
  }
  last_ = now;
}

bool StatusService::kernel_decides() const {
  return agent_.hot.env.name() == "live" && agent_.config.live.dispatch == DispatchMode::kKernel;
}

MachineReport StatusService::machine() const {
  const HotCounters& c = agent_.hot.metrics.counters;
  const std::string env(agent_.hot.env.name());
  MachineReport report{.env = env,
                       .dispatch = env == "live" ? name_of(agent_.config.live.dispatch) : "user",
                       .policy = env == "shadow" ? "watching" : "acting",
                       .cpus = agent_.hot.tracker.cpus(),
                       .now_ns = real(c.env_time.value()),
                       .tasks = c.tasks.value(),
                       .runnable = c.runnable_tasks.value(),
                       .switches = c.context_switches.value(),
                       .preemptions = c.preemptions.value(),
                       .records_dropped = c.records_dropped.value(),
                       .decisions_per_second = figures_.decisions_per_second,
                       .switches_per_second = figures_.switches_per_second,
                       .wakeup_p50_ns = figures_.wakeup_p50,
                       .wakeup_p99_ns = figures_.wakeup_p99,
                       .reward = figures_.reward,
                       .reward_terms = terms_};
  for (const HotCounter& reason : c.decisions) report.decisions += reason.value();
  return report;
}

LearningReport StatusService::learning() const {
  const Arm best = learning_.best_arm();
  LearningReport report{.learns = agent_.cold.learns(),
                        .version = weights_.version,
                        .updates = updates_,
                        .entropy = {update_.entropy},
                        .kl = {update_.kl},
                        .explained_variance = {update_.explained_variance},
                        .policy_loss = {update_.policy_loss},
                        .value_loss = {update_.value_loss},
                        .burst_loss = {update_.burst_loss},
                        .acting = std::string(kArmNames[learning_.acting_arm()]),
                        .exploring = learning_.exploring(),
                        .best = std::string(kArmNames[best]),
                        .interval_sds = agent_.config.guard.caution,
                        .rounds = learning_.gate_rounds(),
                        .arms = {},
                        .terms = {}};
  for (int a = kArmPrior + 1; a < kArms; ++a) {
    const Arm arm = static_cast<Arm>(a);
    report.arms.push_back(uplift_report(kArmNames[arm], learning_.uplift(arm)));
  }
  for (size_t t = 0; t < kTerms && best != kArmPrior; ++t) {
    report.terms.push_back(uplift_report(kTermNames[t], learning_.uplift(best, t)));
  }
  return report;
}

TaskReport StatusService::report(const TaskRow& row) const {
  const auto& classes = agent_.config.reward.weighing.classes;
  const std::optional<TaskName> now = agent_.hot.names.find(row.slot);
  const auto in_class = static_cast<size_t>(row.name.reward_class);
  TaskReport t{.pid = row.name.pid,
               .comm = row.name.comm.data(),
               .reward_class = row.name.reward_class < 0 ? "" : classes[in_class].name,
               .exited = !now || now->pid != row.name.pid,
               .decisions = row.decisions,
               .last_seen_ns = real(row.last_seen)};
  if (row.predicted_ns > 0) {
    t.predicted_ns = row.predicted_ns;
    t.prior_ns = std::exp2(row.burst.act.prior_rem);
    t.burst_ns = real(row.burst.burst);
    t.burst_censored = row.burst.censored;
  }
  if (row.decisions > 0) {
    t.wait_ns = real(row.decision.wait);
    t.run_ns = real(row.decision.run);
    t.slice_ns = row.decision.slice;
    t.reward = row.reward;
    t.reward_sum = row.reward_sum;
  }
  return t;
}

DecisionReport StatusService::report_decision(const TaskRow& row) const {
  const Record& r = row.decision;
  const Nanos now = agent_.hot.metrics.counters.env_time.value();
  return {.age_ns = now > r.decided ? real(now - r.decided) : 0,
          .version = r.act.version,
          .features = r.act.x,
          .mean = r.act.mean,
          .taken = r.act.taken,
          .exploration_sd = r.act.sd,
          .prior_rem_ns = std::exp2(static_cast<double>(r.act.prior_rem)),
          .burst = r.grounds.applied.burst,
          .order = r.grounds.applied.order,
          .preempt = r.grounds.applied.preempt,
          .slice = r.grounds.applied.slice,
          .burst_acts = r.grounds.burst_acts,
          .residual_acts = r.grounds.residual_acts,
          .saved_ns = r.grounds.saved,
          .victim_weight = r.grounds.victim_w,
          .weight = r.w,
          .others = r.others,
          .peer_index_ns = r.peer_index,
          .key_ns = r.key,
          .guard_ns = r.guard,
          .woken = r.woken,
          .preempted = r.preempted,
          .reward_terms = row.terms};
}

TasksReport StatusService::tasks() const {
  const std::scoped_lock lock(mutex_);
  TasksReport all{.machine = machine(), .learning = learning(), .tasks = {}};
  for (const TaskRow& row : table_.rows()) all.tasks.push_back(report(row));
  return all;
}

DecisionsReport StatusService::decisions() const {
  const std::scoped_lock lock(mutex_);
  DecisionsReport all{.machine = machine(), .learning = learning(), .tasks = {}};
  for (const TaskRow& row : table_.rows()) {
    if (row.decisions == 0) continue;
    all.tasks.push_back({.task = report(row), .decision = report_decision(row)});
  }
  return all;
}

PolicyReport StatusService::policy() const {
  PolicyReport report;
  {
    const std::scoped_lock lock(mutex_);
    report.weights = weights_;
  }
  report.index = agent_.config.policy;
  report.packed = packed_report(report.weights, kernel_decides());
  return report;
}

std::vector<Page> StatusService::pages() const {
  return {{"/tasks", kJson, [this] { return to_json(tasks()); }},
          {"/decisions", kJson, [this] { return to_json(decisions()); }},
          {"/policy", kJson, [this] { return to_json(policy()); }}};
}

}  // namespace quanta
