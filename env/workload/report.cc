#include "env/workload/report.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <span>

namespace quanta::workload {
namespace {

using Json = nlohmann::ordered_json;

double seconds(double nanos) {
  return nanos / static_cast<double>(kSecond);
}

double seconds(Nanos nanos) {
  return seconds(static_cast<double>(nanos));
}

Json summary(const Histogram& histogram) {
  const auto quantile = [&](double q) { return seconds(histogram.quantile(q)); };
  return {{"count", histogram.count()}, {"mean", seconds(histogram.mean())},
          {"p50", quantile(0.5)},       {"p99", quantile(0.99)},
          {"p999", quantile(0.999)},    {"max", seconds(histogram.max())}};
}

Histogram merged(std::span<const Slot> slots, Span Slot::* span, Window window) {
  Histogram all;
  for (const Slot& slot : slots) all.merge((slot.*span).result(window));
  return all;
}

Histogram merged(std::span<const Slot> slots, Histogram Slot::* histogram) {
  Histogram all;
  for (const Slot& slot : slots) all.merge(slot.*histogram);
  return all;
}

template <class T>
T sum(std::span<const Slot> slots, T Slot::* value) {
  T total = 0;
  for (const Slot& slot : slots) total += slot.*value;
  return total;
}

Json parameters(const GroupSpec& spec) {
  Json json;
  const auto add = [&](std::span<const Param> params) {
    for (const Param& param : params) {
      const int64_t value = spec.params.number(param.key);
      if (param.type == Param::kNumber) {
        json[param.key] = value;
      } else {
        json[param.key] = written(param, value);
      }
    }
  };
  add(spec.kind->params);
  add(common_params());
  return json;
}

void add_cpu(Json& json, std::span<const Slot> slots, double length) {
  const auto of = [](const Slot& slot) { return slot.cpu + slot.child_cpu; };
  const auto [least, most] = std::minmax_element(
      slots.begin(), slots.end(), [&](const Slot& a, const Slot& b) { return of(a) < of(b); });
  Nanos total = 0;
  for (const Slot& slot : slots) total += of(slot);
  json["cpu_seconds"] = seconds(total);
  json["task_cpu_seconds"] = {{"min", seconds(of(*least))}, {"max", seconds(of(*most))}};
  json["demanded_cpu_seconds"] = seconds(sum(slots, &Slot::demanded));
  json["work_per_second"] = seconds(total) / length;
}

Json goals(const GroupSpec& spec, std::span<const Slot> slots, Window window) {
  const double length = seconds(window.end - window.begin);
  Json json = Json::object();
  if (spec.kind->rate) {
    json[spec.kind->rate] = static_cast<double>(sum(slots, &Slot::done)) / length;
  } else {
    json["work_per_second"] = seconds(sum(slots, &Slot::cpu)) / length;
  }
  if (spec.fixed()) {
    const Nanos end = slots.front().completed_at;
    json["elapsed_seconds"] = end > 0 ? Json(seconds(end - window.begin)) : Json(nullptr);
  }
  return json;
}

Json group_json(const GroupSpec& spec, std::span<const Slot> slots, Window window) {
  const Kind& kind = *spec.kind;
  const double length = seconds(window.end - window.begin);
  Json json = {{"kind", kind.name},     {"name", spec.name}, {"parameters", parameters(spec)},
               {"tasks", slots.size()}, {"seconds", length}, {"goals", goals(spec, slots, window)}};
  if (kind.rate) json["done"] = sum(slots, &Slot::done);
  if (kind.missed) json[kind.missed] = sum(slots, &Slot::missed);
  if (kind.missed_share) {
    const auto done = static_cast<double>(std::max<uint64_t>(1, sum(slots, &Slot::done)));
    json[kind.missed_share] = static_cast<double>(sum(slots, &Slot::missed)) / done;
  }
  if (kind.wakeup) json[kind.wakeup] = summary(merged(slots, &Slot::wakeup, window));
  if (kind.response) json[kind.response] = summary(merged(slots, &Slot::response, window));
  if (kind.blamed) json[kind.blamed] = summary(merged(slots, &Slot::blamed));
  add_cpu(json, slots, length);
  return json;
}

}  // namespace

std::string to_json(const std::vector<GroupSpec>& groups, const RunOptions& options,
                    const Outcome& outcome) {
  const std::span<const Slot> slots = outcome.board->slots();
  const Window window = outcome.window;
  Json json = {{"groups", Json::array()},
               {"seconds", seconds(window.end - window.begin)},
               {"warmup_seconds", seconds(options.warmup)},
               {"seed", options.seed}};
  size_t first = 0;
  for (const GroupSpec& spec : groups) {
    json["groups"].push_back(group_json(spec, slots.subspan(first, spec.tasks()), window));
    first += spec.tasks();
  }
  return json.dump();
}

}  // namespace quanta::workload
