// Message floods, as hackbench: in each group of processes every sender writes to every receiver,
// through a socket of the receiver's own.
#include <sys/socket.h>

#include <array>
#include <vector>

#include "env/workload/clock.h"
#include "env/workload/kind.h"
#include "env/workload/process.h"

namespace quanta::workload {
namespace {

constexpr Param kFloodParams[] = {
    {"groups", Param::kNumber, 4, 1, 64, "groups of processes"},
    {"pairs", Param::kNumber, 8, 1, 64, "senders of each group, and as many receivers"},
};

using Message = std::array<char, 100>;

struct Socket {
  int read;
  int write;
};

std::vector<Socket> open_sockets(size_t n) {
  std::vector<Socket> sockets;
  for (size_t i = 0; i < n; ++i) {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()) != 0) return {};
    sockets.push_back({ends[0], ends[1]});
  }
  return sockets;
}

// CPU time is noted once a round: to ask for it takes a good part of a message's time.
int flood(Place place, const std::vector<Socket>& receivers) {
  Task task(place, "hackbench");
  const Message message{};
  task.arrive();
  for (;;) {
    for (const Socket& receiver : receivers) {
      if (::send(receiver.write, message.data(), message.size(), 0) < 0) return kExitBroken;
    }
    task.account();
  }
}

// Notes what it has done after a message of each sender, on average.
int drain(Place place, int socket, size_t senders) {
  Task task(place, "hackbench");
  Slot& slot = task.slot();
  Message message{};
  task.arrive();
  for (;;) {
    for (size_t i = 0; i < senders; ++i) {
      if (::recv(socket, message.data(), message.size(), MSG_WAITALL) <= 0) return kExitBroken;
    }
    task.account();
    if (task.measured(now())) slot.done += senders;
  }
}

// The g-th group of processes: first its senders, then its receivers.
int run_group(const Group& group, size_t g) {
  const size_t pairs = group.params().count("pairs");
  const std::vector<Socket> sockets = open_sockets(pairs);
  if (sockets.empty()) return kExitBroken;
  return run_processes(2 * pairs, [&](size_t i) {
    const Place place = group.place(2 * pairs * g + i);
    return i < pairs ? flood(place, sockets) : drain(place, sockets[i - pairs].read, pairs);
  });
}

}  // namespace

const Kind kFlood = {
    .name = "flood",
    .summary = "groups of processes that flood each other's sockets (as hackbench)",
    .params = kFloodParams,
    .tasks =
        [](const Params& params) { return 2 * params.count("groups") * params.count("pairs"); },
    .run =
        [](const Group& group) {
          return run_processes(group.params().count("groups"),
                               [&](size_t g) { return run_group(group, g); });
        },
    .wakeup = nullptr,
    .response = nullptr,
    .rate = "messages_per_second",
    .missed = nullptr,
    .fixed = never_fixed,
};

}  // namespace quanta::workload
