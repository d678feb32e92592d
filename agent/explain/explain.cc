#include "agent/explain/explain.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "agent/explain/attribution.h"
#include "agent/explain/inspect.h"
#include "agent/features/features.h"
#include "agent/status/printable.h"

namespace quanta {
namespace {

std::string factor(double octaves) {
  return fmt::format("{:.2f}", std::exp2(octaves));
}

// Expected remaining burst, as it was applied.
double remaining(const DecisionReport& d) {
  return d.prior_rem_ns * std::exp2(static_cast<double>(d.burst));
}

std::string who_acted(const DecisionReport& d) {
  if (d.burst_acts && d.residual_acts) return "all learned heads acted";
  if (d.burst_acts) return "the learned burst acted, order, preemption and slice were the prior's";
  if (d.residual_acts)
    return "the learned order, preemption and slice acted, the burst was the prior's";
  return "the prior decided; no learned head acted";
}

std::string order_lines(const DecidedTask& task, const IndexConfig& index) {
  const DecisionReport& d = task.decision;
  const double rem = remaining(d);
  const double counted = std::min(rem, static_cast<double>(kRemCap));
  std::string text = fmt::format("place in the queue: now + {} (the smallest goes first)\n",
                                 duration_text(d.key_ns));
  text += fmt::format(
      "  it is expected to run for {} more: {} by its past, times {} by the learned burst{}\n",
      duration_text(rem), duration_text(d.prior_rem_ns), factor(d.burst),
      rem > static_cast<double>(kRemCap) ? "; no more than 50 ms count" : "");
  text += fmt::format("  a moment of its waiting weighs {:.2f}, {}\n", d.weight,
                      task.task.reward_class.empty()
                          ? "by its behaviour (who sleeps much and takes little weighs more)"
                          : fmt::format("as class '{}' says", printable(task.task.reward_class)));
  const double own = counted / d.weight;
  const bool follows = d.peer_index_ns > own;
  if (follows) {
    text += fmt::format(
        "  a peer woke it (the same process or name), which itself would count {}: it does not "
        "overtake its peers, so that counts instead of {} / {:.2f} = {}\n",
        duration_text(d.peer_index_ns), duration_text(counted), d.weight, duration_text(own));
  }
  const std::string counts = follows ? duration_text(d.peer_index_ns)
                                     : fmt::format("{} / {:.2f}", duration_text(counted), d.weight);
  text += fmt::format("  {:.0f} x {} x {} (learned order) = {}\n", index.patience, counts,
                      factor(d.order),
                      duration_text(index.patience * std::max(own, d.peer_index_ns) *
                                    std::exp2(static_cast<double>(d.order))));
  if (d.guard_ns > 1e6 * kSecond) return text + "  it is promised no time by which it runs\n";
  return text +
         (d.guard_ns > 0
              ? fmt::format("  waiting {} it would go before everybody: its promised share\n",
                            duration_text(d.guard_ns))
              : "  its promised share was overdue: it went before everybody\n");
}

// What of `worth` is more than the wait itself.
std::string lateness_text(double saved, double worth) {
  return worth <= saved ? ""
                        : fmt::format(": {}, and {} for coming late", duration_text(saved),
                                      duration_text(worth - saved));
}

std::string preempt_lines(const DecisionReport& d, const IndexConfig& index) {
  if (!d.woken) {
    return "preemption: not asked; only who wakes up may push another one aside\n";
  }
  std::string text = fmt::format("preemption: it {} the running task that can wait longest\n",
                                 d.preempted ? "pushed aside" : "did not push aside");
  if (d.saved_ns < 0) {
    return text + fmt::format(
                      "  the price was raised {}-fold by the learned threshold; the kernel "
                      "does not tell gain and price\n",
                      factor(d.preempt));
  }
  if (d.victim_weight <= 0) return text + "  there was nobody that it may push aside\n";
  const double rem = remaining(d);
  const double cost = static_cast<double>(index.switch_cost);
  const double worth = worth_of(d.saved_ns, index);
  const double gain = d.weight * worth;
  const double price = d.victim_weight * rem + cost * (d.victim_weight + d.others);
  const double threshold = price * std::exp2(static_cast<double>(d.preempt));
  text += fmt::format("  gain: {:.2f} (its weight) x {} (the wait it is spared{}) = {}\n", d.weight,
                      duration_text(worth), lateness_text(d.saved_ns, worth), duration_text(gain));
  text += fmt::format(
      "  price: {:.2f} (the other's weight) x {} + {} (a switch) x ({:.2f} + {:.2f} waiting per "
      "CPU) = "
      "{}\n",
      d.victim_weight, duration_text(rem), duration_text(cost), d.victim_weight, d.others,
      duration_text(price));
  return text + fmt::format("  threshold: {} x {} (learned) = {}; the gain is {:.2f} of that\n",
                            duration_text(price), factor(d.preempt), duration_text(threshold),
                            threshold > 0 ? gain / threshold : 0.0);
}

std::string slice_lines(const DecidedTask& task, const IndexConfig& index) {
  const double slice = task.task.slice_ns;
  const auto least = static_cast<double>(index.slice_min);
  const auto most = static_cast<double>(index.slice_max);
  const double wanted =
      static_cast<double>(index.slice) * std::exp2(static_cast<double>(task.decision.slice));
  return fmt::format(
      "slice: {}: {} x {} (learned){}\n", duration_text(slice),
      duration_text(static_cast<double>(index.slice)), factor(task.decision.slice),
      wanted < least || wanted > most
          ? fmt::format(", kept within {} and {}", duration_text(least), duration_text(most))
          : "");
}

std::string noise_line(const DecisionReport& d) {
  if (d.exploration_sd <= 0) return "  nothing was tried out: no exploration noise\n";
  return fmt::format(
      "  exploration noise (deviation {:.2f} octaves): order {:+.2f}, preemption {:+.2f}, slice "
      "{:+.2f}\n",
      d.exploration_sd, d.taken[kActOrder] - d.mean[kActOrder],
      d.taken[kActPreempt] - d.mean[kActPreempt], d.taken[kActSlice] - d.mean[kActSlice]);
}

std::string bias_line(const DecisionReport& d) {
  const std::array<float, kActions> bias = {
      d.order - d.taken[kActOrder], d.preempt - d.taken[kActPreempt], d.slice - d.taken[kActSlice]};
  const bool any =
      std::any_of(bias.begin(), bias.end(), [](float b) { return std::abs(b) > 0.01F; });
  if (!any) return "";
  return fmt::format(
      "  a constant was moved to compare it: order {:+.2f}, preemption {:+.2f}, slice {:+.2f} "
      "octaves\n",
      bias[kActOrder], bias[kActPreempt], bias[kActSlice]);
}

std::string feature_lines(const DecisionReport& d, const Weights& weights) {
  const Attribution a = attribute(weights, d.features);
  std::array<double, kInputs> size{};
  for (size_t f = 0; f < kInputs; ++f) {
    for (const double share : a.share[f]) size[f] += std::abs(share);
  }
  std::array<size_t, kInputs> order{};
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t x, size_t y) { return size[x] > size[y]; });
  if (size[order[0]] == 0) {
    return "what mattered most to the network: nothing; it says of this task what the prior does\n";
  }
  std::string text = "what mattered most to the network, against the average task:\n";
  for (const size_t f : {order[0], order[1]}) {
    text += fmt::format(
        "  {} ({:+.1f} deviations): burst x {}, order x {}, preemption x {}, slice x {}\n",
        kFeatureNames[f], a.normalised[f], factor(a.share[f][kHeadBurst]),
        factor(a.share[f][kHeadOrder]), factor(a.share[f][kHeadPreempt]),
        factor(a.share[f][kHeadSlice]));
  }
  return text;
}

std::string outcome_line(const TaskReport& t) {
  return fmt::format("then it waited {}, ran {}, and earned {:+.3f} ms of reward\n",
                     duration_text(t.wait_ns), duration_text(t.run_ns), t.reward / kMillisecond);
}

}  // namespace

std::string gate_line(const LearningReport& learning) {
  if (learning.rounds == 0) return "the gate has compared nothing yet: the prior acts";
  const auto best =
      std::find_if(learning.arms.begin(), learning.arms.end(),
                   [&](const UpliftReport& arm) { return arm.name == learning.best; });
  if (best == learning.arms.end()) {
    return fmt::format("after {} comparisons nothing surely beats the prior, so it acts",
                       learning.rounds);
  }
  return fmt::format("'{}' acts: {:+.4f} +-{:.4f} over the prior ({:.0f} comparisons)",
                     printable(best->name), best->uplift,
                     learning.interval_sds * best->standard_error, best->rounds);
}

std::string explain(const DecidedTask& task, const PolicyReport& policy,
                    const MachineReport& machine, const LearningReport& learning) {
  const DecisionReport& d = task.decision;
  std::string text = fmt::format("{} (pid {}), decided {} ago {} by policy {}\n",
                                 printable(task.task.comm), task.task.pid, duration_text(d.age_ns),
                                 d.woken ? "when it woke up" : "when it was put back", d.version);
  if (machine.policy == "watching") {
    text += "the kernel's own scheduler acts here; this is what Quanta would have done\n";
  }
  text += '\n' + order_lines(task, policy.index) + preempt_lines(d, policy.index) +
          slice_lines(task, policy.index);
  text += fmt::format("\nwho decided: {}\n", who_acted(d)) + noise_line(d) + bias_line(d);
  text += fmt::format("  gate: {}\n", gate_line(learning));
  text += feature_lines(d, policy.weights);
  return text + outcome_line(task.task);
}

}  // namespace quanta
