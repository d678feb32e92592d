#include "agent/run/run.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <fstream>
#include <iterator>
#include <memory>
#include <utility>

#include "agent/checkpoint/store.h"
#include "agent/config/config.h"
#include "agent/run/env_choice.h"
#include "agent/run/memory.h"
#include "agent/run/resume.h"
#include "agent/run/sessions.h"

namespace quanta {
namespace {

std::string text_of(const std::string& file) {
  if (file.empty()) return kDefaultConfigText;
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

Result<Config> configure(const RunOptions& options) {
  Result<Config> config = options.config.empty() ? default_config() : load_config(options.config);
  if (!config) return config;
  if (options.seed) config->sim.machine.seed = *options.seed;
  if (!options.workload.empty()) config->sim.workload = options.workload;
  config->learner.seed = config->sim.machine.seed;
  if (!options.dispatch.empty()) {
    config->live.dispatch = options.dispatch == "heuristic" ? DispatchMode::kHeuristic
                            : options.dispatch == "user"    ? DispatchMode::kUser
                                                            : DispatchMode::kKernel;
  }
  if (!options.metrics.empty()) {
    if (const auto endpoint = parse_endpoint(options.metrics); !endpoint) {
      return tl::unexpected(endpoint.error());
    }
    config->metrics.address = options.metrics;
  }
  if (!options.log.empty()) config->log.decisions = options.log;
  if (options.continues && config->checkpoint.directory.empty()) {
    return fail("--continue needs 'checkpoint.directory' in the configuration");
  }
  config->live.partial = options.partial;
  config->live.exit_dump_len = options.exit_dump_len;
  if (!options.learns) config->guard.explore = config->guard.compare = 0;
  return config;
}

// The kernel evaluates one shape of network.
Status fit_to_kernel(Config& config) {
  LearnerConfig& learner = config.learner;
  learner.in_integers = true;
  if (!learner.own_shape) {
    learner.layers = 2;
    learner.hidden = QUANTA_HIDDEN;
    return {};
  }
  if (learner.layers == 2 && learner.hidden <= QUANTA_HIDDEN) return {};
  return fail(fmt::format(
      "learner: the kernel evaluates two hidden layers of at most {} neurons, not {} of {}: set "
      "'layers' and 'hidden', or 'env.live.dispatch: user'",
      QUANTA_HIDDEN, learner.layers, learner.hidden));
}

// Without the learner's library a saved policy can still run; said once, in however many sessions.
Result<std::unique_ptr<Learner>> learner_for(const Config& config, bool saved_policy) {
  static bool said = false;
  Result<std::unique_ptr<Learner>> learner = make_learner(config.learner);
  if (learner || !saved_policy) return learner;
  if (!std::exchange(said, true)) {
    spdlog::warn("learning is off, the saved policy runs: {}", learner.error().message);
  }
  return std::unique_ptr<Learner>();
}

// `acting`: as `config` is where decisions act.
Result<Session> make_session(const Config& config, const Config& acting,
                             const std::string& env_name, const RunOptions& options,
                             bool saved_policy) {
  Result<OpenedEnv> env = open_env(env_name, config);
  if (!env) return tl::unexpected(env.error());
  auto agent = std::make_unique<Agent>(config, *env->env);
  // After all that the hot thread touches, and before the learner: its many megabytes need not be
  // in RAM for decisions to be prompt.
  if (!env->env->waits_for_agent() && env->shadow == nullptr) {
    if (Status s = lock_memory(); !s) spdlog::warn("{}", s.error().message);
  }
  if (options.learns) {
    Result<std::unique_ptr<Learner>> learner = learner_for(config, saved_policy);
    if (!learner) return tl::unexpected(learner.error());
    if (*learner) agent->learn(*std::move(learner));
  }
  Session session{*std::move(env), std::move(agent), {}};
  if (session.env.shadow != nullptr) {
    session.shadowing = std::make_unique<Shadowing>(acting, *session.env.shadow, *session.agent);
  }
  return session;
}

}  // namespace

Result<int> run_agent(const RunOptions& options, const std::atomic<bool>& interrupted) {
  Result<Config> config = configure(options);
  if (!config) return tl::unexpected(config.error());
  const Result<EnvChoice> choice = choose_env(options.env, probe_platform());
  if (!choice) return tl::unexpected(choice.error());
  const Config acting = *config;
  // Where nothing that is decided acts, there is nothing to explore or to compare.
  if (choice->name == "shadow") config->guard.explore = config->guard.compare = 0;
  spdlog::info("env: {}", choice->line);
  // What is learnt by watching is for this kernel, or the next one; so is, when asked for, what is
  // learnt in a simulation.
  const bool for_kernel =
      choice->name == "live" || choice->name == "shadow" || options.dispatch == "kernel";
  if (for_kernel && config->live.dispatch == DispatchMode::kKernel) {
    if (Status s = fit_to_kernel(*config); !s) return tl::unexpected(s.error());
  }

  const Result<std::unique_ptr<DecisionLog>> log =
      DecisionLog::open(config->log, config->reward, config->sim.machine.seed,
                        [](const std::string& line) { spdlog::error("{}", line); });
  if (!log) return tl::unexpected(log.error());

  const std::string& from = options.continues ? config->checkpoint.directory : options.resume;
  const bool saved_policy = !list_checkpoints(from).empty();
  const MakeSession make = [&] {
    return make_session(*config, acting, choice->name, options, saved_policy);
  };
  const std::string text = text_of(options.config);
  Result<Session> session =
      from.empty() ? make() : resume_session(from, text, make, options.continues);
  if (!session) return tl::unexpected(session.error());
  return run_sessions(*std::move(session), make, text, *config, options, log->get(), interrupted);
}

}  // namespace quanta
