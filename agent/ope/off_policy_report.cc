#include "agent/ope/off_policy_report.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "agent/eval/table.h"

namespace quanta {
namespace {

constexpr std::array<const char*, kOutcomes> kTitles = {
    "mean reward per decision, us",
    "mean reward per decision with what its CPU time was worth, us"};
constexpr std::array<const char*, kOutcomes> kKeys = {"reward", "net_reward"};
constexpr double kFewEffective = 200;
constexpr double kMuchTruncated = 0.2;

std::string text_of(const Interval& ns) {
  return fmt::format("{:.3f} ±{:.3f}", ns.mean / kMicrosecond, ns.half / kMicrosecond);
}

std::string gain_of(const Interval& ns) {
  return fmt::format("{:+.3f} ±{:.3f} {}", ns.mean / kMicrosecond, ns.half / kMicrosecond,
                     mark(verdict(ns)));
}

Table table_of(const OffPolicyEvaluation& evaluation, size_t outcome) {
  Table table({"policy", "effective", "truncated", "SNIPS", "- logging", "DR", "- logging"});
  for (const PolicyEstimate& p : evaluation.policies) {
    const bool first = &p == evaluation.policies.data();
    const OffPolicyValue& snips = p.snips[outcome];
    const OffPolicyValue& dr = p.doubly_robust[outcome];
    table.add({p.name, fmt::format("{:.0f}", p.effective_samples),
               fmt::format("{:.1f}%", 100 * p.truncated), text_of(snips.value),
               first ? "" : gain_of(snips.gain), text_of(dr.value), first ? "" : gain_of(dr.gain)});
  }
  return table;
}

nlohmann::ordered_json json_of(const OffPolicyValue& v) {
  return {{"mean_ns", v.value.mean},
          {"half_ns", v.value.half},
          {"gain_ns", v.gain.mean},
          {"gain_half_ns", v.gain.half}};
}

double burst_share(const LogSummary& log, const OffPolicyEvaluation& evaluation) {
  return static_cast<double>(log.with_burst_head) / static_cast<double>(evaluation.decisions);
}

}  // namespace

std::string describe(const LogSummary& log, const OffPolicyEvaluation& evaluation, size_t width) {
  std::string text = fmt::format(
      "{}: {} decisions, {} of them explored; ± is 95%, + better, - worse, = within noise\n",
      log.file, log.decisions, evaluation.decisions);
  if (log.with_burst_head > 0) {
    text += fmt::format("the burst head acted in {:.0f}% of them; every policy has it as logged\n",
                        100 * burst_share(log, evaluation));
  }
  for (size_t o = 0; o < kOutcomes; ++o) {
    text += fmt::format("\n{}\n{}", kTitles[o], table_of(evaluation, o).render(width));
  }
  text +=
      "\nThis is what single decisions are worth among those of the logging policy. A policy that "
      "makes all of\nthem may earn the opposite (README.md, Decision log): run it before you rely "
      "on "
      "it.\n";
  for (const PolicyEstimate& p : evaluation.policies) {
    if (p.effective_samples >= kFewEffective && p.truncated <= kMuchTruncated) continue;
    text += fmt::format(
        "\n{} departs too far from what was logged: {:.0f} effective decisions, {:.0f}% of its "
        "actions out of sight\n",
        p.name, p.effective_samples, 100 * p.truncated);
  }
  return text;
}

std::string to_json(const LogSummary& log, const OffPolicyEvaluation& evaluation) {
  nlohmann::ordered_json policies = nlohmann::ordered_json::array();
  for (const PolicyEstimate& p : evaluation.policies) {
    nlohmann::ordered_json row = {
        {"policy", p.name}, {"effective_samples", p.effective_samples}, {"truncated", p.truncated}};
    for (size_t o = 0; o < kOutcomes; ++o) {
      row[kKeys[o]] = {{"snips", json_of(p.snips[o])},
                       {"doubly_robust", json_of(p.doubly_robust[o])}};
    }
    policies.push_back(std::move(row));
  }
  const nlohmann::ordered_json all = {{"log", log.file},
                                      {"decisions", log.decisions},
                                      {"explored", evaluation.decisions},
                                      {"burst_head_share", burst_share(log, evaluation)},
                                      {"policies", policies}};
  return all.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + '\n';
}

}  // namespace quanta
