#include "agent/eval/eval_config.h"

#include "agent/config/section.h"

namespace quanta {

Result<AgentConfig> read_agent_config(const std::string& file) {
  Diagnostics diagnostics;
  Section root = Section::open(file, diagnostics);
  AgentConfig config;
  root.section("reward", [&](Section& section) { read(section, config.reward); });
  if (!diagnostics.ok()) return tl::unexpected(diagnostics.error());
  return config;
}

}  // namespace quanta
