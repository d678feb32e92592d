// What the guest needs beside a shell.
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/io.h>
#include <unistd.h>

static int fail(const char* what) {
  perror(what);
  return 1;
}

// Programs channel 0 of the i8254 to a period of `us` microseconds. The kernel has no use for its
// interrupts; but under instruction counting, QEMU ends a CPU's turn at the next timer, so the
// period bounds how long a busy CPU delays the others.
static int timer(unsigned long us) {
  const unsigned long count = us * 1193182 / 1000000;
  if (count < 2 || count > 65535) {
    fprintf(stderr, "timer: the period must be within 2..54000 us\n");
    return 1;
  }
  if (iopl(3)) return fail("iopl");
  outb(0x34, 0x43);  // channel 0, low then high byte, mode 2 (rate generator)
  outb(count & 0xff, 0x40);
  outb(count >> 8, 0x40);
  return 0;
}

static volatile sig_atomic_t ending;

static void stop_waiting(int signal) {
  (void)signal;
  ending = 1;
  fcntl(0, F_SETFL, O_NONBLOCK);
}

static int pump(void) {
  static char buffer[32768];
  size_t left = 65536;  // what a pipe holds, and so bounds what was there at SIGTERM
  const struct sigaction action = {.sa_handler = stop_waiting};
  const struct sched_param priority = {.sched_priority = 1};
  if (sched_setscheduler(0, SCHED_FIFO, &priority)) return fail("sched_setscheduler");
  if (sigaction(SIGTERM, &action, NULL)) return fail("sigaction");
  while (left > 0) {
    const ssize_t got = read(0, buffer, left < sizeof buffer ? left : sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return got < 0 && errno != EAGAIN ? fail("read") : 0;
    if (ending) left -= got;
    for (ssize_t put, done = 0; done < got; done += put)
      if ((put = write(1, buffer + done, got - done)) < 0 && (put = 0, errno != EINTR))
        return fail("write");
  }
  return 0;
}

int main(int argc, char** argv) {
  if (argc == 3 && !strcmp(argv[1], "timer")) return timer(strtoul(argv[2], NULL, 10));
  if (argc == 2 && !strcmp(argv[1], "pump")) return pump();
  fprintf(stderr, "guest timer US | pump\n");
  return 2;
}
