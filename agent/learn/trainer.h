// The cold path: takes records from the queue, turns them into rewards, trains, publishes weights.
//
// One thread. May be slow, may stop: the hot path goes on with the last weights.
#pragma once

#include <functional>
#include <vector>

#include "agent/hot/journal.h"
#include "agent/learn/learner.h"
#include "agent/policy/publisher.h"
#include "agent/reward/credit.h"
#include "env/base/rng.h"

namespace quanta {

struct TrainerConfig {
  int64_t records_per_second =
      20'000;  // of the environment's time; beyond it records are thinned out
};

void read(Section& section, TrainerConfig& config);

class Trainer {
 public:
  Trainer(const RewardConfig& reward, const TrainerConfig& config,
          const LearnerConfig& learner_config, Learner& learner, RecordQueue& queue,
          Publisher& publisher);

  // Takes in what is queued and updates the network for every full batch: of explored decisions, as
  // others teach the policy nothing, or of activations. Returns updates made.
  int step();
  // The same with another queue: of `records`, all, or only the activations (RecordKind::kBurst)
  // where what was decided did not act.
  enum class Use : uint8_t { kAll, kBursts };
  int step(RecordQueue& records, Use use);
  // The same with one record. True: the batch was full, and the network is updated.
  bool take(const Record& record);

  // What is being gathered was decided by another policy.
  void forget();
  // The learner's weights are not finite, or huge: they are not published.
  bool unfit() const { return unfit_; }

  const UpdateReport& last() const { return report_; }
  // Mean of each reward term per decision, ns, weights applied, in the last batch of decisions.
  const Terms& mean_terms() const { return mean_terms_; }
  // Decisions in all updates since this was made.
  uint64_t learnt_from() const { return learnt_from_; }
  uint64_t decisions() const { return decisions_; }
  uint64_t refused() const { return refused_; }  // snapshots that were not fit to publish

  template <class Archive>
  void state(Archive& a) {
    a(samples_, bursts_, rates_, rng_, sums_, mean_terms_, window_start_, window_records_, keep_,
      decisions_, refused_, unfit_);
  }

 private:
  void collect(const Record& record);
  void update();

  RewardConfig reward_;
  TrainerConfig config_;
  size_t batch_;
  size_t most_bursts_;
  Learner& learner_;
  RecordQueue& queue_;
  Publisher& publisher_;
  std::vector<Sample> samples_;
  std::vector<BurstSample> bursts_;
  GoingRates rates_;
  Rng rng_;
  Terms sums_{};
  Terms mean_terms_{};
  UpdateReport report_;
  uint64_t learnt_from_ = 0;
  Nanos window_start_ = 0;
  uint64_t window_records_ = 0;
  double keep_ = 1;  // share of records that is learnt from
  uint64_t decisions_ = 0;
  uint64_t refused_ = 0;
  bool unfit_ = false;
};

}  // namespace quanta
