#include "agent/eval/selection.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <set>

#include "agent/config/config.h"
#include "agent/config/section.h"
#include "env/sim/load_file.h"

namespace quanta {
namespace {

namespace fs = std::filesystem;

constexpr uint64_t kMostSeeds = 1000;

std::string unknown(std::string_view kind, const std::string& name,
                    const std::vector<std::string>& known) {
  const std::string near = nearest(name, known);
  if (!near.empty()) return fmt::format("unknown {} '{}'; did you mean '{}'?", kind, name, near);
  return fmt::format("unknown {} '{}' (known: {})", kind, name, fmt::join(known, ", "));
}

template <class T, class Name>
Status all_different(const std::vector<T>& all, std::string_view kind, const Name& name_of) {
  std::set<std::string> seen;
  for (const T& each : all) {
    if (seen.insert(name_of(each)).second) continue;
    return fail(fmt::format("two {}s are named '{}': results would not tell them apart", kind,
                            name_of(each)));
  }
  return {};
}

// Sorted by name.
std::vector<fs::path> shipped(const fs::path& directory) {
  std::vector<fs::path> files;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(directory, error)) {
    const fs::path extension = entry.path().extension();
    if (extension == ".yaml" || extension == ".trace") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

// The workload that recorded and generated files share a name for keeps its extension.
std::string title(const fs::path& file, const std::vector<fs::path>& all) {
  const auto same = std::count_if(
      all.begin(), all.end(), [&](const fs::path& other) { return other.stem() == file.stem(); });
  return same > 1 && file.extension() == ".trace" ? file.filename() : file.stem();
}

Result<Load> read_titled(const fs::path& file, const std::vector<fs::path>& all) {
  Result<Load> load = read_load(file);
  if (load && file.extension() == ".trace") load->name = title(file, all);
  return load;
}

Result<fs::path> find_load(const std::string& name, const std::vector<fs::path>& known) {
  std::error_code error;
  if (fs::is_regular_file(name, error)) return fs::path(name);
  std::vector<std::string> titles;
  for (const fs::path& file : known) {
    titles.push_back(title(file, known));
    if (titles.back() == name || file.filename() == name) return file;
  }
  if (name.find('/') != std::string::npos) return fail(fmt::format("{}: no such file", name));
  return fail(unknown("workload", name, titles));
}

}  // namespace

Result<std::vector<uint64_t>> parse_seeds(const std::string& text) {
  std::vector<uint64_t> seeds;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at < end) {
    uint64_t seed = 0;
    const auto [rest, error] = std::from_chars(at, end, seed);
    if (error != std::errc() || (rest < end && *rest != ',')) break;
    seeds.push_back(seed);
    at = rest < end ? rest + 1 : rest;
  }
  const bool list = text.find(',') != std::string::npos;
  const bool sensible = !seeds.empty() && (list || (seeds[0] > 0 && seeds[0] <= kMostSeeds));
  if (at < end || !sensible) {
    return fail(fmt::format("--seeds: expected a number up to {} or a list like 3,7,9, got '{}'",
                            kMostSeeds, text));
  }
  if (!list) {
    const uint64_t n = seeds[0];
    seeds.clear();
    for (uint64_t seed = 1; seed <= n; ++seed) seeds.push_back(seed);
  }
  const Status different =
      all_different(seeds, "seed", [](uint64_t seed) { return std::to_string(seed); });
  if (!different) return tl::unexpected(different.error());
  return seeds;
}

Result<std::vector<std::string>> select_policies(const std::vector<std::string>& names) {
  const std::vector<std::string>& known = policy_names();
  if (names.empty()) return known;
  for (const std::string& name : names) {
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      return fail(unknown("policy", name, known));
    }
  }
  const Status different =
      all_different(names, "policy", [](const std::string& name) { return name; });
  if (!different) return fail("--policy: a name is given twice");
  return names;
}

Result<std::vector<Load>> select_loads(const std::vector<std::string>& names,
                                       const std::string& config_file) {
  const fs::path directory = fs::path(config_file).parent_path() / "workloads";
  const std::vector<fs::path> known = shipped(directory);
  std::vector<fs::path> files;
  for (const std::string& name : names) {
    Result<fs::path> file = find_load(name, known);
    if (!file) return tl::unexpected(file.error());
    files.push_back(std::move(*file));
  }
  if (names.empty()) files = known;
  if (files.empty()) {
    return fail(
        fmt::format("{}: no workloads there; name some with --workload", directory.string()));
  }
  std::vector<Load> loads;
  for (const fs::path& file : files) {
    Result<Load> load = read_titled(file, files);
    if (!load) return tl::unexpected(load.error());
    loads.push_back(std::move(*load));
  }
  const Status different =
      all_different(loads, "workload", [](const Load& load) { return load.name; });
  if (!different) return tl::unexpected(different.error());
  return loads;
}

Result<std::vector<NamedConfig>> read_configs(const std::vector<std::string>& files) {
  std::vector<NamedConfig> configs;
  for (const std::string& file : files) {
    const Result<Config> read = load_config(file);
    if (!read) return tl::unexpected(read.error());
    NamedConfig config{.name = fs::path(file).stem(), .experiment = {}};
    config.experiment.machine = read->sim.machine;
    config.experiment.agent = {.reward = read->reward,
                               .index = read->policy,
                               .exploration = read->exploration,
                               .learner = read->learner,
                               .trainer = read->trainer,
                               .gate = read->guard};
    configs.push_back(std::move(config));
  }
  const Status different =
      all_different(configs, "config", [](const NamedConfig& config) { return config.name; });
  if (!different) return tl::unexpected(different.error());
  return configs;
}

}  // namespace quanta
