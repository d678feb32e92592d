// How simulated tasks wait for each other: channels of messages, and each task's own.
#include <algorithm>

#include "env/sim/machine.h"

namespace quanta {

namespace {

constexpr uint32_t kMaxMessages = 1U << 16;  // a channel that is full drops the oldest

}  // namespace

bool Machine::receive(TaskId id, uint32_t index) {
  Channel& channel = channels_[index];
  if (channel.count == 0) return false;
  const Message m = channel.ring[channel.head];
  channel.head = (channel.head + 1) & static_cast<uint32_t>(channel.ring.size() - 1);
  --channel.count;
  tasks_[id].sender = m.sender;
  tasks_[id].stamp = m.stamp;
  return true;
}

void Machine::wait_for(TaskId id, uint32_t index) {
  Channel& channel = channels_[index];
  SimTask& t = tasks_[id];
  t.waits_own = false;
  t.next_waiter = kNoTask;
  if (channel.last_waiter == kNoTask) {
    channel.first_waiter = id;
  } else {
    tasks_[channel.last_waiter].next_waiter = id;
  }
  channel.last_waiter = id;
}

void Machine::post(uint32_t index, Message message, TaskId waker, bool sync) {
  Channel& channel = channels_[index];
  if (channel.first_waiter != kNoTask) {
    const TaskId id = channel.first_waiter;
    SimTask& t = tasks_[id];
    channel.first_waiter = t.next_waiter;
    if (channel.first_waiter == kNoTask) channel.last_waiter = kNoTask;
    t.sender = message.sender;
    t.stamp = message.stamp;
    wake(id, waker, sync);
    return;
  }
  if (channel.count == channel.ring.size()) {
    if (channel.ring.size() == kMaxMessages) {
      channel.head = (channel.head + 1) & (kMaxMessages - 1);
      --channel.count;
    } else {
      std::rotate(channel.ring.begin(), channel.ring.begin() + channel.head, channel.ring.end());
      channel.head = 0;
      channel.ring.resize(2 * channel.ring.size());
    }
  }
  channel.ring[(channel.head + channel.count) & static_cast<uint32_t>(channel.ring.size() - 1)] =
      message;
  ++channel.count;
}

void Machine::post_own(TaskId id, TaskId waker, bool sync) {
  SimTask& t = tasks_[id];
  if (t.state == TaskState::kBlocked && t.waits_own) {
    wake(id, waker, sync);
  } else if (t.state != TaskState::kFree) {
    ++t.own_messages;
  }
}

}  // namespace quanta
