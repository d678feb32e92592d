// Keeps the last good policy, and gives it back when the guard asks for it, or when what the
// learner makes is not fit to decide.
//
// Good is what the guard has measured to be surely better than the prior: network, optimiser and
// statistics as they were then. A rollback gives that; if it is taken back again before it has
// proved good anew, or if nothing has proved good yet, the untrained network, which is the prior.
// One thread, the cold one.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "agent/guard/signals.h"
#include "agent/learn/trainer.h"

namespace quanta {

class Keeper {
 public:
  // One line for each intervention.
  using Say = std::function<void(const std::string&)>;

  // All outlive this. `learner` is as it was made: untrained; it and `trainer` may be null where
  // nothing learns. `untrained`: the prior's weights.
  Keeper(Learner* learner, Trainer* trainer, const Weights& untrained, Publisher& publisher,
         GuardSignals& signals, Say say);

  // Before each step of the trainer. True: the policy was taken back, and records of its decisions
  // that are still queued are to be dropped.
  bool step();

  template <class Archive>
  void state(Archive& a) {
    a(good_, tried_, asked_, marks_, changes_, silences_);
  }
  // Of another run's state, what was good stays; the guard's signals begin with this run.
  void begin();

 private:
  void follow();
  bool take_back(const std::string& why);
  std::string why() const;

  Weights untrained_;
  Learner* learner_;
  Trainer* trainer_;
  std::string fresh_;  // the untrained learner
  Publisher& publisher_;
  GuardSignals& signals_;
  Say say_;
  std::vector<char> good_;  // Learner::save(); empty: none
  bool tried_ = false;      // `good_` was given back, and has not proved good since
  bool pending_ = false;    // weights wait for a free snapshot
  uint64_t asked_ = 0;      // counts of `signals_` that were dealt with
  uint64_t marks_ = 0;
  uint64_t changes_ = 0;
  uint64_t silences_ = 0;
};

}  // namespace quanta
