// What a switch costs its victim because another task has used the caches meanwhile:
//
//   cache_cost [CPU]          c++ -std=c++20 -O2 tools/cache_cost.cc -o cache_cost
//                             chrt -f 1 ./cache_cost     undisturbed by other tasks of the CPU
//
// Two processes on one CPU take turns through pipes. The victim writes to every cache line of its
// working set once, in the order of addresses or in a random one (each line names the next), when
// the competitor has done nothing or the same with a set of its own. Printed: how much more CPU
// time that takes than right after itself, us, as median and quartiles. The switch's own work in
// the kernel is not in these; it is in the time of a hand-over.
#include <sched.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <numeric>
#include <random>
#include <vector>

namespace {

constexpr size_t kKiB = 1024;
constexpr size_t kMiB = 1024 * kKiB;
constexpr std::array<size_t, 6> kVictims = {16 * kKiB, 64 * kKiB, 256 * kKiB,
                                            1 * kMiB,  4 * kMiB,  16 * kMiB};
constexpr std::array<size_t, 3> kCompetitors = {0, 1 * kMiB, 32 * kMiB};
constexpr size_t kRounds = 31;

double clock_us(clockid_t clock) {
  timespec t = {};
  ::clock_gettime(clock, &t);
  return static_cast<double>(t.tv_sec) * 1e6 + static_cast<double>(t.tv_nsec) * 1e-3;
}

void stop_unless(bool good, const char* what) {
  if (good) return;
  std::perror(what);
  std::exit(1);
}

class WorkingSet {
 public:
  WorkingSet(size_t bytes, bool random) : lines_(bytes / sizeof(Line)) {
    std::vector<uint32_t> order(lines_.size());
    std::iota(order.begin(), order.end(), 0);
    if (random) std::shuffle(order.begin(), order.end(), std::mt19937(1));
    for (size_t i = 0; i < order.size(); ++i) {
      lines_[order[i]].next = order[(i + 1) % order.size()];
    }
  }

  // The CPU time that it takes, us.
  double pass() {
    const double before = clock_us(CLOCK_THREAD_CPUTIME_ID);
    for (size_t i = 0; i < lines_.size(); ++i) {
      Line& line = lines_[at_];
      ++line.visits;
      at_ = line.next;
    }
    return clock_us(CLOCK_THREAD_CPUTIME_ID) - before;
  }

 private:
  struct alignas(64) Line {
    uint32_t next = 0;
    uint32_t visits = 0;
  };
  std::vector<Line> lines_;
  uint32_t at_ = 0;
};

// Another process of this CPU, which works when it is told to.
class Competitor {
 public:
  Competitor() {
    stop_unless(::pipe(orders_.data()) == 0 && ::pipe(reports_.data()) == 0, "pipe");
    const pid_t child = ::fork();
    stop_unless(child >= 0, "fork");
    if (child == 0) serve();
    switch_to(0);
  }

  // A switch there and one back, between which it passes over its set of kCompetitors.
  void switch_to(size_t which) {
    const char order = static_cast<char>(which);
    char report = 0;
    stop_unless(::write(orders_[1], &order, 1) == 1 && ::read(reports_[0], &report, 1) == 1,
                "competitor");
    clock_us(CLOCK_THREAD_CPUTIME_ID);  // the clock's own code is warm again
  }

 private:
  [[noreturn]] void serve() {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    std::vector<WorkingSet> sets;
    for (const size_t bytes : kCompetitors) sets.emplace_back(bytes, false);
    for (char order = 0; ::read(orders_[0], &order, 1) == 1;) {
      sets[static_cast<size_t>(order)].pass();
      if (::write(reports_[1], &order, 1) != 1) break;
    }
    std::_Exit(0);
  }

  std::array<int, 2> orders_{};
  std::array<int, 2> reports_{};
};

double quantile(std::vector<double> values, double q) {
  std::sort(values.begin(), values.end());
  return values[static_cast<size_t>(q * static_cast<double>(values.size() - 1) + 0.5)];
}

void measure(Competitor& competitor, size_t bytes, bool random) {
  WorkingSet set(bytes, random);
  std::vector<double> warm;
  std::array<std::vector<double>, kCompetitors.size()> more;
  for (size_t round = 0; round < kRounds; ++round) {
    for (size_t i = 0; i < kCompetitors.size(); ++i) {
      set.pass();
      const double alone = set.pass();
      competitor.switch_to(i);
      warm.push_back(alone);
      more[i].push_back(set.pass() - alone);
    }
  }
  std::printf("%8zu KB  %-9s %10.1f", bytes / kKiB, random ? "random" : "addresses",
              quantile(warm, 0.5));
  for (const std::vector<double>& each : more) {
    std::printf("  %8.1f (%7.1f %8.1f)", quantile(each, 0.5), quantile(each, 0.25),
                quantile(each, 0.75));
  }
  std::printf("\n");
}

int cpu_of(const char* text) {
  char* end = nullptr;
  const long cpu = std::strtol(text, &end, 10);
  if (end != text && *end == '\0' && cpu >= 0 && cpu < CPU_SETSIZE) return static_cast<int>(cpu);
  std::fprintf(stderr, "cache_cost: expected the number of a CPU, got '%s'\n", text);
  std::exit(2);
}

void pin_to(int cpu) {
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(static_cast<size_t>(cpu), &one);
  stop_unless(::sched_setaffinity(0, sizeof(one), &one) == 0, "cpu");
}

double hand_over(Competitor& competitor) {
  constexpr int kTimes = 1000;
  std::vector<double> times;
  for (int i = 0; i < kTimes; ++i) {
    const double before = clock_us(CLOCK_MONOTONIC);
    competitor.switch_to(0);
    times.push_back(clock_us(CLOCK_MONOTONIC) - before);
  }
  return quantile(times, 0.5) / 2;
}

}  // namespace

int main(int argc, char** argv) {
  pin_to(argc > 1 ? cpu_of(argv[1]) : ::sched_getcpu());
  Competitor competitor;
  std::printf("a hand-over through a pipe: %.1f us\n", hand_over(competitor));
  std::printf("%-11s  %-9s %10s", "victim", "order", "warm");
  for (const size_t bytes : kCompetitors) std::printf("  + after %10zu KB      ", bytes / kKiB);
  std::printf("\n");
  for (const bool random : {false, true}) {
    for (const size_t bytes : kVictims) measure(competitor, bytes, random);
  }
  return 0;
}
