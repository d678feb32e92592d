#include <gtest/gtest.h>
#include <filesystem>
#include <fstream>

#include "agent/config/config.h"

namespace quanta {
namespace {

class LoadConfig : public ::testing::Test {
 protected:
  void TearDown() override { std::filesystem::remove(file_); }

  Result<Config> load(const std::string& text) const {
    std::ofstream(file_) << text;
    return load_config(file_);
  }

  const std::string file_ = testing::TempDir() + "load_config_test.yaml";
};

TEST_F(LoadConfig, AnEmptyFileIsAllDefaults) {
  const Result<Config> config = load("");
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->metrics.address, MetricsConfig().address);
}

TEST_F(LoadConfig, ReadsEachComponentsSection) {
  const Result<Config> config = load("metrics:\n  address: unix:/run/quanta.sock\n");
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->metrics.address, "unix:/run/quanta.sock");
}

TEST_F(LoadConfig, GivesEveryProblemItsLine) {
  const Result<Config> config = load("metrcis: {}\nmetrics:\n  address: 7\n  adress: 8\n");
  ASSERT_FALSE(config);
  const std::string& message = config.error().message;
  EXPECT_EQ(message.find(file_ + ":1: unknown key 'metrcis'; did you mean 'metrics'?"), 0)
      << message;
  EXPECT_NE(message.find("\n" + file_ + ":3: key 'metrics.address': expected HOST:PORT"),
            std::string::npos)
      << message;
  EXPECT_NE(
      message.find("\n" + file_ + ":4: unknown key 'metrics.adress'; did you mean 'address'?"),
      std::string::npos)
      << message;
}

}  // namespace
}  // namespace quanta
