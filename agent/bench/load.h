// The loads of `scx_quanta bench`: which tasks run and which figures of them count.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "env/base/result.h"

namespace quanta {

// Named numbers in base units: "game/frame_p99_seconds", "hogs/work_per_second".
using LoadMetrics = std::map<std::string, double>;

struct BenchLoad {
  std::string name;
  std::vector<std::string> groups;   // of the program `workload`; empty: hackbench
  std::vector<std::string> figures;  // names of metrics; empty: all that tell something

  bool fixed() const;  // ends when its work is done
};

const std::vector<BenchLoad>& bench_loads();

// The same with that nice value for the groups that somebody waits for (periodic, game, server),
// unless a group names one itself.
BenchLoad with_nice(BenchLoad load, int nice);

// Each text is a list "NAME,NAME" of bench_loads(), or groups of `workload` in one string, named by
// themselves or as "NAME=GROUP GROUP". The loads that run by default if there are none.
Result<std::vector<BenchLoad>> select_bench_loads(const std::vector<std::string>& texts);

// The figures of the load of that name, of those that were measured.
std::vector<std::string> figures_of(const std::string& load, const LoadMetrics& measured);

// Of a figure: seconds are a cost, all else is a gain.
bool less_is_better(const std::string& figure);

}  // namespace quanta
