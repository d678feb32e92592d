// What every kind of load declares: its keys, its tasks, what runs in its process, what it
// measures.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "env/workload/board.h"
#include "env/workload/params.h"
#include "env/workload/task.h"

namespace quanta::workload {

// A group inside its own process.
class Group {
 public:
  Group(const Params& params, Board& board, std::span<Slot> slots, uint64_t seed, uint64_t stream)
      : params_(params), board_(board), slots_(slots), seed_(seed), stream_(stream) {}

  const Params& params() const { return params_; }
  size_t size() const { return slots_.size(); }

  // Of the group's i-th task: its own slot, its own random numbers.
  Place place(size_t i) const { return {&board_, &slots_[i], Rng(seed_, stream_ + i)}; }

 private:
  const Params& params_;
  Board& board_;
  std::span<Slot> slots_;
  uint64_t seed_;
  uint64_t stream_;
};

struct Kind {
  const char* name;
  const char* summary;
  std::span<const Param> params;
  size_t (*tasks)(const Params&);
  // The group's process. Ends, with an exit code of process.h, only when the work is done or
  // broken; else the run kills it at its end.
  int (*run)(const Group&);
  // Names in the report; null: not measured.
  const char* wakeup;    // of Slot::wakeup, "..._seconds"
  const char* response;  // of Slot::response, "..._seconds"
  const char* rate;      // of Slot::done, "..._per_second" or "fps"
  const char* missed;    // of Slot::missed
  // Whether the parameters ask for a fixed amount of work.
  bool (*fixed)(const Params&);
  // Further names, of what few kinds measure.
  const char* missed_share = nullptr;  // of Slot::missed in Slot::done, "..._share"
  const char* blamed = nullptr;        // of Slot::blamed, "..._seconds"
};

std::span<const Kind> kinds();

inline bool never_fixed(const Params&) {
  return false;
}

// Runs body(i) for i < n in a process each; returns only when one of them has ended.
int run_processes(size_t n, const std::function<int(size_t)>& body);

extern const Kind kPeriodic;
extern const Kind kHogs;
extern const Kind kIo;
extern const Kind kGame;
extern const Kind kServer;
extern const Kind kBuild;
extern const Kind kMessages;
extern const Kind kFlood;
extern const Kind kLocks;

}  // namespace quanta::workload
