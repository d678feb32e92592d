// The kernel half: bpf/quanta.bpf.c, loaded and, once attached, scheduling. Its tables are mapped
// here.
//
// Life cycle: open() (configure, load), attach(), and the destructor, which gives the machine back
// to the kernel's own scheduler; so does the end of the process. What is called after attach() by
// the hot thread neither allocates nor, but for apply() and wait(), makes a system call.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "bpf/intf.h"
#include "env/base/result.h"
#include "env/live/live_config.h"
#include "env/live/topology.h"

struct bpf_object;
struct bpf_link;
struct bpf_map;
struct ring_buffer;

namespace quanta {

class Mechanism {
 public:
  // `judgement`: null unless the event is an ENQUEUE that has one. Returns false to be called no
  // more in this take().
  using TakeEvent = bool (*)(void* context, const quanta_event& event,
                             const quanta_judgement* judgement);

  static Result<std::unique_ptr<Mechanism>> open(const LiveConfig& config,
                                                 const Topology& topology);
  ~Mechanism();
  Mechanism(const Mechanism&) = delete;
  Mechanism& operator=(const Mechanism&) = delete;

  // Called by the thread that will decide, before attach(): the kernel half learns who it is.
  Status introduce_hot_thread();
  // From now on the machine is scheduled by Quanta.
  Status attach();
  void detach();

  // One thread: gives what is in the ring, oldest first.
  void take(TakeEvent with, void* context);
  bool has_events() const;
  // Blocks until the kernel half wakes the agent or `timeout` has passed.
  void wait(Nanos timeout);
  // The kernel half takes up what is in decisions().
  void apply();

  std::span<const quanta_task> tasks() const { return tasks_; }
  std::span<quanta_task> tasks() { return tasks_; }
  std::span<quanta_decision> decisions() { return decisions_; }
  std::span<quanta_network, 2> networks() { return std::span<quanta_network, 2>(networks_); }
  std::span<const quanta_cpu> cpus() const { return cpus_; }
  quanta_shared& shared() { return *shared_; }
  const quanta_shared& shared() const { return *shared_; }
  uint64_t counter(quanta_counter counter) const;  // over all CPUs

 private:
  Mechanism() = default;

  Status configure(const LiveConfig& config, const Topology& topology);
  Status describe_policy(const KernelPolicyConfig& policy);
  Status map_tables(const LiveConfig& config, const Topology& topology);
  template <class T>
  Result<std::span<T>> mapped(const char* name, size_t entries);
  bpf_map* find(const char* name) const;

  bpf_object* object_ = nullptr;
  bpf_link* link_ = nullptr;
  ring_buffer* ring_ = nullptr;
  int apply_fd_ = -1;
  std::vector<bpf_link*> tracing_;
  std::vector<std::pair<void*, size_t>> mappings_;
  std::span<quanta_task> tasks_;
  std::span<quanta_decision> decisions_;
  std::span<quanta_cpu> cpus_;
  std::span<quanta_network> networks_;
  quanta_shared* shared_ = nullptr;
  TakeEvent take_ = nullptr;
  void* context_ = nullptr;
};

}  // namespace quanta
