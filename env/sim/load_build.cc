// make -j: a task that keeps `jobs` shells going; each forks the tool, which execs, computes,
// perhaps reads from disk, and exits. Shell and tool are alike until the exec. A unit of work is a
// job, its response time the shell's life.
#include "env/sim/load_dist.h"
#include "env/sim/load_kinds.h"

namespace quanta {
namespace {

struct Tool {
  std::string comm;
  Dist burst;
  Dist read;
  int64_t reads = 0;  // from disk, between equal parts of the work
  int64_t times = 1;  // of this tool in one round of jobs
};

uint32_t add_tool(const GroupTraits& traits, LoadBuilder& builder, const Tool& tool,
                  const Dist& shell) {
  using namespace ops;
  std::vector<Op> child = {run(constant(30 * kMicrosecond)),
                           op(OpKind::kExec, builder.name(tool.comm)), run(tool.burst)};
  for (int64_t i = 0; i < tool.reads; ++i) {
    child.push_back(sleep(tool.read));
    child.push_back(run(tool.burst));
  }
  child.push_back(op(OpKind::kPostParent));
  child.push_back(op(OpKind::kExit));
  const uint32_t forked = builder.program(traits, "sh", std::move(child));
  return builder.program(
      traits, traits.comm,
      {run(constant(30 * kMicrosecond)), op(OpKind::kExec, builder.name("sh")), run(shell),
       op(OpKind::kFork, forked), op(OpKind::kWaitOwn), run(constant(20 * kMicrosecond)),
       op(OpKind::kEnd), op(OpKind::kPostParent), op(OpKind::kExit)});
}

}  // namespace

void read_build(Section& section, GroupTraits& traits, LoadBuilder& builder) {
  using namespace ops;
  int64_t jobs = 8;
  Dist shell = constant(300 * kMicrosecond);
  Dist make = constant(100 * kMicrosecond);
  section.integer("jobs", jobs, 1, 256);
  read_dist(section, "shell", shell);
  read_dist(section, "make", make);
  std::vector<uint32_t> round;  // the shells of one round, in order
  section.require("tools");
  section.each("tools", [&](Section& s) {
    Tool tool;
    tool.comm = traits.comm;
    read_comm(s, "comm", tool.comm);
    require_dist(s, "burst", tool.burst);
    read_dist(s, "read", tool.read);
    tool.reads = s.has("read") ? 1 : 0;
    s.integer("reads", tool.reads, 0, 100);
    s.integer("times", tool.times, 1, 1000);
    round.insert(round.end(), static_cast<size_t>(tool.times),
                 add_tool(traits, builder, tool, shell));
  });
  if (round.empty() || round.size() > 10'000) {
    section.complain("tools", "expected tools of 1 to 10000 times together");
    return;
  }
  // The first jobs start at once, every other one when one has ended.
  std::vector<Op> program;
  for (int64_t i = 0; i < jobs; ++i) {
    program.push_back(run(make));
    program.push_back(op(OpKind::kFork, round[static_cast<size_t>(i) % round.size()]));
  }
  const size_t loop = program.size();
  for (size_t i = 0; i < round.size(); ++i) {
    program.push_back(op(OpKind::kWaitOwn));
    program.push_back(run(make));
    program.push_back(op(OpKind::kFork, round[(static_cast<size_t>(jobs) + i) % round.size()]));
  }
  program.push_back(jump(loop));
  builder.forks(static_cast<size_t>(4 * jobs));  // shell and tool, and as many that are exiting
  builder.task(traits, builder.program(traits, traits.comm, std::move(program)), builder.process());
}

}  // namespace quanta
