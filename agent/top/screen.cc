#include "agent/top/screen.h"

#include <ncurses.h>

#include <algorithm>
#include <cstdio>

namespace quanta {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kLook = 50;  // ms between two looks at the clock and signals

// The terminal as ncurses wants it, while it lives.
class Terminal {
 public:
  Terminal() : screen_(newterm(nullptr, stdout, stdin)) {
    if (screen_ == nullptr) return;
    cbreak();
    noecho();
    keypad(stdscr, TRUE);
    set_escdelay(25);
    curs_set(0);
    timeout(kLook);
  }
  ~Terminal() {
    if (screen_ == nullptr) return;
    endwin();
    delscreen(screen_);
  }
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;
  bool works() const { return screen_ != nullptr; }

 private:
  SCREEN* screen_;
};

int plain_key(int key) {
  switch (key) {
    case KEY_UP:
      return kKeyUp;
    case KEY_DOWN:
      return kKeyDown;
    case KEY_PPAGE:
      return kKeyPageUp;
    case KEY_NPAGE:
      return kKeyPageDown;
    case KEY_BACKSPACE:
      return 127;
    case KEY_ENTER:
      return '\n';
    default:
      return key;
  }
}

void put_line(int y, const std::string& text, attr_t attributes = A_NORMAL) {
  attron(attributes);
  mvaddnstr(y, 0, text.c_str(), COLS);
  attroff(attributes);
}

// Lines of the table.
size_t page_of(const TasksReport& report) {
  const int rest = LINES - static_cast<int>(header_lines(report).size()) - 3;
  return static_cast<size_t>(std::max(1, rest));
}

void draw(const TasksReport& report, const std::vector<TaskReport>& tasks, const TopState& state) {
  erase();
  int y = 0;
  for (const std::string& line : header_lines(report)) put_line(y++, line);
  const std::vector<SortKey> shown = columns(state.order.by, static_cast<size_t>(COLS));
  put_line(++y, table_head(state.order, shown), A_REVERSE);
  const size_t end = std::min(tasks.size(), state.first + page_of(report));
  for (size_t i = state.first; i < end; ++i) {
    put_line(++y, task_line(tasks[i], report.machine.now_ns, shown),
             tasks[i].exited ? A_DIM : A_NORMAL);
  }
  put_line(LINES - 1, help_line(state), A_BOLD);
  refresh();
}

}  // namespace

Status show_top(TopState state, std::chrono::nanoseconds interval,
                const std::function<Result<TasksReport>()>& ask,
                const std::atomic<bool>& interrupted) {
  Result<TasksReport> report = ask();
  if (!report) return tl::unexpected(report.error());
  const Terminal terminal;
  if (!terminal.works()) return fail("this terminal is not known (TERM); --once needs none");
  auto next = Clock::now() + interval;
  while (!state.quit && !interrupted.load(std::memory_order_relaxed)) {
    const std::vector<TaskReport> tasks = arrange(*report, state.order);
    state.first = std::min(state.first, tasks.empty() ? 0 : tasks.size() - 1);
    draw(*report, tasks, state);
    if (const int key = getch(); key != ERR) {
      press(state, plain_key(key), tasks.size(), page_of(*report));
    }
    if (Clock::now() < next) continue;
    report = ask();
    if (!report) return tl::unexpected(report.error());
    next = Clock::now() + interval;
  }
  return {};
}

}  // namespace quanta
