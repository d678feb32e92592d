// Message passing in closed loops. `messages`: workers ask a message thread, which wakes them up
// again, and then work (as schbench does). `flood`: in each group every sender writes to every
// receiver through pipes that hold `window` messages (as hackbench does).
#include "env/sim/load_dist.h"
#include "env/sim/load_kinds.h"

namespace quanta {

void read_messages(Section& section, GroupTraits& traits, LoadBuilder& builder) {
  using namespace ops;
  int64_t messengers = 1;
  int64_t workers = 8;
  Dist relay = constant(5 * kMicrosecond);
  Dist work = constant(100 * kMicrosecond);
  std::string messenger = traits.comm;
  section.integer("messengers", messengers, 1, 64);
  section.integer("workers", workers, 1, 512);
  read_dist(section, "relay", relay);
  read_dist(section, "work", work);
  read_comm(section, "messenger", messenger);
  const uint32_t process = builder.process();
  std::vector<uint32_t> queues;
  for (int64_t m = 0; m < messengers; ++m) {
    const uint32_t queue = builder.channel();
    queues.push_back(queue);
    builder.task(
        traits,
        builder.program(traits, messenger, {wait(queue), run(relay), op(OpKind::kReply), jump(0)}),
        builder.process(traits, process));
  }
  for (int64_t w = 0; w < workers; ++w) {
    const uint32_t queue = queues[static_cast<size_t>(w % messengers)];
    builder.task(traits,
                 builder.program(traits, traits.comm,
                                 {op(OpKind::kBegin), post_sync(queue), op(OpKind::kWaitOwn),
                                  run(work), op(OpKind::kEnd), jump(0)}),
                 builder.process(traits, process));
  }
}

void read_flood(Section& section, GroupTraits& traits, LoadBuilder& builder) {
  using namespace ops;
  int64_t groups = 1;
  int64_t pairs = 8;
  int64_t window = 16;
  Dist send = constant(5 * kMicrosecond);
  Dist receive = constant(5 * kMicrosecond);
  section.integer("groups", groups, 1, 64);
  section.integer("pairs", pairs, 1, 64);
  section.integer("window", window, 1, 1024);
  read_dist(section, "send", send);
  read_dist(section, "receive", receive);
  const uint32_t process = builder.process();
  for (int64_t g = 0; g < groups && !builder.full(); ++g) {
    std::vector<Op> sender;
    for (int64_t r = 0; r < pairs; ++r) {
      const uint32_t pipe = builder.channel();
      const uint32_t room = builder.channel(static_cast<uint32_t>(window));
      for (const Op& o : {wait(room), run(send), post(pipe)}) sender.push_back(o);
      builder.task(
          traits,
          builder.program(traits, traits.comm,
                          {wait(pipe), run(receive), op(OpKind::kDone), post(room), jump(0)}),
          builder.process(traits, process));
    }
    sender.push_back(jump(0));
    const uint32_t program = builder.program(traits, traits.comm, std::move(sender));
    for (int64_t s = 0; s < pairs; ++s) {
      builder.task(traits, program, builder.process(traits, process));
    }
  }
}

}  // namespace quanta
