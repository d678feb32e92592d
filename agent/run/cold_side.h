// The cold path: trains on what the hot side records, publishes weights, and shows it to
// Prometheus.
//
// One thread. Without a learner it only empties the queue, and the hot side goes on with the
// weights that it has.
#pragma once

#include <functional>
#include <memory>
#include <utility>

#include "agent/decision_log/decision_log.h"
#include "agent/guard/keeper.h"
#include "agent/learn/trainer.h"
#include "agent/metrics/metrics.h"
#include "agent/run/hot_side.h"

namespace quanta {

class ColdSide {
 public:
  // All outlive this.
  ColdSide(const Config& config, HotSide& hot, Metrics& metrics);
  void learn(std::unique_ptr<Learner> learner);
  // From now on decisions are learnt from where `acting` makes them, whose guard is answered too;
  // of the hot side, which only watches, just the bursts. `seen` is told of each burst before it is
  // learnt from. Null: as at first.
  void learn_from(HotSide* acting, std::function<void(const Record&)> seen);

  // Where decisions act: any thread may read its meter.
  const HotSide& acting() const { return acting_ != nullptr ? *acting_ : hot_; }

  // `told` is told of each record of the hot side, before it is learnt from.
  void tell(std::function<void(const Record&)> told) { told_ = std::move(told); }

  // From now on the records of decisions that act are offered to `log`, which outlives this; null:
  // no longer.
  void log_to(DecisionLog* log);

  // What of the hot side's records is learnt from: all, what comes until the network has been
  // updated once, or nothing. The rest is counted. (Where decisions act elsewhere, always all.)
  enum class Training : uint8_t { kAll, kOneUpdate, kNone };

  // Takes in what is queued. Returns updates made.
  int step(Training training = Training::kAll);

  bool learns() const { return learner_ != nullptr; }
  // Of this run and those that it continues.
  uint64_t updates() const { return updates_; }
  const UpdateReport& last() const { return last_; }

  // Null if nothing learns here.
  Learner* learner() { return learner_.get(); }
  Trainer* trainer() { return trainer_.get(); }
  Keeper& keeper() { return *keeper_; }
  void restored(uint64_t updates) { updates_ = updates; }

 private:
  void keep_from(HotSide& acting);
  void show(int updates);
  void log(const Record& record);
  void show_log();
  int step_along(Training training);
  int step_beside();

  const Config& config_;
  HotSide& hot_;
  Metrics& metrics_;
  std::unique_ptr<Learner> learner_;
  std::unique_ptr<Trainer> trainer_;  // with a learner
  std::unique_ptr<Keeper> keeper_;
  HotSide* acting_ = nullptr;
  RecordQueue bursts_;  // on their way from the hot side to the trainer
  std::function<void(const Record&)> seen_;
  std::function<void(const Record&)> told_ = [](const Record&) {};
  DecisionLog* log_ = nullptr;
  uint64_t shown_logged_ = 0;  // of log_, to Prometheus
  uint64_t shown_lost_ = 0;
  UpdateReport last_;
  uint64_t shown_samples_ = 0;  // decisions learnt from, to Prometheus
  uint64_t updates_ = 0;
};

}  // namespace quanta
