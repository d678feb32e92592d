#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <memory>
#include <string>

#include "agent/cli/cli.h"
#include "agent/cli/commands.h"
#include "agent/cli/terminal.h"
#include "env/trace/reader.h"
#include "env/trace/record.h"
#include "env/trace/summary.h"

namespace quanta {
namespace {

// --show FILE needs no privileges and no kernel support.
struct RecordCommandOptions {
  std::string show;
  double seconds = 10;
  RecordOptions record;
};

int show(const std::string& file) {
  const Result<Trace> trace = read_trace(file);
  if (!trace) return failed(trace.error());
  fmt::print("{}", summarise(*trace));
  return 0;
}

void print_progress(const RecordProgress& now) {
  fmt::print(stderr, "\r{:6.1f} s  {} events  {} tasks  {} lost ", 1e-9 * now.elapsed, now.events,
             now.tasks, now.lost);
  std::fflush(stderr);
}

void print_report(const RecordOptions& options, const RecordReport& report) {
  fmt::print("{}: {:.1f} s, {} events, {} tasks, {} lost, {} bytes (ended by: {})\n",
             options.output, 1e-9 * report.duration, report.events, report.tasks, report.lost,
             report.bytes, report.ended);
  if (!report.sync_seen)
    fmt::print("note: this kernel hides the sync flag; it is inferred from wakers that sleep\n");
  if (!report.interrupts_seen)
    fmt::print(
        "note: interrupts cannot be told from tasks on this kernel; their wake-ups of busy "
        "CPUs are booked on the tasks\n");
}

int record_command(const RecordCommandOptions& command) {
  if (!command.show.empty()) return show(command.show);
  RecordOptions options = command.record;
  options.duration = static_cast<Nanos>(command.seconds * 1e9);
  options.stop = &stop_on_signals();
  const bool terminal = ::isatty(STDERR_FILENO) != 0;
  if (terminal) options.progress = print_progress;
  const Result<RecordReport> report = record(options);
  if (terminal) fmt::print(stderr, "\n");
  if (!report) return failed(report.error());
  print_report(options, *report);
  return 0;
}

}  // namespace

void add_record(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<RecordCommandOptions>();
  CLI::App* command = app.add_subcommand(
      "record", "Write what the system's tasks do to a trace that the simulator replays (root)");
  RecordOptions& record = options->record;
  auto* output = command->add_option("-o,--output", record.output, "The trace to write");
  command->add_option("-d,--duration", options->seconds, "Seconds; Ctrl-C ends earlier")
      ->check(CLI::Range(0.1, 7.0 * 24 * 3600))
      ->capture_default_str();
  command->add_flag("--anonymise", record.anonymise,
                    "Replace names, users and control groups by numbers");
  command->add_option("--tree", record.tree, "Only this process and all it starts")
      ->type_name("PID");
  command->add_option("--max-size", record.max_bytes, "End at this size, before compression")
      ->transform(CLI::AsSizeValue(false))
      ->check(CLI::Range(uint64_t{1024}, uint64_t{64} << 20))
      ->default_str("64MiB");
  auto* shown =
      command->add_option("--show", options->show, "Summarise this trace")->excludes(output);
  command->callback([options, output, shown, &exit_code] {
    if (output->count() + shown->count() != 1)
      throw CLI::RequiredError("one of --output FILE and --show FILE");
    exit_code = record_command(*options);
  });
}

}  // namespace quanta
