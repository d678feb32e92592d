// Two runs that must be the same to the byte: one in one go, one stopped and resumed half-way.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "agent/checkpoint/store.h"
#include "agent/run/drive.h"
#include "agent/run/resume.h"
#include "env/base/hash.h"
#include "tests/run/passing_env.h"

namespace quanta {

// Hashes what happens: events and decisions, in order.
class HashingEnv final : public PassingEnv {
 public:
  HashingEnv(std::unique_ptr<Env> env, uint64_t& hash)
      : PassingEnv(*env), env_(std::move(env)), hash_(hash) {}

  size_t poll(std::span<Event> out) override {
    const size_t n = PassingEnv::poll(out);
    mix(out.data(), n * sizeof(Event));
    return n;
  }
  void dispatch(std::span<const Decision> decisions) override {
    mix(decisions.data(), decisions.size_bytes());
    PassingEnv::dispatch(decisions);
  }

 private:
  void mix(const void* bytes, size_t size) {
    hash_ = fnv1a64({static_cast<const char*>(bytes), size}, hash_);
  }

  std::unique_ptr<Env> env_;
  uint64_t& hash_;
};

using MakeLearner = std::function<std::unique_ptr<Learner>(const LearnerConfig&)>;

inline Result<Session> hashed_session(const Config& config, const MakeLearner& learner,
                                      uint64_t& hash) {
  Result<OpenedEnv> opened = open_env("sim", config);
  if (!opened) return tl::unexpected(opened.error());
  opened->env = std::make_unique<HashingEnv>(std::move(opened->env), hash);
  auto agent = std::make_unique<Agent>(config, *opened->env);
  if (auto learns = learner(config.learner)) agent->learn(std::move(learns));
  return Session{*std::move(opened), std::move(agent)};
}

inline void expect_exact_continuation(const Config& config, const MakeLearner& learner,
                                      uint64_t updates, const std::string& directory) {
  const std::string text = "the configuration";
  const auto nothing = [](bool) {};

  uint64_t whole = 1;
  Session one = hashed_session(config, learner, whole).value();
  run_lockstep(*one.agent, {.updates = 2 * updates}, nothing);
  const Checkpoint expected = checkpoint_of(*one.agent, text, one.env.identity, true).value();

  uint64_t halves = 1;
  {
    Session first = hashed_session(config, learner, halves).value();
    run_lockstep(*first.agent, {.updates = updates}, nothing);
    const Checkpoint half = checkpoint_of(*first.agent, text, first.env.identity, true).value();
    ASSERT_TRUE(CheckpointStore(directory, 1).save(half));
  }
  Result<Session> second =
      resume_session(directory, text, [&] { return hashed_session(config, learner, halves); });
  ASSERT_TRUE(second) << second.error().message;
  EXPECT_EQ(second->agent->cold.updates(), updates);
  run_lockstep(*second->agent, {.updates = 2 * updates}, nothing);
  const Checkpoint got = checkpoint_of(*second->agent, text, second->env.identity, true).value();

  EXPECT_EQ(halves, whole) << "events or decisions differ";
  ASSERT_EQ(got.sections.size(), expected.sections.size());
  for (size_t i = 0; i < got.sections.size(); ++i) {
    EXPECT_EQ(got.sections[i].name, expected.sections[i].name);
    EXPECT_TRUE(got.sections[i].content == expected.sections[i].content)
        << "section " << got.sections[i].name;
  }
}

}  // namespace quanta
