#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "agent/bench/bench.h"
#include "agent/bench/bench_report.h"
#include "agent/cli/cli.h"
#include "agent/cli/commands.h"
#include "agent/cli/terminal.h"
#include "agent/eval/selection.h"
#include "agent/eval/write_file.h"
#include "env/live/preflight.h"

namespace quanta {
namespace {

namespace fs = std::filesystem;

constexpr int kExitInterrupted = 130;

struct BenchOptions {
  std::vector<std::string> schedulers;
  std::vector<std::string> workloads;
  std::vector<std::string> configs;
  std::string seeds = "3";
  double seconds = 3;
  double warmup = 0.5;
  double learn = 30;
  std::string resume;
  std::string json;
  std::string plot;
  std::string workload_program;
  std::vector<std::string> merge;
};

// Beside this program, or else on the PATH.
std::string workload_program(const std::string& wanted) {
  if (!wanted.empty()) return fs::absolute(wanted);
  std::error_code error;
  const fs::path beside = fs::read_symlink("/proc/self/exe", error).replace_filename("workload");
  return fs::exists(beside, error) ? beside.string() : "workload";
}

Result<BenchPlan> plan_of(const BenchOptions& options) {
  auto schedulers = select_bench_schedulers(options.schedulers, options.configs);
  if (!schedulers) return tl::unexpected(schedulers.error());
  if (!options.resume.empty()) {
    for (BenchScheduler& scheduler : *schedulers) {
      if (!scheduler.learns) continue;
      scheduler.arguments.insert(scheduler.arguments.end(),
                                 {"--resume", fs::absolute(options.resume)});
    }
  }
  auto loads = select_bench_loads(options.workloads);
  if (!loads) return tl::unexpected(loads.error());
  const auto seeds = parse_seeds(options.seeds);
  if (!seeds) return tl::unexpected(seeds.error());
  return BenchPlan{.schedulers = std::move(*schedulers),
                   .loads = std::move(*loads),
                   .seeds = *seeds,
                   .seconds = options.seconds,
                   .warmup = options.warmup,
                   .learn = options.learn,
                   .workload_program = workload_program(options.workload_program)};
}

Status check_machine(const BenchPlan& plan) {
  const bool own = std::any_of(plan.schedulers.begin(), plan.schedulers.end(),
                               [](const BenchScheduler& scheduler) { return scheduler.own(); });
  if (!own) return {};
  const Status possible = check_can_schedule();
  if (possible) return {};
  return fail(possible.error().message +
              "; or use a virtual machine: ./vm -- scx_quanta bench ...");
}

void show_progress(size_t done, size_t total, const std::string& run) {
  const bool terminal = isatty(STDERR_FILENO) != 0;
  fmt::print(stderr, "{}{}/{}  {}{}", terminal ? "\r\x1b[K" : "", done + 1, total, run,
             terminal ? "" : "\n");
}

Status show(const std::vector<BenchRow>& rows, const BenchOptions& options) {
  if (isatty(STDERR_FILENO) != 0) fmt::print(stderr, "\r\x1b[K");
  fmt::print("{}", bench_tables(rows, terminal_width()));
  Status status;
  if (!options.json.empty()) status = write_file(options.json, to_json(rows));
  if (status && !options.plot.empty()) status = write_bars_svg(options.plot, bench_bars(rows));
  return status;
}

Result<std::vector<BenchRow>> rows_of(const BenchOptions& options, bool& cut_short) {
  if (!options.merge.empty()) return merge_bench_rows(options.merge);
  const Result<BenchPlan> plan = plan_of(options);
  if (!plan) return tl::unexpected(plan.error());
  if (Status possible = check_machine(*plan); !possible) return tl::unexpected(possible.error());
  // However often they come: what was changed on the machine is put back first.
  const std::atomic<bool>& interrupted = stop_on_signals(NextSignal::kIsIgnored);
  Result<std::vector<BenchRow>> rows = run_bench(*plan, show_progress, interrupted);
  cut_short = interrupted;
  return rows;
}

int bench_command(const BenchOptions& options) {
  for (const std::string& file : {options.json, options.plot}) {
    if (Status writable = check_writable(file); !writable) return failed(writable.error());
  }
  bool cut_short = false;
  const Result<std::vector<BenchRow>> rows = rows_of(options, cut_short);
  if (!rows) return failed(rows.error());
  if (Status shown = show(*rows, options); !shown) return failed(shown.error());
  if (cut_short) return kExitInterrupted;
  const bool well = !rows->empty() && std::all_of(rows->begin(), rows->end(), [](const auto& row) {
    return row.error.empty();
  });
  return well ? 0 : kExitFailed;
}

std::string footer() {
  std::string text = "Workloads (the first seven unless some are named):\n";
  for (const BenchLoad& load : bench_loads()) {
    text += fmt::format("  {:<21} {}\n", load.name,
                        load.groups.empty() ? "hackbench -g 4 -f 8 -l 200, the mean of 3"
                                            : fmt::format("{}", fmt::join(load.groups, " ")));
  }
  return text +
         "Others are groups of the program workload: --workload 'NAME=GROUP GROUP...'.\n"
         "tools/bench-vm runs the comparison in virtual machines that count instructions.";
}

}  // namespace

void add_bench(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<BenchOptions>();
  CLI::App* command = app.add_subcommand(
      "bench", "Compare schedulers under real loads on the kernel that runs here");
  auto* scheduler =
      command
          ->add_option(
              "--scheduler", options->schedulers,
              "eevdf (as found), eevdf-1ms (slices of 1 ms, full preemption), eevdf-tuned "
              "(also nice -15 for periodic, game, server), heuristic, prior and learned, "
              "in the kernel; prior-user, learned-user, in the agent (default: all but the "
              "learned ones)")
          ->delimiter(',');
  command
      ->add_option("--workload", options->workloads, "Names, or one load as 'NAME=GROUP GROUP...'")
      ->allow_extra_args(false);
  command->add_option("--seeds", options->seeds, "How many, or a list like 3,7,9")
      ->capture_default_str();
  command->add_option("--seconds", options->seconds, "Measured in each run")
      ->check(CLI::Range(0.01, 86400.0))
      ->capture_default_str();
  command->add_option("--warmup", options->warmup, "Seconds of the load before")
      ->check(CLI::Range(0.0, 3600.0))
      ->capture_default_str();
  command->add_option("--learn", options->learn, "Seconds of the load before that, for learned")
      ->check(CLI::Range(0.0, 86400.0))
      ->capture_default_str();
  command
      ->add_option("--resume", options->resume, "Where learned starts: a directory of checkpoints")
      ->type_name("DIR")
      ->check(CLI::ExistingDirectory);
  command->add_option("--config", options->configs, "Configurations of our schedulers")
      ->type_name("FILE");
  command->add_option("--json", options->json, "Write every run's results to this file");
  command->add_option("--plot", options->plot, "Write bars to this file (SVG)");
  command
      ->add_option("--workload-program", options->workload_program,
                   "The program workload (default: beside this one)")
      ->type_name("PATH");
  command->add_option("--merge", options->merge, "Measure nothing: show these --json files as one")
      ->type_name("FILE")
      ->excludes(scheduler);
  command->footer(footer());
  command->callback([options, &exit_code] { exit_code = bench_command(*options); });
}

}  // namespace quanta
