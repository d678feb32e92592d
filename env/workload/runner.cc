#include "env/workload/runner.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "env/base/hash.h"
#include "env/workload/clock.h"
#include "env/workload/family.h"

namespace quanta::workload {
namespace {

constexpr Nanos kSetup = 60 * kSecond;          // for all tasks to be ready
constexpr Nanos kHeadStart = 5 * kMillisecond;  // for all to hear of the start before it
constexpr Nanos kPoll = 2 * kMillisecond;

Result<int> set_up(Family& family, const std::vector<GroupSpec>& specs, Board& board,
                   uint64_t seed) {
  size_t first = 0;
  for (const GroupSpec& spec : specs) {
    const size_t tasks = spec.tasks();
    // By name: a group demands the same whatever runs beside it.
    const Group group(spec.params, board, board.slots().subspan(first, tasks), seed,
                      fnv1a64(spec.name));
    const Status started = family.start(spec, group);
    if (!started) return tl::unexpected(started.error());
    first += tasks;
  }
  for (const Nanos deadline = now() + kSetup; board.arrived() < first;) {
    Result<int> event = family.wait_until(now() + kPoll);
    if (!event || *event != 0) return event;
    if (now() > deadline) return fail("tasks were not ready within 60 s");
  }
  return 0;
}

// The end of the last fixed work, if all is done.
Nanos end_of_work(Board& board) {
  Nanos end = 0;
  for (const Slot& slot : board.slots()) end = std::max(end, slot.completed_at);
  return end;
}

Result<int> measure(Family& family, Board& board, const RunOptions& options) {
  const Nanos start = now() + kHeadStart;
  const Nanos begin = start + options.warmup;
  board.start(start, {begin, begin + options.measured});
  Result<int> event = family.wait_until(begin + options.measured);
  if (event && *event == 0 && family.work_done()) board.set_end(end_of_work(board));
  return event;
}

}  // namespace

Outcome run(const std::vector<GroupSpec>& groups, const RunOptions& options) {
  size_t slots = 0;
  for (const GroupSpec& group : groups) slots += group.tasks();
  Outcome outcome;
  outcome.board = Board::create(slots);
  if (!outcome.board) {
    fmt::print(stderr, "workload: no memory for {} tasks\n", slots);
    outcome.exit_code = 1;
    return outcome;
  }
  Family family;
  Result<int> event = set_up(family, groups, *outcome.board, options.seed);
  if (event && *event == 0) event = measure(family, *outcome.board, options);
  const Status ended = family.end();
  if (event && !ended) event = tl::unexpected(ended.error());
  if (!event) fmt::print(stderr, "workload: {}\n", event.error().message);
  outcome.exit_code = !event ? 1 : *event == 0 ? 0 : 128 + *event;
  outcome.window = outcome.board->window();
  return outcome;
}

}  // namespace quanta::workload
