// What stands behind a Section: the file it is of, the mapping, and which keys were asked for.
#pragma once

#include <fmt/format.h>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agent/config/section.h"
#include "agent/config/yaml_tree.h"

namespace quanta {

// One file while it is read.
struct Source {
  std::string name;
  Diagnostics* diagnostics;
  YamlNode root;
  bool ok = true;
  bool readable = true;  // else the one problem is known and nothing more is said

  void problem(int line, std::string_view text);
  void unreadable(std::string line);
};

struct Section::Impl {
  std::shared_ptr<Source> source;
  std::string path;  // "reward.classes[2]", empty at the top
  int line;
  std::map<std::string_view, const YamlMember*> members;
  std::vector<std::string> known;  // keys that were asked for

  // `mapping` is null where the file does not have it.
  Impl(std::shared_ptr<Source> from, std::string at, int on_line, const YamlNode* mapping);

  const YamlMember* find(std::string_view key);  // null if absent
  std::string path_of(std::string_view key) const;

  // "key 'AT': expected EXPECTED, got ...HINT"
  void wrong(const std::string& at, int on_line, const YamlNode& node, std::string_view expected,
             std::string_view hint = {});
  void wrong(const YamlMember& member, std::string_view expected, std::string_view hint = {});

  // Calls `read(element, its path)` for each element of the list `key`.
  template <class Read>
  void elements(std::string_view key, std::string_view expected, Read read) {
    const YamlMember* member = find(key);
    if (member == nullptr || member->value.kind == YamlNode::Kind::kNull) return;
    if (member->value.kind != YamlNode::Kind::kSequence) return wrong(*member, expected);
    size_t index = 0;
    for (const YamlNode& element : member->value.items) {
      read(element, fmt::format("{}[{}]", path_of(key), index++));
    }
  }

  // The mapping `node` (or an empty one for null) as a section that is finished after `read`.
  void nested(const YamlNode* node, const std::string& at, int on_line,
              const std::function<void(Section&)>& read);
};

std::string describe(const YamlNode& node);  // "'5 parsecs'", "a list": always one short line
// "; did you mean 'terms'?", or empty when none is near.
std::string did_you_mean(std::string_view name, std::span<const std::string> known);

}  // namespace quanta
