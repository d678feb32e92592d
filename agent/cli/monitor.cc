#include "agent/cli/monitor.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>

#include "agent/cli/terminal.h"
#include "agent/config/config.h"
#include "agent/metrics/scrape.h"

namespace quanta {
namespace {

using Clock = std::chrono::steady_clock;

double value(const Samples& samples, const std::string& name) {
  const auto found = samples.find(name);
  return found == samples.end() ? 0 : found->second;
}

std::string line(const Samples& before, const Samples& now, double seconds) {
  const auto rate = [&](const std::string& name) {
    return (value(now, name) - value(before, name)) / seconds;
  };
  const double wakeups = rate("quanta_wakeup_latency_seconds_count");
  const double latency =
      wakeups > 0 ? rate("quanta_wakeup_latency_seconds_sum") / wakeups * 1e6 : 0;
  return fmt::format(
      "{:.0f} decisions/s  {:.0f} switches/s  {:.0f} preemptions/s  wakeup mean {:.0f} us  tasks "
      "{:.0f}  "
      "runnable {:.0f}  policy {:.0f}  uplift {:+.4f}",
      rate("quanta_decisions_total"), rate("quanta_context_switches_total"),
      rate("quanta_preemptions_total"), latency, value(now, "quanta_tasks"),
      value(now, "quanta_runnable_tasks"), value(now, "quanta_policy_version"),
      value(now, "quanta_uplift_over_prior"));
}

}  // namespace

Status monitor(const std::string& file, Nanos interval, const std::atomic<bool>& interrupted) {
  const Result<Config> config = file.empty() ? default_config() : load_config(file);
  if (!config) return tl::unexpected(config.error());
  Result<Samples> before = scrape(config->metrics);
  if (!before) return tl::unexpected(before.error());
  auto then = Clock::now();
  while (true) {
    pause_until(then + std::chrono::nanoseconds(interval), interrupted);
    if (interrupted.load(std::memory_order_relaxed)) return {};
    Result<Samples> now = scrape(config->metrics);
    if (!now) return tl::unexpected(now.error());
    const auto at = Clock::now();
    fmt::print("{}\n", line(*before, *now, std::chrono::duration<double>(at - then).count()));
    std::fflush(stdout);
    before = std::move(now);
    then = at;
  }
}

}  // namespace quanta
