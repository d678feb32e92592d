#include "agent/hot/kernel_link.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "agent/policy/packed_network.h"

namespace quanta {
namespace {

constexpr float kOctaveUnit = 4096;

static_assert(QUANTA_INPUTS == kInputs && int{QUANTA_HEADS} == int{kHeads});
static_assert(int{QUANTA_HEAD_BURST} == int{kHeadBurst} &&
              int{QUANTA_HEAD_ORDER} == int{kHeadOrder} &&
              int{QUANTA_HEAD_PREEMPT} == int{kHeadPreempt} &&
              int{QUANTA_HEAD_SLICE} == int{kHeadSlice});

int8_t sixteenths(float octaves) {
  return static_cast<int8_t>(std::lround(std::clamp(octaves, -7.0F, 7.0F) * 16));
}

}  // namespace

void KernelLink::named(TaskId task, const TaskView& view) {
  kernel_.weigh(task, view.reward_class < 0 ? 0.0F : weighing_.weight(view, 1, 1));
}

bool KernelLink::read(const Event& event, Judged& out) const {
  const quanta_judgement* j = kernel_.judgement(event);
  if (j == nullptr) return false;
  for (size_t i = 0; i < out.act.x.size(); ++i) out.act.x[i] = static_cast<float>(j->x[i]) / 256;
  for (size_t a = 0; a < kActions; ++a) {  // the burst head is not an action
    out.act.mean[a] = static_cast<float>(j->heads[kHeadOrder + a]) / kOctaveUnit;
    out.act.taken[a] = static_cast<float>(j->taken[kHeadOrder + a]) / kOctaveUnit;
  }
  out.act.sd = static_cast<float>(j->sd) / kOctaveUnit;
  out.act.prior_rem = static_cast<float>(j->prior_rem) / 256;
  out.act.version = j->version;
  const auto conduct = std::bit_cast<quanta_conduct>(conduct_);
  const auto octaves = [](int8_t sixteenths) { return static_cast<float>(sixteenths) / 16; };
  out.grounds = {.applied = {.burst = static_cast<float>(j->heads[kHeadBurst]) / kOctaveUnit,
                             .order = out.act.taken[kActOrder] + octaves(conduct.order),
                             .preempt = out.act.taken[kActPreempt] + octaves(conduct.preempt),
                             .slice = out.act.taken[kActSlice] + octaves(conduct.slice)},
                 .burst_acts = conduct.burst != 0,
                 .residual_acts = conduct.residual != 0,
                 .pad = {}};
  out.decision = {.task = event.task,
                  .generation = event.generation,
                  .key = j->key,
                  .guard = j->guard,
                  .slice = j->slice,
                  .preempt_cpu = event.cpu,
                  .pad = 0};
  out.victim = j->victim;
  return true;
}

void KernelLink::keep_up(const Weights& weights, const Conduct& conduct) {
  const quanta_conduct word{.burst = conduct.burst,
                            .residual = conduct.residual,
                            .explore = conduct.explore,
                            .observe = conduct.observe,
                            .order = sixteenths(conduct.bias.order),
                            .preempt = sixteenths(conduct.bias.preempt),
                            .slice = sixteenths(conduct.bias.slice),
                            .pad2 = 0};
  if (const auto bits = std::bit_cast<uint64_t>(word); bits != conduct_) {
    conduct_ = bits;
    kernel_.act_with(word);
  }
  if (weights.checksum == tried_) return;
  tried_ = weights.checksum;
  const Result<IntegerNetwork> integers = quantise(weights);
  if (integers) {
    if (const Result<quanta_network> network = pack(*integers)) {
      kernel_.publish(*network);
      return;
    }
  }
  ++refused_;
}

}  // namespace quanta
