// A request server: client threads of one process ask, worker threads of another one answer.
//
// Open arrivals: when a client asks does not depend on the answers. It has one request under way;
// those that became due meanwhile follow at once, and every response time counts from when its
// request was due. The client's process is the server's child.
#include <unistd.h>

#include <array>
#include <thread>
#include <vector>

#include "env/workload/clock.h"
#include "env/workload/draw.h"
#include "env/workload/kind.h"
#include "env/workload/process.h"

namespace quanta::workload {
namespace {

constexpr Param kServerParams[] = {
    {"clients", Param::kNumber, 12, 1, 512, "threads that ask"},
    {"workers", Param::kNumber, 12, 1, 512, "threads that answer"},
    {"arrivals", Param::kDuration, 600 * kMicrosecond, kMicrosecond, 10 * kSecond,
     "mean time between two requests, exponential"},
    {"service", Param::kDuration, 200 * kMicrosecond, kMicrosecond, kSecond,
     "mean CPU time of a request, exponential"},
    {"steady", Param::kNumber, 0, 0, 1, "1: every request takes just the mean"},
};

struct Request {
  Nanos service;
  int answer_to;
};

struct Pipe {
  int read;
  int write;
};

bool open_pipe(Pipe& pipe) {
  std::array<int, 2> ends{};
  if (::pipe(ends.data()) != 0) return false;
  pipe = {ends[0], ends[1]};
  return true;
}

// Whole messages: both are far below PIPE_BUF.
template <class T>
void send(int fd, const T& message) {
  while (::write(fd, &message, sizeof(T)) < 0) {
  }
}

template <class T>
T receive(int fd) {
  T message;
  while (::read(fd, &message, sizeof(T)) < 0) {
  }
  return message;
}

void serve(Place place, int requests) {
  Task task(place, "server");
  task.arrive();
  for (;;) {
    const auto request = receive<Request>(requests);
    task.burn(request.service);
    send(request.answer_to, char{});
  }
}

// `steady`: every request takes `service`, and not that only on average.
void ask(Place place, int requests, Pipe answers, Nanos arrivals, Nanos service, bool steady) {
  Task task(place, "client");
  Slot& slot = task.slot();
  Nanos due = task.arrive();
  for (;;) {
    due += exponential(task.rng(), arrivals);
    const Request request{steady ? service : exponential(task.rng(), service), answers.write};
    if (task.measured(due)) slot.demanded += request.service;
    slot.response.start(due);
    if (now() < due) {
      slot.wakeup.start(due);
      slot.wakeup.stop(sleep_until(due), task.window());
    }
    send(requests, request);
    receive<char>(answers.read);
    const Nanos end = now();
    slot.response.stop(end, task.window());
    task.account();
    if (task.measured(end)) ++slot.done;
  }
}

int run_server(const Group& group) {
  const Params& params = group.params();
  const size_t clients = params.count("clients");
  Pipe requests{};
  std::vector<Pipe> answers(clients);
  bool open = open_pipe(requests);
  for (Pipe& pipe : answers) open = open && open_pipe(pipe);
  if (!open) return kExitBroken;
  const Nanos arrivals = params.duration("arrivals") * clients;
  const pid_t child = spawn([&]() -> int {
    name_thread("client");
    std::vector<std::thread> threads;
    threads.reserve(clients);
    for (size_t i = 0; i < clients; ++i) {
      threads.emplace_back(ask, group.place(i), requests.write, answers[i], arrivals,
                           params.duration("service"), params.count("steady") != 0);
    }
    for (;;) ::pause();
  });
  if (child < 0) return kExitBroken;
  std::vector<std::thread> threads;
  threads.reserve(group.size() - clients);
  for (size_t i = clients; i < group.size(); ++i) {
    threads.emplace_back(serve, group.place(i), requests.read);
  }
  ::_exit(wait_for_any());
}

}  // namespace

const Kind kServer = {
    .name = "server",
    .summary = "worker threads that answer another process's requests through pipes",
    .params = kServerParams,
    .tasks = [](const Params& params) { return params.count("clients") + params.count("workers"); },
    .run = run_server,
    .wakeup = "client_wakeup_latency_seconds",
    .response = "response_seconds",
    .rate = "requests_per_second",
    .missed = nullptr,
    .fixed = never_fixed,
};

}  // namespace quanta::workload
