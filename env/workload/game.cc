// Games: a frame passes through four threads, each of which wakes the next one. The first waits for
// the display's vertical sync; a late frame waits for the sync after its end.
#include <unistd.h>

#include <array>
#include <memory>
#include <thread>
#include <vector>

#include "env/workload/clock.h"
#include "env/workload/draw.h"
#include "env/workload/futex.h"
#include "env/workload/kind.h"

namespace quanta::workload {
namespace {

constexpr Param kParams[] = {
    {"count", Param::kNumber, 1, 1, 64, "games"},
    {"fps", Param::kNumber, 60, 1, 1000, "frames per second of the display"},
    {"frame", Param::kDuration, 9 * kMillisecond, 4 * kMicrosecond, kSecond,
     "median CPU time of a frame, all threads together"},
};

constexpr double kSpread = 0.1;  // of the logarithm of a stage's burst

struct Stage {
  const char* comm;
  double share;  // of the frame
};
constexpr std::array<Stage, 4> kStages{
    {{"game-input", 0.1}, {"game-logic", 0.3}, {"game-physics", 0.25}, {"game-render", 0.35}}};

struct Game {
  std::array<Semaphore, kStages.size()> turn;
  Nanos burst_of(size_t stage) const { return scaled(frame, kStages[stage].share); }
  Nanos frame;
  Nanos period;
  Nanos sync = 0;  // of the frame under way; handed on with the turn
};

// Vertical sync k is at start + k * period.
Nanos next_sync(Nanos start, Nanos period) {
  return start + ((now() - start) / period + 1) * period;
}

// One stage of every frame, in its own thread.
void run_stage(Game& game, size_t stage, Place place) {
  Task task(place, kStages[stage].comm);
  Slot& slot = task.slot();
  const bool first = stage == 0;
  const bool last = stage + 1 == kStages.size();
  const Nanos start = task.arrive();
  if (last) {
    slot.wakeup.tolerate(game.period);
    slot.wakeup.start(start);
  }
  for (;;) {
    if (first) {
      game.sync = next_sync(start, game.period);
      sleep_until(game.sync);
    } else {
      game.turn[stage].take_all();
    }
    const Nanos burst = lognormal(task.rng(), game.burst_of(stage), kSpread);
    if (task.measured(game.sync)) slot.demanded += burst;
    task.burn(burst);
    if (last) {
      const Nanos end = now();
      slot.wakeup.stop(end, task.window());
      slot.wakeup.start(end);
      if (task.measured(end)) {
        slot.response.add(end - game.sync);
        ++slot.done;
        if (end - game.sync > game.period) ++slot.missed;
      }
    }
    game.turn[(stage + 1) % kStages.size()].post();
    if (first) game.turn[0].take_all();  // the frame's end
  }
}

int run_games(const Group& group) {
  const Params& params = group.params();
  std::vector<std::unique_ptr<Game>> games;
  std::vector<std::thread> threads;
  for (size_t i = 0; i < group.size(); ++i) {
    const size_t stage = i % kStages.size();
    if (stage == 0) {
      games.push_back(std::make_unique<Game>());
      games.back()->frame = params.duration("frame");
      games.back()->period = kSecond / params.count("fps");
    }
    threads.emplace_back(run_stage, std::ref(*games.back()), stage, group.place(i));
  }
  for (;;) ::pause();
}

}  // namespace

const Kind kGame = {
    .name = "game",
    .summary = "frames that pass through four threads in turn",
    .params = kParams,
    .tasks = [](const Params& params) { return params.count("count") * kStages.size(); },
    .run = run_games,
    .wakeup = "frame_seconds",            // from one frame's end to the next one's
    .response = "frame_latency_seconds",  // from the sync to the frame's end
    .rate = "fps",
    .missed = "late_frames",
    .fixed = never_fixed,
};

}  // namespace quanta::workload
