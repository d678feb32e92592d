#include "agent/bench/bench_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "agent/eval/goals.h"
#include "agent/eval/statistics.h"
#include "agent/eval/table.h"

namespace quanta {
namespace {

void add_once(std::vector<std::string>& names, const std::string& name) {
  if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
}

// All that a report asks of the rows.
class Rows {
 public:
  explicit Rows(const std::vector<BenchRow>& rows) : rows_(rows) {
    for (const BenchRow& row : rows) {
      add_once(schedulers_, row.scheduler);
      add_once(loads_, row.workload);
      add_once(seeds_, std::to_string(row.seed));
    }
    const auto eevdf = std::find(schedulers_.begin(), schedulers_.end(), "eevdf");
    if (eevdf != schedulers_.end()) std::rotate(schedulers_.begin(), eevdf, eevdf + 1);
  }

  // The first one is what others are compared with.
  const std::vector<std::string>& schedulers() const { return schedulers_; }
  const std::vector<std::string>& loads() const { return loads_; }
  const std::vector<std::string>& seeds() const { return seeds_; }

  std::vector<std::string> figures(const std::string& load) const {
    LoadMetrics measured;
    for (const BenchRow& row : rows_) {
      if (row.workload == load) measured.insert(row.metrics.begin(), row.metrics.end());
    }
    return figures_of(load, measured);
  }

  // By seed.
  std::map<uint64_t, double> values(const std::string& scheduler, const std::string& load,
                                    const std::string& figure) const {
    std::map<uint64_t, double> values;
    for (const BenchRow& row : rows_) {
      if (row.scheduler != scheduler || row.workload != load) continue;
      const auto at = row.metrics.find(figure);
      if (at != row.metrics.end()) values[row.seed] = at->second;
    }
    return values;
  }

 private:
  const std::vector<BenchRow>& rows_;
  std::vector<std::string> schedulers_;
  std::vector<std::string> loads_;
  std::vector<std::string> seeds_;
};

struct Cell {
  Interval value;
  Interval ratio;  // to the first scheduler, of the seeds that both have
  Verdict verdict = Verdict::kSame;
  bool measured = false;
  bool compared = false;
};

Cell cell_of(const Rows& rows, const std::string& scheduler, const std::string& load,
             const std::string& figure) {
  const std::map<uint64_t, double> own = rows.values(scheduler, load, figure);
  const std::map<uint64_t, double> base = rows.values(rows.schedulers().front(), load, figure);
  std::vector<double> values;
  std::vector<double> ratios;
  for (const auto& [seed, value] : own) {
    values.push_back(value);
    const auto at = base.find(seed);
    if (at != base.end() && at->second != 0) ratios.push_back(value / at->second);
  }
  Cell cell{.value = confidence(values),
            .ratio = confidence(ratios),
            .measured = !values.empty(),
            .compared = !ratios.empty()};
  const double gain = less_is_better(figure) ? 1 - cell.ratio.mean : cell.ratio.mean - 1;
  if (cell.compared) cell.verdict = verdict({gain, cell.ratio.half});
  return cell;
}

std::string text_of(const Cell& cell, const std::string& figure, bool baseline) {
  if (!cell.measured) return "failed";
  std::string text = readable({figure, cell.value.mean});
  if (std::isfinite(cell.value.half))
    text += fmt::format(" ±{}", readable({figure, cell.value.half}));
  if (baseline || !cell.compared) return text;
  return text + fmt::format("  x{:.3g} {}", cell.ratio.mean, mark(cell.verdict));
}

std::string table_of(const Rows& rows, const std::string& load, size_t width) {
  std::vector<std::string> header{load};
  header.insert(header.end(), rows.schedulers().begin(), rows.schedulers().end());
  Table table(header);
  for (const std::string& figure : rows.figures(load)) {
    std::vector<std::string> line{fmt::format("  {}", figure)};
    for (const std::string& scheduler : rows.schedulers()) {
      line.push_back(text_of(cell_of(rows, scheduler, load, figure), figure,
                             scheduler == rows.schedulers().front()));
    }
    table.add(std::move(line));
  }
  return table.render(width);
}

std::string failures(const std::vector<BenchRow>& rows) {
  std::string text;
  for (const BenchRow& row : rows) {
    if (row.error.empty()) continue;
    text += fmt::format("failed: {}, {}, seed {}: {}\n", row.scheduler, row.workload, row.seed,
                        row.error);
  }
  return text.empty() ? text : fmt::format("\n{}", text);
}

// Ratios have no unit.
std::string panel_title(const std::string& load, const std::string& figure) {
  return less_is_better(figure)
             ? fmt::format("{}: {} (less is better)", load, figure.substr(0, figure.rfind('_')))
             : fmt::format("{}: {} (more is better)", load, figure);
}

std::string conditions(const std::vector<BenchRow>& rows) {
  return fmt::format("kernel {}, {} CPUs, {:g} s measured", rows.front().kernel, rows.front().cpus,
                     rows.front().seconds);
}

}  // namespace

std::string bench_tables(const std::vector<BenchRow>& rows, size_t width) {
  if (rows.empty()) return "nothing was measured\n";
  const Rows all(rows);
  std::string text =
      fmt::format("{}, seeds {}; ± is 95%, x: times {}, + better, - worse, = within noise\n",
                  conditions(rows), fmt::join(all.seeds(), " "), all.schedulers().front());
  for (const std::string& load : all.loads())
    text += fmt::format("\n{}", table_of(all, load, width));
  return text + failures(rows);
}

BarPlot bench_bars(const std::vector<BenchRow>& rows) {
  BarPlot plot;
  if (rows.empty()) return plot;
  const Rows all(rows);
  plot.baseline = all.schedulers().front();
  plot.title = fmt::format("Relative to {}: {}", plot.baseline, conditions(rows));
  plot.unit = "times " + plot.baseline;
  for (const std::string& load : all.loads()) {
    for (const std::string& figure : all.figures(load)) {
      BarPanel panel{.title = panel_title(load, figure), .bars = {}};
      for (const std::string& scheduler : all.schedulers()) {
        const Cell cell = cell_of(all, scheduler, load, figure);
        if (!cell.compared) continue;
        panel.bars.push_back({.label = scheduler,
                              .value = cell.ratio,
                              .verdict = cell.verdict,
                              .baseline = scheduler == plot.baseline});
      }
      if (!panel.bars.empty()) plot.panels.push_back(std::move(panel));
    }
  }
  return plot;
}

}  // namespace quanta
