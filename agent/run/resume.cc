#include "agent/run/resume.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <optional>
#include <utility>

#include "agent/checkpoint/store.h"

namespace quanta {
namespace {

constexpr std::string_view kConfig = "config";
constexpr std::string_view kIdentity = "identity";
constexpr std::string_view kState = "state";

std::string own_state() {
  return fmt::format("{:016x}", state_layout());
}

// Empty: it continues this run.
std::string difference(const Checkpoint& checkpoint, const std::string& config_text,
                       const std::string& identity) {
  const std::string* text = checkpoint.find(kConfig);
  const std::string* of = checkpoint.find(kIdentity);
  const std::string* state = checkpoint.find(kState);
  if (text == nullptr || of == nullptr || state == nullptr)
    return "it does not say which run it is of";
  if (*of != identity)
    return fmt::format("it is of another run ({}; this one is {})", *of, identity);
  if (*state != own_state()) return "its state is of another version of Quanta";
  if (*text != config_text) return "it is of another configuration";
  if (checkpoint.find("environment") == nullptr)
    return "its environment has no state to go on from";
  return {};
}

// In `ready`, which is used up by that, else in a new session.
Result<Session> restored(std::optional<Session>& ready, const MakeSession& make,
                         const Checkpoint& checkpoint, bool exact) {
  Result<Session> session = ready ? Result<Session>(std::move(*ready)) : make();
  ready.reset();
  if (!session) return session;
  if (Status s = session->agent->restore(checkpoint, exact); !s) return tl::unexpected(s.error());
  return session;
}

}  // namespace

Result<Session> resume_session(const std::string& directory, const std::string& config_text,
                               const MakeSession& make, bool or_anew) {
  const std::vector<std::string> files = list_checkpoints(directory);
  const auto none = [&](const char* why) -> Result<Session> {
    if (!or_anew) return fail(fmt::format("{}: {}", directory, why));
    spdlog::info("{}: {}; starts from nothing", directory, why);
    return make();
  };
  if (files.empty()) return none("there is no checkpoint here");
  Result<Session> fresh = make();  // also says early what does not depend on a checkpoint
  if (!fresh) return fresh;
  const std::string identity = fresh->env.identity;
  const bool repeatable = fresh->env.env->waits_for_agent();
  std::optional<Session> ready = *std::move(fresh);
  std::optional<std::string> fitting;  // the newest whose policy fits
  for (const std::string& file : files) {
    const Result<Checkpoint> checkpoint = read_checkpoint(file);
    if (!checkpoint) {
      spdlog::warn("{}; trying the one before", checkpoint.error().message);
      continue;
    }
    const std::string other = difference(*checkpoint, config_text, identity);
    Result<Session> session = restored(ready, make, *checkpoint, other.empty());
    if (!session) {
      spdlog::warn("{}: {}; trying the one before", file, session.error().message);
    } else if (other.empty()) {
      spdlog::info("{}: goes on exactly where it stopped", file);
      return session;
    } else if (!repeatable) {
      spdlog::info("{}: gives the learned policy", file);
      return session;
    } else {
      spdlog::warn("{}: {}; trying the one before", file, other);
      if (!fitting) fitting = file;
    }
  }
  if (!fitting) {
    ready.reset();  // gives up what there is only once
    return none("no checkpoint here fits");
  }
  const Result<Checkpoint> checkpoint = read_checkpoint(*fitting);
  if (!checkpoint) return tl::unexpected(checkpoint.error());
  spdlog::warn("{}: gives the learned policy; the environment starts anew", *fitting);
  return restored(ready, make, *checkpoint, false);
}

Result<Checkpoint> checkpoint_of(Agent& agent, const std::string& config_text,
                                 const std::string& identity, bool exact) {
  Checkpoint checkpoint;
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  checkpoint.written =
      static_cast<uint64_t>(std::chrono::duration_cast<std::chrono::seconds>(now).count());
  checkpoint.add(std::string(kConfig), config_text);
  checkpoint.add(std::string(kIdentity), identity);
  checkpoint.add(std::string(kState), own_state());
  if (Status s = agent.save(checkpoint, exact); !s) return tl::unexpected(s.error());
  return checkpoint;
}

}  // namespace quanta
