// Rows of `scx_quanta bench` as tables and as bars, each relative to the kernel's own scheduler.
// Pure functions.
#pragma once

#include <string>
#include <vector>

#include "agent/bench/row.h"
#include "agent/eval/plot.h"

namespace quanta {

// Per load a table: figures by scheduler, each the mean with its 95% half-width over the seeds, how
// many times the first scheduler's it is (mean of the seeds' ratios), and a mark: + better,
// - worse, = within noise. Then the runs that failed, with why.
std::string bench_tables(const std::vector<BenchRow>& rows, size_t width);

// One panel per load and figure, one bar per scheduler: how many times the first one's it is.
BarPlot bench_bars(const std::vector<BenchRow>& rows);

}  // namespace quanta
