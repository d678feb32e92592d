// A game loop: each frame passes through stages, each of one or more threads, that wake each other
// as with futexes. The first thread waits for the vertical sync and has one frame in flight: a late
// frame misses whole periods. A frame's response time runs from its sync to the end of the last
// stage.
#include "env/sim/load_dist.h"
#include "env/sim/load_kinds.h"

namespace quanta {
namespace {

struct Stage {
  std::string comm;
  Dist burst;
  int64_t threads = 1;
  std::vector<uint32_t> inputs;  // a channel per thread
};

// One thread of a stage: all inputs, work, all outputs.
std::vector<Op> thread_ops(const Stage& before, const Stage& stage, const Stage& after,
                           size_t thread, bool last) {
  using namespace ops;
  std::vector<Op> program(static_cast<size_t>(before.threads), wait(stage.inputs[thread]));
  program.push_back(run(stage.burst));
  if (last) program.push_back(op(OpKind::kEnd));
  for (const uint32_t channel : after.inputs) {
    program.push_back(channel == after.inputs.back() ? post_sync(channel) : post(channel));
  }
  program.push_back(jump(0));
  return program;
}

void add_instance(const GroupTraits& traits, LoadBuilder& builder, const Dist& period,
                  std::vector<Stage> stages) {
  const uint32_t process = builder.process();
  for (Stage& stage : stages) {
    // The first stage starts as if a frame had just been finished.
    const uint32_t messages = &stage == stages.data() ? 1 : 0;
    for (int64_t i = 0; i < stage.threads; ++i) stage.inputs.push_back(builder.channel(messages));
  }
  for (size_t s = 0; s < stages.size(); ++s) {
    const Stage& before = stages[s > 0 ? s - 1 : stages.size() - 1];
    const Stage& after = stages[s + 1 < stages.size() ? s + 1 : 0];
    for (size_t thread = 0; thread < stages[s].inputs.size(); ++thread) {
      std::vector<Op> program =
          thread_ops(before, stages[s], after, thread, s + 1 == stages.size());
      if (s == 0) program.insert(program.begin() + 1, ops::period(period));
      builder.task(traits, builder.program(traits, stages[s].comm, std::move(program)),
                   builder.process(traits, process));
    }
  }
}

}  // namespace

void read_pipeline(Section& section, GroupTraits& traits, LoadBuilder& builder) {
  int64_t count = 1;
  Dist period = constant(16'666'667);
  section.integer("count", count, 1, 64);
  read_dist(section, "period", period);
  if (traits.deadline == 0) traits.deadline = static_cast<Nanos>(period.a);
  std::vector<Stage> stages;
  section.require("stages");
  section.each("stages", [&](Section& s) {
    Stage& stage = stages.emplace_back();
    stage.comm = traits.comm;
    read_comm(s, "comm", stage.comm);
    require_dist(s, "burst", stage.burst);
    s.integer("threads", stage.threads, 1, 32);
  });
  if (stages.size() < 2 || stages.size() > 16 || stages.front().threads != 1 ||
      stages.back().threads != 1) {
    section.complain("stages", "expected 2 to 16 stages, the first and the last of one thread");
    return;
  }
  for (int64_t i = 0; i < count && !builder.full(); ++i) {
    add_instance(traits, builder, period, stages);
  }
}

}  // namespace quanta
