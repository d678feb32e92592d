// Groups of tasks that do not talk to each other: periodic ones, ones with steps, CPU hogs.
#include "env/sim/load_dist.h"
#include "env/sim/load_kinds.h"

namespace quanta {
namespace {

constexpr int64_t kMaxCount = 1024;

int64_t read_count(Section& section) {
  int64_t count = 1;
  section.integer("count", count, 1, kMaxCount);
  return count;
}

void add_tasks(const GroupTraits& traits, LoadBuilder& builder, int64_t count, uint32_t program) {
  const uint32_t shared = builder.process();
  for (int64_t i = 0; i < count; ++i) {
    builder.task(traits, program, builder.process(traits, shared));
  }
}

// Released by a device at each period plus jitter; releases that come too early queue up.
void add_jittered(const GroupTraits& traits, LoadBuilder& builder, uint32_t process,
                  const Dist& period, const Dist& jitter, const Dist& burst) {
  using namespace ops;
  const uint32_t release = builder.channel();
  builder.task(traits,
               builder.device(traits, {ops::period(period), sleep(jitter), post(release), jump(0)}),
               builder.process());
  builder.task(
      traits,
      builder.program(traits, traits.comm, {wait(release), run(burst), op(OpKind::kEnd), jump(0)}),
      process);
}

struct Step {
  Dist after;
  Dist burst;
  int64_t times = 1;
  std::string by;
};

}  // namespace

void read_periodic(Section& section, GroupTraits& traits, LoadBuilder& builder) {
  using namespace ops;
  const int64_t count = read_count(section);
  Dist period;
  Dist burst;
  Dist jitter;
  require_dist(section, "period", period);
  require_dist(section, "burst", burst);
  read_dist(section, "jitter", jitter);
  if (traits.deadline == 0) traits.deadline = static_cast<Nanos>(period.a);
  if (!section.has("jitter")) {
    add_tasks(traits, builder, count,
              builder.program(traits, traits.comm,
                              {run(burst), op(OpKind::kEnd), ops::period(period), jump(0)}));
    return;
  }
  const uint32_t shared = builder.process();
  for (int64_t i = 0; i < count; ++i) {
    add_jittered(traits, builder, builder.process(traits, shared), period, jitter, burst);
  }
}

void read_hog(Section& section, GroupTraits& traits, LoadBuilder& builder) {
  using namespace ops;
  const int64_t count = read_count(section);
  Dist burst = constant(10 * kMillisecond);
  Dist pause;
  read_dist(section, "burst", burst);
  read_dist(section, "sleep", pause);
  std::vector<Op> program = {run(burst), op(OpKind::kDone)};
  if (section.has("sleep")) program.push_back(sleep(pause));
  program.push_back(jump(0));
  add_tasks(traits, builder, count, builder.program(traits, traits.comm, std::move(program)));
}

// Steps follow each other for ever: sleep (or be woken by another task that slept), run.
void read_steps(Section& section, GroupTraits& traits, LoadBuilder& builder) {
  using namespace ops;
  const int64_t count = read_count(section);
  std::vector<Step> steps;
  section.require("steps");
  section.each("steps", [&](Section& step) {
    Step& s = steps.emplace_back();
    require_dist(step, "after", s.after);
    require_dist(step, "burst", s.burst);
    step.integer("times", s.times, 1, 1000);
    if (step.has("by")) read_comm(step, "by", s.by);
  });
  const uint32_t shared = builder.process();
  for (int64_t i = 0; i < count && !builder.full(); ++i) {
    const uint32_t process = builder.process(traits, shared);
    const uint32_t done = builder.channel();
    std::vector<Op> program;
    for (const Step& s : steps) {
      const size_t first = program.size();
      if (s.by.empty()) {
        program.push_back(sleep(s.after));
      } else {
        const uint32_t go = builder.channel();
        builder.task(traits,
                     builder.program(traits, s.by,
                                     {wait(go), sleep(s.after), run(constant(10 * kMicrosecond)),
                                      post_sync(done), jump(0)}),
                     process);
        program.push_back(post(go));
        program.push_back(wait(done));
      }
      program.push_back(run(s.burst));
      program.push_back(op(OpKind::kEnd));
      program.push_back(
          op(OpKind::kRepeat, static_cast<uint32_t>(first), static_cast<uint32_t>(s.times)));
    }
    program.push_back(jump(0));
    builder.task(traits, builder.program(traits, traits.comm, std::move(program)), process);
  }
}

}  // namespace quanta
