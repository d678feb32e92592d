#include "agent/features/features.h"

#include <algorithm>

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

}  // namespace

void extract(const Tracker& tracker, const Situation& s, Features& out) {
  const TaskView& t = tracker.task(s.task);
  std::array<int32_t, kFeatures> x;
  x[kBurstMean] = log2_q8(t.burst);
  x[kBurstLast] = log2_q8(t.last_burst);
  x[kSleepMean] = log2_q8(t.sleep);
  x[kSleepLast] = log2_q8(t.last_sleep);
  x[kExec] = log2_q8(tracker.exec(t));
  x[kWaitMean] = log2_q8(t.wait);
  x[kSyncShare] = t.sync_share >> 8;
  x[kWakerKin] = t.waker == kNoTask ? 0 : t.waker_process == t.process ? 256 : 128;
  const bool victim = s.victim_cpu != kNoCpu;
  x[kVictimKin] = !victim ? 0 : tracker.task(s.victim).name_hash == t.name_hash ? 256 : 64;
  x[kVictimRemaining] = victim ? log2_q8(s.victim_rem) : 0;
  x[kVictimName] = victim ? spread(tracker.task(s.victim).name_hash, 0) : 0;
  x[kImportance] = log2_q8(static_cast<uint64_t>(t.w * 1024.0F)) - 10 * kOctave;
  x[kInvoluntary] = t.involuntary_share >> 8;
  x[kCrowd] = log2_q8(1 + tracker.waiting());
  x[kNameA] = spread(t.name_hash, 9);
  x[kNameB] = spread(t.name_hash, 18);
  for (int i = 0; i < kFeatures; ++i) {
    out[static_cast<size_t>(i)] = static_cast<float>(x[static_cast<size_t>(i)]) * (1.0F / kOctave);
  }
}

}  // namespace quanta
