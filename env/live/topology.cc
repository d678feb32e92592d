#include "env/live/topology.h"

#include <fmt/format.h>

#include <charconv>
#include <fstream>
#include <map>
#include <string>
#include <string_view>

namespace quanta {
namespace {

std::string first_line(const std::string& file) {
  std::ifstream in(file);
  std::string line;
  std::getline(in, line);
  return line;
}

// The CPUs that share the highest-numbered cache level with this one; empty: not known.
std::string shared_with(const std::string& cpu_directory) {
  std::string shared;
  int highest = 0;
  for (int index = 0; index < 16; ++index) {
    const std::string cache = fmt::format("{}/cache/index{}", cpu_directory, index);
    const std::string level = first_line(cache + "/level");
    if (level.empty()) break;
    const int number = level[0] - '0';
    if (number < highest) continue;
    highest = number;
    shared = first_line(cache + "/shared_cpu_list");
  }
  return shared;
}

bool take_number(std::string_view& text, int& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || number < 0) return false;
  text.remove_prefix(static_cast<size_t>(end - text.data()));
  return true;
}

}  // namespace

std::vector<int> parse_cpu_list(const std::string& list) {
  std::vector<int> cpus;
  std::string_view text(list);
  while (!text.empty()) {
    int first = 0;
    if (!take_number(text, first)) return {};
    int last = first;
    if (text.starts_with('-')) {
      text.remove_prefix(1);
      if (!take_number(text, last) || last < first) return {};
    }
    for (int cpu = first; cpu <= last; ++cpu) cpus.push_back(cpu);
    if (text.starts_with(',')) {
      text.remove_prefix(1);
    } else if (!text.empty()) {
      return {};
    }
  }
  return cpus;
}

Result<Topology> read_topology(const std::string& sysfs) {
  const std::string root = sysfs + "/devices/system/cpu";
  const std::vector<int> possible = parse_cpu_list(first_line(root + "/possible"));
  Topology topology;
  topology.online = parse_cpu_list(first_line(root + "/online"));
  if (possible.empty() || topology.online.empty()) {
    return fail(fmt::format("{}: does not list the CPUs; is sysfs mounted?", root));
  }
  topology.possible = possible.back() + 1;
  topology.domain.assign(static_cast<size_t>(topology.possible), 0);
  std::map<std::string, int> known;
  for (const int cpu : topology.online) {
    const std::string shared = shared_with(fmt::format("{}/cpu{}", root, cpu));
    const auto [domain, fresh] = known.try_emplace(shared, static_cast<int>(known.size()));
    topology.domain[static_cast<size_t>(cpu)] = domain->second;
  }
  topology.domains = static_cast<int>(known.size());
  return topology;
}

}  // namespace quanta
