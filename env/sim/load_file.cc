#include "env/sim/load_file.h"

#include <fmt/format.h>
#include <filesystem>
#include <vector>

#include "env/sim/load_kinds.h"
#include "env/sim/trace_load.h"
#include "env/trace/reader.h"

namespace quanta {
namespace {

constexpr size_t kMaxComm = 15;
constexpr Nanos kLatest = 24 * 3600 * kSecond;

void read_traits(Section& section, GroupTraits& traits) {
  read_comm(section, "comm", traits.comm);
  section.integer("nice", traits.nice, -20, 19);
  section.integer("uid", traits.uid, 0, INT32_MAX);
  section.text("cgroup", traits.cgroup);
  static constexpr Choice kProcess[] = {{"own", 0}, {"shared", 1}};
  int shared = traits.shared_process ? 1 : 0;
  section.choice("process", shared, kProcess);
  traits.shared_process = shared == 1;
  section.boolean("batch", traits.batch);
  section.duration("cache_refill", traits.cache_refill, 0, 10 * kMillisecond);
  section.duration("deadline", traits.deadline, 0, 3600 * kSecond);
  section.duration("start", traits.start, 0, 60 * kSecond);
  section.duration("from", traits.from, 0, kLatest);
  section.duration("until", traits.until, 0, kLatest);
  if (traits.until <= traits.from) section.complain("until", "expected a time after 'from'");
}

void read_group(const std::string& name, Section& section, LoadBuilder& builder) {
  const std::span<const LoadKind> kinds = load_kinds();
  std::vector<Choice> choices;
  for (const LoadKind& kind : kinds)
    choices.push_back({kind.name, static_cast<int>(choices.size())});
  size_t kind = kinds.size();
  section.require("kind");
  section.choice("kind", kind, choices);
  if (kind == kinds.size()) return;
  GroupTraits traits = kinds[kind].defaults;
  traits.comm = name.substr(0, kMaxComm);
  traits.group = builder.group(name);
  read_traits(section, traits);
  kinds[kind].read(section, traits, builder);
  if (!builder.full()) builder.describe(traits);
}

Result<Load> read_workload(Section section, const std::string& file, Diagnostics& diagnostics) {
  std::string name = std::filesystem::path(file).stem();
  section.text("name", name);
  section.require("groups");
  LoadBuilder builder;
  section.members("groups", [&](const std::string& group, Section& members) {
    read_group(group, members, builder);
  });
  if (builder.full()) {
    section.complain(
        "groups",
        fmt::format("expected at most {} groups, {} tasks at a time, {} channels",
                    LoadBuilder::kMaxGroups, LoadBuilder::kMaxTasks, LoadBuilder::kMaxChannels));
  }
  section.finish();
  if (!diagnostics.ok()) return tl::unexpected(diagnostics.error());
  Load load = builder.take(name);
  if (load.tasks.empty()) return fail(fmt::format("{}: key 'groups': expected a group", file));
  return load;
}

}  // namespace

void read_comm(Section& section, std::string_view key, std::string& comm) {
  section.text(key, comm);
  if (comm.empty() || comm.size() > kMaxComm) {
    section.complain(key, fmt::format("expected a name of 1 to {} bytes", kMaxComm));
  }
}

Result<Load> parse_load(const std::string& text, const std::string& name) {
  Diagnostics diagnostics;
  return read_workload(Section::parse(text, name, diagnostics), name, diagnostics);
}

Result<Load> read_load(const std::string& file) {
  if (file.ends_with(".trace")) {
    const Result<Trace> trace = read_trace(file);
    if (!trace) return tl::unexpected(trace.error());
    return trace_load(*trace, std::filesystem::path(file).stem());
  }
  Diagnostics diagnostics;
  return read_workload(Section::open(file, diagnostics), file, diagnostics);
}

}  // namespace quanta
