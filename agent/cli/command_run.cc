#include <fmt/format.h>

#include <csignal>
#include <memory>
#include <string>

#include "agent/cli/cli.h"
#include "agent/cli/commands.h"
#include "agent/cli/monitor.h"
#include "agent/cli/terminal.h"
#include "agent/run/run.h"

namespace quanta {
namespace {

constexpr double kMostSeconds = 1e9;

struct RunCommandOptions {
  RunOptions run;
  double duration = 0;
  double stats = 0;
  double monitor = 0;
  uint64_t updates = 0;
  uint64_t seed = 0;
  std::string policy = "learned";
};

// The first signal ends the run in order, the second at once.
int run_command(const RunOptions& options) {
  // A limit on file sizes is an error of the write that meets it, as a full disk is.
  std::signal(SIGXFSZ, SIG_IGN);
  const Result<int> done = run_agent(options, stop_on_signals());
  return done ? *done : failed(done.error());
}

int monitor_command(const std::string& config, Nanos interval) {
  const Status done = monitor(config, interval, stop_on_signals());
  return done ? 0 : failed(done.error());
}

// Adds the options to `app` and runs them from its callback when `wanted` says so.
template <class Wanted>
void add_options(CLI::App& app, int& exit_code, Wanted wanted) {
  auto options = std::make_shared<RunCommandOptions>();
  RunOptions& run = options->run;
  app.add_option("-c,--config", run.config,
                 "The configuration (configs/*.yaml); without one, interactive's own copy")
      ->type_name("FILE");
  app.add_option("-e,--env", run.env,
                 "Where to act; auto: the first that works of live, shadow, sim")
      ->check(CLI::IsMember({"auto", "sim", "shadow", "live"}))
      ->capture_default_str();
  app.add_option("--policy", options->policy,
                 "What decides: the learned policy, or its prior alone")
      ->check(CLI::IsMember({"learned", "prior"}))
      ->capture_default_str();
  app.add_option("--dispatch", run.dispatch,
                 "live: who decides: the learned policy in the kernel, the agent, or a fixed rule")
      ->check(CLI::IsMember({"kernel", "user", "heuristic"}));
  app.add_option("--metrics", run.metrics,
                 "Where metrics are served, instead of the configuration's")
      ->type_name("ADDRESS");
  app.add_flag("--partial", run.partial, "live: schedule only tasks of the class SCHED_EXT");
  app.add_option("--exit-dump-len", run.exit_dump_len,
                 "live: bytes of debug dump that the kernel keeps when it ends the scheduler")
      ->type_name("BYTES")
      ->check(CLI::Range(int64_t{0}, int64_t{64} << 20));
  auto* resume =
      app.add_option("--resume", run.resume, "Go on from the newest checkpoint in this directory")
          ->type_name("DIR");
  app.add_flag("--continue", run.continues,
               "Go on from the newest checkpoint in the configuration's directory, or from nothing "
               "where there is none")
      ->excludes(resume);
  auto* duration = app.add_option("-d,--duration", options->duration,
                                  "End after so many seconds of the environment's time")
                       ->type_name("SEC")
                       ->check(CLI::Range(0.0, kMostSeconds));
  auto* steps = app.add_option("--steps", options->updates, "End after so many learner updates")
                    ->type_name("N")
                    ->check(CLI::PositiveNumber);
  auto* seed =
      app.add_option("--seed", options->seed, "Of the simulator and the agent")->type_name("N");
  app.add_option("--workload", run.workload, "What the simulator runs (configs/workloads)")
      ->type_name("FILE");
  app.add_option("--stats", options->stats, "Print figures of every so many seconds")
      ->type_name("SEC")
      ->check(CLI::Range(0.001, kMostSeconds));
  auto* watch =
      app.add_option("--monitor", options->monitor,
                     "Run nothing: print what a running agent does, every so many seconds")
          ->type_name("SEC")
          ->check(CLI::Range(0.001, kMostSeconds));
  app.add_option("--log", run.log,
                 "Write decisions with their propensities and outcomes to this file (CSV)")
      ->type_name("FILE");
  app.add_option("--plot", run.plot, "Draw the reward's course as SVG")->type_name("FILE");
  app.callback([=, &exit_code] {
    if (!wanted()) return;
    if (watch->count() > 0) {
      exit_code = monitor_command(options->run.config, nanos_of(options->monitor));
      return;
    }
    RunOptions chosen = options->run;
    chosen.learns = options->policy == "learned";
    if (duration->count() > 0) chosen.duration = nanos_of(options->duration);
    if (steps->count() > 0) chosen.updates = options->updates;
    if (seed->count() > 0) chosen.seed = options->seed;
    chosen.stats = nanos_of(options->stats);
    exit_code = run_command(chosen);
  });
}

}  // namespace

void add_run(CLI::App& app, int& exit_code) {
  CLI::App* command = app.add_subcommand("run", "Schedule and learn (also without a command)");
  add_options(*command, exit_code, [] { return true; });
  add_options(app, exit_code, [&app] { return app.get_subcommands().empty(); });
}

}  // namespace quanta
