// Hands weights from the one learner thread to the one hot thread without locks.
//
// The reader pays one acquire load; it never waits. The writer keeps a small pool of snapshots and
// reuses one only after the reader has passed a quiescent state (rcu-style) since it was replaced.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>

#include "agent/policy/network.h"

namespace quanta {

class Publisher {
 public:
  explicit Publisher(const Weights& initial);
  ~Publisher();

  // Hot thread. The reference stays valid until its next quiescent().
  const Weights& current() const;
  // Hot thread, once per loop pass: holds no reference from current() any more.
  void quiescent();

  // Learner thread. False, and nothing changed, while no snapshot is free (the hot thread has not
  // passed a quiescent state since the last publications): try again later.
  bool publish(const Weights& weights);

  uint64_t swaps() const;  // any thread

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace quanta
