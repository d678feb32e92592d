// A small SVG writer: shapes and text in classes that one style sheet colours, for light and dark.
// Coordinates in pixels from the upper left. Not thread-safe.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace quanta {

struct Point {
  double x;
  double y;
};

enum class Anchor { kStart, kMiddle, kEnd };

class Svg {
 public:
  Svg(double width, double height);

  // `style` is the name of a class: "ink", "muted", "grid", "mark", "better", "worse", "same",
  // "base", or "s0" to "s7" for the series of a chart; see svg.cc.
  void rect(Point corner, double width, double height, std::string_view style);
  void line(Point from, Point to, std::string_view style);
  void path(std::span<const Point> points, std::string_view style);
  void area(std::span<const Point> outline, std::string_view style);  // translucent
  void text(Point at, std::string_view text, std::string_view style,
            Anchor anchor = Anchor::kStart);

  // Read from below, centred on `at`.
  void upright_text(Point at, std::string_view text, std::string_view style);

  std::string finish() &&;

 private:
  std::string out_;
};

inline constexpr int kSeriesStyles = 8;

}  // namespace quanta
