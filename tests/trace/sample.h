// A small trace that uses every step and field, for the tests of the file format.
#pragma once

#include "env/trace/trace.h"

namespace quanta {

inline Trace sample_trace() {
  Trace trace;
  trace.duration = 3 * kSecond;
  trace.cpus = 2;
  trace.lost_events = 300;
  trace.tasks.resize(3);
  trace.tasks[0] = {.names = {"make", "sh"},
                    .process = 0,
                    .nice = -20,
                    .uid = 1000,
                    .cgroup = 0xfedcba9876543210ULL,
                    .start = 7,
                    .ops = {{TraceOpKind::kRun, 1'500'000},
                            {TraceOpKind::kFork, 1},
                            {TraceOpKind::kExec, 0},
                            {TraceOpKind::kSleep, kSecond},
                            {TraceOpKind::kPost, 1},
                            {TraceOpKind::kPostSync, 2},
                            {TraceOpKind::kWait, 0},
                            {TraceOpKind::kExit, 0}}};
  trace.tasks[1] = {.names = {"make"}, .process = 0, .nice = 19, .forked = true, .ops = {}};
  trace.tasks[1].ops = {{TraceOpKind::kWait, 0}, {TraceOpKind::kPost, 0}};
  trace.tasks[2] = {.names = {"kworker/0:1-evt"}, .process = 2, .kernel_thread = true, .ops = {}};
  trace.tasks[2].ops = {{TraceOpKind::kWait, 0}};
  return trace;
}

}  // namespace quanta
