#include "agent/cli/terminal.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <thread>

#include "agent/cli/cli.h"

namespace quanta {

const std::atomic<bool>& stop_on_signals(NextSignal next) {
  static std::atomic<bool> interrupted{false};
  static_assert(std::atomic<bool>::is_always_lock_free);
  struct sigaction action = {};
  action.sa_handler = [](int) { interrupted.store(true, std::memory_order_relaxed); };
  if (next == NextSignal::kEnds) action.sa_flags = static_cast<int>(SA_RESETHAND);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) ::sigaction(signal, &action, nullptr);
  return interrupted;
}

Nanos nanos_of(double seconds) {
  return static_cast<Nanos>(seconds * static_cast<double>(kSecond));
}

void pause_until(std::chrono::steady_clock::time_point then, const std::atomic<bool>& interrupted) {
  using Clock = std::chrono::steady_clock;
  constexpr std::chrono::milliseconds kLook(50);
  while (!interrupted.load(std::memory_order_relaxed) && Clock::now() < then) {
    std::this_thread::sleep_for(std::min<Clock::duration>(kLook, then - Clock::now()));
  }
}

int failed(const Error& error) {
  fmt::print(stderr, "{}\n", error.message);
  return kExitFailed;
}

size_t terminal_width() {
  constexpr size_t kElsewhere = 160;
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return kElsewhere;
  return size.ws_col;
}

}  // namespace quanta
