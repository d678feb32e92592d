#include "agent/decision_log/format.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "agent/features/features.h"

namespace quanta {
namespace {

constexpr const char* kExplanation =
    "# One decision and its outcome per line, when its run has ended; arm: what acted. Columns "
    "_ns\n"
    "# are nanoseconds, rewards too (of weighted waiting); sd, burst, mean_ and taken_ are "
    "octaves.\n"
    "# An action is taken ~ Normal(mean, sd) per head; log_propensity is the log of its density "
    "over\n"
    "# the three heads, given the features x_; sd 0: not explored, and no propensity.\n"
    "# reward_ns is the sum of the reward_*_ns; earned_ns its part that is paid for the run's CPU "
    "time.\n";

std::string words(std::string_view name) {
  std::string out(name);
  std::replace(out.begin(), out.end(), ' ', '_');
  return out;
}

// Class names are a configuration's own: any text.
void append_text(std::string& out, std::string_view text) {
  const auto plain = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           c == '-' || c == '.';
  };
  if (std::all_of(text.begin(), text.end(), plain)) {
    out += text;
    return;
  }
  out += '"';
  for (const char c : text) {
    if (c == '"') out += '"';
    out += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
  }
  out += '"';
}

}  // namespace

const std::vector<std::string>& decision_log_columns() {
  static const std::vector<std::string> columns = [] {
    std::vector<std::string> all = {
        "time_ns",    "task",        "class",          "arm",         "version",    "woken",
        "preempted",  "sd",          "log_propensity", "burst",       "mean_order", "mean_preempt",
        "mean_slice", "taken_order", "taken_preempt",  "taken_slice", "weight",     "wait_ns",
        "run_ns",     "earned_ns",   "reward_ns"};
    for (const std::string_view name : kTermNames) all.push_back(fmt::format("reward_{}_ns", name));
    for (const std::string_view name : kFeatureNames) all.push_back("x_" + words(name));
    return all;
  }();
  return columns;
}

std::string decision_log_header(const DecisionLogConfig& config, const RewardConfig& reward) {
  std::string out = fmt::format("{}\n{}# Of all decisions, {:g}. Weights of the reward's terms:",
                                kDecisionLogFirstLine, kExplanation, config.share);
  for (size_t t = 0; t < kTerms; ++t) {
    out += fmt::format(" {} {:g}", kTermNames[t], reward.weight[t]);
  }
  return out + fmt::format("\n{}\n", fmt::join(decision_log_columns(), ","));
}

void append_line(std::string& out, const LoggedDecision& d) {
  const auto at = [&out] { return std::back_inserter(out); };
  fmt::format_to(at(), "{},{},", d.time, d.task);
  append_text(out, d.reward_class);
  out += ',';
  append_text(out, d.arm);
  fmt::format_to(at(), ",{},{:d},{:d},{},", d.version, d.woken, d.preempted, d.sd);
  if (d.explored()) fmt::format_to(at(), "{}", d.log_propensity);
  fmt::format_to(at(), ",{},{},{},{},{},{}", d.burst, fmt::join(d.mean, ","),
                 fmt::join(d.taken, ","), d.weight, d.wait, d.run);
  fmt::format_to(at(), ",{},{},{},{}\n", d.earned, d.reward, fmt::join(d.terms, ","),
                 fmt::join(d.x, ","));
}

}  // namespace quanta
