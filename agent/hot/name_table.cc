#include "agent/hot/name_table.h"

#include <algorithm>
#include <bit>

namespace quanta {

void NameTable::set(TaskId task, const TaskInfo& info, int16_t reward_class) {
  TaskName name{.comm = {},
                .pid = info.pid,
                .process = info.process,
                .nice = info.nice,
                .reward_class = reward_class,
                .kernel_thread = info.kernel_thread};
  std::copy_n(info.comm, name.comm.size(), name.comm.begin());
  name.comm.back() = '\0';
  write(task, name);
}

void NameTable::write(TaskId task, const TaskName& name) {
  const auto words = std::bit_cast<Words>(name);
  Slot& slot = slots_[task];
  const uint64_t turn = slot.turn.load(std::memory_order_relaxed);
  slot.turn.store(turn + 1, std::memory_order_relaxed);
  // Release, each: who reads one of these (acquire, in find()) sees the odd turn before it.
  for (size_t i = 0; i < words.size(); ++i) {
    slot.words[i].store(words[i], std::memory_order_release);
  }
  // Release: pairs with the first acquire in find(), which so sees all words of this turn.
  slot.turn.store(turn + 2, std::memory_order_release);
}

std::optional<TaskName> NameTable::find(TaskId task) const {
  const Slot& slot = slots_[task];
  const uint64_t turn = slot.turn.load(std::memory_order_acquire);
  Words words;
  for (size_t i = 0; i < words.size(); ++i) {
    words[i] = slot.words[i].load(std::memory_order_acquire);
  }
  if (turn % 2 != 0 || slot.turn.load(std::memory_order_relaxed) != turn) return std::nullopt;
  const auto name = std::bit_cast<TaskName>(words);
  return name.pid == 0 ? std::nullopt : std::optional(name);
}

}  // namespace quanta
