// Request and response: workers that serve a queue, fed by the network (open loop) or by clients
// that wait for each answer (closed loop). Response time runs from arrival to the end of the
// service; for a client, until it has the answer.
#include "env/sim/load_dist.h"
#include "env/sim/load_kinds.h"

namespace quanta {

void read_service(Section& section, GroupTraits& traits, LoadBuilder& builder) {
  using namespace ops;
  int64_t workers = 1;
  int64_t clients = 0;
  Dist service;
  Dist arrivals;
  Dist think = constant(kMillisecond);
  Dist request = constant(20 * kMicrosecond);
  std::string client = "client";
  section.integer("workers", workers, 1, 256);
  require_dist(section, "service", service);
  read_dist(section, "arrivals", arrivals);
  section.integer("clients", clients, 0, 1024);
  if (section.has("clients") == section.has("arrivals")) {
    section.complain("clients", "expected either 'clients' or 'arrivals'");
  }
  if (clients > 0) {
    read_dist(section, "think", think);
    read_dist(section, "request", request);
    read_comm(section, "client", client);
  }

  const uint32_t queue = builder.channel();
  const OpKind answer = clients > 0 ? OpKind::kReply : OpKind::kEnd;
  const uint32_t worker =
      builder.program(traits, traits.comm, {wait(queue), run(service), op(answer), jump(0)});
  const uint32_t server = builder.process();
  for (int64_t i = 0; i < workers; ++i) {
    builder.task(traits, worker, builder.process(traits, server));
  }
  if (clients == 0) {
    builder.task(traits, builder.device(traits, {sleep(arrivals), post(queue), jump(0)}),
                 builder.process());
    return;
  }
  const uint32_t asker =
      builder.program(traits, client,
                      {sleep(think), run(request), op(OpKind::kBegin), post(queue),
                       op(OpKind::kWaitOwn), run(request), op(OpKind::kEnd), jump(0)});
  const uint32_t process = builder.process();
  for (int64_t i = 0; i < clients; ++i) builder.task(traits, asker, process);
}

}  // namespace quanta
