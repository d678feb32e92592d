#include "agent/bench/measure.h"

#include <fmt/format.h>

#include <charconv>
#include <csignal>
#include <nlohmann/json.hpp>
#include <string_view>

#include "agent/bench/process.h"

namespace quanta {
namespace {

constexpr double kPatience = 120;  // seconds beyond those asked for
constexpr Nanos kEndLoad = 10 * kSecond;
constexpr int kHackbenchRuns = 3;

// What the program printed.
Result<std::string> output_of(const std::vector<std::string>& words, const std::string& folder,
                              double seconds, const std::atomic<bool>& interrupted) {
  Result<Process> process = Process::start({.words = words, .folder = folder, .name = "workload"});
  if (!process) return tl::unexpected(process.error());
  const double limit = seconds + kPatience;
  if (!process->wait(static_cast<Nanos>(limit * static_cast<double>(kSecond)), interrupted)) {
    process->end(SIGTERM, kEndLoad);
    return fail(interrupted ? "interrupted"
                            : fmt::format("the load did not end within {:g} s", limit));
  }
  if (process->exit_code() != 0) {
    return fail(
        fmt::format("the load ended with {}: {}", process->exit_code(), process->last_line()));
  }
  return process->out();
}

Result<LoadMetrics> measure_hackbench(const Measuring& how, const std::atomic<bool>& interrupted) {
  double sum = 0;
  for (int run = 0; run < kHackbenchRuns; ++run) {
    const Result<std::string> said =
        output_of({"hackbench", "-g", "4", "-f", "8", "-l", "200"}, how.folder, 0, interrupted);
    if (!said) return tl::unexpected(said.error());
    const Result<double> seconds = parse_hackbench_output(*said);
    if (!seconds) return tl::unexpected(seconds.error());
    sum += *seconds;
  }
  return LoadMetrics{{"hackbench/elapsed_seconds", sum / kHackbenchRuns}};
}

// "frame_seconds" with its quantiles as "frame_p99_seconds" and so on.
void add_latency(const std::string& group, std::string name, const nlohmann::json& summary,
                 LoadMetrics& metrics) {
  if (summary.at("count") == 0) return;
  name.resize(name.size() - std::string_view("_seconds").size());
  for (const char* what : {"mean", "p50", "p99", "max"}) {
    metrics[fmt::format("{}/{}_{}_seconds", group, name, what)] = summary.at(what);
  }
}

}  // namespace

Result<LoadMetrics> measure(const BenchLoad& load, uint64_t seed, const Measuring& how,
                            const std::atomic<bool>& interrupted) {
  if (load.groups.empty()) return measure_hackbench(how, interrupted);
  std::vector<std::string> words{how.workload_program, "--seed", std::to_string(seed), "--warmup",
                                 fmt::format("{:g}", how.warmup)};
  if (!load.fixed()) words.insert(words.end(), {"--seconds", fmt::format("{:g}", how.seconds)});
  words.insert(words.end(), load.groups.begin(), load.groups.end());
  const Result<std::string> said =
      output_of(words, how.folder, how.seconds + how.warmup, interrupted);
  if (!said) return tl::unexpected(said.error());
  return parse_workload_output(*said);
}

Result<LoadMetrics> parse_workload_output(const std::string& json) {
  try {
    LoadMetrics metrics;
    const auto output = nlohmann::json::parse(json);
    for (const auto& group : output.at("groups")) {
      const std::string name = group.at("name");
      for (const auto& [goal, value] : group.at("goals").items()) {
        if (value.is_number()) metrics[fmt::format("{}/{}", name, goal)] = value;
      }
      for (const auto& [key, value] : group.items()) {
        if (value.is_number() && key.ends_with("_share")) {
          metrics[fmt::format("{}/{}", name, key)] = value;
        }
        if (value.is_object() && value.contains("p99")) add_latency(name, key, value, metrics);
      }
    }
    return metrics;
  } catch (const nlohmann::json::exception& error) {
    return fail(fmt::format("not the output of workload: {}", error.what()));
  }
}

Result<double> parse_hackbench_output(const std::string& text) {
  constexpr std::string_view kLabel = "Time: ";
  double seconds = 0;
  const size_t at = text.find(kLabel);
  const char* begin = text.data() + at + kLabel.size();
  if (at == std::string::npos ||
      std::from_chars(begin, text.data() + text.size(), seconds).ec != std::errc()) {
    return fail("hackbench did not say its time");
  }
  return seconds;
}

LoadMetrics live_counters(const Samples& samples) {
  LoadMetrics counters;
  for (const auto& [name, value] : samples) {
    if (name.starts_with("quanta_live_") || name == "quanta_hot_thread_page_faults_total") {
      counters[name] = value;
    }
  }
  return counters;
}

}  // namespace quanta
