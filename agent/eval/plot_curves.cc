#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "agent/eval/axis.h"
#include "agent/eval/plot.h"
#include "agent/eval/svg.h"
#include "agent/eval/write_file.h"

namespace quanta {
namespace {

constexpr double kPanelWidth = 520;  // all pixels
constexpr double kPanelHeight = 260;
constexpr double kLeft = 66;
constexpr double kRight = 16;
constexpr double kHeading = 24;
constexpr double kFoot = 44;
constexpr double kTop = 68;
constexpr double kMargin = 20;
constexpr size_t kColumns = 2;

std::string style_of(size_t series) {
  return fmt::format("s{}", series % kSeriesStyles);
}

struct Range {
  double low = INFINITY;
  double high = -INFINITY;
  void take(double v) {
    low = std::min(low, v);
    high = std::max(high, v);
  }
};

bool has_band(const Interval& y) {
  return std::isfinite(y.half) && y.half > 0;
}

void draw_series(Svg& svg, const Series& series, const Axis& x, const Axis& y,
                 std::string_view style) {
  std::vector<Point> line;
  std::vector<Point> upper;
  std::vector<Point> lower;
  for (size_t i = 0; i < series.x.size(); ++i) {
    const Interval& v = series.y[i];
    line.push_back({x.at(series.x[i]), y.at(v.mean)});
    if (!has_band(v)) continue;
    upper.push_back({x.at(series.x[i]), y.at(v.mean + v.half)});
    lower.push_back({x.at(series.x[i]), y.at(v.mean - v.half)});
  }
  if (upper.size() > 1) {
    std::copy(lower.rbegin(), lower.rend(), std::back_inserter(upper));
    svg.area(upper, style);
  }
  svg.path(line, style);
}

void draw_panel(Svg& svg, const CurvePanel& panel, const CurvePlot& plot, double left, double top) {
  Range xs;
  Range ys;
  for (const Series& s : panel.series) {
    for (const double x : s.x) xs.take(x);
    for (const Interval& y : s.y) {
      ys.take(y.mean - (has_band(y) ? y.half : 0));
      ys.take(y.mean + (has_band(y) ? y.half : 0));
    }
  }
  const double bottom = top + kPanelHeight - kFoot;
  const double right = left + kPanelWidth - kRight;
  const Axis x(std::min(0.0, xs.low), xs.high, left + kLeft, right, 8);
  const Axis y(ys.low, ys.high, bottom, top + kHeading, 5);
  svg.text({left + kLeft, top + 14}, panel.title, "heading");
  for (const double tick : y.ticks()) {
    svg.line({left + kLeft, y.at(tick)}, {right, y.at(tick)}, "grid");
    svg.text({left + kLeft - 6, y.at(tick) + 4}, y.label(tick), "muted", Anchor::kEnd);
  }
  for (const double mark : panel.marks) {
    svg.line({x.at(mark), top + kHeading}, {x.at(mark), bottom}, "mark");
  }
  svg.line({left + kLeft, bottom}, {right, bottom}, "ink");
  for (const double tick : x.ticks()) {
    svg.line({x.at(tick), bottom}, {x.at(tick), bottom + 4}, "ink");
    svg.text({x.at(tick), bottom + 17}, x.label(tick), "muted", Anchor::kMiddle);
  }
  svg.text({(left + kLeft + right) / 2, bottom + 34}, plot.x_label, "muted", Anchor::kMiddle);
  svg.upright_text({left + 14, (top + kHeading + bottom) / 2}, plot.y_label, "muted");
  for (size_t i = 0; i < panel.series.size(); ++i) {
    draw_series(svg, panel.series[i], x, y, style_of(i));
  }
}

void draw_legend(Svg& svg, const CurvePanel& panel) {
  double x = kMargin;
  bool band = false;
  for (size_t i = 0; i < panel.series.size(); ++i) {
    const Series& s = panel.series[i];
    svg.line({x, 49}, {x + 20, 49}, style_of(i));
    svg.text({x + 26, 53}, s.name, "label");
    x += 46 + 8 * static_cast<double>(s.name.size());
    band |= std::any_of(s.y.begin(), s.y.end(), has_band);
  }
  if (band) svg.text({x, 53}, "bands: 95% over seeds", "muted");
}

}  // namespace

std::string curves_svg(const CurvePlot& plot) {
  const size_t columns = std::min(kColumns, std::max<size_t>(1, plot.panels.size()));
  const size_t rows = (plot.panels.size() + columns - 1) / columns;
  Svg svg(2 * kMargin + kPanelWidth * static_cast<double>(columns),
          kTop + kPanelHeight * static_cast<double>(rows) + kMargin);
  svg.text({kMargin, 28}, plot.title, "title");
  if (!plot.panels.empty()) draw_legend(svg, plot.panels.front());
  for (size_t i = 0; i < plot.panels.size(); ++i) {
    const size_t row = i / columns;
    const double left = kMargin + kPanelWidth * static_cast<double>(i % columns);
    draw_panel(svg, plot.panels[i], plot, left, kTop + kPanelHeight * static_cast<double>(row));
  }
  return std::move(svg).finish();
}

Status write_curve_svg(const std::string& file, const CurvePlot& plot) {
  return write_file(file, curves_svg(plot));
}

}  // namespace quanta
