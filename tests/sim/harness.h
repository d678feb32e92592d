// Small loads and agents for the tests of the simulator.
#pragma once

#include <fmt/format.h>
#include <functional>
#include <string>
#include <vector>

#include "env/base/hash.h"
#include "env/sim/load_builder.h"
#include "env/sim/load_dist.h"
#include "env/sim/sim_env.h"

namespace quanta {

using Agent = std::function<Decision(const Event&)>;

inline Decision decide(const Event& e, uint64_t key, uint32_t slice = 2 * kMillisecond) {
  return {.task = e.task,
          .generation = e.generation,
          .key = key,
          .guard = ~Nanos{0},
          .slice = slice,
          .preempt_cpu = static_cast<int16_t>(kNoCpu),
          .pad = 0};
}

inline Decision first_come(const Event& e) {
  return decide(e, e.time);
}

// A machine on which nothing costs anything, so that times can be worked out by hand.
inline MachineConfig free_machine(int cpus) {
  MachineConfig config;
  config.cpus = cpus;
  config.switch_cost = config.migration_cost = config.dispatch_cost = 0;
  return config;
}

// A load written down in a test; all tasks start at once, in order, as processes of their own.
class TestLoad {
 public:
  TestLoad() {
    traits_.start = 0;
    traits_.cache_refill = 0;
    traits_.group = builder_.group("all");
  }
  GroupTraits& traits() { return traits_; }
  uint32_t channel(uint32_t messages = 0) { return builder_.channel(messages); }
  uint32_t name(const std::string& comm) { return builder_.name(comm); }
  uint32_t program(const std::string& comm, std::vector<Op> ops) {
    return builder_.program(traits_, comm, std::move(ops));
  }
  TestLoad& task(const std::string& comm, std::vector<Op> ops) {
    builder_.task(traits_, program(comm, std::move(ops)), builder_.process());
    return *this;
  }
  TestLoad& device(std::vector<Op> ops) {
    builder_.task(traits_, builder_.device(traits_, std::move(ops)), builder_.process());
    return *this;
  }
  TestLoad& hogs(int count) {
    for (int i = 0; i < count; ++i) {
      task(fmt::format("hog{}", i), {ops::run(constant(10 * kMillisecond)), ops::jump(0)});
    }
    return *this;
  }
  TestLoad& forks(size_t count) {
    builder_.forks(count);
    return *this;
  }
  Load take() { return builder_.take("test"); }

 private:
  LoadBuilder builder_;
  GroupTraits traits_;
};

// Runs to the environment's end; returns all that happened.
inline std::vector<Event> run(SimEnv& env, const Agent& agent = first_come) {
  std::vector<Event> all;
  std::vector<Event> batch(128);
  std::vector<Decision> decisions;
  while (!env.finished()) {
    const size_t n = env.poll(batch);
    decisions.clear();
    for (size_t i = 0; i < n; ++i) {
      all.push_back(batch[i]);
      if (batch[i].kind == EventKind::kEnqueue) decisions.push_back(agent(batch[i]));
    }
    env.dispatch(decisions);
  }
  return all;
}

inline std::string comm(const SimEnv& env, TaskId task) {
  return env.task(task).comm;
}

// "hog0 2000 hog1 1000": who ran, for how many us, in order; the last run may still go on.
inline std::vector<std::string> runs(const SimEnv& env, const std::vector<Event>& events) {
  std::vector<std::string> out;
  for (const Event& e : events) {
    if (e.kind == EventKind::kStop) {
      out.push_back(fmt::format("{} {}", comm(env, e.task), (e.ran + 500) / 1000));
    }
  }
  return out;
}

inline std::vector<Event> of_kind(const std::vector<Event>& events, EventKind kind) {
  std::vector<Event> out;
  for (const Event& e : events) {
    if (e.kind == kind) out.push_back(e);
  }
  return out;
}

// A hash of every field of every event.
inline uint64_t signature(const std::vector<Event>& events) {
  static_assert(std::has_unique_object_representations_v<Event>);
  return fnv1a64({reinterpret_cast<const char*>(events.data()), events.size() * sizeof(Event)});
}

}  // namespace quanta
