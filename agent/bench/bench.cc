#include "agent/bench/bench.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <optional>
#include <sstream>

#include "agent/bench/child_scheduler.h"
#include "agent/bench/eevdf_tuning.h"
#include "agent/bench/measure.h"
#include "agent/bench/process.h"
#include "agent/config/config.h"
#include "agent/config/section.h"
#include "agent/learn/library.h"
#include "agent/metrics/scrape.h"
#include "env/base/clocks.h"

namespace quanta {
namespace {

namespace fs = std::filesystem;

constexpr int kTunedNice = -15;

const std::vector<std::string>& kinds_known() {
  static const std::vector<std::string> kKinds{"eevdf", "eevdf-1ms", "eevdf-tuned", "heuristic",
                                               "prior", "learned",   "prior-user",  "learned-user"};
  return kKinds;
}

BenchScheduler scheduler_of(const std::string& kind) {
  BenchScheduler scheduler{.name = kind,
                           .tuned = kind == "eevdf-1ms" || kind == "eevdf-tuned",
                           .nice = kind == "eevdf-tuned" ? kTunedNice : 0,
                           .learns = kind.starts_with("learned"),
                           .arguments = {}};
  if (kind == "eevdf" || scheduler.tuned) return scheduler;
  scheduler.arguments = {
      "--env",
      "live",
      "--policy",
      scheduler.learns ? "learned" : "prior",
      "--dispatch",
      kind == "heuristic" ? "heuristic" : kind.ends_with("-user") ? "user" : "kernel"};
  return scheduler;
}

bool on_path(const std::string& program) {
  const char* path = std::getenv("PATH");
  std::istringstream folders(path == nullptr ? "" : path);
  for (std::string folder; std::getline(folders, folder, ':');) {
    if (::access((fs::path(folder) / program).c_str(), X_OK) == 0) return true;
  }
  return false;
}

double seconds_now() {
  return static_cast<double>(monotonic_time()) * 1e-9;
}

class Bench {
 public:
  Bench(const BenchPlan& plan, const BenchProgress& progress, const std::atomic<bool>& interrupted,
        std::string folder)
      : plan_(plan), progress_(progress), interrupted_(interrupted), folder_(std::move(folder)) {
    ::uname(&kernel_);
    how_ = {.workload_program = plan.workload_program,
            .folder = folder_,
            .seconds = plan.seconds,
            .warmup = plan.warmup};
  }

  std::vector<BenchRow> run() {
    std::vector<BenchLoad> loads = plan_.loads;
    const auto is_hackbench = [](const BenchLoad& load) { return load.groups.empty(); };
    if (!on_path("hackbench") && std::erase_if(loads, is_hackbench) > 0) {
      spdlog::warn("hackbench is left out: it is not on the PATH (package rt-tests)");
    }
    total_ = plan_.schedulers.size() * loads.size() * plan_.seeds.size();
    for (const BenchScheduler& scheduler : plan_.schedulers) {
      if (interrupted_) break;
      run_scheduler(scheduler, loads);
    }
    return std::move(rows_);
  }

 private:
  void run_scheduler(const BenchScheduler& scheduler, const std::vector<BenchLoad>& loads) {
    std::optional<EevdfTuning> tuning;
    Status possible;
    if (scheduler.tuned) {
      Result<EevdfTuning> tuned = EevdfTuning::apply();
      if (tuned) {
        tuning.emplace(*std::move(tuned));
      } else {
        possible = tl::unexpected(tuned.error());
      }
    }
    if (scheduler.learns) {
      const Result<void*> learner = learn_symbol("quanta_make_learner");
      if (!learner) possible = tl::unexpected(learner.error());
    }
    if (!possible) {
      spdlog::warn("{} is left out: {}", scheduler.name, possible.error().message);
      total_ -= loads.size() * plan_.seeds.size();
      return;
    }
    for (const BenchLoad& plain : loads) {
      const BenchLoad load = with_nice(plain, scheduler.nice);
      for (const uint64_t seed : plan_.seeds) {
        if (interrupted_) return;
        progress_(done_++, total_, fmt::format("{}, {}, seed {}", scheduler.name, load.name, seed));
        run_one(scheduler, load, seed);
      }
    }
  }

  void run_one(const BenchScheduler& scheduler, const BenchLoad& load, uint64_t seed) {
    BenchRow row{.scheduler = scheduler.name,
                 .workload = load.name,
                 .seed = seed,
                 .kernel = static_cast<const char*>(kernel_.release),
                 .cpus = static_cast<int>(::sysconf(_SC_NPROCESSORS_ONLN)),
                 .seconds = plan_.seconds,
                 .metrics = {},
                 .counters = {},
                 .error = {}};
    const Result<LoadMetrics> metrics = scheduler.own() ? measure_under(scheduler, load, row)
                                                        : measure(load, seed, how_, interrupted_);
    if (interrupted_) return;
    if (metrics) {
      row.metrics = *metrics;
    } else {
      row.error = metrics.error().message;
      spdlog::error("{}, {}, seed {}: {}", row.scheduler, row.workload, row.seed, row.error);
    }
    rows_.push_back(std::move(row));
  }

  Result<LoadMetrics> measure_under(const BenchScheduler& scheduler, const BenchLoad& load,
                                    BenchRow& row) {
    const MetricsConfig served{.address = fmt::format("unix:{}/metrics", folder_)};
    Command command{.words = {plan_.program, "run", "--metrics", served.address},
                    .folder = folder_,
                    .name = "scheduler"};
    command.words.insert(command.words.end(), scheduler.arguments.begin(),
                         scheduler.arguments.end());
    Result<ChildScheduler> child = ChildScheduler::start(command, interrupted_);
    if (!child) return tl::unexpected(child.error());
    if (scheduler.learns && plan_.learn > 0) learn(load, row.seed);
    Result<LoadMetrics> metrics = measure(load, row.seed, how_, interrupted_);
    const Status alive = child->check();
    if (alive) row.counters = live_counters(scrape(served).value_or(Samples{}));
    const Status stopped = child->stop();
    if (!alive) return tl::unexpected(alive.error());
    if (!stopped) return tl::unexpected(stopped.error());
    return metrics;
  }

  // The load itself, as often as it takes. What goes wrong will again when it is measured.
  void learn(const BenchLoad& load, uint64_t seed) {
    Measuring how = how_;
    how.warmup = 0;
    const double end = seconds_now() + plan_.learn;
    do {
      how.seconds = std::max(end - seconds_now(), 0.1);
      if (!measure(load, seed, how, interrupted_)) return;
    } while (seconds_now() < end);
  }

  const BenchPlan& plan_;
  const BenchProgress& progress_;
  const std::atomic<bool>& interrupted_;
  std::string folder_;
  utsname kernel_{};
  Measuring how_;
  std::vector<BenchRow> rows_;
  size_t done_ = 0;
  size_t total_ = 0;
};

}  // namespace

Result<std::vector<BenchScheduler>> select_bench_schedulers(
    const std::vector<std::string>& kinds, const std::vector<std::string>& configs) {
  const std::vector<std::string>& known = kinds_known();
  std::vector<std::string> wanted = kinds;
  if (wanted.empty()) {  // those that learn take their time: only by name
    std::copy_if(known.begin(), known.end(), std::back_inserter(wanted),
                 [](const std::string& kind) { return !kind.starts_with("learned"); });
  }
  std::vector<BenchScheduler> schedulers;
  for (const std::string& kind : wanted) {
    if (std::find(known.begin(), known.end(), kind) == known.end()) {
      const std::string near = nearest(kind, known);
      return fail(
          near.empty()
              ? fmt::format("unknown scheduler '{}' (known: {})", kind, fmt::join(known, ", "))
              : fmt::format("unknown scheduler '{}'; did you mean '{}'?", kind, near));
    }
    const BenchScheduler scheduler = scheduler_of(kind);
    if (!scheduler.own() || configs.empty()) schedulers.push_back(scheduler);
    if (!scheduler.own()) continue;
    for (const std::string& config : configs) {
      if (const auto read = load_config(config); !read) return tl::unexpected(read.error());
      BenchScheduler with = scheduler;
      if (configs.size() > 1) with.name += fmt::format(":{}", fs::path(config).stem().string());
      with.arguments.insert(with.arguments.end(), {"--config", fs::absolute(config)});
      schedulers.push_back(std::move(with));
    }
  }
  for (size_t i = 0; i < schedulers.size(); ++i) {
    for (size_t k = 0; k < i; ++k) {
      if (schedulers[k].name != schedulers[i].name) continue;
      return fail(fmt::format("scheduler '{}' is there twice", schedulers[i].name));
    }
  }
  return schedulers;
}

Result<std::vector<BenchRow>> run_bench(const BenchPlan& plan, const BenchProgress& progress,
                                        const std::atomic<bool>& interrupted) {
  const Result<ScratchFolder> folder = ScratchFolder::make();
  if (!folder) return tl::unexpected(folder.error());
  return Bench(plan, progress, interrupted, folder->path()).run();
}

}  // namespace quanta
