// Tasks that a scheduler does not like; see usage().
#define _GNU_SOURCE
#include <errno.h>
#include <linux/bpf.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int usage(void) {
  fputs(
      "unruly affinity|classes SECONDS\n"
      "    threads that compute and sleep, whose CPUs, or niceness and class, change all the "
      "time;\n"
      "    fails if one makes no progress in a third of the time\n"
      "unruly exec TIMES           threads that execute a program in place of their process\n"
      "unruly hog CPU SECONDS      a real-time task that keeps a CPU busy\n"
      "unruly forks TIMES AT_ONCE  short processes\n"
      "unruly bounce PAIRS TIMES   pairs of processes that wake each other\n"
      "unruly renames SECONDS      processes that change their name all the time\n"
      "unruly as UID COMMAND...    runs a command without privileges\n"
      "unruly bpf                  prints the number of BPF programs, maps and links there are\n",
      stderr);
  return 2;
}

static int fail(const char* what) {
  perror(what);
  return 1;
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void pause_for(long us) {
  const struct timespec t = {.tv_nsec = us * 1000};
  nanosleep(&t, NULL);
}

static void compute(double seconds) {
  const double end = now() + seconds;
  while (now() < end) {
  }
}

static unsigned draw(unsigned below) {
  static unsigned state = 1;
  state ^= state << 13;
  state ^= state >> 17;
  state ^= state << 5;
  return state % below;
}

enum { kThreads = 10, kParts = 3 };

struct thread {
  _Atomic pid_t id;
  _Atomic unsigned long done;
  bool sleeps;
};

static struct thread threads[kThreads];

static void* work(void* argument) {
  struct thread* self = argument;
  self->id = (pid_t)syscall(SYS_gettid);
  for (;;) {
    compute(0.0002);
    ++self->done;
    if (self->sleeps) pause_for(300);
  }
  return NULL;
}

static void change_affinity(pid_t id, unsigned cpus) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(draw(cpus), &set);
  if (draw(2)) CPU_SET(draw(cpus), &set);
  if (draw(4) == 0) CPU_SET(draw(cpus), &set);
  sched_setaffinity(id, sizeof(set), &set);
}

static void change_class(pid_t id, unsigned cpus) {
  (void)cpus;
  static const int classes[] = {SCHED_OTHER, SCHED_BATCH, SCHED_IDLE, SCHED_FIFO,
                                7 /* SCHED_EXT */};
  struct sched_param parameters = {0};
  setpriority(PRIO_PROCESS, (id_t)id, (int)draw(40) - 20);
  const int class = classes[draw(5)];
  parameters.sched_priority = class == SCHED_FIFO;
  sched_setscheduler(id, class, &parameters);
  if (class != SCHED_FIFO) return;
  pause_for(100);
  parameters.sched_priority = 0;
  sched_setscheduler(id, SCHED_OTHER, &parameters);
}

static int disturb(void (*change)(pid_t, unsigned), double seconds) {
  const struct sched_param first = {.sched_priority = 2};
  const unsigned cpus = (unsigned)sysconf(_SC_NPROCESSORS_ONLN);
  for (unsigned i = 0; i < kThreads; ++i) {
    pthread_t thread;
    threads[i].sleeps = i % 2;
    if (pthread_create(&thread, NULL, work, &threads[i]) != 0) return fail("pthread_create");
  }
  if (sched_setscheduler(0, SCHED_FIFO, &first) != 0) return fail("sched_setscheduler");
  unsigned long changes = 0;
  for (int part = 0; part < kParts; ++part) {
    unsigned long before[kThreads];
    for (unsigned i = 0; i < kThreads; ++i) before[i] = threads[i].done;
    for (const double end = now() + seconds / kParts; now() < end; ++changes) {
      const pid_t id = threads[draw(kThreads)].id;
      if (id != 0) change(id, cpus);
      pause_for(200);
    }
    for (unsigned i = 0; i < kThreads; ++i) {
      if (threads[i].done != before[i]) continue;
      printf("thread %u of %d made no progress after %lu changes\n", i, kThreads, changes);
      return 1;
    }
  }
  printf("%lu changes\n", changes);
  return 0;
}

static void* become_true(void* argument) {
  (void)argument;
  execl("/proc/self/exe", "unruly", "nothing", (char*)NULL);
  return NULL;
}

static int exec_from_thread(int times) {
  for (int i = 0; i < times; ++i) {
    const pid_t child = fork();
    if (child < 0) return fail("fork");
    if (child == 0) {
      pthread_t thread;
      pthread_create(&thread, NULL, become_true, NULL);
      for (;;) compute(1);
    }
    int status = 0;
    waitpid(child, &status, 0);
    if (status != 0) return fail("a program executed by a thread failed");
  }
  return 0;
}

static int hog(unsigned cpu, double seconds) {
  const struct sched_param parameters = {.sched_priority = 50};
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(cpu, &set);
  if (sched_setaffinity(0, sizeof(set), &set) != 0) return fail("sched_setaffinity");
  if (sched_setscheduler(0, SCHED_FIFO, &parameters) != 0) return fail("sched_setscheduler");
  compute(seconds);
  return 0;
}

static int forks(int times, int at_once) {
  int alive = 0;
  for (int i = 0; i < times || alive > 0;) {
    if (i < times && alive < at_once) {
      const pid_t child = fork();
      if (child < 0) return fail("fork");
      if (child == 0) {
        compute(0.0005);
        pause_for(20000);
        _exit(0);
      }
      ++i;
      ++alive;
    } else if (wait(NULL) > 0) {
      --alive;
    }
  }
  return 0;
}

// Sleeps now and then, so that those who watch have something to do in the middle of it.
static int renames(double seconds) {
  enum { kProcesses = 8, kAtOnce = 200 };
  for (int i = 0; i < kProcesses; ++i) {
    const pid_t child = fork();
    if (child < 0) return fail("fork");
    if (child > 0) continue;
    for (const double end = now() + seconds; now() < end;) {
      for (int n = 0; n < kAtOnce; ++n) prctl(PR_SET_NAME, n % 2 ? "this" : "that");
      pause_for(1000);
    }
    _exit(0);
  }
  while (wait(NULL) > 0) {
  }
  return 0;
}

static int bounce(int pairs, int times) {
  for (int i = 0; i < pairs; ++i) {
    int there[2], back[2];
    if (pipe(there) != 0 || pipe(back) != 0) return fail("pipe");
    for (int side = 0; side < 2; ++side) {
      const pid_t child = fork();
      if (child < 0) return fail("fork");
      if (child > 0) continue;
      char byte = 0;
      for (int n = 0; n < times; ++n) {
        if (side == 0 && write(there[1], &byte, 1) != 1) _exit(1);
        if (read(side == 0 ? back[0] : there[0], &byte, 1) != 1) _exit(1);
        if (side == 1 && write(back[1], &byte, 1) != 1) _exit(1);
      }
      _exit(0);
    }
  }
  int status = 0, failed = 0;
  while (wait(&status) > 0) failed |= status;
  return failed != 0;
}

static int run_as(uid_t uid, char** command) {
  if (setgid(uid) != 0 || setuid(uid) != 0) return fail("setuid");
  execvp(command[0], command);
  return fail(command[0]);
}

static unsigned count_bpf(int command) {
  unsigned count = 0;
  union bpf_attr attr = {0};
  while (syscall(SYS_bpf, command, &attr, sizeof(attr)) == 0) {
    attr.start_id = attr.next_id;
    ++count;
  }
  return count;
}

static int print_bpf(void) {
  printf("%u programs, %u maps, %u links\n", count_bpf(BPF_PROG_GET_NEXT_ID),
         count_bpf(BPF_MAP_GET_NEXT_ID), count_bpf(BPF_LINK_GET_NEXT_ID));
  return 0;
}

int main(int argc, char** argv) {
  const char* what = argc > 1 ? argv[1] : "";
  const double number = argc > 2 ? atof(argv[2]) : 0;
  if (!strcmp(what, "nothing")) return 0;
  if (!strcmp(what, "bpf")) return print_bpf();
  if (argc < 3) return usage();
  if (!strcmp(what, "affinity")) return disturb(change_affinity, number);
  if (!strcmp(what, "classes")) return disturb(change_class, number);
  if (!strcmp(what, "exec")) return exec_from_thread((int)number);
  if (!strcmp(what, "renames")) return renames(number);
  if (argc < 4) return usage();
  if (!strcmp(what, "hog")) return hog((unsigned)number, atof(argv[3]));
  if (!strcmp(what, "forks")) return forks((int)number, atoi(argv[3]));
  if (!strcmp(what, "bounce")) return bounce((int)number, atoi(argv[3]));
  if (!strcmp(what, "as")) return run_as((uid_t)number, argv + 3);
  return usage();
}
