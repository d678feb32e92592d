// Games: a frame passes through four threads that wake each other: input, then logic and physics at
// the same time, then render. The first waits for the display's vertical sync; after a late frame
// that is the sync after its end.
#include <unistd.h>

#include <memory>
#include <thread>
#include <vector>

#include "env/workload/clock.h"
#include "env/workload/draw.h"
#include "env/workload/futex.h"
#include "env/workload/kind.h"

namespace quanta::workload {
namespace {

constexpr Param kGameParams[] = {
    {"count", Param::kNumber, 1, 1, 64, "games"},
    {"fps", Param::kNumber, 60, 1, 1000, "frames per second of the display"},
    {"frame", Param::kDuration, 9 * kMillisecond, 4 * kMicrosecond, kSecond,
     "median CPU time of a frame, all threads together"},
};

constexpr double kSpread = 0.1;  // of the logarithm of a stage's burst

struct Stage {
  const char* comm;
  double share;              // of the frame
  uint32_t posts;            // that it waits for
  std::vector<size_t> next;  // stages that it posts to
};

const std::vector<Stage>& stages() {
  static const std::vector<Stage> kStages{{"game-input", 0.1, 1, {1, 2}},
                                          {"game-logic", 0.3, 1, {3}},
                                          {"game-physics", 0.25, 1, {3}},
                                          {"game-render", 0.35, 2, {0}}};
  return kStages;
}

struct Game {
  Game(Nanos frame_time, Nanos sync_period) : frame(frame_time), period(sync_period) {}

  Nanos frame;
  Nanos period;
  std::vector<Semaphore> turn = std::vector<Semaphore>(stages().size());
  Nanos sync = 0;  // of the frame under way; handed on with the turn
};

// Vertical sync k is at start + k * period.
Nanos next_sync(Nanos start, Nanos period) {
  return start + ((now() - start) / period + 1) * period;
}

// Waits for the next sync; the time between two of these is the frame time.
void begin_frame(Task& task, Game& game, Nanos start) {
  Span& frame = task.slot().wakeup;
  game.sync = next_sync(start, game.period);
  const Nanos begin = sleep_until(game.sync);
  frame.stop(begin, task.window());
  frame.start(begin);
}

void end_frame(Task& task, const Game& game) {
  Slot& slot = task.slot();
  const Nanos end = now();
  if (!task.measured(end)) return;
  slot.response.add(end - game.sync);
  ++slot.done;
  if (end - game.sync > game.period) ++slot.missed;
}

// One stage of every frame, in its own thread.
void run_stage(Game& game, size_t index, Place place) {
  const Stage& stage = stages()[index];
  Task task(place, stage.comm);
  const bool first = index == 0;
  const bool last = index + 1 == stages().size();
  const Nanos start = task.arrive();
  if (first) {
    task.slot().wakeup.tolerate(game.period);
    task.slot().wakeup.start(start);
  }
  for (;;) {
    if (first) {
      begin_frame(task, game, start);
    } else {
      game.turn[index].take(stage.posts);
    }
    const Nanos burst = lognormal(task.rng(), scaled(game.frame, stage.share), kSpread);
    if (task.measured(game.sync)) task.slot().demanded += burst;
    task.burn(burst);
    if (last) end_frame(task, game);
    for (const size_t next : stage.next) game.turn[next].post();
    if (first) game.turn[index].take(stage.posts);  // the frame's end
  }
}

int run_games(const Group& group) {
  const Params& params = group.params();
  std::vector<std::unique_ptr<Game>> games;
  std::vector<std::thread> threads;
  for (size_t i = 0; i < group.size(); ++i) {
    const size_t stage = i % stages().size();
    if (stage == 0) {
      games.push_back(
          std::make_unique<Game>(params.duration("frame"), kSecond / params.count("fps")));
    }
    threads.emplace_back(run_stage, std::ref(*games.back()), stage, group.place(i));
  }
  for (;;) ::pause();
}

}  // namespace

const Kind kGame = {
    .name = "game",
    .summary = "frames that pass through four threads",
    .params = kGameParams,
    .tasks = [](const Params& params) { return params.count("count") * stages().size(); },
    .run = run_games,
    .wakeup = "frame_seconds",            // from one frame's begin to the next one's
    .response = "frame_latency_seconds",  // from the sync to the frame's end
    .rate = "fps",
    .missed = "late_frames",
    .fixed = never_fixed,
};

}  // namespace quanta::workload
