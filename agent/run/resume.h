// Makes an agent that goes on from the newest checkpoint of a directory that fits.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "agent/run/agent.h"
#include "agent/run/env_choice.h"
#include "agent/shadow/shadowing.h"

namespace quanta {

// An environment and the agent in it. Members in the order in which they are made.
struct Session {
  OpenedEnv env;
  std::unique_ptr<Agent> agent;
  std::unique_ptr<Shadowing> shadowing{};  // where the environment is a shadow
};

// Makes a session from nothing.
using MakeSession = std::function<Result<Session>()>;

// Tries the newest checkpoint first. One that continues this very run (same configuration text and
// identity) is taken with all its state; where no run can be continued, the first that fits. Each
// that is corrupt, of another version or network, or of another run is named in one line on the
// log, and the one before is tried. If none continues this run, the newest whose policy fits gives
// that. If there is none that fits, that is an error or, `or_anew`, named in one line before a
// session from nothing.
Result<Session> resume_session(const std::string& directory, const std::string& config_text,
                               const MakeSession& make, bool or_anew = false);

// What the agent saves, with the sections that resume_session() looks for.
Result<Checkpoint> checkpoint_of(Agent& agent, const std::string& config_text,
                                 const std::string& identity, bool exact);

}  // namespace quanta
