#include "env/sim/load_builder.h"

#include "env/base/hash.h"

namespace quanta {

bool LoadBuilder::fits(size_t used, size_t most) {
  if (used >= most) full_ = true;
  return used < most;
}

uint32_t LoadBuilder::group(const std::string& name) {
  if (!fits(load_.groups.size(), kMaxGroups)) return 0;
  load_.groups.push_back({.name = name});
  return static_cast<uint32_t>(load_.groups.size() - 1);
}

void LoadBuilder::describe(const GroupTraits& traits) {
  LoadGroup& group = load_.groups[traits.group];
  group.deadline = traits.deadline;
  group.batch = traits.batch;
  group.from = traits.from;
  group.until = traits.until;
}

uint32_t LoadBuilder::name(const std::string& comm) {
  const auto [at, is_new] = names_.emplace(comm, static_cast<uint32_t>(load_.names.size()));
  if (is_new) load_.names.push_back(comm);
  return at->second;
}

uint32_t LoadBuilder::channel(uint32_t messages) {
  if (!fits(load_.channels.size(), kMaxChannels)) return 0;
  load_.channels.push_back(messages);
  return static_cast<uint32_t>(load_.channels.size() - 1);
}

uint32_t LoadBuilder::program(const GroupTraits& traits, const std::string& comm,
                              std::vector<Op> ops) {
  if (!fits(load_.programs.size(), kMaxPrograms) || !fits(ops_ + ops.size(), kMaxOps)) return 0;
  ops_ += ops.size();
  const int nice = static_cast<int>(traits.nice);
  load_.programs.push_back({.ops = std::move(ops),
                            .group = traits.group,
                            .name = name(comm),
                            .weight = nice_to_weight(nice),
                            .nice = nice,
                            .uid = static_cast<uint32_t>(traits.uid),
                            .cgroup = traits.cgroup.empty() ? 0 : fnv1a64(traits.cgroup),
                            .cache_refill = traits.cache_refill});
  return static_cast<uint32_t>(load_.programs.size() - 1);
}

uint32_t LoadBuilder::device(const GroupTraits& traits, std::vector<Op> ops) {
  const uint32_t index = program(traits, "device", std::move(ops));
  if (!full_) load_.programs[index].device = true;
  return index;
}

void LoadBuilder::task(const GroupTraits& traits, uint32_t program, uint32_t process) {
  if (!fits(load_.tasks.size() + forks_, kMaxTasks)) return;
  const auto spread = static_cast<Nanos>(rng_.uniform() * static_cast<double>(traits.start));
  load_.tasks.push_back({.program = program, .process = process, .start = traits.from + spread});
}

Load LoadBuilder::take(const std::string& name) {
  load_.name = name;
  load_.max_tasks = static_cast<uint32_t>(load_.tasks.size() + forks_);
  return std::move(load_);
}

}  // namespace quanta
