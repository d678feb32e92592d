// Charts as SVG files: bars per workload, and learning curves. Readable on light and dark grounds.
// An error names the file that cannot be written.
#pragma once

#include <string>
#include <vector>

#include "agent/eval/statistics.h"
#include "env/base/result.h"

namespace quanta {

struct Bar {
  std::string label;
  Interval value;
  Verdict verdict = Verdict::kSame;  // against the baseline; colours the bar
  bool baseline = false;
};

struct BarPanel {
  std::string title;
  std::vector<Bar> bars;
};

struct BarPlot {
  std::string title;
  std::string unit;  // of the values
  std::string baseline;
  std::vector<BarPanel> panels;
};

// A line with a band of +-half around it; a band that is infinite or zero is not drawn.
struct Series {
  std::string name;
  std::vector<double> x;
  std::vector<Interval> y;  // as many as x
};

struct CurvePanel {
  std::string title;
  std::vector<Series> series;
  std::vector<double> marks{};  // upright lines at these x
};

struct CurvePlot {
  std::string title;
  std::string x_label;
  std::string y_label;
  std::vector<CurvePanel> panels;
};

std::string bars_svg(const BarPlot& plot);
std::string curves_svg(const CurvePlot& plot);

Status write_bars_svg(const std::string& file, const BarPlot& plot);
Status write_curve_svg(const std::string& file, const CurvePlot& plot);

}  // namespace quanta
