// The processes of a run, from their first fork to the last one reaped.
#pragma once

#include <sys/types.h>

#include <csignal>
#include <string>
#include <vector>

#include "env/base/result.h"
#include "env/workload/board.h"
#include "env/workload/spec.h"

namespace quanta::workload {

class Family {
 public:
  Family();
  ~Family() { end(); }
  Family(const Family&) = delete;
  Family& operator=(const Family&) = delete;

  // Starts a group's process, as leader of a process group.
  Status start(const GroupSpec& spec, const Group& group);

  // Until a signal to end (says which), until all fixed work is done, or until `deadline` (both:
  // 0). An error if a process has ended that should not have.
  Result<int> wait_until(Nanos deadline);

  bool work_done() const;

  // Kills and reaps everything; an error if something does not die.
  Status end();

 private:
  struct Member {
    pid_t pid;
    std::string name;
    bool fixed;
    bool done = false;
  };

  Status reap();

  sigset_t signals_{};
  std::vector<Member> members_;
};

}  // namespace quanta::workload
