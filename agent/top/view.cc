#include "agent/top/view.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <utility>

#include "agent/explain/explain.h"
#include "agent/explain/inspect.h"
#include "agent/guard/uplift.h"
#include "agent/status/printable.h"

namespace quanta {

const std::array<std::string_view, static_cast<size_t>(SortKey::kKeys)> kSortNames = {
    "pid", "name", "class", "predicted", "burst", "wait", "slice", "reward", "decisions", "age"};

namespace {

struct Column {
  size_t width;
  bool text = false;  // set left, and cut where it is too long
};

// By SortKey.
constexpr std::array<Column, static_cast<size_t>(SortKey::kKeys)> kColumns = {
    {{8}, {15, true}, {12, true}, {11}, {9}, {9}, {9}, {11}, {10}, {9}}};

// What is done without first where there is no room.
constexpr SortKey kSpare[] = {SortKey::kAge, SortKey::kPredicted, SortKey::kDecisions,
                              SortKey::kBurst, SortKey::kPid};

const Column& column_of(SortKey key) {
  return kColumns[static_cast<size_t>(key)];
}

size_t width_of(const std::vector<SortKey>& columns) {
  size_t width = columns.size() - 1;
  for (const SortKey key : columns) width += column_of(key).width;
  return width;
}

// Of cells as wide as their columns.
template <class Cell>
std::string row(const std::vector<SortKey>& columns, Cell&& cell) {
  std::string text;
  for (const SortKey key : columns) {
    const auto& [width, is_text] = column_of(key);
    if (!text.empty()) text += ' ';
    const std::string content = cell(key);
    text += is_text ? fmt::format("{:<{}}", content.substr(0, width), width)
                    : fmt::format("{:>{}}", content, width);
  }
  return text;
}

double quantity(const TaskReport& t, SortKey by) {
  switch (by) {
    case SortKey::kPredicted:
      return t.predicted_ns;
    case SortKey::kBurst:
      return t.burst_ns;
    case SortKey::kWait:
      return t.wait_ns;
    case SortKey::kSlice:
      return t.slice_ns;
    case SortKey::kReward:
      return t.reward;
    case SortKey::kDecisions:
      return static_cast<double>(t.decisions);
    case SortKey::kAge:
      return t.last_seen_ns;
    case SortKey::kPid:
      return -static_cast<double>(t.pid);
    case SortKey::kName:
    case SortKey::kClass:
    case SortKey::kKeys:
      break;
  }
  return 0;
}

bool before(const TaskReport& a, const TaskReport& b, SortKey by) {
  if (by == SortKey::kName) return a.comm < b.comm;
  if (by == SortKey::kClass) return a.reward_class < b.reward_class;
  return quantity(a, by) > quantity(b, by);
}

bool passes(const TaskReport& t, const std::string& filter) {
  return t.comm.find(filter) != std::string::npos ||
         t.reward_class.find(filter) != std::string::npos || std::to_string(t.pid) == filter;
}

std::string number(const Real& real, const char* format) {
  return std::isfinite(real.value) ? fmt::format(fmt::runtime(format), real.value) : "not finite";
}

std::string learning_line(const LearningReport& l) {
  if (!l.learns) return fmt::format("learning: off; policy {}", l.version);
  return fmt::format("learning: policy {}  updates {}  entropy {}  kl {}  explained {}", l.version,
                     l.updates, number(l.entropy, "{:.2f}"), number(l.kl, "{:.4f}"),
                     number(l.explained_variance, "{:.2f}"));
}

// `items` behind `head`, in as many lines as a narrow terminal needs.
std::vector<std::string> wrapped(const std::string& head, const std::vector<std::string>& items) {
  constexpr size_t kWidth = 80;
  std::vector<std::string> lines{head};
  for (const std::string& item : items) {
    const std::string piece = "  " + item;
    if (lines.back().size() > head.size() && lines.back().size() + piece.size() > kWidth) {
      lines.emplace_back(head.size(), ' ');
    }
    lines.back() += piece;
  }
  return lines;
}

std::vector<std::string> term_lines(const MachineReport& m) {
  std::vector<std::string> items;
  for (size_t i = 0; i < kTerms; ++i) {
    if (m.reward_terms[i] == 0) continue;
    items.push_back(fmt::format("{} {:+.4f}", kTermNames[i], m.reward_terms[i]));
  }
  return wrapped(fmt::format("reward {:+.4f}:", m.reward), items);
}

// With their 95% intervals, as far as there are any.
std::vector<std::string> uplift_lines(const std::string& head,
                                      const std::vector<UpliftReport>& uplifts) {
  std::vector<std::string> items;
  for (const UpliftReport& u : uplifts) {
    if (u.rounds < 2 || (u.uplift == 0 && u.standard_error == 0)) continue;
    const Uplift measured{.mean = u.uplift, .standard_error = u.standard_error, .rounds = u.rounds};
    items.push_back(
        fmt::format("{} {:+.4f} +-{:.4f}", printable(u.name), u.uplift, measured.half()));
  }
  return items.empty() ? items : wrapped(head, items);
}

void append(std::vector<std::string>& lines, std::vector<std::string> more) {
  lines.insert(lines.end(), std::move_iterator(more.begin()), std::move_iterator(more.end()));
}

}  // namespace

std::optional<SortKey> sort_key(std::string_view name) {
  const auto found = std::find(kSortNames.begin(), kSortNames.end(), name);
  if (found == kSortNames.end()) return std::nullopt;
  return static_cast<SortKey>(found - kSortNames.begin());
}

std::vector<TaskReport> arrange(const TasksReport& report, const TopOrder& order) {
  std::vector<TaskReport> tasks;
  for (const TaskReport& t : report.tasks) {
    if ((order.exited || !t.exited) && passes(t, order.filter)) tasks.push_back(t);
  }
  std::stable_sort(tasks.begin(), tasks.end(), [&](const TaskReport& a, const TaskReport& b) {
    return order.reversed ? before(b, a, order.by) : before(a, b, order.by);
  });
  return tasks;
}

std::vector<std::string> header_lines(const TasksReport& report) {
  const MachineReport& m = report.machine;
  const LearningReport& l = report.learning;
  std::vector<std::string> lines;
  lines.push_back(fmt::format(
      "{} ({}), {} CPUs, {:.1f} s  tasks {} ({} runnable)", printable(m.env),
      m.policy == "watching" ? "watching" : fmt::format("dispatch {}", printable(m.dispatch)),
      m.cpus, m.now_ns / kSecond, m.tasks, m.runnable));
  lines.push_back(fmt::format("{:.0f} decisions/s  {:.0f} switches/s  wakeup p50 {} p99 {}",
                              m.decisions_per_second, m.switches_per_second,
                              duration_text(m.wakeup_p50_ns), duration_text(m.wakeup_p99_ns)));
  append(lines, term_lines(m));
  lines.push_back(learning_line(l));
  append(lines, wrapped("gate:", {gate_line(l),
                                  l.exploring ? "now: exploring"
                                              : fmt::format("now: '{}'", printable(l.acting))}));
  append(lines, uplift_lines("uplift:", l.arms));
  append(lines, uplift_lines(fmt::format("of '{}':", printable(l.best)), l.terms));
  return lines;
}

std::vector<SortKey> columns(SortKey by, size_t width) {
  std::vector<SortKey> chosen;
  chosen.reserve(kColumns.size());
  for (size_t i = 0; i < kColumns.size(); ++i) chosen.push_back(static_cast<SortKey>(i));
  for (const SortKey spare : kSpare) {
    if (width_of(chosen) <= width) break;
    if (spare != by) std::erase(chosen, spare);
  }
  return chosen;
}

std::string table_head(const TopOrder& order, const std::vector<SortKey>& columns) {
  return row(columns, [&](SortKey key) {
    const std::string_view plain = kSortNames[static_cast<size_t>(key)];
    return fmt::format("{}{}", plain, order.by == key ? (order.reversed ? "^" : "*") : "");
  });
}

std::string task_line(const TaskReport& t, double now_ns, const std::vector<SortKey>& columns) {
  const bool ended = t.predicted_ns > 0;  // an activation, so that there is a burst
  const bool decided = t.decisions > 0;
  const auto known = [](bool is, const std::string& text) { return is ? text : "-"; };
  return row(columns, [&](SortKey key) -> std::string {
    switch (key) {
      case SortKey::kPid:
        return std::to_string(t.pid);
      case SortKey::kName:
        return printable(t.comm);
      case SortKey::kClass:
        return known(!t.reward_class.empty(), printable(t.reward_class));
      case SortKey::kPredicted:
        return known(ended, duration_text(t.predicted_ns));
      case SortKey::kBurst:
        return known(ended,
                     fmt::format("{}{}", t.burst_censored ? ">" : "", duration_text(t.burst_ns)));
      case SortKey::kWait:
        return known(decided, duration_text(t.wait_ns));
      case SortKey::kSlice:
        return known(decided, duration_text(t.slice_ns));
      case SortKey::kReward:
        return known(decided, fmt::format("{:+.3f} ms", t.reward / kMillisecond));
      case SortKey::kDecisions:
        return std::to_string(t.decisions);
      case SortKey::kAge: {
        const double age = std::max(0.0, now_ns - t.last_seen_ns);
        return t.exited ? "exited" : fmt::format("{:.1f} s", age / kSecond);
      }
      case SortKey::kKeys:
        break;
    }
    return {};
  });
}

std::string plain_text(const TasksReport& report, const TopOrder& order) {
  std::string text;
  for (const std::string& line : header_lines(report)) text += line + '\n';
  const std::vector<SortKey> all = columns(order.by, SIZE_MAX);
  text += '\n' + table_head(order, all) + '\n';
  for (const TaskReport& t : arrange(report, order)) {
    text += task_line(t, report.machine.now_ns, all) + '\n';
  }
  return text;
}

}  // namespace quanta
