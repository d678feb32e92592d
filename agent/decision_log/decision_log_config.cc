#include "agent/decision_log/decision_log_config.h"

#include "agent/config/section.h"

namespace quanta {

void read(Section& section, DecisionLogConfig& config) {
  section.text("decisions", config.decisions);
  section.number("share", config.share, 0, 1);
  section.integer("limit_mib", config.limit_mib, 1, 1 << 20);
}

}  // namespace quanta
