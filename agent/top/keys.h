// What keys do to the terminal view. Pure: no terminal here.
#pragma once

#include <cstddef>

#include "agent/top/view.h"

namespace quanta {

// Keys that have no character.
enum SpecialKey : int { kKeyUp = 1000, kKeyDown, kKeyPageUp, kKeyPageDown };

struct TopState {
  TopOrder order;
  size_t first = 0;     // task in the first line of the table
  bool typing = false;  // a filter
  bool quit = false;
};

// `tasks`: that there are to scroll through, `page`: lines of the table.
void press(TopState& state, int key, size_t tasks, size_t page);

// The line at the bottom.
std::string help_line(const TopState& state);

}  // namespace quanta
