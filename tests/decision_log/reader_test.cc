// What is wrong with a decision log is one line.
#include "agent/decision_log/reader.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "agent/decision_log/format.h"

namespace quanta {
namespace {

constexpr int kHeaderLines = 8;

std::string line_of(const std::vector<std::string>& cells) {
  std::string line;
  for (const std::string& cell : cells) line += (&cell == cells.data() ? "" : ",") + cell;
  return line + "\n";
}

// A valid line's cells.
std::vector<std::string> cells() {
  std::vector<std::string> all(decision_log_columns().size(), "1");
  return all;
}

size_t column(const std::string& name) {
  const std::vector<std::string>& all = decision_log_columns();
  return static_cast<size_t>(std::find(all.begin(), all.end(), name) - all.begin());
}

std::string problem(const std::string& text) {
  const Status status = parse_decision_log(text, "d.csv", [](const LoggedDecision&) {});
  return status ? "" : status.error().message;
}

std::string with(const std::string& name, const std::string& value) {
  std::vector<std::string> all = cells();
  all[column(name)] = value;
  return decision_log_header({}, {}) + line_of(all);
}

TEST(DecisionLogReader, TakesOtherColumnsAndAnotherOrder) {
  std::vector<std::string> names = decision_log_columns();
  std::vector<std::string> values = cells();
  values[column("taken_slice")] = "0.5";
  std::reverse(names.begin(), names.end());
  std::reverse(values.begin(), values.end());
  names.insert(names.begin(), "mine");
  values.insert(values.begin(), "what ever");
  std::vector<LoggedDecision> read;
  const Status status =
      parse_decision_log(line_of(names) + "\r\n# a remark\n" + line_of(values), "d.csv",
                         [&](const LoggedDecision& d) { read.push_back(d); });
  ASSERT_TRUE(status) << status.error().message;
  ASSERT_EQ(read.size(), 1U);
  EXPECT_EQ(read[0].taken[kActSlice], 0.5F);
  EXPECT_EQ(read[0].time, 1U);
}

struct Wrong {
  const char* column;
  const char* value;
  const char* said;
};

TEST(DecisionLogReader, NamesLineAndColumnOfAWrongValue) {
  constexpr Wrong kCases[] = {
      {"sd", "x", "expected a number from 0 to 8, got 'x'"},
      {"sd", "nan", "expected a number from 0 to 8, got 'nan'"},
      {"sd", "-1", "expected a number from 0 to 8, got '-1'"},
      {"sd", "0 ", "expected a number from 0 to 8, got '0 '"},
      {"log_propensity", "", "expected a number from -1e+18 to 1e+18, got ''"},
      {"woken", "yes", "expected 0 or 1, got 'yes'"},
      {"time_ns", "-4", "expected an integer from 0 to 9223372036854775807, got '-4'"},
      {"task", "4294967296", "expected an integer from 0 to 4294967295, got '4294967296'"},
      {"taken_order", "1e9", "expected a number from -1000 to 1000, got '1e9'"},
      {"reward_ns", "inf", "expected a number from -1e+18 to 1e+18, got 'inf'"},
      {"x_name_b", "\x01", "expected a number from -1e+06 to 1e+06, got '?'"},
  };
  for (const Wrong& c : kCases) {
    EXPECT_EQ(problem(with(c.column, c.value)), "d.csv:" + std::to_string(kHeaderLines + 1) +
                                                    ": column '" + c.column + "': " + c.said)
        << c.value;
  }
}

TEST(DecisionLogReader, SaysWhatALineIsNot) {
  const std::string header = decision_log_header({}, {});
  EXPECT_EQ(std::count(header.begin(), header.end(), '\n'), kHeaderLines);
  EXPECT_EQ(problem(header), "");
  EXPECT_EQ(problem(""),
            "d.csv:1: expected a line of column names ('time_ns,...'), got the end of the file");
  EXPECT_EQ(problem("a,b\n"), "d.csv:1: expected a column 'time_ns'");
  std::vector<std::string> names = decision_log_columns();
  names[column("taken_order")] = "taken_ordr";
  EXPECT_EQ(problem(line_of(names)),
            "d.csv:1: expected a column 'taken_order'; is 'taken_ordr' it?");
  EXPECT_EQ(problem("# quanta decision log 2\n"),
            "d.csv:1: expected '# quanta decision log 1', got '# quanta decision log 2'");
  const std::string columns = std::to_string(decision_log_columns().size());
  EXPECT_EQ(problem(header + "1,2,3"), "d.csv:9: expected " + columns + " columns, got 3");
  EXPECT_EQ(problem(header + "\"1,2"), "d.csv:9: expected a closing '\"'");
  EXPECT_EQ(problem(header + "\"1\"2,"), "d.csv:9: expected ',' after a closing '\"'");
  std::vector<std::string> unexplored = cells();
  unexplored[column("sd")] = "0";
  EXPECT_EQ(problem(header + line_of(unexplored)),
            "d.csv:9: column 'log_propensity': expected nothing where 'sd' is 0, got '1'");
}

TEST(DecisionLogReader, ReadsFilesAsItParsesText) {
  const std::string file = testing::TempDir() + "decision_log_reader_test.csv";
  const auto read = [&](const std::string& text) {
    std::ofstream(file, std::ios::binary) << text;
    size_t count = 0;
    const Status status = read_decision_log(file, [&](const LoggedDecision&) { ++count; });
    return status ? std::to_string(count) : status.error().message.substr(file.size());
  };
  const std::string good = decision_log_header({}, {}) + line_of(cells()) + line_of(cells());
  EXPECT_EQ(read(good), "2");
  EXPECT_EQ(read(good.substr(0, good.size() - 1)), "2") << "its last line has no end";
  EXPECT_EQ(read(good + "\n\n"), "2");
  EXPECT_EQ(read(good + std::string(1, '\0') + "\n"), ":11: expected 44 columns, got 1");
  EXPECT_EQ(read(good + std::string(1 << 20, 'x')),
            ":11: expected a decision log, got a line of more than 65536 bytes");
  EXPECT_EQ(read(""),
            ":1: expected a line of column names ('time_ns,...'), got the end of the file");
  std::filesystem::remove(file);
  const Status none = read_decision_log(file, [](const LoggedDecision&) {});
  EXPECT_EQ(none.error().message, file + ": cannot be read: No such file or directory");
  const Status directory = read_decision_log(testing::TempDir(), [](const LoggedDecision&) {});
  EXPECT_EQ(directory.error().message, testing::TempDir() + ": cannot be read: Is a directory");
}

}  // namespace
}  // namespace quanta
