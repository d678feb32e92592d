// An interactive load for recordings: a game, a request server with clients, beside whatever else
// runs.
//
//   interactive_load SECONDS
//
// Game: a 60 Hz frame over two threads that hand over by futex, sound every 5 ms, a save file once
// a second. Server: one thread reads requests of four client processes from sockets and queues them
// for three workers. All times are drawn from one seeded source per thread.
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <deque>
#include <functional>
#include <mutex>
#include <semaphore>
#include <thread>
#include <vector>

#include "env/base/rng.h"
#include "env/base/types.h"

namespace quanta {
namespace {

constexpr int kClients = 4;
constexpr int kWorkers = 3;
constexpr Nanos kFrame = kSecond / 60;
constexpr Nanos kSound = 5 * kMillisecond;

Nanos now(clockid_t clock = CLOCK_MONOTONIC) {
  timespec t = {};
  ::clock_gettime(clock, &t);
  return static_cast<Nanos>(t.tv_sec) * kSecond + static_cast<Nanos>(t.tv_nsec);
}

void sleep_until(Nanos at) {
  const timespec t = {static_cast<time_t>(at / kSecond), static_cast<long>(at % kSecond)};
  ::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, nullptr);
}

// Until the next multiple of `period`: who is late misses a beat and does not catch up.
void sleep_to_next(Nanos period) {
  sleep_until((now() / period + 1) * period);
}

// Uses about `cpu` of CPU time, a quarter more or less.
void work(Nanos cpu, Rng& rng) {
  const auto ns = static_cast<Nanos>(static_cast<double>(cpu) * (0.75 + 0.5 * rng.uniform()));
  const Nanos end = now(CLOCK_THREAD_CPUTIME_ID) + ns;
  while (now(CLOCK_THREAD_CPUTIME_ID) < end) {
  }
}

void name_thread(const char* name) {
  ::prctl(PR_SET_NAME, name);
}

void save_game() {
  std::FILE* file = std::tmpfile();
  if (file == nullptr) return;
  const std::vector<char> state(256 << 10, 's');
  std::fwrite(state.data(), 1, state.size(), file);
  std::fflush(file);
  ::fsync(::fileno(file));
  std::fclose(file);
}

void play(Nanos end) {
  std::binary_semaphore scene(0);
  std::binary_semaphore drawn(1);
  bool over = false;

  std::jthread render([&] {
    name_thread("game-render");
    Rng rng(2);
    for (scene.acquire(); !over; scene.acquire()) {
      work(4 * kMillisecond, rng);
      drawn.release();
    }
  });
  std::jthread sound([&] {
    name_thread("game-sound");
    Rng rng(3);
    for (; now() < end; sleep_to_next(kSound)) work(250 * kMicrosecond, rng);
  });
  std::jthread saver([&] {
    name_thread("game-save");
    for (; now() < end; sleep_to_next(kSecond)) save_game();
  });

  name_thread("game-main");
  Rng rng(1);
  for (; now() < end; sleep_to_next(kFrame)) {
    work(2 * kMillisecond, rng);
    drawn.acquire();
    scene.release();
    work(300 * kMicrosecond, rng);
  }
  drawn.acquire();
  over = true;
  scene.release();
}

// Requests on their way from the reader to the workers.
class Queue {
 public:
  void push(int socket) {
    {
      const std::lock_guard lock(mutex_);
      waiting_.push_back(socket);
    }
    some_.notify_one();
  }

  // -1 once closed.
  int pop() {
    std::unique_lock lock(mutex_);
    some_.wait(lock, [&] { return closed_ || !waiting_.empty(); });
    if (waiting_.empty()) return -1;
    const int socket = waiting_.front();
    waiting_.pop_front();
    return socket;
  }

  void close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    some_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable some_;
  std::deque<int> waiting_;
  bool closed_ = false;
};

void serve(std::vector<pollfd> sockets) {
  name_thread("server");
  Queue queue;
  std::vector<std::jthread> workers;
  for (int i = 0; i < kWorkers; ++i) {
    workers.emplace_back([&queue, i] {
      name_thread("server-worker");
      Rng rng(10 + static_cast<uint64_t>(i));
      for (int socket = queue.pop(); socket >= 0; socket = queue.pop()) {
        work(rng.uniform() < 0.1 ? 3 * kMillisecond : 400 * kMicrosecond, rng);
        const char reply = 'r';
        if (::send(socket, &reply, 1, MSG_NOSIGNAL) != 1) return;
      }
    });
  }
  Rng rng(9);
  for (size_t open = sockets.size(); open > 0;) {
    ::poll(sockets.data(), sockets.size(), -1);
    for (pollfd& socket : sockets) {
      if (socket.revents == 0) continue;
      char request = 0;
      if (::read(socket.fd, &request, 1) == 1) {
        work(30 * kMicrosecond, rng);
        queue.push(socket.fd);
      } else {
        socket.fd = -1;
        --open;
      }
    }
  }
  queue.close();
}

void ask(int socket, uint64_t seed, Nanos end) {
  name_thread("client");
  Rng rng(100 + seed);
  while (now() < end) {
    sleep_until(now() + static_cast<Nanos>(15e6 * rng.exponential()));
    work(100 * kMicrosecond, rng);
    char byte = 'q';
    if (::send(socket, &byte, 1, MSG_NOSIGNAL) != 1 || ::read(socket, &byte, 1) != 1) return;
  }
}

void start(const std::function<void()>& process) {
  if (::fork() != 0) return;
  process();
  std::exit(0);
}

void run(Nanos end) {
  std::vector<pollfd> server_ends;
  std::vector<int> client_ends;
  for (int i = 0; i < kClients; ++i) {
    std::array<int, 2> pair{};
    if (::socketpair(AF_UNIX, SOCK_STREAM, 0, pair.data()) != 0) std::exit(1);
    server_ends.push_back({pair[0], POLLIN, 0});
    client_ends.push_back(pair[1]);
  }
  start([&] {
    for (const int socket : client_ends) ::close(socket);
    serve(server_ends);
  });
  for (const pollfd& socket : server_ends) ::close(socket.fd);
  for (size_t i = 0; i < client_ends.size(); ++i) {
    start([&] {
      for (size_t j = 0; j < client_ends.size(); ++j)
        if (j != i) ::close(client_ends[j]);
      ask(client_ends[i], i, end);
    });
  }
  for (const int socket : client_ends) ::close(socket);
  start([&] { play(end); });
  while (::wait(nullptr) > 0) {
  }
}

}  // namespace
}  // namespace quanta

int main(int argc, char** argv) {
  const double seconds = argc == 2 ? std::atof(argv[1]) : 0;
  if (!(seconds > 0 && seconds < 1e6)) {
    std::fprintf(stderr, "usage: interactive_load SECONDS\n");
    return 2;
  }
  quanta::run(quanta::now() + static_cast<quanta::Nanos>(seconds * 1e9));
}
