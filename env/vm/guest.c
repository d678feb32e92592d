// What the guest needs beside a shell; each subcommand is one access to QEMU's devices.
#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/io.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

static int fail(const char* what) {
  perror(what);
  return 1;
}

// Programs channel 0 of the i8254 to a period of `us` microseconds. The kernel has no use for its
// interrupts; but under instruction counting, QEMU ends a CPU's turn at the next timer, so the
// period bounds how long a busy CPU delays the others.
static int timer(unsigned us) {
  const unsigned count = us * 1193182ULL / 1000000;
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

static int is_shared_memory(const char* device) {
  char path[256], id[8] = "";
  snprintf(path, sizeof path, "%s/device", device);
  FILE* file = fopen(path, "r");
  if (!file) return 0;
  const int found = fgets(id, sizeof id, file) && !strncmp(id, "0x1110", 6);
  fclose(file);
  return found;
}

// Copies standard input into the memory that the host shares with the guest (ivshmem, BAR 2).
static int send(void) {
  glob_t devices;
  if (glob("/sys/bus/pci/devices/*", 0, NULL, &devices)) return fail("glob");
  for (size_t i = 0; i < devices.gl_pathc; ++i) {
    if (!is_shared_memory(devices.gl_pathv[i])) continue;
    char path[256];
    snprintf(path, sizeof path, "%s/enable", devices.gl_pathv[i]);
    FILE* enable = fopen(path, "w");
    if (!enable || fputs("1", enable) < 0 || fclose(enable)) return fail(path);
    snprintf(path, sizeof path, "%s/resource2", devices.gl_pathv[i]);
    const int memory = open(path, O_RDWR);
    struct stat info;
    if (memory < 0 || fstat(memory, &info)) return fail(path);
    char* to = mmap(NULL, info.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, memory, 0);
    if (to == MAP_FAILED) return fail(path);
    ssize_t got;
    for (char* end = to + info.st_size; (got = read(0, to, end - to)) > 0; to += got)
      if (got == end - to) return fprintf(stderr, "send: does not fit\n"), 1;
    return got < 0 ? fail("read") : 0;
  }
  fprintf(stderr, "send: no shared memory device\n");
  return 1;
}

// Ends the machine once the terminal `tty` has sent everything.
static int end(const char* tty) {
  const int fd = open(tty, O_WRONLY | O_NOCTTY);
  if (fd < 0 || tcdrain(fd)) return fail(tty);
  if (iopl(3)) return fail("iopl");
  outl(0, 0xf4);  // isa-debug-exit
  return fail("exit");
}

int main(int argc, char** argv) {
  if (argc == 3 && !strcmp(argv[1], "timer")) return timer(strtoul(argv[2], NULL, 10));
  if (argc == 2 && !strcmp(argv[1], "send")) return send();
  if (argc == 3 && !strcmp(argv[1], "end")) return end(argv[2]);
  fprintf(stderr, "guest timer US | send | end TTY\n");
  return 2;
}
