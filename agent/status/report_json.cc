#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "agent/policy/packed_network.h"
#include "agent/status/report.h"

namespace quanta {

using Json = nlohmann::json;

// Found by the library through the types' namespace.
static void to_json(Json& json, const Real& real) {
  json = std::isfinite(real.value) ? Json(real.value) : Json(nullptr);
}
static void from_json(const Json& json, Real& real) {
  real.value = json.is_null() ? std::numeric_limits<double>::quiet_NaN() : json.get<double>();
}

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(MachineReport, env, dispatch, policy, cpus, now_ns, tasks,
                                   runnable, decisions, switches, preemptions, records_dropped,
                                   decisions_per_second, switches_per_second, wakeup_p50_ns,
                                   wakeup_p99_ns, reward, reward_terms)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(UpliftReport, name, uplift, standard_error, rounds)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(LearningReport, learns, version, updates, entropy, kl,
                                   explained_variance, policy_loss, value_loss, burst_loss, acting,
                                   exploring, best, interval_sds, rounds, arms, terms)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(TaskReport, pid, comm, reward_class, exited, decisions,
                                   last_seen_ns, predicted_ns, prior_ns, burst_ns, burst_censored,
                                   wait_ns, run_ns, slice_ns, reward, reward_sum)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(DecisionReport, age_ns, version, features, mean, taken,
                                   exploration_sd, prior_rem_ns, burst, order, preempt, slice,
                                   burst_acts, residual_acts, saved_ns, victim_weight, weight,
                                   others, peer_index_ns, key_ns, guard_ns, woken, preempted,
                                   reward_terms)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(DecidedTask, task, decision)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(TasksReport, machine, learning, tasks)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(DecisionsReport, machine, learning, tasks)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(PackedReport, used, problem, head_shift, largest)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(IndexConfig, switch_cost, patience, slice, slice_min, slice_max,
                                   latency_target, latency_worth)

namespace {

// Names are a task's own: what is not UTF-8 is replaced.
std::string text_of(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n';
}

Json layer_json(const Weights& weights, int l) {
  const Shape& shape = weights.shape;
  Json rows = Json::array();
  for (int in = 0; in < shape.width[static_cast<size_t>(l)]; ++in) {
    const auto row = weights.w.begin() + weight_offset(l, in);
    rows.push_back(std::vector<float>(row, row + shape.width[static_cast<size_t>(l) + 1]));
  }
  const auto bias = weights.b.begin() + bias_offset(l);
  return {{"weights", std::move(rows)},  // [in][out]
          {"bias", std::vector<float>(bias, bias + shape.width[static_cast<size_t>(l) + 1])}};
}

Json weights_json(const Weights& weights) {
  const Shape& shape = weights.shape;
  Json layers = Json::array();
  for (int l = 0; l < shape.layers; ++l) layers.push_back(layer_json(weights, l));
  return {
      {"version", weights.version},
      {"shape", std::vector<int32_t>(shape.width.begin(), shape.width.begin() + shape.layers + 1)},
      {"exploration_sd", weights.exploration_sd},
      {"mean", weights.mean},
      {"inverse_sd", weights.inverse_sd},
      {"layers", std::move(layers)}};
}

// The copies are bounded by the shape, which has been checked; `at` throws where rows are short.
void read_layer(const Json& json, Weights& weights, int l) {
  const auto ins = static_cast<size_t>(weights.shape.width[static_cast<size_t>(l)]);
  const auto outs = static_cast<size_t>(weights.shape.width[static_cast<size_t>(l) + 1]);
  for (size_t in = 0; in < ins; ++in) {
    const auto row = json.at("weights").at(in).get<std::vector<float>>();
    for (size_t out = 0; out < outs; ++out) {
      weights.w[weight_offset(l, in, out)] = row.at(out);
    }
  }
  const auto bias = json.at("bias").get<std::vector<float>>();
  for (size_t out = 0; out < outs; ++out) {
    weights.b[bias_offset(l, out)] = bias.at(out);
  }
}

Weights read_weights(const Json& json) {
  Weights weights;
  const auto widths = json.at("shape").get<std::vector<int32_t>>();
  const auto fits = [](int32_t width) { return width >= 1 && width <= kMaxHidden; };
  if (widths.size() < kMinLayers + 1 || widths.size() > kMaxLayers + 1 ||
      !std::all_of(widths.begin(), widths.end(), fits)) {
    throw std::out_of_range("shape");
  }
  weights.shape.width.fill(0);
  std::copy(widths.begin(), widths.end(), weights.shape.width.begin());
  weights.shape.layers = static_cast<int32_t>(widths.size()) - 1;
  json.at("version").get_to(weights.version);
  json.at("exploration_sd").get_to(weights.exploration_sd);
  json.at("mean").get_to(weights.mean);
  json.at("inverse_sd").get_to(weights.inverse_sd);
  for (int l = 0; l < weights.shape.layers; ++l) {
    read_layer(json.at("layers").at(static_cast<size_t>(l)), weights, l);
  }
  weights.checksum = checksum_of(weights);
  if (!well_formed(weights)) throw std::out_of_range("weights");
  return weights;
}

// `read` throws where the report is not what it should be.
template <class Report>
Result<Report> parsed(std::string_view text, auto read) {
  try {
    return read(Json::parse(text));
  } catch (const std::exception&) {  // whose text quotes what came, whatever that is
    return fail("what answers is not a report of this version of Quanta");
  }
}

}  // namespace

std::string to_json(const TasksReport& report) {
  return text_of(report);
}

std::string to_json(const DecisionsReport& report) {
  return text_of(report);
}

std::string to_json(const PolicyReport& report) {
  Json json = weights_json(report.weights);
  json["prior"] = report.index;
  json["packed"] = report.packed;
  return text_of(json);
}

Result<TasksReport> parse_tasks(std::string_view json) {
  return parsed<TasksReport>(json, [](const Json& j) { return j.get<TasksReport>(); });
}

Result<DecisionsReport> parse_decisions(std::string_view json) {
  return parsed<DecisionsReport>(json, [](const Json& j) { return j.get<DecisionsReport>(); });
}

Result<PolicyReport> parse_policy(std::string_view json) {
  return parsed<PolicyReport>(json, [](const Json& j) {
    PolicyReport report;
    report.weights = read_weights(j);
    j.at("prior").get_to(report.index);
    j.at("packed").get_to(report.packed);
    return report;
  });
}

PackedReport packed_report(const Weights& weights, bool used) {
  PackedReport report{.used = used, .problem = {}};
  const Result<IntegerNetwork> integers = quantise(weights);
  if (!integers) {
    report.problem = integers.error().message;
    return report;
  }
  if (const auto packed = pack(*integers); !packed) report.problem = packed.error().message;
  report.head_shift = integers->head_shift;
  const auto largest = [](const auto& matrix) {
    int64_t most = 0;
    for (const auto& row : matrix) {
      for (const int64_t v : row) most = std::max(most, std::abs(v));
    }
    return static_cast<double>(most);
  };
  report.largest = {largest(integers->hidden1), largest(integers->hidden2),
                    largest(integers->heads)};
  return report;
}

}  // namespace quanta
