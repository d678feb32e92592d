#include "agent/top/keys.h"

#include <fmt/format.h>

#include <algorithm>

namespace quanta {
namespace {

constexpr int kEscape = 27;
constexpr int kBackspace = 8;
constexpr int kDelete = 127;

void type(TopState& state, int key) {
  std::string& filter = state.order.filter;
  state.first = 0;
  if (key == '\n' || key == '\r') {
    state.typing = false;
  } else if (key == kEscape) {
    filter.clear();
    state.typing = false;
  } else if (key == kBackspace || key == kDelete) {
    if (!filter.empty()) filter.pop_back();
  } else if (key >= ' ' && key <= '~') {
    filter.push_back(static_cast<char>(key));
  }
}

void sort_by_next(TopOrder& order, int step) {
  constexpr int kKeys = static_cast<int>(SortKey::kKeys);
  order.by = static_cast<SortKey>((static_cast<int>(order.by) + step + kKeys) % kKeys);
}

void scroll(TopState& state, ptrdiff_t by, size_t tasks) {
  const auto last = static_cast<ptrdiff_t>(tasks > 0 ? tasks - 1 : 0);
  const auto first = std::clamp<ptrdiff_t>(static_cast<ptrdiff_t>(state.first) + by, 0, last);
  state.first = static_cast<size_t>(first);
}

}  // namespace

void press(TopState& state, int key, size_t tasks, size_t page) {
  if (state.typing) {
    type(state, key);
    return;
  }
  switch (key) {
    case 'q':
      state.quit = true;
      break;
    case 's':
    case '>':
      sort_by_next(state.order, 1);
      break;
    case 'S':
    case '<':
      sort_by_next(state.order, -1);
      break;
    case 'r':
      state.order.reversed = !state.order.reversed;
      break;
    case 'e':
      state.order.exited = !state.order.exited;
      break;
    case '/':
      state.typing = true;
      break;
    case kEscape:
      state.order.filter.clear();
      state.first = 0;
      break;
    case kKeyUp:
      scroll(state, -1, tasks);
      break;
    case kKeyDown:
      scroll(state, 1, tasks);
      break;
    case kKeyPageUp:
      scroll(state, -static_cast<ptrdiff_t>(page), tasks);
      break;
    case kKeyPageDown:
      scroll(state, static_cast<ptrdiff_t>(page), tasks);
      break;
    default:
      break;
  }
}

std::string help_line(const TopState& state) {
  if (state.typing) {
    return fmt::format("filter: {}_   Enter keeps it, Esc drops it", state.order.filter);
  }
  const std::string filter =
      state.order.filter.empty() ? "" : fmt::format("filter: {}  ", state.order.filter);
  return filter + "q quit  s/S sort by next/previous  r reverse  e exited  / filter  arrows scroll";
}

}  // namespace quanta
