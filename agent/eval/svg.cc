#include "agent/eval/svg.h"

#include <fmt/format.h>

namespace quanta {
namespace {

// Series colours after Okabe and Ito, told apart by colour-blind people too.
constexpr const char* kStyle = R"(
  text { font: 12px system-ui, "DejaVu Sans", sans-serif; fill: #1f2328; }
  .title { font-size: 16px; font-weight: 600; }
  .heading { font-weight: 600; }
  .muted { fill: #59636e; font-size: 11px; }
  .ground { fill: #ffffff; }
  line.ink, polyline.ink { stroke: #1f2328; }
  line.grid { stroke: #d1d9e0; stroke-width: 1; }
  line.mark { stroke: #59636e; stroke-dasharray: 4 3; }
  line, polyline { fill: none; stroke-width: 1.4; }
  polygon { fill-opacity: 0.18; }
  rect.better { fill: #0072b2; } rect.worse { fill: #d55e00; }
  rect.same { fill: #9aa4ae; } rect.base { fill: #59636e; }
  line.s0, polyline.s0 { stroke: #0072b2; } polygon.s0 { fill: #0072b2; }
  line.s1, polyline.s1 { stroke: #d55e00; } polygon.s1 { fill: #d55e00; }
  line.s2, polyline.s2 { stroke: #009e73; } polygon.s2 { fill: #009e73; }
  line.s3, polyline.s3 { stroke: #cc79a7; } polygon.s3 { fill: #cc79a7; }
  line.s4, polyline.s4 { stroke: #b58900; } polygon.s4 { fill: #b58900; }
  line.s5, polyline.s5 { stroke: #56b4e9; } polygon.s5 { fill: #56b4e9; }
  line.s6, polyline.s6 { stroke: #8250df; } polygon.s6 { fill: #8250df; }
  line.s7, polyline.s7 { stroke: #6e7781; } polygon.s7 { fill: #6e7781; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; }
    .muted { fill: #9198a1; }
    .ground { fill: #0d1117; }
    line.ink, polyline.ink { stroke: #e6edf3; }
    line.grid { stroke: #30363d; }
    rect.base { fill: #9198a1; } rect.same { fill: #59636e; }
  }
)";

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '&':
        out += "&amp;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string list_of(std::span<const Point> points) {
  std::string out;
  for (const Point& p : points) out += fmt::format("{:.1f},{:.1f} ", p.x, p.y);
  return out;
}

}  // namespace

Svg::Svg(double width, double height) {
  out_ = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0:.0f}\" height=\"{1:.0f}\" "
      "viewBox=\"0 0 {0:.0f} {1:.0f}\">\n<style>{2}</style>\n",
      width, height, kStyle);
  rect({0, 0}, width, height, "ground");
}

void Svg::rect(Point corner, double width, double height, std::string_view style) {
  out_ += fmt::format(
      "<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" class=\"{}\"/>\n",
      corner.x, corner.y, width, height, style);
}

void Svg::line(Point from, Point to, std::string_view style) {
  out_ +=
      fmt::format("<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" class=\"{}\"/>\n",
                  from.x, from.y, to.x, to.y, style);
}

void Svg::path(std::span<const Point> points, std::string_view style) {
  out_ += fmt::format("<polyline points=\"{}\" class=\"{}\"/>\n", list_of(points), style);
}

void Svg::area(std::span<const Point> outline, std::string_view style) {
  out_ += fmt::format("<polygon points=\"{}\" class=\"{}\"/>\n", list_of(outline), style);
}

void Svg::text(Point at, std::string_view text, std::string_view style, Anchor anchor) {
  static constexpr const char* kAnchors[] = {"start", "middle", "end"};
  out_ += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\" class=\"{}\">{}</text>\n",
                      at.x, at.y, kAnchors[static_cast<int>(anchor)], style, escaped(text));
}

void Svg::upright_text(Point at, std::string_view text, std::string_view style) {
  out_ += fmt::format(
      "<text transform=\"translate({:.1f} {:.1f}) rotate(-90)\" text-anchor=\"middle\" "
      "class=\"{}\">{}</text>\n",
      at.x, at.y, style, escaped(text));
}

std::string Svg::finish() && {
  return std::move(out_) + "</svg>\n";
}

}  // namespace quanta
