#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "agent/eval/axis.h"
#include "agent/eval/plot.h"
#include "agent/eval/svg.h"
#include "agent/eval/write_file.h"

namespace quanta {
namespace {

constexpr double kPanel = 520;  // width of a panel, all pixels
constexpr double kLabels = 100;
constexpr double kNumbers = 120;
constexpr double kRow = 18;
constexpr double kHeading = 26;
constexpr double kFoot = 34;
constexpr double kTop = 68;
constexpr double kMargin = 20;
constexpr size_t kColumns = 2;

double height_of(const BarPanel& panel) {
  return kHeading + kRow * static_cast<double>(panel.bars.size()) + kFoot;
}

double half_of(const Bar& bar) {
  return std::isfinite(bar.value.half) ? bar.value.half : 0;
}

// Beyond it a bar is cut: one policy that fails must not hide what tells the others apart.
double cut_of(const BarPanel& panel) {
  constexpr double kOutlier = 6;  // times the median
  std::vector<double> sizes;
  sizes.reserve(panel.bars.size());
  for (const Bar& bar : panel.bars) sizes.push_back(std::abs(bar.value.mean));
  if (sizes.empty()) return 0;
  const auto middle = sizes.begin() + static_cast<std::ptrdiff_t>(sizes.size() / 2);
  std::nth_element(sizes.begin(), middle, sizes.end());
  return kOutlier * *middle;
}

Axis axis_of(const BarPanel& panel, double cut, double from, double to) {
  double low = 0;
  double high = 0;
  for (const Bar& bar : panel.bars) {
    low = std::min(low, std::max(-cut, bar.value.mean - half_of(bar)));
    high = std::max(high, std::min(cut, bar.value.mean + half_of(bar)));
  }
  return {low, high, from, to, 5};
}

std::string_view style_of(const Bar& bar) {
  if (bar.baseline) return "base";
  if (bar.verdict == Verdict::kBetter) return "better";
  return bar.verdict == Verdict::kWorse ? "worse" : "same";
}

void draw_bar(Svg& svg, const Bar& bar, const Axis& axis, double cut, double left, double y) {
  const double middle = y + kRow / 2;
  svg.text({left + kLabels - 8, middle + 4}, bar.label, bar.baseline ? "heading" : "label",
           Anchor::kEnd);
  const double zero = axis.at(0);
  const double mean = std::clamp(bar.value.mean, -cut, cut);
  const double end = axis.at(mean);
  svg.rect({std::min(zero, end), y + 3}, std::abs(end - zero), kRow - 6, style_of(bar));
  const double half = half_of(bar);
  if (mean != bar.value.mean) {  // a gap near the end says that the bar goes on
    svg.rect({end + (end < zero ? 8 : -11), y + 2}, 3, kRow - 4, "ground");
  } else if (half > 0) {
    const double a = axis.at(std::max(-cut, mean - half));
    const double b = axis.at(std::min(cut, mean + half));
    svg.line({a, middle}, {b, middle}, "ink");
    for (const double x : {a, b}) svg.line({x, middle - 3}, {x, middle + 3}, "ink");
  }
  const std::string error = half > 0 ? fmt::format(" ±{:.4f}", half) : "";
  svg.text({left + kPanel - 8, middle + 4}, fmt::format("{:.4f}{}", bar.value.mean, error), "muted",
           Anchor::kEnd);
}

void draw_panel(Svg& svg, const BarPanel& panel, const std::string& unit, double left, double top) {
  svg.text({left + kLabels, top + 14}, panel.title, "heading");
  const double first = top + kHeading;
  const double bottom = first + kRow * static_cast<double>(panel.bars.size());
  const double cut = cut_of(panel);
  const Axis axis = axis_of(panel, cut, left + kLabels, left + kPanel - kNumbers);
  for (const double tick : axis.ticks()) {
    const double x = axis.at(tick);
    svg.line({x, first}, {x, bottom}, tick == 0 ? "ink" : "grid");
    svg.text({x, bottom + 14}, axis.label(tick), "muted", Anchor::kMiddle);
  }
  svg.text({left + kPanel - 8, bottom + 14}, unit, "muted", Anchor::kEnd);
  for (size_t i = 0; i < panel.bars.size(); ++i) {
    draw_bar(svg, panel.bars[i], axis, cut, left, first + kRow * static_cast<double>(i));
  }
}

void draw_legend(Svg& svg, const std::string& baseline) {
  const struct {
    const char* style;
    std::string text;
  } entries[] = {{"base", baseline},
                 {"better", "better than " + baseline},
                 {"same", "within noise"},
                 {"worse", "worse"}};
  double x = kMargin;
  for (const auto& [style, text] : entries) {
    svg.rect({x, 43}, 11, 11, style);
    svg.text({x + 16, 53}, text, "label");
    x += 40 + 7 * static_cast<double>(text.size());
  }
  svg.text({x, 53}, "whiskers: 95% over seeds; bars with a gap are cut", "muted");
}

}  // namespace

std::string bars_svg(const BarPlot& plot) {
  std::vector<double> tops;
  double height = kTop;
  for (size_t i = 0; i < plot.panels.size(); i += kColumns) {
    double row = 0;
    for (size_t k = i; k < std::min(i + kColumns, plot.panels.size()); ++k) {
      tops.push_back(height);
      row = std::max(row, height_of(plot.panels[k]));
    }
    height += row + 8;
  }
  Svg svg(2 * kMargin + kColumns * kPanel, height + kMargin);
  svg.text({kMargin, 28}, plot.title, "title");
  draw_legend(svg, plot.baseline);
  for (size_t i = 0; i < plot.panels.size(); ++i) {
    const double left = kMargin + kPanel * static_cast<double>(i % kColumns);
    draw_panel(svg, plot.panels[i], plot.unit, left, tops[i]);
  }
  return std::move(svg).finish();
}

Status write_bars_svg(const std::string& file, const BarPlot& plot) {
  return write_file(file, bars_svg(plot));
}

}  // namespace quanta
