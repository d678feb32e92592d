#include "agent/config/config.h"

#include "agent/config/section.h"

namespace quanta {
namespace {

// The top-level section `key` is read by the component's own read().
template <class Component>
void compose(Section& root, std::string_view key, Component& config) {
  root.section(key, [&](Section& section) { read(section, config); });
}

}  // namespace

Result<Config> load_config(const std::string& file) {
  Diagnostics diagnostics;
  Section root = Section::open(file, diagnostics);
  Config config;
  compose(root, "metrics", config.metrics);
  root.finish();
  if (!diagnostics.ok()) return tl::unexpected(diagnostics.error());
  return config;
}

}  // namespace quanta
