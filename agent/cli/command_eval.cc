#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "agent/cli/cli.h"
#include "agent/cli/commands.h"
#include "agent/cli/off_policy.h"
#include "agent/cli/saved_policy.h"
#include "agent/cli/terminal.h"
#include "agent/eval/eval_json.h"
#include "agent/eval/figures.h"
#include "agent/eval/recovery_report.h"
#include "agent/eval/report.h"
#include "agent/eval/selection.h"
#include "agent/eval/write_file.h"

namespace quanta {
namespace {

constexpr std::string_view kResumed = "resumed";

struct EvalOptions {
  std::vector<std::string> configs{"configs/interactive.yaml"};
  std::vector<std::string> workloads;
  std::vector<std::string> policies;
  std::string seeds = "5";
  double train = 20;
  double measure = 10;
  std::string baseline = "index";
  unsigned jobs = std::max(1U, std::thread::hardware_concurrency());
  std::string json;
  std::string plot;
  std::string curve;
  std::string resume;
  OffPolicyOptions off_policy;
};

void add_once(std::vector<std::string>& names, const std::string& name) {
  if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
}

Result<EvalPlan> plan_of(const EvalOptions& options) {
  const auto seeds = parse_seeds(options.seeds);
  if (!seeds) return tl::unexpected(seeds.error());
  const auto baseline = select_policies({options.baseline});
  if (!baseline) return tl::unexpected(baseline.error());
  auto policies = select_policies(options.policies);
  if (!policies) return tl::unexpected(policies.error());
  add_once(*policies, options.baseline);
  if (!options.curve.empty()) add_once(*policies, "index");  // what learning is measured against
  auto configs = read_configs(options.configs);
  if (!configs) return tl::unexpected(configs.error());
  std::optional<Learnt> learnt;
  if (!options.resume.empty()) {
    const Result<SavedPolicy> saved = read_saved_policy(options.resume);
    if (!saved) return tl::unexpected(saved.error());
    const std::string* learner = saved->checkpoint.find("learner");
    if (learner == nullptr) return fail(saved->file + ": it has no section 'learner'");
    learnt = Learnt{.shape = saved->weights.shape, .learner = *learner};
  } else if (options.policies.empty()) {
    std::erase(*policies, kResumed);
  } else if (std::find(policies->begin(), policies->end(), kResumed) != policies->end()) {
    return fail("policy 'resumed' needs --resume DIR, a directory of checkpoints");
  }
  auto loads = select_loads(options.workloads, options.configs.front());
  if (!loads) return tl::unexpected(loads.error());
  for (NamedConfig& config : *configs) {
    config.experiment.learnt = learnt;
    config.experiment.train = nanos_of(options.train);
    config.experiment.measure = nanos_of(options.measure);
  }
  return EvalPlan{.configs = std::move(*configs),
                  .loads = std::move(*loads),
                  .policies = std::move(*policies),
                  .seeds = *seeds,
                  .jobs = options.jobs};
}

// One line that is written over; without a terminal, a line for every twentieth of the work.
void show_progress(bool terminal, size_t done, size_t total, const std::string& run) {
  if (!terminal) {
    if (done * 20 / total != (done - 1) * 20 / total)
      fmt::print(stderr, "{}/{} runs\n", done, total);
    return;
  }
  constexpr const char* kClearLine = "\r\x1b[K";
  fmt::print(stderr, "{}{}/{}  {}", kClearLine, done, total, run);
  if (done == total) fmt::print(stderr, "{}", kClearLine);
}

void print_block(const std::string& table) {
  if (!table.empty()) fmt::print("\n{}", table);
}

void print_tables(const Evaluation& evaluation, const EvalOptions& options) {
  const size_t width = terminal_width();
  const EvalPlan& plan = evaluation.plan();
  for (size_t c = 0; c < plan.configs.size(); ++c) {
    fmt::print(
        "{}{}: seeds {}, {:g} s to learn, {:g} s measured; ± is 95%, + better, - worse, = "
        "within noise\n",
        c > 0 ? "\n" : "", plan.configs[c].name, fmt::join(plan.seeds, " "), options.train,
        options.measure);
    print_block(reward_table(evaluation, c, width));
    print_block(difference_table(evaluation, c, options.baseline, width));
    print_block(summary_table(evaluation, c, width));
    print_block(goal_tables(evaluation, c, width));
    if (options.curve.empty()) continue;
    print_block(learning_table(evaluation, c, width));
    print_block(recovery_table(evaluation, c, width));
    print_block(guard_table(evaluation, c, width));
  }
}

// "out.svg", or "out-CONFIG.svg" when there are several configs.
std::string file_for(const std::string& file, const EvalPlan& plan, size_t config) {
  if (plan.configs.size() == 1) return file;
  const size_t dot = std::min(file.rfind('.'), file.size());
  return file.substr(0, dot) + "-" + plan.configs[config].name + file.substr(dot);
}

Status write_files(const Evaluation& evaluation, const EvalOptions& options) {
  Status status;
  if (!options.json.empty()) status = write_file(options.json, to_json(evaluation));
  for (size_t c = 0; c < evaluation.plan().configs.size(); ++c) {
    if (status && !options.plot.empty()) {
      status = write_bars_svg(file_for(options.plot, evaluation.plan(), c),
                              reward_bars(evaluation, c, options.baseline));
    }
    if (status && !options.curve.empty()) {
      status = write_curve_svg(file_for(options.curve, evaluation.plan(), c),
                               learning_curves(evaluation, c));
    }
  }
  return status;
}

int eval_command(const EvalOptions& options) {
  const Result<EvalPlan> plan = plan_of(options);
  if (!plan) return failed(plan.error());
  for (const std::string& file : {options.json, options.plot, options.curve}) {
    const Status writable = check_writable(file);
    if (!writable) return failed(writable.error());
  }
  const bool terminal = isatty(STDERR_FILENO) != 0;
  const Result<Evaluation> evaluation =
      evaluate(*plan, [terminal](size_t done, size_t total, const std::string& run) {
        show_progress(terminal, done, total, run);
      });
  if (!evaluation) return failed(evaluation.error());
  print_tables(*evaluation, options);
  const Status written = write_files(*evaluation, options);
  return written ? 0 : failed(written.error());
}

}  // namespace

void add_eval(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<EvalOptions>();
  CLI::App* command = app.add_subcommand("eval", "Compare policies on simulated workloads");
  command->add_option("--config", options->configs, "Configuration files")->capture_default_str();
  command->add_option("--workload", options->workloads,
                      "Workload files or names (default: all beside the first config)");
  command->add_option("--policy", options->policies, "Policies (default: all)")->delimiter(',');
  command->add_option("--seeds", options->seeds, "How many, or a list like 3,7,9")
      ->capture_default_str();
  command->add_option("--train", options->train, "Simulated seconds of learning before measuring")
      ->check(CLI::Range(0.0, 1e5))
      ->capture_default_str();
  command->add_option("--measure", options->measure, "Simulated seconds that are measured")
      ->check(CLI::Range(0.001, 1e5))
      ->capture_default_str();
  command->add_option("--baseline", options->baseline, "Policy that others are compared with")
      ->capture_default_str();
  command
      ->add_option("--resume", options->resume,
                   "Where the policy resumed starts: a directory of checkpoints")
      ->type_name("DIR")
      ->check(CLI::ExistingDirectory);
  command->add_option("--jobs", options->jobs, "Runs at a time")
      ->check(CLI::Range(1U, 1024U))
      ->capture_default_str();
  const CLI::Option* json =
      command->add_option("--json", options->json, "Write every run's results to this file");
  command->add_option("--plot", options->plot, "Write bars of the rewards to this file (SVG)");
  command->add_option("--curve", options->curve, "Write learning curves to this file (SVG)");
  const std::vector<CLI::Option*> simulated = command->get_options(
      [json](const CLI::Option* o) { return o != json && o->get_name() != "--help"; });
  OffPolicyOptions& off_policy = options->off_policy;
  CLI::Option* log =
      command
          ->add_option("--log", off_policy.log,
                       "Simulate nothing: estimate from a decision log (run --log) what other "
                       "policies would have earned")
          ->type_name("FILE");
  for (CLI::Option* option : simulated) log->excludes(option);
  command
      ->add_option("--checkpoint", off_policy.checkpoints,
                   "With --log: the policy in this checkpoint, or in the newest of a directory")
      ->needs(log);
  command
      ->add_option(
          "--clip", off_policy.clip,
          "With --log: greatest importance weight; more of it, less bias and wider intervals")
      ->check(CLI::Range(1.0, 1e6))
      ->needs(log)
      ->capture_default_str();
  command->callback([options, log, &exit_code] {
    options->off_policy.json = options->json;
    exit_code = log->count() > 0 ? off_policy_command(options->off_policy) : eval_command(*options);
  });
}

}  // namespace quanta
