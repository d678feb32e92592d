// The kinds of groups that a workload file can hold. Each reads its own keys from the group's
// section and adds programs and tasks to the builder. Cold path only.
#pragma once

#include <span>
#include <string_view>

#include "agent/config/section.h"
#include "env/sim/load_builder.h"

namespace quanta {

struct LoadKind {
  std::string_view name;
  GroupTraits defaults;
  void (*read)(Section& section, GroupTraits& traits, LoadBuilder& builder);
};

std::span<const LoadKind> load_kinds();

// A task's name, 1 to 15 bytes, as the kernel keeps it.
void read_comm(Section& section, std::string_view key, std::string& comm);

void read_periodic(Section& section, GroupTraits& traits, LoadBuilder& builder);
void read_steps(Section& section, GroupTraits& traits, LoadBuilder& builder);
void read_hog(Section& section, GroupTraits& traits, LoadBuilder& builder);
void read_service(Section& section, GroupTraits& traits, LoadBuilder& builder);
void read_pipeline(Section& section, GroupTraits& traits, LoadBuilder& builder);
void read_build(Section& section, GroupTraits& traits, LoadBuilder& builder);
void read_messages(Section& section, GroupTraits& traits, LoadBuilder& builder);
void read_flood(Section& section, GroupTraits& traits, LoadBuilder& builder);

}  // namespace quanta
