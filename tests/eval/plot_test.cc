// Charts are well-formed XML that holds what they are given.
#include "agent/eval/plot.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/property_tree/ptree.hpp>
#include <boost/property_tree/xml_parser.hpp>
#include <cmath>
#include <limits>
#include <sstream>

#include "agent/eval/axis.h"
#include "agent/eval/write_file.h"

namespace quanta {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

using Tree = boost::property_tree::ptree;

Tree parsed(const std::string& svg) {
  std::istringstream in(svg);
  Tree tree;
  read_xml(in, tree);  // throws where it is not well-formed
  return tree.get_child("svg");
}

std::vector<std::string> texts(const Tree& svg) {
  std::vector<std::string> all;
  for (const auto& [tag, node] : svg) {
    if (tag == "text") all.push_back(node.data());
  }
  return all;
}

std::vector<double> numbers(const Tree& svg, const std::string& tag, const std::string& style,
                            const std::string& attribute) {
  std::vector<double> all;
  for (const auto& [name, node] : svg) {
    if (name != tag || node.get<std::string>("<xmlattr>.class") != style) continue;
    all.push_back(node.get<double>("<xmlattr>." + attribute));
  }
  return all;
}

size_t count(const Tree& svg, const std::string& tag, const std::string& style) {
  size_t n = 0;
  for (const auto& [name, node] : svg) {
    n += name == tag && node.get<std::string>("<xmlattr>.class") == style ? 1 : 0;
  }
  return n;
}

BarPlot two_bars() {
  return {.title = "Rewards",
          .unit = "rate",
          .baseline = "index",
          .panels = {{.title = "a<b & \"c\"",
                      .bars = {{"index", {2, 0.5}, Verdict::kSame, true},
                               {"full", {4, 0.5}, Verdict::kBetter, false},
                               {"fifo", {-2, 0}, Verdict::kWorse, false}}}}};
}

TEST(Bars, AreAsLongAsTheirValuesAndColouredByTheVerdict) {
  const Tree svg = parsed(bars_svg(two_bars()));
  const auto base = numbers(svg, "rect", "base", "width");      // legend, bar
  const auto better = numbers(svg, "rect", "better", "width");  // legend, bar
  const auto worse = numbers(svg, "rect", "worse", "width");
  ASSERT_EQ(base.size(), 2U);
  ASSERT_EQ(better.size(), 2U);
  ASSERT_EQ(worse.size(), 2U);
  EXPECT_NEAR(better[1], 2 * base[1], 0.2);
  EXPECT_NEAR(worse[1], base[1], 0.2);
  EXPECT_LT(numbers(svg, "rect", "worse", "x")[1], numbers(svg, "rect", "base", "x")[1]);
}

TEST(Bars, NameThePanelWithItsSpecialCharacters) {
  const auto all = texts(parsed(bars_svg(two_bars())));
  EXPECT_THAT(all, Contains("a<b & \"c\""));
  EXPECT_THAT(all, Contains("4.0000 ±0.5000"));
  EXPECT_THAT(all, Contains("better than index"));
}

TEST(Bars, HaveWhiskersOnlyWhereAnIntervalIsKnown) {
  BarPlot plot = two_bars();
  const size_t before = count(parsed(bars_svg(plot)), "line", "ink");
  plot.panels[0].bars[1].value.half = std::numeric_limits<double>::infinity();
  EXPECT_EQ(count(parsed(bars_svg(plot)), "line", "ink"), before - 3);
}

CurvePlot one_curve(double half) {
  return {.title = "Learning",
          .x_label = "simulated seconds",
          .y_label = "reward",
          .panels = {{.title = "game",
                      .series = {{"full", {0, 1, 2}, {{1, half}, {2, half}, {3, half}}}}}}};
}

TEST(Curves, RiseWithTheirValues) {
  const Tree svg = parsed(curves_svg(one_curve(0)));
  double x[3];
  double y[3];
  const std::string points = svg.get<std::string>("polyline.<xmlattr>.points");
  ASSERT_EQ(std::sscanf(points.c_str(), "%lf,%lf %lf,%lf %lf,%lf", &x[0], &y[0], &x[1], &y[1],
                        &x[2], &y[2]),
            6);
  EXPECT_NEAR(x[1] - x[0], x[2] - x[1], 0.2);
  EXPECT_LT(x[0], x[1]);
  EXPECT_NEAR(y[0] - y[1], y[1] - y[2], 0.2);
  EXPECT_GT(y[0], y[1]);  // downwards is greater
  EXPECT_THAT(texts(svg), Contains("simulated seconds"));
  EXPECT_THAT(texts(svg), Contains("full"));
}

TEST(Curves, DrawABandWhereOneIsKnown) {
  EXPECT_EQ(count(parsed(curves_svg(one_curve(0.5))), "polygon", "s0"), 1U);
  EXPECT_EQ(count(parsed(curves_svg(one_curve(0))), "polygon", "s0"), 0U);
}

TEST(Curves, HaveAnUprightLineAtEachMark) {
  CurvePlot plot = one_curve(0);
  EXPECT_EQ(count(parsed(curves_svg(plot)), "line", "mark"), 0U);
  plot.panels[0].marks = {0, 1};
  const Tree svg = parsed(curves_svg(plot));
  const auto left = numbers(svg, "line", "mark", "x1");
  ASSERT_EQ(left.size(), 2U);
  EXPECT_EQ(left, numbers(svg, "line", "mark", "x2"));
  const std::string points = svg.get<std::string>("polyline.<xmlattr>.points");
  EXPECT_NEAR(left[0], std::stod(points), 0.2);  // the curve begins at 0, too
}

TEST(Curves, StayWellFormedWithoutData) {
  CurvePlot empty = one_curve(0);
  empty.panels[0].series.clear();
  EXPECT_NO_THROW(parsed(curves_svg(empty)));
  empty.panels.clear();
  EXPECT_NO_THROW(parsed(curves_svg(empty)));
}

TEST(Charts, SayWhichFileCannotBeWritten) {
  const Status status = write_bars_svg("/nowhere/at/all.svg", two_bars());
  ASSERT_FALSE(status);
  EXPECT_THAT(status.error().message, HasSubstr("/nowhere/at/all.svg: cannot be written: No such"));
  EXPECT_EQ(check_writable("/nowhere/at/all.svg").error().message, status.error().message);
  EXPECT_TRUE(check_writable("here.svg"));
  EXPECT_TRUE(check_writable(""));
}

TEST(Axis, HasRoundTicksThatEncloseTheRange) {
  const Axis axis(-0.03, 0.17, 0, 100, 5);
  std::vector<std::string> labels;
  for (const double tick : axis.ticks()) labels.push_back(axis.label(tick));
  EXPECT_THAT(labels, ElementsAre("-0.05", "0.00", "0.05", "0.10", "0.15", "0.20"));
  EXPECT_DOUBLE_EQ(axis.at(-0.05), 0);
  EXPECT_DOUBLE_EQ(axis.at(0.2), 100);
}

TEST(Axis, SurvivesASenselessRange) {
  for (const double high : {3.0, std::numeric_limits<double>::infinity(), std::nan("")}) {
    const Axis axis(3, high, 0, 100, 5);
    EXPECT_DOUBLE_EQ(axis.at(1), 100);
  }
}

}  // namespace
}  // namespace quanta
