#include "agent/eval/table.h"

#include <algorithm>

namespace quanta {
namespace {

constexpr size_t kGap = 2;

size_t characters(const std::string& text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0) != 0x80;  // not a UTF-8 continuation byte
  }));
}

}  // namespace

std::string Table::render(size_t width) const {
  const size_t columns = rows_.front().size();
  std::vector<size_t> widths(columns);
  for (const auto& row : rows_) {
    for (size_t c = 0; c < columns; ++c) widths[c] = std::max(widths[c], characters(row[c]));
  }
  std::string out;
  for (size_t first = 1; first < columns;) {
    size_t last = first;
    for (size_t used = widths[0]; last < columns; ++last) {  // at least one column in each block
      used += kGap + widths[last];
      if (used > width && last > first) break;
    }
    if (first > 1) out += '\n';
    for (const auto& row : rows_) {
      out += row[0] + std::string(widths[0] - characters(row[0]), ' ');
      for (size_t c = first; c < last; ++c) {
        out += std::string(kGap + widths[c] - characters(row[c]), ' ') + row[c];
      }
      out += '\n';
    }
    first = last;
  }
  return out;
}

}  // namespace quanta
