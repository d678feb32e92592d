#include "agent/explain/inspect.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <vector>

#include "agent/explain/attribution.h"
#include "agent/features/features.h"
#include "agent/status/printable.h"

namespace quanta {
namespace {

constexpr std::array<const char*, kHeads> kHeadNames = {"burst", "order", "preempt", "slice"};

std::string shape_text(const Shape& shape) {
  std::string text;
  for (int l = 0; l <= shape.layers; ++l) {
    text += fmt::format("{}{}", l == 0 ? "" : "-", shape.width[static_cast<size_t>(l)]);
  }
  return text;
}

bool is_prior(const Weights& weights) {
  const int last = weights.shape.layers - 1;
  const auto zero = [](float v) { return v == 0; };
  return std::all_of(weights.w.begin() + weight_offset(last), weights.w.end(), zero) &&
         std::all_of(weights.b.begin() + bias_offset(last), weights.b.end(), zero);
}

std::string layer_line(const Weights& weights, int l) {
  const int ins = weights.shape.width[static_cast<size_t>(l)];
  const int outs = weights.shape.width[static_cast<size_t>(l) + 1];
  double square = 0;
  double most = 0;
  double most_bias = 0;
  for (int out = 0; out < outs; ++out) {
    for (int in = 0; in < ins; ++in) {
      const double w = weights.w[weight_offset(l, in, out)];
      square += w * w;
      most = std::max(most, std::abs(w));
    }
    const double b = weights.b[bias_offset(l, out)];
    most_bias = std::max(most_bias, std::abs(b));
  }
  const bool heads = l == weights.shape.layers - 1;
  return fmt::format("{:<10}{:>7}  {:>10.4f}{:>10.4f}{:>14.4f}\n",
                     heads ? std::string("heads") : fmt::format("hidden {}", l + 1),
                     fmt::format("{}x{}", ins, outs), std::sqrt(square / (ins * outs)), most,
                     most_bias);
}

std::string packed_line(const PackedReport& packed) {
  if (!packed.problem.empty()) {
    return packed.used ? fmt::format("in the kernel: refused, the last good ones go on ({})\n",
                                     printable(packed.problem))
                       : fmt::format("for the kernel: {}\n", printable(packed.problem));
  }
  return fmt::format(
      "{} the kernel: integers up to {:.0f}, {:.0f} and {:.0f} by layer, heads shifted by {} "
      "bits\n",
      packed.used ? "in" : "for", packed.largest[0], packed.largest[1], packed.largest[2],
      packed.head_shift);
}

// Each head as the policy bounds it.
double bounded(double head, size_t h) {
  const double most = h == kHeadSlice ? kMaxSliceResidual : kMaxResidual;
  return std::clamp(head, -most, most);
}

std::array<float, kHeads> applied(const DecisionReport& d) {
  return {d.burst, d.order, d.preempt, d.slice};
}

std::string head_lines(const DecisionReport& d, const Attribution& a) {
  const auto final = applied(d);
  std::string text = fmt::format("{:<22}{:>9}{:>9}{:>9}{:>9}\n", "octaves", kHeadNames[0],
                                 kHeadNames[1], kHeadNames[2], kHeadNames[3]);
  const auto line = [&](const char* name, auto value) {
    text += fmt::format("{:<22}", name);
    for (size_t h = 0; h < kHeads; ++h) text += fmt::format("{:>+9.3f}", value(h));
    text += '\n';
  };
  line("the average task", [&](size_t h) { return a.average[h]; });
  line("+ its features", [&](size_t h) { return a.head[h] - a.average[h]; });
  line("= the network", [&](size_t h) { return a.head[h]; });
  line("prior", [](size_t) { return 0.0; });
  line("final", [&](size_t h) { return final[h]; });
  return text;
}

}  // namespace

std::string duration_text(double nanos) {
  if (nanos == 0) return "0 us";
  const double size = std::abs(nanos);
  if (size >= 99.95 * kSecond) return fmt::format("{:.0f} s", nanos / kSecond);
  if (size >= 0.9995 * kSecond) return fmt::format("{:.2f} s", nanos / kSecond);
  if (size >= 0.9995 * kMillisecond) return fmt::format("{:.2f} ms", nanos / kMillisecond);
  if (size >= 9.95 * kMicrosecond) return fmt::format("{:.0f} us", nanos / kMicrosecond);
  return fmt::format("{:.1f} us", nanos / kMicrosecond);
}

std::string describe_policy(const PolicyReport& policy) {
  const Weights& w = policy.weights;
  std::string text = fmt::format("policy {}, network {}, exploration {:.2f} octaves{}\n", w.version,
                                 shape_text(w.shape), w.exploration_sd,
                                 is_prior(w) ? "; all heads are zero: it is the prior" : "");
  text += packed_line(policy.packed);
  text += fmt::format("\n{:<10}{:>7}  {:>10}{:>10}{:>14}\n", "layer", "shape", "weight rms",
                      "largest", "largest bias");
  for (int l = 0; l < w.shape.layers; ++l) text += layer_line(w, l);
  text += fmt::format("\n{:<18}{:>10}{:>12}\n", "feature", "mean", "deviation");
  for (size_t i = 0; i < kInputs; ++i) {
    text += fmt::format("{:<18}{:>10.3f}{:>12}\n", kFeatureNames[i], w.mean[i],
                        w.inverse_sd[i] > 0 ? fmt::format("{:.3f}", 1 / w.inverse_sd[i]) : "none");
  }
  return text;
}

std::string describe_decision(const DecidedTask& task, const PolicyReport& policy) {
  const DecisionReport& d = task.decision;
  const Attribution a = attribute(policy.weights, d.features);
  std::string text =
      fmt::format("{} (pid {}), decided {} ago by policy {}\n", printable(task.task.comm),
                  task.task.pid, duration_text(d.age_ns), d.version);
  if (d.version != policy.weights.version) {
    text += fmt::format("note: the network below is of policy {}, which decides by now\n",
                        policy.weights.version);
  }
  if (policy.packed.used) text += "note: the kernel evaluates it in integers; this is in floats\n";
  text +=
      "contributions: integrated gradients from the average task (all features at their mean) to "
      "this one;\nthey add up, over features, to the network's head less that of the average "
      "task\n\n";
  text += fmt::format("{:<18}{:>9}{:>8} |{:>9}{:>9}{:>9}{:>9}\n", "feature", "raw", "norm.",
                      kHeadNames[0], kHeadNames[1], kHeadNames[2], kHeadNames[3]);
  for (size_t i = 0; i < kInputs; ++i) {
    text +=
        fmt::format("{:<18}{:>9.3f}{:>8.2f} |", kFeatureNames[i], d.features[i], a.normalised[i]);
    for (size_t h = 0; h < kHeads; ++h) text += fmt::format("{:>+9.3f}", a.share[i][h]);
    text += '\n';
  }
  text += '\n' + head_lines(d, a);
  text += "final: what was applied, heads that act, noise and the arm's fixed bias included\n";
  return text;
}

std::string decision_json(const DecidedTask& task, const PolicyReport& policy) {
  using Json = nlohmann::ordered_json;
  const DecisionReport& d = task.decision;
  const Attribution a = attribute(policy.weights, d.features);
  Json features = Json::array();
  for (size_t i = 0; i < kInputs; ++i) {
    Json shares = Json::object();
    for (size_t h = 0; h < kHeads; ++h) shares[kHeadNames[h]] = a.share[i][h];
    features.push_back({{"name", kFeatureNames[i]},
                        {"raw", d.features[i]},
                        {"normalised", a.normalised[i]},
                        {"contribution", std::move(shares)}});
  }
  Json heads = Json::object();
  const auto final = applied(d);
  for (size_t h = 0; h < kHeads; ++h) {
    heads[kHeadNames[h]] = {{"average", a.average[h]},
                            {"network", a.head[h]},
                            {"bounded", bounded(a.head[h], h)},
                            {"final", final[h]}};
  }
  const Json json = {{"pid", task.task.pid},
                     {"comm", task.task.comm},
                     {"age_ns", d.age_ns},
                     {"version", d.version},
                     {"network_version", policy.weights.version},
                     {"method", "integrated gradients from the average task"},
                     {"features", std::move(features)},
                     {"heads_octaves", std::move(heads)}};
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace quanta
