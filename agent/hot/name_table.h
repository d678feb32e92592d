// Who the tasks are, by slot: what people are shown of them.
//
// Written by the hot thread when a task comes, changes its name or goes, read by any thread: a
// sequence lock per slot, so that the writer never waits and a reader never sees halves of two
// tasks. All memory is taken and touched at construction.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <optional>
#include <vector>

#include "env/env.h"

namespace quanta {

struct TaskName {
  std::array<char, 16> comm{};  // NUL-terminated
  uint32_t pid = 0;
  uint32_t process = 0;
  int32_t nice = 0;
  int16_t reward_class = -1;
  bool kernel_thread = false;
  uint8_t pad = 0;
};
static_assert(sizeof(TaskName) == 32);

class NameTable {
 public:
  explicit NameTable(uint32_t max_tasks) : slots_(max_tasks) {}

  // Hot thread.
  void set(TaskId task, const TaskInfo& info, int16_t reward_class);
  void clear(TaskId task) { write(task, {}); }

  // Any thread. Nothing: the slot is free, or just being written.
  std::optional<TaskName> find(TaskId task) const;

 private:
  using Words = std::array<uint64_t, sizeof(TaskName) / sizeof(uint64_t)>;
  struct Slot {
    std::atomic<uint64_t> turn{0};  // odd: being written
    std::array<std::atomic<uint64_t>, std::tuple_size_v<Words>> words{};
  };
  void write(TaskId task, const TaskName& name);

  std::vector<Slot> slots_;
};

}  // namespace quanta
