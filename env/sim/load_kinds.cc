#include "env/sim/load_kinds.h"

namespace quanta {

std::span<const LoadKind> load_kinds() {
  static const LoadKind kKinds[] = {
      {"periodic", {}, read_periodic},
      {"steps", {}, read_steps},
      {"hog", {.batch = true, .cache_refill = 50 * kMicrosecond}, read_hog},
      {"service", {.shared_process = true}, read_service},
      {"pipeline", {.shared_process = true, .cache_refill = 50 * kMicrosecond}, read_pipeline},
      {"build", {.batch = true}, read_build},
      {"messages", {.shared_process = true}, read_messages},
      {"flood", {.batch = true}, read_flood},
  };
  return kKinds;
}

}  // namespace quanta
