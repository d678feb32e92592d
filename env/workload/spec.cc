#include "env/workload/spec.h"

#include <fmt/format.h>

#include <algorithm>

#include "agent/config/section.h"

namespace quanta::workload {
namespace {

std::string unknown_kind(std::string_view kind) {
  std::vector<std::string> names;
  names.reserve(kinds().size());
  for (const Kind& known : kinds()) names.emplace_back(known.name);
  const std::string near = nearest(kind, names);
  return near.empty() ? fmt::format("unknown kind '{}' (known: {})", kind, fmt::join(names, ", "))
                      : fmt::format("unknown kind '{}'; did you mean '{}'?", kind, near);
}

Result<GroupSpec> parse_group(std::string_view text) {
  const std::string_view name = text.substr(0, text.find(':'));
  const auto all = kinds();
  const auto kind =
      std::find_if(all.begin(), all.end(), [&](const Kind& known) { return known.name == name; });
  if (kind == all.end()) return fail(unknown_kind(name));
  const std::string_view rest = name.size() < text.size() ? text.substr(name.size() + 1) : "";
  const Result<Params> params = Params::parse(rest, kind->params);
  if (!params) return tl::unexpected(params.error());
  return GroupSpec{&*kind, params->name().empty() ? kind->name : params->name(), *params};
}

}  // namespace

Result<std::vector<GroupSpec>> parse_groups(const std::vector<std::string>& texts) {
  std::vector<GroupSpec> groups;
  for (const std::string& text : texts) {
    Result<GroupSpec> group = parse_group(text);
    if (!group) return fail(fmt::format("group '{}': {}", text, group.error().message));
    for (const GroupSpec& other : groups) {
      if (other.name != group->name) continue;
      return fail(fmt::format("group '{}': another one is named '{}' too; add name=...", text,
                              group->name));
    }
    groups.push_back(std::move(*group));
  }
  return groups;
}

}  // namespace quanta::workload
