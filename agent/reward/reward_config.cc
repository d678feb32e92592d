#include "agent/reward/reward_config.h"

#include "agent/config/section.h"

namespace quanta {

const std::array<std::string_view, kTerms> kTermNames = {
    "runqueue_wait",  "wakeup_latency", "slowdown", "throughput",
    "context_switch", "fairness",       "deadline"};

void read(Section& section, RewardConfig& config) {
  section.section("terms", [&](Section& terms) {
    for (size_t i = 0; i < kTerms; ++i) {
      terms.section(kTermNames[i], [&](Section& term) {
        term.number("weight", config.weight[i], 0, 100);
        if (i == kTermLatency) term.duration("target", config.latency_target, 0, kSecond);
        if (i == kTermSlowdown) term.duration("unit", config.slowdown_unit, kMicrosecond, kSecond);
        if (i == kTermSwitch) term.duration("cost", config.switch_cost, 0, kMillisecond);
        if (i == kTermDeadline) term.duration("cost", config.deadline_cost, 0, kSecond);
      });
    }
  });
  read(section, config.weighing);
}

double total(const Terms& terms, const RewardConfig& config) {
  double sum = 0;
  for (size_t i = 0; i < kTerms; ++i) sum += config.weight[i] * terms[i];
  return sum;
}

}  // namespace quanta
