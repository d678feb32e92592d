// Any bytes as a workload file: no crash, no hang, bounded memory, every problem names the file;
// and what is accepted runs for a few thousand steps under both classes.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "env/sim/load_file.h"
#include "env/sim/sim_env.h"

namespace {

using namespace quanta;

constexpr uint64_t kMostSteps = 4000;

void run(const Load& load, SimScheduler scheduler) {
  SimEnv env({}, load, scheduler, 0);
  std::vector<Event> batch(64);
  std::vector<Decision> decisions;
  // In small pieces: a load may take many steps without an event.
  Nanos piece = kMicrosecond;
  for (int pieces = 0; pieces < 40 && env.machine().agenda_entries() < kMostSteps; ++pieces) {
    env.extend(env.now() + piece);
    piece += piece / 4;
    while (!env.finished()) {
      const size_t n = env.poll(batch);
      decisions.clear();
      for (size_t i = 0; i < n; ++i) {
        if (batch[i].task >= env.max_tasks()) std::abort();
        if (batch[i].kind != EventKind::kEnqueue) continue;
        decisions.push_back({.task = batch[i].task,
                             .generation = batch[i].generation,
                             .key = batch[i].time,
                             .guard = ~Nanos{0},
                             .slice = kMillisecond,
                             .preempt_cpu = -1,
                             .pad = 0});
      }
      env.dispatch(decisions);
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const Result<Load> load = parse_load(text, "fuzz.yaml");
  if (!load) {
    if (!load.error().message.starts_with("fuzz.yaml:")) std::abort();
    return 0;
  }
  run(*load, SimScheduler::kExt);
  run(*load, SimScheduler::kEevdf);
  return 0;
}
