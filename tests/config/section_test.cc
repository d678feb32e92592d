#include "agent/config/section.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "agent/config/yaml_tree.h"

namespace quanta {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

enum class Place { kUser, kKernel };
constexpr Choice kPlaces[] = {{"user", static_cast<int>(Place::kUser)},
                              {"kernel", static_cast<int>(Place::kKernel)}};

struct Settings {
  double weight = 1;
  int64_t batch = 256;
  Nanos slice = 2 * kMillisecond;
  bool learn = true;
  std::string name = "default";
  std::vector<int64_t> hidden{32, 32};
  std::vector<std::string> comms;
  Place place = Place::kUser;
};

void read(Section& section, Settings& settings) {
  section.number("weight", settings.weight, 0, 10);
  section.integer("batch", settings.batch, 1, 4096);
  section.duration("slice", settings.slice, 0, kSecond);
  section.boolean("learn", settings.learn);
  section.text("name", settings.name);
  section.integers("hidden", settings.hidden, 1, 32);
  section.texts("comms", settings.comms);
  section.choice("place", settings.place, kPlaces);
}

std::vector<std::string> problems(const std::string& text,
                                  const std::function<void(Section&)>& read_all) {
  Diagnostics diagnostics;
  Section root = Section::parse(text, "f.yaml", diagnostics);
  read_all(root);
  root.finish();
  EXPECT_EQ(root.ok(), diagnostics.ok());
  return diagnostics.lines();
}

std::vector<std::string> problems(const std::string& text) {
  return problems(text, [](Section& root) {
    Settings settings;
    read(root, settings);
  });
}

TEST(Section, ReadsEveryKindOfValue) {
  Settings settings;
  const auto found = problems(
      "weight: 2.5\nbatch: 64\nslice: 1.5ms\nlearn: false\nname: 'a b'\n"
      "hidden: [16, 8]\ncomms:\n  - nginx\n  - \"\"\nplace: kernel\n",
      [&](Section& root) { read(root, settings); });
  EXPECT_THAT(found, IsEmpty());
  EXPECT_EQ(settings.weight, 2.5);
  EXPECT_EQ(settings.batch, 64);
  EXPECT_EQ(settings.slice, 1'500'000);
  EXPECT_FALSE(settings.learn);
  EXPECT_EQ(settings.name, "a b");
  EXPECT_THAT(settings.hidden, ElementsAre(16, 8));
  EXPECT_THAT(settings.comms, ElementsAre("nginx", ""));
  EXPECT_EQ(settings.place, Place::kKernel);
}

TEST(Section, KeepsTheDefaultOfWhatIsNotNamed) {
  for (const char* text : {"", "# only a comment\n", "{}", "weight: 1\n"}) {
    Settings settings;
    EXPECT_THAT(problems(text, [&](Section& root) { read(root, settings); }), IsEmpty()) << text;
    EXPECT_EQ(settings.batch, 256);
    EXPECT_EQ(settings.slice, 2 * kMillisecond);
    EXPECT_THAT(settings.hidden, ElementsAre(32, 32));
    EXPECT_EQ(settings.name, "default");
  }
}

struct Bad {
  const char* text;
  const char* problem;
};

TEST(Section, SaysWhatWasExpectedOfAWrongValue) {
  constexpr Bad kCases[] = {
      {"\nweight: 11", "f.yaml:2: key 'weight': expected a number between 0 and 10, got '11'"},
      {"weight: nan", "f.yaml:1: key 'weight': expected a number between 0 and 10, got 'nan'"},
      {"weight: 1x", "f.yaml:1: key 'weight': expected a number between 0 and 10, got '1x'"},
      {"weight:", "f.yaml:1: key 'weight': expected a number between 0 and 10, got nothing"},
      {"batch: 1.5", "f.yaml:1: key 'batch': expected an integer between 1 and 4096, got '1.5'"},
      {"batch: 0", "f.yaml:1: key 'batch': expected an integer between 1 and 4096, got '0'"},
      {"batch: 99999999999999999999",
       "f.yaml:1: key 'batch': expected an integer between 1 and 4096, got '99999999999999999999'"},
      {"slice: 5 parsecs",
       "f.yaml:1: key 'slice': expected a duration between 0ns and 1s, got '5 parsecs'"},
      {"slice: 2s", "f.yaml:1: key 'slice': expected a duration between 0ns and 1s, got '2s'"},
      {"learn: maybe", "f.yaml:1: key 'learn': expected true or false, got 'maybe'"},
      {"name: [a]", "f.yaml:1: key 'name': expected text, got a list"},
      {"name: {a: b}", "f.yaml:1: key 'name': expected text, got a mapping"},
      {"hidden: 5", "f.yaml:1: key 'hidden': expected a list, got '5'"},
      {"hidden:\n - 4\n - 99",
       "f.yaml:3: key 'hidden[1]': expected an integer between 1 and 32, got '99'"},
      {"comms: [[]]", "f.yaml:1: key 'comms[0]': expected text, got a list"},
      {"place: kernal",
       "f.yaml:1: key 'place': expected one of user, kernel, got 'kernal'; did you mean 'kernel'?"},
      {"place: moon", "f.yaml:1: key 'place': expected one of user, kernel, got 'moon'"},
      {"name: a\nname: b", "f.yaml:2: key 'name': given twice, first on line 1"},
      {"nmae: a",
       "f.yaml:1: unknown key 'nmae'; did you mean 'name'? (known: weight, batch, slice, learn, "
       "name, hidden, comms, place)"},
      {"[a]", "f.yaml:1: expected a mapping of settings, got a list"},
      {"\njust text", "f.yaml:2: expected a mapping of settings, got 'just text'"},
  };
  for (const Bad& c : kCases) EXPECT_THAT(problems(c.text), ElementsAre(c.problem)) << c.text;
}

TEST(Section, SaysOnlyTheBoundThatThereIs) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  const auto found = problems("a: x\nb: x\nc: x\nd: x\n", [&](Section& root) {
    double number = 0;
    int64_t integer = 0;
    Nanos time = 0;
    root.number("a", number, -kInfinity, kInfinity);
    root.number("b", number, 0, kInfinity);
    root.integer("c", integer, INT64_MIN, 7);
    root.duration("d", time, 20, UINT64_MAX);
  });
  EXPECT_THAT(found,
              ElementsAre("f.yaml:1: key 'a': expected a number, got 'x'",
                          "f.yaml:2: key 'b': expected a number of at least 0, got 'x'",
                          "f.yaml:3: key 'c': expected an integer of at most 7, got 'x'",
                          "f.yaml:4: key 'd': expected a duration of at least 20ns, got 'x'"));
}

TEST(Section, InfinityIsNotANumberEvenWithoutABound) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  double value = 3;
  const auto found =
      problems("a: inf", [&](Section& root) { root.number("a", value, -kInfinity, kInfinity); });
  EXPECT_THAT(found, ElementsAre("f.yaml:1: key 'a': expected a number, got 'inf'"));
  EXPECT_EQ(value, 3);
}

TEST(Section, NamesTheWholePathOfANestedKey) {
  const auto found = problems(
      "reward:\n"
      "  terms: {switch: {cost: 5 parsecs}}\n"
      "  classes:\n"
      "    - match: {comm: a}\n"
      "    - {}\n"
      "    - match: {comm: [b]}\n"
      "      wieght: 1\n"
      "  groups: {game: {share: 2}, bad: 7}\n",
      [](Section& root) {
        root.section("reward", [](Section& reward) {
          reward.section("terms", [](Section& terms) {
            terms.section("switch", [](Section& term) {
              Nanos cost = 0;
              term.duration("cost", cost, 0, kMillisecond);
            });
          });
          reward.each("classes", [](Section& entry) {
            double weight = 0;
            entry.number("weight", weight, 0, 1);
            entry.section("match", [](Section& match) {
              std::string comm;
              match.text("comm", comm);
            });
          });
          reward.members("groups", [](const std::string& name, Section& group) {
            EXPECT_EQ(name, "game");
            double share = 0;
            group.number("share", share, 0, 1);
          });
        });
      });
  EXPECT_THAT(
      found,
      ElementsAre(
          "f.yaml:2: key 'reward.terms.switch.cost': expected a duration between 0ns and 1ms, got "
          "'5 parsecs'",
          "f.yaml:6: key 'reward.classes[2].match.comm': expected text, got a list",
          "f.yaml:7: unknown key 'reward.classes[2].wieght'; did you mean 'weight'? (known: "
          "weight, match)",
          "f.yaml:8: key 'reward.groups.game.share': expected a number between 0 and 1, got '2'",
          "f.yaml:8: key 'reward.groups.bad': expected a mapping, got '7'"));
}

TEST(Section, MembersComeInTheFilesOrderAndOnce) {
  std::vector<std::string> names;
  const auto found = problems("g:\n  z: {}\n  a:\n  z: {}\n", [&](Section& root) {
    root.members("g", [&](const std::string& name, Section&) { names.push_back(name); });
  });
  EXPECT_THAT(names, ElementsAre("z", "a"));
  EXPECT_THAT(found, ElementsAre("f.yaml:4: key 'g.z': given twice, first on line 2"));
}

TEST(Section, AnAbsentSectionIsEmptyAndSoIsOneWithNothingUnderIt) {
  for (const char* text : {"", "metrics:\n", "metrics: {}\n"}) {
    int calls = 0;
    const auto found = problems(text, [&](Section& root) {
      root.section("metrics", [&](Section& metrics) {
        ++calls;
        EXPECT_FALSE(metrics.has("address"));
      });
    });
    EXPECT_EQ(calls, 1);
    EXPECT_THAT(found, IsEmpty());
  }
}

TEST(Section, AskingWhetherAKeyIsThereMakesItKnown) {
  EXPECT_THAT(problems("a: 1", [](Section& root) { EXPECT_TRUE(root.has("a")); }), IsEmpty());
}

TEST(Section, ARequiredKeyAndAComplaintNameTheirPlace) {
  const auto found = problems("\nslice:\n  min: 5ms\n", [](Section& root) {
    root.section("slice", [](Section& slice) {
      Nanos min = 0;
      slice.duration("min", min, 0, kSecond);
      slice.require("min");
      slice.require("max");
      slice.complain("min", "must not exceed 'max'");
      slice.complain("step", "must divide 'min'");
      EXPECT_EQ(slice.where(), "f.yaml:2");
    });
  });
  EXPECT_THAT(found, ElementsAre("f.yaml:2: key 'slice.max': required, but not given",
                                 "f.yaml:2: key 'slice.step': must divide 'min', got the default",
                                 "f.yaml:3: key 'slice.min': must not exceed 'max', got '5ms'"));
}

TEST(Section, ProblemsAreInTheFilesOrder) {
  const auto found = problems("zzz: 1\nbatch: x\nyyyyy: 1\nweight: x\n");
  ASSERT_THAT(found, SizeIs(4));
  for (size_t i = 0; i < 4; ++i) {
    EXPECT_THAT(found[i], StartsWith("f.yaml:" + std::to_string(i + 1) + ":"));
  }
}

TEST(Section, AValueOfManyLinesIsShownInOne) {
  const auto found = problems("weight: |\n  one\n  two\n");
  EXPECT_THAT(found, ElementsAre("f.yaml:1: key 'weight': expected a number between 0 and 10, got "
                                 "'one two '"));
}

TEST(Section, AFileThatIsNotYamlIsOneProblemWithLineAndColumn) {
  constexpr Bad kCases[] = {
      {"a: 1\nb: [1, 2\n", "f.yaml:3:1: end of sequence flow not found"},
      {"a: b: c\n", "f.yaml:1:5: illegal map value"},
      {"a: &x {b: 1}\nc: *x\n",
       "f.yaml:2:4: aliases (*name) are not supported: write the value out"},
      {"a: !include x.yaml\n", "f.yaml:1:4: tags (!name) are not supported"},
      {"a: 1\n---\nb: 2\n", "f.yaml:2:1: expected one document, found a second"},
      {"[a, b]: 1\n", "f.yaml:1:1: expected a key of plain text"},
      {"a: 1\nb: \x01\n", "f.yaml:2:4: expected text, found the byte 0x01"},
  };
  for (const Bad& c : kCases) {
    EXPECT_THAT(problems(c.text, [](Section& root) { root.require("a"); }), ElementsAre(c.problem))
        << c.text;
  }
}

TEST(Section, AFileThatCannotBeReadIsOneProblem) {
  Diagnostics diagnostics;
  Section::open("/nowhere/q.yaml", diagnostics).require("x");
  Section::open("/", diagnostics).require("x");
  EXPECT_THAT(diagnostics.lines(),
              ElementsAre("/nowhere/q.yaml: cannot be read: No such file or directory",
                          "/: cannot be read: Is a directory"));
}

TEST(Section, OpensAFile) {
  const std::string path = std::filesystem::path(testing::TempDir()) / "section_test.yaml";
  std::ofstream(path) << "batch: 7\n";
  Diagnostics diagnostics;
  Settings settings;
  Section root = Section::open(path, diagnostics);
  read(root, settings);
  EXPECT_TRUE(diagnostics.ok());
  EXPECT_EQ(settings.batch, 7);
  std::filesystem::remove(path);
}

TEST(Section, LimitsSizeAndDepth) {
  EXPECT_THAT(problems(std::string(kMaxYamlBytes + 1, '#')),
              ElementsAre("f.yaml:1:1: larger than 1048576 bytes"));
  EXPECT_THAT(problems("name: " + std::string(kMaxYamlDepth - 1, '[') +
                       std::string(kMaxYamlDepth - 1, ']')),
              ElementsAre("f.yaml:1: key 'name': expected text, got a list"));
  EXPECT_THAT(
      problems("name: " + std::string(kMaxYamlDepth, '[') + std::string(kMaxYamlDepth, ']')),
      ElementsAre(AllOf(StartsWith("f.yaml:1:"), HasSubstr("nested deeper than 64 levels"))));
}

std::string repeated(const std::string& piece) {
  std::string text;
  while (text.size() + piece.size() <= kMaxYamlBytes) text += piece;
  return text;
}

// Input of the greatest size that is hard for a parser in one way each; the test's time-out is the
// judge of time.
TEST(Section, HostileInputEndsWithAProblem) {
  for (const char* piece :
       {"[", "{",  "- ", "? ",           "{a: ",         "- - ",     "*a ",   "&a ",
        "!", "'",  "\"", "a: ",          "|\n",          "%",        "- [",   "\t",
        ",", ": ", "[{", "\n- a:\n  - ", "\xef\xbb\xbf", "\xff\xfe", "---\n", "...\n"}) {
    Diagnostics diagnostics;
    Section root = Section::parse("x: 1\n" + repeated(piece), "f.yaml", diagnostics);
    root.finish();
    EXPECT_FALSE(diagnostics.ok()) << piece;
  }
}

TEST(Section, CountsTheProblemsThatItDoesNotShow) {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += "unknown" + std::to_string(i) + ": 1\n";
  Diagnostics diagnostics;
  Section::parse(text, "f.yaml", diagnostics).finish();
  EXPECT_THAT(diagnostics.lines(), SizeIs(Diagnostics::kMost));
  EXPECT_THAT(diagnostics.lines().back(), StartsWith("f.yaml:100: "));
  EXPECT_THAT(diagnostics.error().message, HasSubstr("\n... and 900 more"));
}

TEST(Section, ManyMembersAreReadInAFewPasses) {
  std::string text = "g:\n";
  for (int i = 0; i < 80'000; ++i) text += " m" + std::to_string(i) + ": {}\n";
  int members = 0;
  const auto found = problems(text, [&](Section& root) {
    root.members("g", [&](const std::string&, Section&) { ++members; });
  });
  EXPECT_THAT(found, IsEmpty());
  EXPECT_EQ(members, 80'000);
}

}  // namespace
}  // namespace quanta
