#include "agent/run/reporter.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace quanta {
namespace {

constexpr Nanos kPoint = 500 * kMillisecond;
constexpr double kMemory = 5 * kSecond;  // of the moving average
constexpr std::chrono::milliseconds kTerminalPeriod(200);
constexpr std::chrono::seconds kPlainPeriod(5);

// Of points of the reward's curve.
double mean(const RewardPoint* first, const RewardPoint* last) {
  double sum = 0;
  for (const RewardPoint* p = first; p != last; ++p) sum += p->reward;
  return last > first ? sum / static_cast<double>(last - first) : 0;
}

// What the gate has found out.
std::string against_prior(const Meter& meter) {
  const Arm arm = meter.best_arm();
  if (arm == kArmPrior) return "the untrained prior acts";
  return fmt::format("{} {:+.4f} over the untrained prior", kArmNames[arm], meter.uplift());
}

}  // namespace

Reporter::Reporter(const Agent& agent, Nanos stats)
    : agent_(agent),
      stats_(stats),
      terminal_(::isatty(STDERR_FILENO) != 0),
      start_(moment(agent)),
      last_point_(start_),
      last_stats_(start_),
      last_progress_(start_),
      started_(Clock::now()),
      next_progress_(started_ + (terminal_ ? Clock::duration(kTerminalPeriod) : kPlainPeriod)) {}

void Reporter::tick() {
  const Nanos time = agent_.hot.metrics.counters.env_time.value();
  if (time >= last_point_.time + kPoint) follow_reward(moment(agent_));
  if (stats_ > 0 && time >= last_stats_.time + stats_) print_stats(moment(agent_));
  if (Clock::now() >= next_progress_) print_progress(moment(agent_));
}

void Reporter::follow_reward(const Moment& now) {
  const double reward = between(last_point_, now, agent_).reward;
  const double keep =
      curve_.empty() ? 0 : std::exp(-static_cast<double>(now.time - last_point_.time) / kMemory);
  reward_ = keep * reward_ + (1 - keep) * reward;
  curve_.push_back({now.time, reward});
  last_point_ = now;
}

std::string Reporter::line(const Figures& figures, Nanos time) const {
  std::string text = fmt::format("t={:.1f}s  {:.0f} decisions/s  reward {:.4f}",
                                 static_cast<double>(time) / kSecond, figures.decisions_per_second,
                                 figures.reward);
  if (agent_.hot.meter.gate_rounds() > 0) {
    text += fmt::format(" ({})", against_prior(agent_.hot.meter));
  }
  text += fmt::format("  wakeup p99 {}  policy {}", format_time(figures.wakeup_p99),
                      agent_.hot.metrics.counters.policy_version.value());
  if (!agent_.cold.learns()) return text;
  const UpdateReport& last = agent_.cold.last();
  return text + fmt::format("  updates {}  kl {:.4f}  entropy {:.2f}", agent_.cold.updates(),
                            last.kl, last.entropy);
}

void Reporter::print_stats(const Moment& now) {
  fmt::print("{}\n", line(between(last_stats_, now, agent_), now.time));
  std::fflush(stdout);
  last_stats_ = now;
}

void Reporter::print_progress(const Moment& now) {
  Figures figures = between(last_progress_, now, agent_);
  if (!curve_.empty()) figures.reward = reward_;
  last_progress_ = now;
  next_progress_ = Clock::now() + (terminal_ ? Clock::duration(kTerminalPeriod) : kPlainPeriod);
  const std::string text = line(figures, now.time);
  // Back to the line's begin, and whatever was there before erased.
  fmt::print(stderr, "{}", terminal_ ? fmt::format("\r\033[K{}", text) : text + '\n');
  std::fflush(stderr);
}

std::string Reporter::finish(const std::string& checkpoint) {
  if (terminal_) fmt::print(stderr, "\r\033[K");
  const Moment now = moment(agent_);
  const Figures all = between(start_, now, agent_);
  const double wall = std::chrono::duration<double>(Clock::now() - started_).count();
  std::string text = fmt::format(
      "{:.1f} s of {} time in {:.1f} s: {:.0f} decisions/s, {:.0f} "
      "switches/s, wakeup p50 {}, p99 {}\n",
      all.seconds, agent_.hot.env.name(), wall, all.decisions_per_second, all.switches_per_second,
      format_time(all.wakeup_p50), format_time(all.wakeup_p99));
  if (!curve_.empty()) {
    const size_t n = std::min<size_t>(10, (curve_.size() + 1) / 2);
    const RewardPoint* end = curve_.data() + curve_.size();
    text += fmt::format("reward: {:.4f} at the start, {:.4f} now\n",
                        mean(curve_.data(), curve_.data() + n), mean(end - n, end));
  }
  if (agent_.hot.meter.gate_rounds() > 0) {
    text += fmt::format("after {} comparisons: {}\n", agent_.hot.meter.gate_rounds(),
                        against_prior(agent_.hot.meter));
  }
  text += fmt::format("updates: {}\n", agent_.cold.updates());
  return text + fmt::format("checkpoint: {}\n", checkpoint.empty() ? "none" : checkpoint);
}

}  // namespace quanta
