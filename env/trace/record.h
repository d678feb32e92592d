// Records the running kernel's tasks into a trace file, by BPF, whatever scheduler is in charge.
//
// Needs root (CAP_BPF, CAP_PERFMON) and kernel BTF. Blocks its caller; not thread-safe, except that
// `stop` may be set from anywhere, a signal handler too.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>

#include "env/base/result.h"
#include "env/base/types.h"

namespace quanta {

struct RecordProgress {
  Nanos elapsed;
  uint64_t events;
  uint64_t tasks;
  uint64_t lost;
};

struct RecordOptions {
  std::string output;
  Nanos duration = 10 * kSecond;
  bool anonymise = false;
  uint32_t tree = 0;                 // only this process and all that it starts; 0: everything
  uint64_t max_bytes = 64ULL << 20;  // ends the recording; counted before compression
  const std::atomic<bool>* stop = nullptr;  // when set, the recording ends and is written
  std::function<void(const RecordProgress&)> progress = {};  // about twice a second, if given
};

struct RecordReport {
  uint64_t events = 0;
  uint64_t tasks = 0;
  uint64_t lost = 0;    // events that found no room, and the unseen
  uint64_t unseen = 0;  // switches that the kernel hides (TraceBuilder::unseen())
  uint64_t bytes = 0;   // of the file
  Nanos duration = 0;
  bool sync_seen = false;        // else inferred (BuilderOptions::infer_sync)
  bool interrupts_seen = false;  // else only wake-ups of an idle CPU count as by a device
  std::string ended;             // why: one or two words
};

Result<RecordReport> record(const RecordOptions& options);

}  // namespace quanta
