// What a person reads where the learner's library is missing, broken or another one.
#include <dlfcn.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "tests/process.h"

namespace quanta {
namespace {

namespace fs = std::filesystem;

// A directory tree like an installation's, with the program in it.
class LearnLibrary : public ::testing::Test {
 protected:
  void SetUp() override {
    fs::remove_all(root_);
    fs::create_directories(root_ / "bin");
    fs::create_directories(root_ / "lib");
    fs::copy(fs::path(QUANTA_BINARY_DIR) / "tests" / "learner_probe", root_ / "bin" / "probe");
  }
  void TearDown() override { fs::remove_all(root_); }

  std::string probe() const {
    const Outcome outcome = shell(root_ / "bin" / "probe");
    EXPECT_NE(outcome.exit_code, 0);
    return outcome.said;
  }

  const fs::path root_ = fs::path(testing::TempDir()) / "learn_library_test";
};

TEST_F(LearnLibrary, AMissingOneIsNamedWithItsMend) {
  const std::string said = probe();
  EXPECT_EQ(said.find("the learner cannot be loaded: libquanta_learn.so: "), 0U) << said;
  EXPECT_NE(said.find("(it needs libtorch: install libtorch-dev, or run with learning off)\n"),
            std::string::npos)
      << said;
  EXPECT_EQ(said.find('\n'), said.size() - 1) << said;
}

TEST_F(LearnLibrary, ABrokenOneSaysWhatIsWrongWithIt) {
  const fs::path file = root_ / "lib" / "libquanta_learn.so";
  std::ofstream(file) << "not a library";
  const std::string said = probe();
  EXPECT_EQ(said.find("the learner cannot be loaded: " + file.string() + ": "), 0U) << said;
  EXPECT_EQ(said.find('\n'), said.size() - 1) << said;
}

TEST_F(LearnLibrary, OneOfAnotherVersionIsRefused) {
  void* other = dlopen("libm.so.6", RTLD_NOW);
  ASSERT_NE(other, nullptr);
  Dl_info info{};
  ASSERT_NE(dladdr(dlsym(other, "cos"), &info), 0);
  fs::copy(fs::canonical(info.dli_fname), root_ / "lib" / "libquanta_learn.so");
  EXPECT_EQ(probe(), "libquanta_learn.so is of another version: quanta_make_learner is missing\n");
}

}  // namespace
}  // namespace quanta
