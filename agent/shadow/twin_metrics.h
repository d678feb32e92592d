// What the twin found, for Prometheus. Updates are thread-safe.
#pragma once

#include <prometheus/gauge.h>
#include <prometheus/registry.h>

#include "agent/shadow/twin.h"

namespace quanta {

class TwinMetrics {
 public:
  explicit TwinMetrics(prometheus::Registry& registry);
  void show(const TwinReport& report);
  // CPU time of the thread that lets the twin live and learns, and plays of the learning policy.
  void show_effort(Nanos cpu, uint64_t performances);

 private:
  struct Of {
    prometheus::Gauge* p50 = nullptr;
    prometheus::Gauge* p99 = nullptr;
    prometheus::Gauge* reward = nullptr;
  };
  static void show(const Of& of, const TwinWaits& waits);

  Of measured_;
  Of kernel_;
  Of prior_;
  Of learned_;
  prometheus::Gauge* error_p50_;
  prometheus::Gauge* error_p99_;
  prometheus::Counter* windows_;
  prometheus::Counter* cpu_;
  prometheus::Counter* performances_;
};

}  // namespace quanta
