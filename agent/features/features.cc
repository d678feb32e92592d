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

void store(Features& out, FeatureIndex first, int32_t a, int32_t b, int32_t c, int32_t d) {
  typedef int32_t Integers __attribute__((vector_size(16)));
  typedef float Floats __attribute__((vector_size(16)));
  const Floats four = __builtin_convertvector((Integers{a, b, c, d}), Floats) * (1.0F / kOctave);
  std::memcpy(&out[static_cast<size_t>(first)], &four, sizeof four);
}

}  // namespace

void extract(const Tracker& tracker, const Situation& s, Features& out) {
  const TaskView& t = tracker.task(s.task);
  const bool victim = s.victim_cpu != kNoCpu;
  const TaskView* v = victim ? &tracker.task(s.victim) : nullptr;
  // Four at a time, each four in one register: the network reads them back in the same pieces.
  store(out, kBurstMean, log2_q8(t.burst), log2_q8(t.last_burst), log2_q8(t.sleep),
        log2_q8(t.last_sleep));
  store(out, kExec, log2_q8(tracker.exec(t)), log2_q8(t.wait), t.sync_share >> 8,
        t.waker == kNoTask             ? 0
        : t.waker_process == t.process ? 256
                                       : 128);
  store(out, kVictimKin,
        !victim                       ? 0
        : v->name_hash == t.name_hash ? 256
                                      : 64,
        victim ? log2_q8(s.victim_rem) : 0, victim ? spread(v->name_hash, 0) : 0,
        log2_q8(static_cast<uint64_t>(static_cast<int64_t>(t.w * 1024.0F))) - 10 * kOctave);
  store(out, kInvoluntary, t.involuntary_share >> 8, log2_q8(1 + tracker.waiting()),
        spread(t.name_hash, 9), spread(t.name_hash, 18));
}

}  // namespace quanta
