// The agent's state as the sections of a checkpoint (checkpoints/FORMAT.md).
#include <fmt/format.h>

#include <cstring>
#include <span>

#include "agent/features/features.h"
#include "agent/run/agent.h"
#include "env/base/archive.h"
#include "env/base/hash.h"

namespace quanta {
namespace {

constexpr uint64_t kMeaning = 3;  // to be raised when state keeps its sizes and changes its meaning
constexpr uint64_t kStateMeaning = 1;  // likewise, of what only an exact continuation reads

template <class T>
std::string bytes_of(T& value) {
  StateSaver saver;
  saver(value);
  return saver.take();
}

// Without the padding behind the checksum, which is undefined.
constexpr size_t kWeightsSize = offsetof(Weights, checksum) + sizeof(Weights::checksum);

Status fill(auto& value, const Checkpoint& checkpoint, std::string_view section) {
  const std::string* bytes = checkpoint.find(section);
  if (bytes == nullptr) return fail(fmt::format("it has no section '{}'", section));
  StateLoader loader(*bytes);
  loader(value);
  if (!loader.ok()) return fail(fmt::format("section '{}' does not fit", section));
  return {};
}

std::string describe(const Shape& shape) {
  std::string text = std::to_string(shape.width[0]);
  for (int l = 1; l <= std::min(shape.layers, int32_t{kMaxLayers}); ++l) {
    text += fmt::format("-{}", shape.width[static_cast<size_t>(l)]);
  }
  return text;
}

}  // namespace

Result<Weights> read_weights(const Checkpoint& checkpoint) {
  if (checkpoint.layout != policy_layout()) {
    return fail("its policy is of another version of Quanta");
  }
  const std::string* bytes = checkpoint.find("weights");
  if (bytes == nullptr) return fail("it has no section 'weights'");
  if (bytes->size() != kWeightsSize) return fail("section 'weights' does not fit");
  Weights weights;
  std::memcpy(static_cast<void*>(&weights), bytes->data(), kWeightsSize);
  if (weights.checksum != checksum_of(weights) || !well_formed(weights)) {
    return fail("its weights are not fit to decide");
  }
  return weights;
}

uint64_t policy_layout() {
  const uint64_t facts[] = {kMeaning, kWeightsSize, kActions};
  uint64_t hash = fnv1a64({reinterpret_cast<const char*>(facts), sizeof(facts)});
  for (const std::string_view name : kFeatureNames) hash = fnv1a64(name, hash);
  return hash;
}

uint64_t state_layout() {
  const uint64_t sizes[] = {kMeaning,          kStateMeaning,         sizeof(TaskView),
                            sizeof(CpuView),   sizeof(ProcessView),   sizeof(Record),
                            sizeof(Ledger),    sizeof(Journal),       sizeof(Gate),
                            sizeof(Tracker),   sizeof(Sample),        sizeof(BurstSample),
                            sizeof(Trainer),   sizeof(LearnedPolicy), sizeof(Event),
                            sizeof(Machine),   sizeof(SimTask),       sizeof(SimCpu),
                            sizeof(GroupStats)};
  uint64_t hash = fnv1a64({reinterpret_cast<const char*>(sizes), sizeof(sizes)});
  for (const std::string_view name : kTermNames) hash = fnv1a64(name, hash);
  return hash;
}

Status Agent::save(Checkpoint& checkpoint, bool exact) {
  Weights weights;
  if (exact || !cold.learns()) {
    weights = hot.publisher.current();
  } else {
    cold.learner()->snapshot(weights);
  }
  if (!well_formed(weights)) return fail("the learned weights are not finite: not saved");
  checkpoint.layout = policy_layout();
  checkpoint.add("weights", {reinterpret_cast<const char*>(&weights), kWeightsSize});
  if (cold.learns()) {
    checkpoint.add("learner", cold.learner()->save());
    checkpoint.add("trainer", bytes_of(*cold.trainer()));
    checkpoint.add("keeper", bytes_of(cold.keeper()));
  }
  std::string environment;
  if (!exact || !hot.env.save(environment)) return {};
  checkpoint.add("agent", bytes_of(hot));
  checkpoint.add("environment", std::move(environment));
  return {};
}

Status Agent::restore(const Checkpoint& checkpoint, bool exact) {
  if (Status s = restore_policy(checkpoint); !s) return s;
  return exact ? restore_rest(checkpoint) : Status();
}

Status Agent::restore_policy(const Checkpoint& checkpoint) {
  Result<Weights> read = read_weights(checkpoint);
  if (!read) return tl::unexpected(read.error());
  Weights& weights = *read;
  const Shape& own = hot.publisher.current().shape;
  if (weights.shape != own) {
    return fail(fmt::format("its network is {}, this configuration's is {}",
                            describe(weights.shape), describe(own)));
  }
  if (cold.learns()) {
    const std::string* learner = checkpoint.find("learner");
    if (learner == nullptr) return fail("it has no section 'learner'");
    if (Status s = cold.learner()->load(*learner); !s) return s;
    if (Status s = fill(cold.keeper(), checkpoint, "keeper"); !s) return s;
    cold.keeper().begin();
  } else {  // nobody learns from exploring
    weights.exploration_sd = 0;
    weights.checksum = checksum_of(weights);
  }
  hot.adopt(weights);
  cold.restored(weights.version);
  return {};
}

Status Agent::restore_rest(const Checkpoint& checkpoint) {
  if (cold.learns()) {
    if (Status s = fill(*cold.trainer(), checkpoint, "trainer"); !s) return s;
    if (Status s = fill(cold.keeper(), checkpoint, "keeper"); !s) return s;
  }
  if (Status s = fill(hot, checkpoint, "agent"); !s) return s;
  const std::string* environment = checkpoint.find("environment");
  if (environment == nullptr) return fail("it has no section 'environment'");
  if (!hot.env.load(*environment)) return fail("section 'environment' does not fit");
  hot.recall_names();
  hot.meter.end_pass();
  return {};
}

}  // namespace quanta
