#include "agent/features/weighing.h"

#include <algorithm>

#include "agent/config/section.h"
#include "agent/features/tracker.h"
#include "env/base/hash.h"

namespace quanta {

bool glob_match(const char* pattern, const char* text) {
  const char* star = nullptr;
  const char* resume = nullptr;
  while (*text != '\0') {
    if (*pattern == '*') {
      star = pattern++;
      resume = text;
    } else if (*pattern == '?' || *pattern == *text) {
      ++pattern;
      ++text;
    } else if (star != nullptr) {
      pattern = star + 1;
      text = ++resume;
    } else {
      return false;
    }
  }
  while (*pattern == '*') ++pattern;
  return *pattern == '\0';
}

int16_t Weighing::classify(const TaskInfo& info) const {
  for (size_t i = 0; i < classes.size(); ++i) {
    const RewardClass& c = classes[i];
    if (!c.comm.empty() && !glob_match(c.comm.c_str(), info.comm)) continue;
    if (!c.cgroup.empty() && fnv1a64(c.cgroup) != info.cgroup) continue;
    if (info.nice < c.nice_min || info.nice > c.nice_max) continue;
    if (c.uid >= 0 && info.uid != static_cast<uint32_t>(c.uid)) continue;
    return static_cast<int16_t>(i);
  }
  return -1;
}

float Weighing::weight(const TaskView& view, float fair_use, float use) const {
  if (view.reward_class >= 0) {
    return static_cast<float>(classes[static_cast<size_t>(view.reward_class)].weight);
  }
  const float modest = use > fair_use ? fair_use / use : 1.0F;
  return std::max(0.01F, view.importance * modest * modest);
}

float importance_of(const TaskView& view) {
  const float sleep = static_cast<float>(view.sleep);
  const float burst = static_cast<float>(std::max(view.burst, view.exec));
  const float own = 3.0F * sleep / (sleep + burst + 1.0F);
  return view.peer_index > 0 ? std::min(own, 0.875F * view.peer_importance) : own;
}

void read(Section& section, Weighing& weighing) {
  section.number("floor_share", weighing.floor_share, 0, 0.9);
  section.each("classes", [&](Section& s) {
    RewardClass c;
    s.require("name");
    s.text("name", c.name);
    s.require("weight");
    s.number("weight", c.weight, 0.001, 1000);
    s.duration("deadline", c.deadline, 0, 10 * kSecond);
    s.section("match", [&](Section& m) {
      m.text("comm", c.comm);
      m.text("cgroup", c.cgroup);
      m.integer("nice_min", c.nice_min, -20, 19);
      m.integer("nice_max", c.nice_max, -20, 19);
      m.integer("uid", c.uid, 0, UINT32_MAX);
      if (c.nice_min > c.nice_max) m.complain("nice_min", "must not exceed 'nice_max'");
    });
    weighing.classes.push_back(c);
  });
}

}  // namespace quanta
