// Message passing in a closed loop, as schbench: workers ask their message thread, which wakes them
// up again, and then compute.
#include <unistd.h>

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include "env/workload/clock.h"
#include "env/workload/draw.h"
#include "env/workload/futex.h"
#include "env/workload/kind.h"

namespace quanta::workload {
namespace {

constexpr Param kMessagesParams[] = {
    {"messengers", Param::kNumber, 2, 1, 64, "message threads"},
    {"workers", Param::kNumber, 8, 1, 512, "workers of each message thread"},
    {"relay", Param::kDuration, 10 * kMicrosecond, kMicrosecond, kSecond,
     "CPU time of the message thread per request"},
    {"work", Param::kDuration, 1300 * kMicrosecond, kMicrosecond, kSecond,
     "median CPU time of a worker per request"},
};

constexpr double kSpread = 0.3;  // of the logarithm of the work

struct Mailbox {
  std::atomic<bool> asked{false};
  Semaphore answer;
  Nanos answered_at = 0;  // handed over with the answer
};

struct Messenger {
  explicit Messenger(size_t workers) : boxes(workers) {}
  std::vector<Mailbox> boxes;
  Semaphore requests;
};

void relay(Messenger& messenger, Place place, Nanos cpu) {
  Task task(place, "messenger");
  task.arrive();
  for (;;) {
    messenger.requests.take_all();
    for (Mailbox& box : messenger.boxes) {
      if (!box.asked.exchange(false, std::memory_order_acquire)) continue;
      task.burn(cpu);
      box.answered_at = now();
      box.answer.post();
    }
  }
}

void work(Messenger& messenger, Mailbox& box, Place place, Nanos median) {
  Task task(place, "worker");
  Slot& slot = task.slot();
  task.arrive();
  for (;;) {
    const Nanos cpu = lognormal(task.rng(), median, kSpread);
    const Nanos begin = now();
    if (task.measured(begin)) slot.demanded += cpu;
    slot.response.start(begin);
    box.asked.store(true, std::memory_order_release);  // pairs with the exchange in relay()
    messenger.requests.post();
    box.answer.take_all();
    slot.wakeup.start(box.answered_at);
    slot.wakeup.stop(now(), task.window());
    task.burn(cpu);
    const Nanos end = now();
    slot.response.stop(end, task.window());
    if (task.measured(end)) ++slot.done;
  }
}

int run_messages(const Group& group) {
  const Params& params = group.params();
  const size_t workers = params.count("workers");
  std::vector<std::unique_ptr<Messenger>> messengers;
  std::vector<std::thread> threads;
  for (size_t i = 0; i < group.size(); ++i) {
    const size_t place = i % (workers + 1);  // each message thread, then its workers
    if (place == 0) {
      messengers.push_back(std::make_unique<Messenger>(workers));
      threads.emplace_back(relay, std::ref(*messengers.back()), group.place(i),
                           params.duration("relay"));
    } else {
      Messenger& messenger = *messengers.back();
      threads.emplace_back(work, std::ref(messenger), std::ref(messenger.boxes[place - 1]),
                           group.place(i), params.duration("work"));
    }
  }
  for (;;) ::pause();
}

}  // namespace

const Kind kMessages = {
    .name = "messages",
    .summary = "workers that ask a message thread and then compute (as schbench)",
    .params = kMessagesParams,
    .tasks =
        [](const Params& params) {
          return params.count("messengers") * (1 + params.count("workers"));
        },
    .run = run_messages,
    .wakeup = "wakeup_latency_seconds",
    .response = "request_seconds",
    .rate = "requests_per_second",
    .missed = nullptr,
    .fixed = never_fixed,
};

}  // namespace quanta::workload
