// A text table: the first column to the left, the others to the right. Wider than the terminal, it
// continues in further blocks that repeat the first column. Widths count characters, not bytes.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace quanta {

class Table {
 public:
  explicit Table(std::vector<std::string> header) { add(std::move(header)); }

  // As many cells as the header has.
  void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
  std::string render(size_t width) const;

 private:
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace quanta
