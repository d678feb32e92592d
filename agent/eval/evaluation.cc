#include "agent/eval/evaluation.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>

namespace quanta {
namespace {

struct Cell {
  const NamedConfig* config;
  const Load* load;
  const std::string* policy;
  uint64_t seed;

  std::string name() const {
    return fmt::format("{}: {} on {}, seed {}", config->name, *policy, load->name, seed);
  }
};

std::vector<Cell> cells_of(const EvalPlan& plan) {
  std::vector<Cell> cells;
  for (const NamedConfig& config : plan.configs) {
    for (const Load& load : plan.loads) {
      for (const std::string& policy : plan.policies) {
        for (const uint64_t seed : plan.seeds) cells.push_back({&config, &load, &policy, seed});
      }
    }
  }
  return cells;
}

Result<Experiment> run(const Cell& cell) {
  ExperimentConfig config = cell.config->experiment;
  config.machine.seed = cell.seed;
  try {
    Result<Experiment> result = run_experiment(*cell.policy, *cell.load, config);
    if (!result) return fail(fmt::format("{}: {}", cell.name(), result.error().message));
    return result;
  } catch (const std::exception& error) {  // the learner's library throws
    const std::string what = error.what();
    return fail(fmt::format("{}: {}", cell.name(), what.substr(0, what.find('\n'))));
  }
}

// What the working threads share.
struct Work {
  const std::vector<Cell> cells;
  const Progress& progress;
  std::vector<Experiment> runs = std::vector<Experiment>(cells.size());
  std::atomic<size_t> next{0};
  std::mutex mutex{};  // guards the two below, and calls of `progress`
  size_t done = 0;
  std::optional<Error> error{};

  void take_cells() {
    for (size_t i = next++; i < cells.size(); i = next++) {
      Result<Experiment> result = run(cells[i]);
      const std::lock_guard lock(mutex);
      if (!result) {
        if (!error) error = result.error();
        next = cells.size();
        return;
      }
      runs[i] = std::move(*result);
      if (progress) progress(++done, cells.size(), cells[i].name());
    }
  }
};

}  // namespace

std::vector<double> Evaluation::rewards(size_t config, size_t load, size_t policy) const {
  std::vector<double> values;
  for (const Experiment& run : runs(config, load, policy)) values.push_back(run.reward);
  return values;
}

size_t Evaluation::policy(const std::string& name) const {
  const auto& all = plan_.policies;
  return static_cast<size_t>(std::find(all.begin(), all.end(), name) - all.begin());
}

Result<Evaluation> evaluate(const EvalPlan& plan, const Progress& progress) {
  Work work{.cells = cells_of(plan), .progress = progress};
  std::vector<std::thread> threads;
  for (unsigned i = 0; i < std::max(1U, plan.jobs); ++i) {
    threads.emplace_back([&work] { work.take_cells(); });
  }
  for (std::thread& thread : threads) thread.join();
  if (work.error) return tl::unexpected(*work.error);
  return Evaluation(plan, std::move(work.runs));
}

}  // namespace quanta
