// The groups of a command line.
#pragma once

#include <string>
#include <vector>

#include "env/base/result.h"
#include "env/workload/kind.h"
#include "env/workload/params.h"

namespace quanta::workload {

struct GroupSpec {
  const Kind* kind;
  std::string name;  // the kind's unless given; unique within a run
  Params params;
  size_t tasks() const { return kind->tasks(params); }
  bool fixed() const { return kind->fixed(params); }
};

// Each text is KIND[:key=value[,key=value...]]. The error is one line that names the group.
Result<std::vector<GroupSpec>> parse_groups(const std::vector<std::string>& texts);

}  // namespace quanta::workload
