#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "agent/cli/cli.h"
#include "agent/cli/commands.h"
#include "agent/cli/terminal.h"
#include "agent/metrics/metrics_config.h"
#include "agent/status/client.h"
#include "agent/top/screen.h"

namespace quanta {
namespace {

using Clock = std::chrono::steady_clock;

struct TopOptions {
  std::string address = MetricsConfig{}.address;
  double interval = 1;
  std::string sort = "decisions";
  std::string filter;
  bool exited = false;
  bool once = false;
};

// A report for each interval, until it is ended.
Status print_top(const TopOptions& options, const TopOrder& order,
                 std::chrono::nanoseconds interval, const std::atomic<bool>& interrupted) {
  for (auto next = Clock::now();; next += interval) {
    pause_until(next, interrupted);
    if (interrupted.load(std::memory_order_relaxed)) return {};
    const Result<TasksReport> report = ask_tasks(options.address);
    if (!report) return tl::unexpected(report.error());
    fmt::print("{}", plain_text(*report, order));
    if (options.once) return {};
    fmt::print("\n");
    std::fflush(stdout);
  }
}

int top_command(const TopOptions& options) {
  const std::atomic<bool>& interrupted = stop_on_signals();
  TopState state;
  state.order = {.by = sort_key(options.sort).value_or(TopOrder{}.by),
                 .reversed = false,
                 .exited = options.exited,
                 .filter = options.filter};
  const auto interval = std::chrono::nanoseconds(static_cast<int64_t>(options.interval * 1e9));
  const bool plain = options.once || ::isatty(STDOUT_FILENO) == 0;
  const Status done =
      plain ? print_top(options, state.order, interval, interrupted)
            : show_top(state, interval, [&] { return ask_tasks(options.address); }, interrupted);
  return done ? 0 : failed(done.error());
}

}  // namespace

void add_top(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<TopOptions>();
  CLI::App* command = app.add_subcommand(
      "top", "Watch the tasks of a running scheduler, and what it learns about them");
  command->add_option("--address", options->address, "Where it serves metrics")
      ->capture_default_str();
  command->add_option("--interval", options->interval, "Seconds between two looks")
      ->check(CLI::Range(0.1, 3600.0))
      ->capture_default_str();
  command->add_option("--sort", options->sort, "Column to sort by")
      ->check(CLI::IsMember(std::vector<std::string>(kSortNames.begin(), kSortNames.end())))
      ->capture_default_str();
  command->add_option("--filter", options->filter, "Only tasks with this in their name or class");
  command->add_flag("--exited", options->exited, "Also tasks that are gone");
  command->add_flag("--once", options->once, "Print one look as plain lines");
  command->callback([options, &exit_code] { exit_code = top_command(*options); });
}

}  // namespace quanta
