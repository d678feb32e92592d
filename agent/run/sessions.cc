#include "agent/run/sessions.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "agent/checkpoint/store.h"
#include "agent/eval/plot.h"
#include "agent/metrics/exposer.h"
#include "agent/run/drive.h"
#include "agent/run/reporter.h"
#include "agent/status/status.h"

namespace quanta {
namespace {

// Nobody waits for what is learnt by watching, and each wake-up costs those who are watched.
constexpr std::chrono::milliseconds kShadowPause(50);

// Saves now and then, and at the end.
class Saver {
 public:
  Saver(Agent& agent, const CheckpointConfig& config, std::string config_text, std::string identity)
      : agent_(agent),
        store_(config.directory, config.keep),
        interval_(config.interval),
        config_text_(std::move(config_text)),
        identity_(std::move(identity)),
        on_(!config.directory.empty() && agent.cold.learns()) {}

  void tick(bool at_rest) {
    const Nanos now = agent_.hot.metrics.counters.env_time.value();
    if (next_ == 0) next_ = now + interval_;
    if (now < next_) return;
    next_ = now + interval_;
    save(at_rest);
  }

  // A failure costs a line in the log, never the run.
  void save(bool at_rest) {
    if (!on_) return;
    const bool exact = at_rest && agent_.hot.env.waits_for_agent();
    const Result<Checkpoint> checkpoint = checkpoint_of(agent_, config_text_, identity_, exact);
    const Result<std::string> file =
        checkpoint ? store_.save(*checkpoint) : tl::unexpected(checkpoint.error());
    if (file) {
      last_ = *file;
      agent_.metrics.checkpoint.saved();
    } else {
      spdlog::error("{}", file.error().message);
      agent_.metrics.checkpoint.failed();
    }
  }

  const std::string& last() const { return last_; }  // empty: none has been saved

 private:
  Agent& agent_;
  CheckpointStore store_;
  Nanos interval_;
  std::string config_text_;
  std::string identity_;
  bool on_;
  Nanos next_ = 0;
  std::string last_;
};

Limits limits_of(const RunOptions& options, const Agent& agent,
                 const std::atomic<bool>& interrupted) {
  Limits limits;
  limits.interrupted = &interrupted;
  if (options.duration) limits.until = agent.hot.env.now() + *options.duration;
  if (options.updates) limits.updates = agent.cold.updates() + *options.updates;
  return limits;
}

// The reward's course in this run, as it is and averaged.
Status plot(const std::string& file, const std::vector<RewardPoint>& curve) {
  constexpr size_t kPoints = 10;  // that a point of the average looks back on
  Series raw{.name = "each half second", .x = {}, .y = {}};
  Series average{.name = "mean of the last 5 s", .x = {}, .y = {}};
  double sum = 0;
  for (size_t i = 0; i < curve.size(); ++i) {
    const double x = static_cast<double>(curve[i].time) / kSecond;
    raw.x.push_back(x);
    raw.y.push_back({.mean = curve[i].reward, .half = 0});
    sum += curve[i].reward;
    if (i + 1 < kPoints) continue;
    average.x.push_back(x);
    average.y.push_back({.mean = sum / kPoints, .half = 0});
    sum -= curve[i + 1 - kPoints].reward;
  }
  CurvePlot chart{.title = "Reward while learning",
                  .x_label = "time, s",
                  .y_label = "reward per CPU and time",
                  .panels = {}};
  chart.panels.push_back({.title = "", .series = {std::move(raw), std::move(average)}});
  return write_curve_svg(file, chart);
}

std::string end_of(DecisionLog& log) {
  log.flush();
  return fmt::format("decisions: {} in {}, {} lost\n", log.logged(), log.file(), log.lost());
}

// What one session leaves to the next.
struct Outcome {
  Ending ending;
  std::optional<Checkpoint> learnt;  // when there is a next one
};

// One session, from its first event until it ends.
Result<Outcome> run_session(Session& session, const std::string& text, const Config& config,
                            const RunOptions& options, DecisionLog* log,
                            const std::atomic<bool>& interrupted) {
  Agent& agent = *session.agent;
  agent.cold.log_to(log);
  spdlog::info("{}; network on {}", session.env.identity, instruction_set());
  std::optional<StatusService> status;
  std::unique_ptr<Exposer> exposer;  // after what it shows
  if (config.metrics.address != "none") {
    status.emplace(agent, session.shadowing ? session.shadowing->meter() : agent.hot.meter);
    exposer = Exposer::open_or_warn(config.metrics, agent.metrics, status->pages());
    if (exposer == nullptr) status.reset();
  }
  Reporter reporter(agent, options.stats);
  Saver saver(agent, config.checkpoint, text, session.env.identity);
  Limits limits = limits_of(options, agent, interrupted);
  limits.learner_cpu = config.learner.cpu;
  if (session.shadowing) limits.pause = kShadowPause;
  Status begun = run(agent, limits, [&](bool at_rest) {
    if (session.shadowing) session.shadowing->tick();
    if (status) status->tick();
    reporter.tick();
    saver.tick(at_rest);
  });
  if (!begun) return tl::unexpected(begun.error());
  Outcome outcome{.ending = agent.hot.env.ending(), .learnt = {}};
  if (outcome.ending.restart) {
    saver.save(false);  // the interval begins anew: restarts must not put saving off for ever
    Result<Checkpoint> learnt = checkpoint_of(agent, text, session.env.identity, false);
    if (learnt) outcome.learnt = *std::move(learnt);
    return outcome;
  }
  saver.save(true);
  fmt::print("{}", reporter.finish(saver.last()));
  if (log != nullptr) fmt::print("{}", end_of(*log));
  if (session.shadowing) fmt::print("{}", session.shadowing->summary());
  if (options.plot.empty()) return outcome;
  if (Status s = plot(options.plot, reporter.curve()); !s) return tl::unexpected(s.error());
  return outcome;
}

void say(const Ending& ending) {
  if (ending.line.empty()) return;
  spdlog::log(ending.exit_code == 0 ? spdlog::level::info : spdlog::level::err, "{}", ending.line);
}

}  // namespace

Result<int> run_sessions(Session first, const MakeSession& make, const std::string& config_text,
                         const Config& config, const RunOptions& options, DecisionLog* log,
                         const std::atomic<bool>& interrupted) {
  Result<Session> session = std::move(first);
  while (session) {
    Result<Outcome> outcome = run_session(*session, config_text, config, options, log, interrupted);
    session->shadowing.reset();
    session->agent.reset();
    session->env.env.reset();  // gives the machine back before anything is said
    if (!outcome) return tl::unexpected(outcome.error());
    say(outcome->ending);
    if (!outcome->ending.restart) return outcome->ending.exit_code;
    const std::optional<Checkpoint> learnt = std::move(outcome->learnt);
    session = make();
    if (session && learnt) {
      if (Status s = session->agent->restore(*learnt, false); !s) {
        spdlog::warn("what was learnt is not taken over: {}", s.error().message);
      }
    }
  }
  return tl::unexpected(session.error());
}

}  // namespace quanta
