// The recorder's BPF programs, loaded and attached for as long as this object lives.
//
// Not thread-safe. Nothing in the kernel outlives the object, nor the process.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "bpf/intf.h"
#include "env/base/result.h"

struct record_bpf;
struct ring_buffer;

namespace quanta {

class Probe {
 public:
  using Take = std::function<void(const quanta_task_record&)>;

  static Result<std::unique_ptr<Probe>> open();
  ~Probe();
  Probe(const Probe&) = delete;
  Probe& operator=(const Probe&) = delete;

  // All tasks there are, thread-group leaders first.
  Result<std::vector<quanta_task_record>> tasks() const;

  // Gives everything that is in the ring; of a short record, only the head is set.
  void consume(const Take& take);

  uint64_t lost() const;  // so far: the ring was full, or a program interrupted itself

  bool sees_sync() const { return sees_sync_; }
  bool sees_interrupts() const { return sees_interrupts_; }

 private:
  explicit Probe(record_bpf* skeleton) : skeleton_(skeleton) {}

  record_bpf* skeleton_;
  ring_buffer* ring_ = nullptr;
  const Take* take_ = nullptr;
  bool sees_sync_ = false;
  bool sees_interrupts_ = false;
};

}  // namespace quanta
