// `scx_quanta eval --log`: other policies' worth, estimated from logged decisions.
#pragma once

#include <string>
#include <vector>

namespace quanta {

struct OffPolicyOptions {
  std::string log;
  std::vector<std::string> checkpoints;  // files, or directories of which the newest counts
  double clip = 10;
  std::string json;  // file; empty: none
};

int off_policy_command(const OffPolicyOptions& options);

}  // namespace quanta
