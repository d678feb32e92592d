// The program as a person calls it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "tests/process.h"

namespace quanta {
namespace {

using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

class ConfigFile {
 public:
  explicit ConfigFile(const std::string& name, const std::string& text)
      : path_(testing::TempDir() + name) {
    std::ofstream(path_) << text;
  }
  ~ConfigFile() { std::filesystem::remove(path_); }
  ConfigFile(const ConfigFile&) = delete;
  ConfigFile& operator=(const ConfigFile&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

TEST(Cli, SaysItsVersion) {
  for (const char* option : {"-V", "--version"}) {
    const Outcome outcome = call(option);
    EXPECT_EQ(outcome.exit_code, 0);
    EXPECT_THAT(outcome.said, AllOf(StartsWith("scx_quanta "), HasSubstr(".")));
  }
}

TEST(Cli, HelpNamesTheCommandsAndTheirOptions) {
  EXPECT_EQ(call("--help").exit_code, 0);
  EXPECT_THAT(call("--help").said, AllOf(HasSubstr("check-config"), HasSubstr("--log-level")));
  EXPECT_EQ(call("check-config --help").exit_code, 0);
  EXPECT_THAT(call("check-config --help").said, HasSubstr("FILE"));
}

struct Misspelt {
  const char* arguments;
  const char* said;
};

TEST(Cli, AMisspeltNameIsOneLineWithTheNearest) {
  constexpr Misspelt kCases[] = {
      {"chek-config a.yaml",
       "scx_quanta: unknown command 'chek-config'; did you mean 'check-config'?\n"},
      {"--verbos check-config a.yaml",
       "scx_quanta: unknown option '--verbos'; did you mean '--verbose'?\n"},
      {"check-config --log-levle=info a.yaml",
       "scx_quanta: unknown option '--log-levle'; did you mean '--log-level'?\n"},
      {"check-config --hlep a.yaml",
       "scx_quanta: unknown option '--hlep'; did you mean '--help'?\n"},
  };
  for (const Misspelt& c : kCases) {
    const Outcome outcome = call(c.arguments);
    EXPECT_EQ(outcome.exit_code, 2) << c.arguments;
    EXPECT_EQ(outcome.said, c.said) << c.arguments;
  }
}

TEST(Cli, AWrongCommandLineIsOneLineAndExitTwo) {
  for (const char* arguments :
       {"check-config", "--log-level loud check-config x", "paint", "--zzzzzzzz", "--log-level"}) {
    const Outcome outcome = call(arguments);
    EXPECT_EQ(outcome.exit_code, 2) << arguments;
    EXPECT_THAT(outcome.said, StartsWith("scx_quanta: ")) << arguments;
    EXPECT_EQ(std::count(outcome.said.begin(), outcome.said.end(), '\n'), 1) << outcome.said;
  }
}

TEST(Cli, CheckConfigSaysWhichFilesAreRight) {
  const ConfigFile good("cli_good.yaml", "metrics: {address: none}\n");
  const Outcome outcome = call("check-config " + good.path() + " " + good.path() + " 2>/dev/null");
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(outcome.said, good.path() + ": ok\n" + good.path() + ": ok\n");
}

TEST(Cli, CheckConfigChecksEveryFileAndFailsForOne) {
  const ConfigFile bad("cli_bad.yaml", "metrics: {address: 127.0.0.1:99999}\n");
  const ConfigFile good("cli_good.yaml", "");
  const std::string files = bad.path() + " /nowhere/x.yaml " + good.path();
  EXPECT_EQ(call("check-config " + files + " 2>/dev/null").said, good.path() + ": ok\n");
  const Outcome outcome = call("check-config " + files + " >/dev/null");
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(outcome.said, bad.path() +
                              ":1: key 'metrics.address': expected a port between 0 and 65535, got "
                              "'127.0.0.1:99999'\n"
                              "/nowhere/x.yaml: cannot be read: No such file or directory\n");
}

TEST(Cli, GlobalOptionsMayFollowTheCommand) {
  const ConfigFile good("cli_good.yaml", "");
  EXPECT_EQ(call("check-config -vv --log-level trace " + good.path()).exit_code, 0);
  EXPECT_EQ(call("-v check-config " + good.path()).exit_code, 0);
}

}  // namespace
}  // namespace quanta
