#include "env/workload/task.h"

#include <sys/prctl.h>

#include "env/workload/clock.h"

namespace quanta::workload {

void name_thread(const char* comm) {
  ::prctl(PR_SET_NAME, comm);
}

Task::Task(Place place, const char* comm)
    : board_(*place.board), slot_(*place.slot), rng_(place.rng) {
  name_thread(comm);
  ::prctl(PR_SET_TIMERSLACK, 1UL);
}

void Task::burn(Nanos cpu) {
  Nanos at = cpu_time();
  for (const Nanos end = at + cpu; at < end;) {
    at = burner_.chunk(at, end);
    account(at);
  }
}

void Task::account() {
  account(cpu_time());
}

void Task::account(Nanos used) {
  const Nanos time = now();
  const Window w = window();
  if (time < w.begin) {
    cpu_at_begin_ = used;
  } else if (time < w.end) {
    slot_.cpu = used - cpu_at_begin_;
  }
}

}  // namespace quanta::workload
