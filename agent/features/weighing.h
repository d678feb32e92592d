// Whose waiting matters: the weight w of a task, from the reward config's classes or from
// behaviour.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "env/env.h"

namespace quanta {

class Section;
struct TaskView;

// One class of tasks. A task belongs to the first class all of whose given criteria it meets.
struct RewardClass {
  std::string name;
  std::string comm;    // glob ("game*"); empty: any
  std::string cgroup;  // path; empty: any
  int64_t nice_min = -20;
  int64_t nice_max = 19;
  int64_t uid = -1;    // -1: any
  double weight = 1;   // cost of its waiting, relative to other tasks
  Nanos deadline = 0;  // from wake-up to sleep; 0: none
};

struct Weighing {
  std::vector<RewardClass> classes;
  double floor_share = 0.25;  // of its fair share that every task is promised

  // Index of the first class that matches, or -1. Matches text; called when a task appears or
  // changes its name.
  int16_t classify(const TaskInfo& info) const;

  // Cost of a moment's waiting. Without a class: max(0.01, importance * min(1, fair / use)^2): who
  // sleeps much and takes no more than its fair share waits for somebody.
  float weight(const TaskView& view, float fair_use, float use) const;
};

// 3 * sleep / (sleep + burst), burst at least the CPU time since it last slept; of a task that a
// peer woke no more than 7/8 of the peer's own: it has waited for that peer, and who waits for whom
// among peers says nothing about whether anybody waits for them all. So importance comes in from
// outside and fades along a chain; a closed loop, in which peers wake nobody but each other, has
// none.
float importance_of(const TaskView& view);

void read(Section& section, Weighing& weighing);

// Shell-like match: '*' any text, '?' any character.
bool glob_match(const char* pattern, const char* text);

}  // namespace quanta
