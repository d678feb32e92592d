#include "agent/features/features.h"

#include <cstring>

#include "agent/features/log2.h"

namespace quanta {

const std::array<std::string_view, kFeatures> kFeatureNames = {
    "burst mean",  "last burst",   "sleep mean",  "last sleep", "run since sleep",
    "wait mean",   "sync wakeups", "waker kin",   "victim kin", "victim remaining",
    "victim name", "importance",   "involuntary", "crowd",      "name a",
    "name b"};

namespace {

// One of 512 evenly spread numbers in [-256, 255].
int32_t spread(uint32_t hash, int shift) {
  return static_cast<int32_t>((hash >> shift) & 511) - 256;
}

typedef int32_t Integers __attribute__((vector_size(16)));
typedef float Floats __attribute__((vector_size(16)));

// Four at a time, each four in one register: the network reads them back in the same pieces.
void store(Features& out, FeatureIndex first, Integers four) {
  const Floats scaled = __builtin_convertvector(four, Floats) * (1.0F / kOctave);
  std::memcpy(&out[static_cast<size_t>(first)], &scaled, sizeof scaled);
}

}  // namespace

void extract(const Tracker& tracker, const Situation& s, Features& out) {
  const TaskView& t = tracker.task(s.task);
  const bool victim = s.victim_cpu != kNoCpu;
  const TaskView* v = victim ? &tracker.task(s.victim) : nullptr;
  store(out, kBurstMean, log2_q8(t.burst, t.last_burst, t.sleep, t.last_sleep));
  const auto w = static_cast<Nanos>(static_cast<int64_t>(t.w * 1024.0F));
  const Integers logs = log2_q8(tracker.exec(t), t.wait, victim ? s.victim_rem : 0, w);
  const int32_t waker = t.waker == kNoTask ? 0 : t.waker_process == t.process ? 256 : 128;
  store(out, kExec, Integers{logs[0], logs[1], t.sync_share >> 8, waker});
  const int32_t kin = !victim ? 0 : v->name_hash == t.name_hash ? 256 : 64;
  store(out, kVictimKin,
        Integers{kin, logs[2], victim ? spread(v->name_hash, 0) : 0, logs[3] - 10 * kOctave});
  store(out, kInvoluntary,
        Integers{t.involuntary_share >> 8, log2_q8(1 + tracker.waiting()), spread(t.name_hash, 9),
                 spread(t.name_hash, 18)});
}

}  // namespace quanta
