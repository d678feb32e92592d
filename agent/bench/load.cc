#include "agent/bench/load.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <sstream>
#include <string_view>

#include "agent/config/section.h"

namespace quanta {
namespace {

constexpr size_t kDefaultLoads = 7;  // the first ones

const BenchLoad* find(const std::string& name) {
  const std::vector<BenchLoad>& all = bench_loads();
  const auto at = std::find_if(all.begin(), all.end(),
                               [&](const BenchLoad& load) { return load.name == name; });
  return at == all.end() ? nullptr : &*at;
}

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, separator);) {
    if (!part.empty()) parts.push_back(part);
  }
  return parts;
}

bool is_name_list(const std::string& text) {
  return text.find_first_of(":= ") == std::string::npos;
}

// "NAME=GROUP GROUP" or "GROUP GROUP".
Result<BenchLoad> custom_load(const std::string& text) {
  const size_t sign = text.find_first_of(":= ");
  const bool named = sign != std::string::npos && text[sign] == '=';
  const std::string groups = named ? text.substr(sign + 1) : text;
  BenchLoad load{
      .name = named ? text.substr(0, sign) : text, .groups = split(groups, ' '), .figures = {}};
  if (load.name.empty() || load.groups.empty()) {
    return fail(fmt::format("--workload: expected NAME=GROUP GROUP..., got '{}'", text));
  }
  if (named && find(load.name) != nullptr) {
    return fail(fmt::format("--workload: '{}' is the name of a load of its own", load.name));
  }
  return load;
}

Status add_named(const std::string& list, std::vector<BenchLoad>& loads) {
  for (const std::string& name : split(list, ',')) {
    const BenchLoad* load = find(name);
    if (load == nullptr) {
      std::vector<std::string> known;
      for (const BenchLoad& each : bench_loads()) known.push_back(each.name);
      const std::string near = nearest(name, known);
      return fail(near.empty()
                      ? fmt::format("unknown workload '{}' (known: {}; or groups in the "
                                    "form NAME=GROUP GROUP...)",
                                    name, fmt::join(known, ", "))
                      : fmt::format("unknown workload '{}'; did you mean '{}'?", name, near));
    }
    loads.push_back(*load);
  }
  return {};
}

bool somebody_waits_for(std::string_view kind) {
  return kind == "periodic" || kind == "game" || kind == "server";
}

bool names_nice(std::string_view group) {
  return group.find(":nice=") != group.npos || group.find(",nice=") != group.npos;
}

bool tells_something(const std::string& metric) {
  for (const std::string_view end : {"_per_second", "/fps", "elapsed_seconds", "_p99_seconds"}) {
    if (metric.ends_with(end)) return true;
  }
  return false;
}

}  // namespace

bool BenchLoad::fixed() const {
  return std::any_of(groups.begin(), groups.end(), [](const std::string& group) {
    return group.find("total=") != std::string::npos;
  });
}

const std::vector<BenchLoad>& bench_loads() {
  static const std::vector<BenchLoad> kLoads{
      {"periodic_hogs",
       {"periodic", "hogs"},
       {"periodic/wakeup_latency_p99_seconds", "hogs/work_per_second"}},
      {"game_hogs",
       {"game", "hogs:count=16"},
       {"game/fps", "game/frame_p99_seconds", "hogs/work_per_second"}},
      {"server_hogs",
       {"server", "hogs"},
       {"server/response_p99_seconds", "server/requests_per_second", "hogs/work_per_second"}},
      {"periodic_build",
       {"periodic", "build"},
       {"periodic/wakeup_latency_p99_seconds", "build/jobs_per_second"}},
      {"messages",
       {"messages"},
       {"messages/requests_per_second", "messages/wakeup_latency_p99_seconds"}},
      {"build", {"build:total=200"}, {"build/elapsed_seconds"}},
      {"hackbench", {}, {"hackbench/elapsed_seconds"}},
      {"game_messages",
       {"game", "messages"},
       {"game/fps", "game/frame_p99_seconds", "messages/requests_per_second"}},
      {"game_io", {"game", "io"}, {"game/fps", "game/frame_p99_seconds", "io/bursts_per_second"}},
      {"double_game_messages",
       {"game", "game:name=game-2,frame=6ms", "messages:workers=12,work=800us"},
       {"game/fps", "game/frame_p99_seconds", "game-2/fps", "game-2/frame_p99_seconds",
        "messages/requests_per_second"}},
      {"periodic_messages",
       {"periodic", "messages:work=600us"},
       {"periodic/wakeup_latency_p99_seconds", "messages/requests_per_second"}},
      {"game_hackbench",
       {"game", "flood"},
       {"game/fps", "game/frame_p99_seconds", "flood/messages_per_second"}},
      {"locks_periodic",
       {"locks", "periodic"},
       {"locks/operations_per_second", "locks/lock_wait_p99_seconds",
        "periodic/wakeup_latency_p99_seconds"}},
      {"locks_hogs",
       {"locks", "hogs"},
       {"locks/operations_per_second", "locks/lock_wait_p99_seconds", "hogs/work_per_second"}},
  };
  return kLoads;
}

BenchLoad with_nice(BenchLoad load, int nice) {
  for (std::string& group : load.groups) {
    const std::string kind = group.substr(0, group.find(':'));
    if (nice == 0 || !somebody_waits_for(kind) || names_nice(group)) continue;
    const std::string keys = group.substr(std::min(group.size(), kind.size() + 1));
    group = fmt::format("{}:nice={}{}{}", kind, nice, keys.empty() ? "" : ",", keys);
  }
  return load;
}

Result<std::vector<BenchLoad>> select_bench_loads(const std::vector<std::string>& texts) {
  std::vector<BenchLoad> loads;
  if (texts.empty()) {
    loads.assign(bench_loads().begin(), bench_loads().begin() + kDefaultLoads);
  }
  for (const std::string& text : texts) {
    if (is_name_list(text)) {
      if (Status s = add_named(text, loads); !s) return tl::unexpected(s.error());
      continue;
    }
    Result<BenchLoad> load = custom_load(text);
    if (!load) return tl::unexpected(load.error());
    loads.push_back(*std::move(load));
  }
  std::set<std::string> seen;
  for (const BenchLoad& load : loads) {
    if (!seen.insert(load.name).second) {
      return fail(fmt::format("--workload: '{}' is given twice", load.name));
    }
  }
  return loads;
}

std::vector<std::string> figures_of(const std::string& load, const LoadMetrics& measured) {
  const BenchLoad* preset = find(load);
  std::vector<std::string> figures;
  if (preset != nullptr) figures = preset->figures;
  if (preset == nullptr) {
    for (const auto& [name, value] : measured) {
      if (tells_something(name)) figures.push_back(name);
    }
  }
  std::erase_if(figures, [&](const std::string& name) { return !measured.contains(name); });
  return figures;
}

bool less_is_better(const std::string& figure) {
  return figure.ends_with("_seconds");
}

}  // namespace quanta
