#include "agent/run/gate_metrics.h"

#include <string>
#include <utility>

namespace quanta {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

std::string term_name(size_t term) {
  return term == kTotal ? "total" : std::string(kTermNames[term]);
}

// An uplift and the bounds of its interval: three families with the same labels.
class Intervals {
 public:
  Intervals(const std::string& name, const std::string& help, std::string label)
      : label_(std::move(label)),
        mean_{name, help, MetricType::Gauge, {}},
        lower_{name + "_lower", help + " Lower bound, 95%.", MetricType::Gauge, {}},
        upper_{name + "_upper", help + " Upper bound, 95%.", MetricType::Gauge, {}} {}

  void add(const std::string& value, double mean, double half) {
    one(mean_, value, mean);
    one(lower_, value, mean - half);
    one(upper_, value, mean + half);
  }
  void move_to(std::vector<MetricFamily>& all) {
    for (MetricFamily* family : {&mean_, &lower_, &upper_}) all.push_back(std::move(*family));
  }

 private:
  void one(MetricFamily& family, const std::string& value, double number) const {
    ClientMetric metric;
    metric.label.push_back({label_, value});
    metric.gauge.value = number;
    family.metric.push_back(std::move(metric));
  }

  std::string label_;
  MetricFamily mean_;
  MetricFamily lower_;
  MetricFamily upper_;
};

}  // namespace

std::vector<MetricFamily> gate_metrics(const Meter& meter) {
  const Arm acts = meter.best_arm();
  Intervals terms("quanta_uplift",
                  "Reward per CPU and time of what acts now, less the untrained prior's, by term.",
                  "term");
  for (size_t t = 0; t <= kTotal; ++t) {
    const Uplift u = meter.uplift(acts, t);
    terms.add(term_name(t), u.mean, acts == kArmPrior ? 0 : u.half());
  }
  Intervals arms("quanta_arm_uplift",
                 "Reward per CPU and time of each arm, less the untrained prior's.", "arm");
  MetricFamily acting{"quanta_acting_arm", "1 for the arm that acts now.", MetricType::Gauge, {}};
  for (int a = 0; a < kArms; ++a) {
    const Arm arm = static_cast<Arm>(a);
    const std::string name(kArmNames[static_cast<size_t>(a)]);
    ClientMetric metric;
    metric.label.push_back({"arm", name});
    metric.gauge.value = arm == meter.acting_arm() ? 1 : 0;
    acting.metric.push_back(std::move(metric));
    if (arm == kArmPrior) continue;
    const Uplift u = meter.uplift(arm);
    arms.add(name, u.mean, u.half());
  }
  MetricFamily interventions{"quanta_interventions_total",
                             "What the guard did against what was learned, by reason.",
                             MetricType::Counter,
                             {}};
  for (size_t i = 0; i < kInterventions; ++i) {
    ClientMetric metric;
    metric.label.push_back({"reason", std::string(kInterventionNames[i])});
    metric.counter.value = static_cast<double>(meter.interventions(static_cast<Intervention>(i)));
    interventions.metric.push_back(std::move(metric));
  }
  std::vector<MetricFamily> all;
  terms.move_to(all);
  arms.move_to(all);
  all.push_back(std::move(acting));
  all.push_back(std::move(interventions));
  return all;
}

}  // namespace quanta
