#include "agent/shadow/twin.h"

#include <cmath>

#include "agent/policy/baselines.h"

namespace quanta {
namespace {

constexpr Nanos kWarmUp = 200 * kMillisecond;  // all tasks of a window begin at once
constexpr uint64_t kFewWakeups = 200;

TwinWaits waits_of(const Histogram& wakeup) {
  return {.p50 = wakeup.quantile(0.5), .p99 = wakeup.quantile(0.99)};
}

double relative_error(double twin, double measured) {
  return measured > 0 ? std::abs(twin - measured) / measured : 0;
}

// One performance of one window.
class Performance {
 public:
  Performance(const Config& config, const MachineConfig& machine, const Load& load,
              SimScheduler scheduler)
      : env_(machine, load, scheduler, 0),
        tracker_(env_, config.reward.weighing),
        ledger_(tracker_, config.reward) {}

  // A null policy: the kernel's scheduler decides.
  TwinWaits run(Policy* policy, Nanos duration, const std::function<void()>& meanwhile) {
    HotLoop loop(env_, tracker_, policy, &ledger_);
    go_on(loop, kWarmUp, meanwhile);
    env_.machine().reset_stats();
    const Ledger::Mark mark = ledger_.mark();
    go_on(loop, duration, meanwhile);
    TwinWaits waits = waits_of(env_.machine().stats()[kTwinWatched].wakeup);
    waits.reward = ledger_.rate_since(mark);
    return waits;
  }

 private:
  void go_on(HotLoop& loop, Nanos end, const std::function<void()>& meanwhile) {
    constexpr int kPasses = 256;
    env_.extend(end);
    for (int pass = 1; !env_.finished(); ++pass) {
      loop.step();
      if (pass % kPasses == 0) meanwhile();
    }
  }

  SimEnv env_;
  Tracker tracker_;
  Ledger ledger_;
};

}  // namespace

Twin::Twin(const Config& config, int cpus, const HostTiming& timing)
    : config_(config),
      machine_(config.sim.machine),
      filter_(config.shadow, own_comm()),
      env_(cpus, static_cast<uint32_t>(config.shadow.max_tasks)),
      hot_(std::make_unique<HotSide>(config, env_)) {
  machine_.cpus = cpus;
  machine_.tick = timing.tick;
  machine_.hrtick = timing.hrtick;
}

TwinWaits Twin::live_under_kernel(MachineConfig machine, const Load& load, Nanos duration,
                                  double measured_p99, const std::function<void()>& meanwhile) {
  constexpr double kMemory = 0.75;
  const bool usual = machine_.hrtick;
  const bool nearer = missed_[!usual] < missed_[usual] ? !usual : usual;
  TwinWaits chosen;
  for (const bool hrtick : {false, true}) {
    machine.hrtick = hrtick;
    const TwinWaits waits =
        Performance(config_, machine, load, SimScheduler::kEevdf).run(nullptr, duration, meanwhile);
    const double off = std::abs(std::log2(std::max(1.0, waits.p99) / std::max(1.0, measured_p99)));
    missed_[hrtick] = kMemory * missed_[hrtick] + (1 - kMemory) * off;
    if (hrtick == nearer) chosen = waits;
  }
  return chosen;
}

bool Twin::step() {
  return hot_->loop.step() > 0;
}

Result<std::optional<TwinReport>> Twin::live_through(const WatchedWindow& window,
                                                     const std::function<void()>& meanwhile) {
  const MachineConfig machine = machine_;  // as the window before has shown it
  calibrate(machine_, window.waits);
  const bool first = !std::exchange(calibrated_, true);
  if (window.trace.tasks.empty() || window.waits.wakeup.count() < kFewWakeups) return std::nullopt;
  Result<Load> load = twin_load(window, filter_);
  if (!load) return tl::unexpected(load.error());
  if (load->max_tasks > env_.max_tasks()) {
    return fail("the window has more tasks than 'env.shadow.max_tasks'");
  }
  const Nanos duration = window.trace.duration;
  if (first || duration <= 2 * kWarmUp) {
    env_.play(machine_, *std::move(load), duration);
    return std::nullopt;
  }

  TwinReport report;
  report.measured = waits_of(window.waits.wakeup);
  report.wakeups = window.waits.wakeup.count();
  report.kernel = live_under_kernel(machine, *load, duration, report.measured.p99, meanwhile);
  IndexPolicy prior(config_.policy);
  report.prior =
      Performance(config_, machine, *load, SimScheduler::kExt).run(&prior, duration, meanwhile);
  report.learned = report.prior;
  if (const Arm best = hot_->gate.best(); best != kArmPrior) {
    Publisher weights(hot_->publisher.current());
    LearnedPolicy learned(weights, config_.policy, config_.exploration, machine.seed);
    learned.act_with(conduct_of(best));
    report.learned =
        Performance(config_, machine, *load, SimScheduler::kExt).run(&learned, duration, meanwhile);
  }
  report.error_p50 = relative_error(report.kernel.p50, report.measured.p50);
  report.error_p99 = relative_error(report.kernel.p99, report.measured.p99);
  env_.play(machine_, *std::move(load), duration);
  return report;
}

}  // namespace quanta
