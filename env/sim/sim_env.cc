#include "env/sim/sim_env.h"

#include "env/base/archive.h"
#include "env/sim/eevdf_class.h"
#include "env/sim/ext_class.h"

namespace quanta {

SimEnv::SimEnv(const MachineConfig& config, const Load& load, SimScheduler scheduler,
               Nanos duration)
    : machine_(config, load), events_(4096), end_(duration) {
  if (scheduler == SimScheduler::kExt) {
    auto ext = std::make_unique<ExtClass>(machine_);
    ext_ = ext.get();
    class_ = std::move(ext);
  } else {
    class_ = std::make_unique<EevdfClass>(machine_);
  }
  machine_.attach(*class_);
}

SimEnv::~SimEnv() = default;

size_t SimEnv::poll(std::span<Event> out) {
  events_.open(out);
  if (events_.used() == 0 && !events_.spilling() && machine_.now() < end_)
    machine_.advance(events_, end_);
  return events_.used();
}

void SimEnv::dispatch(std::span<const Decision> decisions) {
  if (ext_ != nullptr) ext_->dispatch(decisions);
}

uint64_t SimEnv::stale_decisions() const {
  return ext_ != nullptr ? ext_->stale() : 0;
}

bool SimEnv::save(std::string& out) {
  StateSaver saver;
  uint64_t shape = machine_.shape() ^ (ext_ != nullptr ? 1 : 0);
  saver(shape, events_);
  machine_.state(saver);
  class_->save(saver);
  out = saver.take();
  return true;
}

bool SimEnv::load(std::span<const char> in) {
  StateLoader loader(in);
  uint64_t shape = 0;
  loader(shape);
  if (shape != (machine_.shape() ^ (ext_ != nullptr ? 1 : 0))) return false;
  loader(events_);
  machine_.state(loader);
  class_->load(loader);
  return loader.ok();
}

}  // namespace quanta
