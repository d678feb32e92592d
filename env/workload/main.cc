// Real loads for a real kernel; prints what they experienced as one JSON object.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <string>
#include <vector>

#include "agent/cli/usage.h"
#include "env/workload/job.h"
#include "env/workload/report.h"
#include "env/workload/runner.h"
#include "env/workload/spec.h"

namespace quanta::workload {
namespace {

constexpr int kExitFailed = 1;
constexpr int kExitUsage = 2;
constexpr double kFixedLimit = 60;  // seconds

std::string describe(const Param& param) {
  return fmt::format("    {:<11} {:<8} {}\n", param.key, written(param, param.value),
                     param.meaning);
}

std::string describe_kinds() {
  std::string text = "Groups: KIND[:key=value[,key=value...]], keys with their defaults\n";
  for (const Kind& kind : kinds()) {
    text += fmt::format("  {}: {}\n", kind.name, kind.summary);
    for (const Param& param : kind.params) text += describe(param);
  }
  text += "  every kind:\n";
  for (const Param& param : common_params()) text += describe(param);
  return text + fmt::format("    {:<11} {:<8} {}", "name", "its kind", "of the group");
}

Nanos nanos(double seconds) {
  return static_cast<Nanos>(seconds * static_cast<double>(kSecond));
}

// To the output if `file` is empty.
bool write_to(const std::string& file, const std::string& json) {
  if (file.empty()) return std::printf("%s\n", json.c_str()) > 0 && std::fflush(stdout) == 0;
  std::ofstream out(file);
  out << json << '\n';
  out.close();
  return !out.fail();
}

int run_compiler_command(int argc, char** argv) {
  Nanos cpu = 0;
  if (argc == 3) std::from_chars(argv[2], argv[2] + std::strlen(argv[2]), cpu);
  return cpu > 0 ? run_compiler(cpu) : kExitUsage;
}

struct Options {
  double seconds = 5;
  double warmup = 1;
  uint64_t seed = 1;
  std::string json;
  std::vector<std::string> groups;
};

int run_groups(const Options& options, bool limited) {
  const auto groups = parse_groups(options.groups);
  if (!groups) {
    fmt::print(stderr, "workload: {}\n", groups.error().message);
    return kExitUsage;
  }
  const bool fixed = std::any_of(groups->begin(), groups->end(),
                                 [](const GroupSpec& group) { return group.fixed(); });
  const RunOptions run_options{nanos(fixed && !limited ? kFixedLimit : options.seconds),
                               nanos(options.warmup), options.seed};
  const Outcome outcome = run(*groups, run_options);
  if (outcome.exit_code != 0) return outcome.exit_code;
  if (!write_to(options.json, to_json(*groups, run_options, outcome))) {
    fmt::print(stderr, "workload: cannot write the results{}\n",
               options.json.empty() ? "" : " to " + options.json);
    return kExitFailed;
  }
  return 0;
}

int run_command(int argc, char** argv) {
  CLI::App app("Real loads for a real kernel; prints what they experienced as JSON.", "workload");
  Options options;
  const auto* seconds =
      app.add_option("--seconds", options.seconds,
                     "Measured time (5); the most that groups of fixed work get (60)")
          ->check(CLI::Range(0.01, 86400.0));
  app.add_option("--warmup", options.warmup, "Time before it, in seconds")
      ->check(CLI::Range(0.0, 3600.0))
      ->capture_default_str();
  app.add_option("--seed", options.seed, "Of all random numbers")->capture_default_str();
  app.add_option("--json", options.json, "File for the results, instead of the output");
  app.add_option("GROUP", options.groups, "Groups of tasks")->required();
  app.footer(describe_kinds());
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);
    fmt::print(stderr, "workload: {}\n", usage_problem(app, error));
    return kExitUsage;
  }
  return run_groups(options, seconds->count() > 0);
}

}  // namespace
}  // namespace quanta::workload

int main(int argc, char** argv) {
  using namespace quanta::workload;
  const bool compiler = argc > 1 && std::string_view(argv[1]) == kCompilerCommand;
  return compiler ? run_compiler_command(argc, argv) : run_command(argc, argv);
}
