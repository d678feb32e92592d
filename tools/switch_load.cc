// A load that makes about so many context switches per second, all of the machine's counted:
//
//   switch_load SWITCHES_PER_SECOND SECONDS
//
// For each CPU a pair of processes hands a byte to and fro through pipes, a few times a period; the
// period is corrected by the kernel's count of switches (/proc/stat). Each hand-over is a wake-up.
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

namespace {

constexpr int kHandovers = 4;  // there and back, each period

double switches() {
  std::ifstream in("/proc/stat");
  for (std::string word; in >> word;) {
    if (double n = 0; word == "ctxt" && in >> n) return n;
  }
  return 0;
}

void sleep(double seconds) {
  const auto whole = static_cast<time_t>(seconds);
  const timespec t = {whole, static_cast<long>((seconds - static_cast<double>(whole)) * 1e9)};
  ::nanosleep(&t, nullptr);
}

double now() {
  timespec t = {};
  ::clock_gettime(CLOCK_MONOTONIC, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

using Pipe = std::array<int, 2>;

void pass(const Pipe& pipe) {
  const char byte = 0;
  if (::write(pipe[1], &byte, 1) != 1) std::exit(1);
}

void take(const Pipe& pipe) {
  char byte = 0;
  if (::read(pipe[0], &byte, 1) != 1) std::exit(1);
}

// A process that ends with its parent.
template <class Main>
void start(Main&& main) {
  if (::fork() != 0) return;
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  main();
  std::exit(0);
}

// One of `pairs`; together they correct their rate to `wanted` switches per second.
void hand_over(const Pipe& there, const Pipe& back, double wanted, unsigned pairs) {
  constexpr double kCorrection = 0.25;  // s
  double period = 4.0 * kHandovers * pairs / wanted;
  double begun = now();
  double before = switches();
  for (double next = begun;;) {
    for (int i = 0; i < kHandovers; ++i) {
      pass(there);
      take(back);
    }
    if (const double time = now() - begun; time > kCorrection) {
      const double rate = (switches() - before) / time;
      period = std::clamp(period * std::clamp(rate / wanted, 0.5, 2.0), 1e-5, 1.0);
      begun += time;
      before = switches();
    }
    next = std::max(next + period, now());
    sleep(next - now());
  }
}

}  // namespace

int main(int argc, char** argv) {
  const double wanted = argc == 3 ? std::atof(argv[1]) : 0;
  const double seconds = argc == 3 ? std::atof(argv[2]) : 0;
  if (wanted <= 0 || seconds <= 0) {
    std::fprintf(stderr, "usage: switch_load SWITCHES_PER_SECOND SECONDS\n");
    return 2;
  }
  const unsigned pairs = std::max(1U, std::thread::hardware_concurrency());
  for (unsigned i = 0; i < pairs; ++i) {
    Pipe there{};
    Pipe back{};
    if (::pipe(there.data()) != 0 || ::pipe(back.data()) != 0) return 1;
    start([&] { hand_over(there, back, wanted, pairs); });
    start([&] {
      for (;;) {
        take(there);
        pass(back);
      }
    });
  }
  const double first = switches();
  sleep(seconds);
  std::printf("%.0f switches/s\n", (switches() - first) / seconds);
  return 0;
}
