// Text that comes from elsewhere, fit for a terminal.
#pragma once

#include <string>
#include <string_view>

namespace quanta {

// What is not printable ASCII becomes '?': a task's name is its own and could steer a terminal.
inline std::string printable(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c < ' ' || c > '~') c = '?';
  }
  return out;
}

}  // namespace quanta
