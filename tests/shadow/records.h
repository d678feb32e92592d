// Records as the recorder sends them, for tests.
#pragma once

#include <string>

#include "bpf/intf.h"
#include "env/base/types.h"

namespace quanta {

inline quanta_task_record task_record(uint8_t kind, Nanos time, uint32_t pid,
                                      const std::string& comm, uint32_t other = 0) {
  quanta_task_record r{};
  r.head.time = time;
  r.head.kind = kind;
  r.head.pid = pid;
  r.head.other = other;
  r.process = pid;
  comm.copy(r.comm, sizeof(r.comm) - 1);
  return r;
}

inline quanta_task_record switch_record(Nanos time, int16_t cpu, uint32_t from, uint32_t to,
                                        uint8_t flags = 0) {
  quanta_task_record r{};
  r.head.time = time;
  r.head.kind = QUANTA_RECORD_SWITCH;
  r.head.cpu = cpu;
  r.head.pid = from;
  r.head.other = to;
  r.head.flags = flags;
  return r;
}

inline quanta_task_record wake_record(Nanos time, uint32_t waker, uint32_t target,
                                      uint8_t flags = 0) {
  quanta_task_record r{};
  r.head.time = time;
  r.head.kind = QUANTA_RECORD_WAKE;
  r.head.pid = waker;
  r.head.other = target;
  r.head.flags = flags;
  return r;
}

}  // namespace quanta
