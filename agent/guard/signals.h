// What the guard on the hot thread and the keeper on the cold one tell each other.
//
// Each number has one writer. No lock; a release of a count pairs with the acquire of whoever reads
// it, so that what was written before is seen.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <string_view>

#include "agent/guard/arm.h"

namespace quanta {

// Why the guard interferes.
enum class Intervention : uint8_t {
  kActingWorse,   // rollback: what acts is surely worse than the prior
  kLearnedWorse,  // rollback: the learned residual is, in comparisons
  kUnfit,         // rollback: what was learned is not finite, or huge (the cold thread finds this)
  kDrift,         // the load changed: all is compared and explored anew
  kLeadLost,      // what acts is no longer as far ahead of the prior as it was: the load changed
  kNoSignal,      // all that acts earns exactly nothing: there is nothing to explore for
  kCount
};
inline constexpr size_t kInterventions = static_cast<size_t>(Intervention::kCount);
inline constexpr std::array<std::string_view, kInterventions> kInterventionNames = {
    "acting_worse", "learned_worse", "unfit_weights", "drift", "lead_lost", "no_signal"};

struct GuardSignals {
  // How often. Hot thread's, but for kUnfit.
  std::array<std::atomic<uint64_t>, kInterventions> interventions{};
  // Of the last rollback that the hot thread asked for, written before it is counted.
  std::atomic<Intervention> reason{Intervention::kActingWorse};
  std::atomic<Arm> arm{kArmPrior};
  std::atomic<double> mean{0};  // uplift and half its interval
  std::atomic<double> half{0};
  // Of the last change of the load, likewise.
  std::atomic<Intervention> sign{Intervention::kDrift};
  // Hot: of the pace at which it explores and compares at first, the part at which it does now.
  // Follows from the gate's state.
  std::atomic<double> pace{1};
  // Hot: times that a learned arm has been measured to be surely better.
  std::atomic<uint64_t> good{0};
  // Cold: rollbacks that are done, their weights published.
  std::atomic<uint64_t> done{0};

  uint64_t count(Intervention i) const {
    return interventions[static_cast<size_t>(i)].load(std::memory_order_acquire);
  }
  // By the one writer.
  void add(Intervention i) {
    std::atomic<uint64_t>& n = interventions[static_cast<size_t>(i)];
    n.store(n.load(std::memory_order_relaxed) + 1, std::memory_order_release);
  }
  // Rollbacks that the hot thread has asked for.
  uint64_t asked() const {
    return count(Intervention::kActingWorse) + count(Intervention::kLearnedWorse);
  }
  // Of the load, that the hot thread has noticed.
  uint64_t changes() const { return count(Intervention::kDrift) + count(Intervention::kLeadLost); }

  // At rest.
  template <class Archive>
  void state(Archive& a) {
    for (auto& n : interventions) value(a, n);
    value(a, good);
    value(a, done);
  }

 private:
  template <class Archive>
  static void value(Archive& a, std::atomic<uint64_t>& n) {
    uint64_t plain = n.load(std::memory_order_relaxed);
    a(plain);
    n.store(plain, std::memory_order_relaxed);
  }
};

}  // namespace quanta
