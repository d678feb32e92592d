#include "agent/bench/row.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <tuple>

namespace quanta {
namespace {

using Json = nlohmann::ordered_json;

Json json_of(const BenchRow& row) {
  Json json{{"scheduler", row.scheduler}, {"workload", row.workload}, {"seed", row.seed},
            {"kernel", row.kernel},       {"cpus", row.cpus},         {"seconds", row.seconds},
            {"metrics", row.metrics},     {"counters", row.counters}};
  if (!row.error.empty()) json["error"] = row.error;
  return json;
}

BenchRow row_of(const Json& json) {
  return {.scheduler = json.at("scheduler"),
          .workload = json.at("workload"),
          .seed = json.at("seed"),
          .kernel = json.at("kernel"),
          .cpus = json.at("cpus"),
          .seconds = json.at("seconds"),
          .metrics = json.at("metrics").get<LoadMetrics>(),
          .counters = json.at("counters").get<LoadMetrics>(),
          .error = json.value("error", "")};
}

void replace_or_add(BenchRow row, std::vector<BenchRow>& rows) {
  const auto key = [](const BenchRow& r) { return std::tie(r.scheduler, r.workload, r.seed); };
  const auto same = std::find_if(rows.begin(), rows.end(),
                                 [&](const BenchRow& other) { return key(other) == key(row); });
  if (same == rows.end()) {
    rows.push_back(std::move(row));
  } else {
    *same = std::move(row);
  }
}

}  // namespace

std::string to_json(const std::vector<BenchRow>& rows) {
  Json json = Json::array();
  for (const BenchRow& row : rows) json.push_back(json_of(row));
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + '\n';
}

Result<std::vector<BenchRow>> parse_bench_rows(const std::string& json) {
  try {
    std::vector<BenchRow> rows;
    for (const Json& row : Json::parse(json)) rows.push_back(row_of(row));
    return rows;
  } catch (const Json::exception& error) {
    return fail(fmt::format("not results of scx_quanta bench: {}", error.what()));
  }
}

Result<std::vector<BenchRow>> merge_bench_rows(const std::vector<std::string>& files) {
  std::vector<BenchRow> merged;
  for (const std::string& file : files) {
    std::ifstream in(file);
    if (!in) return fail(fmt::format("{}: cannot be read: {}", file, std::strerror(errno)));
    Result<std::vector<BenchRow>> rows = parse_bench_rows({std::istreambuf_iterator<char>(in), {}});
    if (!rows) return fail(fmt::format("{}: {}", file, rows.error().message));
    for (BenchRow& row : *rows) {
      const BenchRow& first = merged.empty() ? row : merged.front();
      if (row.kernel != first.kernel || row.cpus != first.cpus) {
        return fail(fmt::format("{}: of {} with {} CPUs, the others of {} with {}: not comparable",
                                file, row.kernel, row.cpus, first.kernel, first.cpus));
      }
      replace_or_add(std::move(row), merged);
    }
  }
  return merged;
}

}  // namespace quanta
