#include <gtest/gtest.h>

#include "agent/config/section.h"
#include "agent/learn/learner.h"

namespace quanta {
namespace {

TEST(LearnerConfig, IsReadAndChecked) {
  const struct {
    const char* text;
    const char* message;
  } cases[] = {
      {"batch: 512\nminibatch: 128\nlearning_rate: 0.002\nhidden: 16\nlayers: 2\n", ""},
      {"minibatch: 4096\n", "l.yaml:1: key 'minibatch': at most 'batch', got '4096'"},
      {"learning_rate: 1\n", "key 'learning_rate': expected a number between 1e-06 and 0.1"},
      {"hidden: 64\n", "key 'hidden': expected an integer between 4 and 32, got '64'"},
      {"layers: 1\n", "key 'layers'"},
      {"learning_rat: 1\n", "unknown key 'learning_rat'; did you mean 'learning_rate'?"},
  };
  for (const auto& c : cases) {
    Diagnostics diagnostics;
    LearnerConfig config;
    {
      Section section = Section::parse(c.text, "l.yaml", diagnostics);
      read(section, config);
      section.finish();
    }
    if (*c.message == '\0') {
      EXPECT_TRUE(diagnostics.ok()) << diagnostics.error().message;
      EXPECT_EQ(config.batch, 512);
      EXPECT_EQ(config.minibatch, 128);
      EXPECT_EQ(config.learning_rate, 0.002);
      EXPECT_EQ(config.hidden, 16);
      EXPECT_EQ(config.layers, 2);
    } else {
      ASSERT_EQ(diagnostics.lines().size(), 1U) << c.text;
      EXPECT_NE(diagnostics.lines()[0].find(c.message), std::string::npos)
          << diagnostics.lines()[0];
    }
  }
}

}  // namespace
}  // namespace quanta
