#include "agent/shadow/shadowing.h"

#include <fmt/format.h>
#include <malloc.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cmath>

#include "agent/run/figures.h"
#include "env/base/clocks.h"

namespace quanta {
namespace {

constexpr Nanos kSlice = 20 * kMillisecond;  // of CPU time, until the cold side has its turn again
constexpr size_t kMostReports = 100'000;

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

// Of one figure of all reports.
template <class Get>
double median_of(const std::vector<TwinReport>& reports, Get&& get) {
  std::vector<double> values;
  values.reserve(reports.size());
  for (const TwinReport& report : reports) values.push_back(get(report));
  return median(std::move(values));
}

}  // namespace

std::string describe(const TwinReport& report) {
  return fmt::format("wake-up p99 now {}; with Quanta {} (twin error {:.0f}%)",
                     format_time(report.measured.p99), format_time(report.learned.p99),
                     100 * report.error_p99);
}

std::string describe(const Forecasts& forecasts) {
  std::string text = fmt::format("{} runs foretold     octaves off  lately   bias  longer   off\n",
                                 forecasts.count());
  for (int i = 0; i < kPredictors; ++i) {
    const auto p = static_cast<Predictor>(i);
    const ForecastScore& all = forecasts.all(p);
    text += fmt::format("  {:<24}{:>8.3f}{:>8.3f}{:>+7.2f}{:>7.0f}%{:>9}\n",
                        kPredictorNames[static_cast<size_t>(i)], all.error(),
                        forecasts.lately(p).error(), all.bias(), 100 * all.longer(),
                        format_time(all.seconds() * kSecond));
  }
  return text;
}

std::unique_ptr<SeedLearner> Shadowing::name_learner() const {
  if (!agent_.cold.learns()) return {};
  Result<std::unique_ptr<SeedLearner>> learner = make_seed_learner(config_.learner.seed);
  return learner ? *std::move(learner) : nullptr;
}

Shadowing::Shadowing(const Config& config, ShadowEnv& env, Agent& agent)
    : config_(config),
      env_(env),
      agent_(agent),
      twin_(config_, env.cpus(), read_host_timing()),
      twin_metrics_(agent.metrics.registry()),
      forecast_metrics_(agent.metrics.registry()),
      weights_(prior_weights(config_.learner)),
      forecasts_(name_learner(), config_.learner.seed),
      started_(env.now()),
      cpu_before_(thread_cpu()),
      switches_before_(agent.hot.metrics.counters.context_switches.value()) {
  agent_.cold.learn_from(&twin_.hot(), [this](const Record& burst) {
    if (config_.shadow.twin_cpu <= 0) return;
    forecasts_.take(burst, weights_, agent_.hot.metrics.counters.env_time.value());
  });
}

void Shadowing::hand_over_weights() {
  if (!agent_.cold.learns() || version_ == agent_.cold.updates()) return;
  version_ = agent_.cold.updates();
  Weights weights;
  agent_.cold.learner()->snapshot(weights);
  if (!well_formed(weights)) return;
  weights_ = weights;
  twin_.adopt(weights);
}

void Shadowing::show_window(const WatchedWindow& window) {
  const Result<std::optional<TwinReport>> report =
      twin_.live_through(window, [this] { agent_.cold.step(); });
  if (!report) {
    if (last_problem_ != report.error().message) spdlog::warn("twin: {}", report.error().message);
    last_problem_ = report.error().message;
    return;
  }
  const std::optional<TwinReport>& lived = *report;
  if (!lived) return;
  twin_metrics_.show(*lived);
  if (reports_.size() < kMostReports) reports_.push_back(*lived);
  spdlog::info("{}", describe(*lived));
  std::string line;
  for (int p = 0; p < kPredictors; ++p) {
    line += fmt::format("{}{} {:.2f}", p == 0 ? "" : ", ", kPredictorNames[static_cast<size_t>(p)],
                        std::exp2(forecasts_.lately(static_cast<Predictor>(p)).error()));
  }
  spdlog::info("runs foretold to within a factor of: {}", line);
}

// The learning policy lives in the twin while there is CPU time for it.
void Shadowing::go_on() {
  for (const Nanos end = thread_cpu() + kSlice; thread_cpu() < end;) {
    constexpr int kPasses = 64;
    for (int pass = 0; pass < kPasses; ++pass) {
      if (!twin_.step()) return;
    }
    agent_.cold.step();
    hand_over_weights();
  }
}

void Shadowing::tick() {
  if (config_.shadow.twin_cpu <= 0) return;
  hand_over_weights();
  const Nanos used = thread_cpu() - cpu_before_;
  const double allowed = config_.shadow.twin_cpu * static_cast<double>(env_.now() - started_);
  if (static_cast<double>(used) >= allowed) return;
  forecasts_.learn();
  forecast_metrics_.show(forecasts_);
  if (const auto window = env_.take_window()) {
    show_window(*window);
    ::malloc_trim(0);  // windows are made in one thread and freed in another
  }
  if (agent_.cold.learns()) go_on();
  agent_.metrics.uplift.Set(twin_.hot().meter.uplift());
  twin_metrics_.show_effort(thread_cpu() - cpu_before_, twin_.replays().performances());
}

std::string Shadowing::summary() const {
  const double seconds = static_cast<double>(env_.now() - started_) / kSecond;
  const WatchCost cost = env_.cost();
  const double switches =
      static_cast<double>(agent_.hot.metrics.counters.context_switches.value() - switches_before_);
  const auto percent = [&](Nanos time) {
    return 100 * static_cast<double>(time) / kSecond / seconds;
  };
  std::string text = fmt::format(
      "watching: {:.2f}% of a CPU (kernel {:.2f}%, thread {:.2f}%) at {:.0f} switches/s; {} events "
      "lost\n",
      percent(cost.kernel + cost.thread), percent(cost.kernel), percent(cost.thread),
      switches / seconds, env_.lost());
  text += fmt::format("twin and learning: {:.1f}% of a CPU, {} plays of a window\n",
                      percent(thread_cpu() - cpu_before_), twin_.replays().performances());
  text += describe(forecasts_);
  if (reports_.empty()) return text + "twin: no whole window was compared\n";
  const auto at = [&](auto get) { return format_time(median_of(reports_, get)); };
  text += fmt::format("twin, medians over {} windows: error of p50 {:.0f}%, of p99 {:.0f}%\n",
                      reports_.size(),
                      100 * median_of(reports_, [](const TwinReport& r) { return r.error_p50; }),
                      100 * median_of(reports_, [](const TwinReport& r) { return r.error_p99; }));
  text += fmt::format("wake-up p50: measured {}, twin {}, prior {}, learned {}\n",
                      at([](const TwinReport& r) { return r.measured.p50; }),
                      at([](const TwinReport& r) { return r.kernel.p50; }),
                      at([](const TwinReport& r) { return r.prior.p50; }),
                      at([](const TwinReport& r) { return r.learned.p50; }));
  return text + fmt::format("wake-up p99: measured {}, twin {}, prior {}, learned {}\n",
                            at([](const TwinReport& r) { return r.measured.p99; }),
                            at([](const TwinReport& r) { return r.kernel.p99; }),
                            at([](const TwinReport& r) { return r.prior.p99; }),
                            at([](const TwinReport& r) { return r.learned.p99; }));
}

}  // namespace quanta
