#include <algorithm>

#include "agent/config/section_impl.h"

namespace quanta {
namespace {

// Text of the file in one line, at a length that fits a message.
std::string printable(std::string_view text) {
  constexpr size_t kMost = 60;
  std::string shown(text.substr(0, kMost));
  std::replace_if(shown.begin(), shown.end(), [](unsigned char c) { return c < 0x20; }, ' ');
  if (text.size() > kMost) shown += "...";
  return shown;
}

}  // namespace

void Source::problem(int line, std::string_view text) {
  if (!readable) return;
  ok = false;
  diagnostics->add(fmt::format("{}:{}: {}", name, line, text), line);
}

void Source::unreadable(std::string line) {
  diagnostics->add(std::move(line), 0);
  ok = readable = false;
}

std::string describe(const YamlNode& node) {
  switch (node.kind) {
    case YamlNode::Kind::kNull:
      return "nothing";
    case YamlNode::Kind::kScalar:
      return fmt::format("'{}'", printable(node.scalar));
    case YamlNode::Kind::kSequence:
      return "a list";
    case YamlNode::Kind::kMapping:
      return "a mapping";
  }
  return {};
}

std::string did_you_mean(std::string_view name, std::span<const std::string> known) {
  const std::string near = nearest(name, known);
  return near.empty() ? near : fmt::format("; did you mean '{}'?", near);
}

Section::Impl::Impl(std::shared_ptr<Source> from, std::string at, int on_line,
                    const YamlNode* mapping)
    : source(std::move(from)), path(std::move(at)), line(on_line) {
  if (mapping == nullptr) return;
  for (const YamlMember& member : mapping->members) {
    const auto [first, added] = members.emplace(member.key, &member);
    if (added) continue;
    source->problem(member.line, fmt::format("key '{}': given twice, first on line {}",
                                             path_of(member.key), first->second->line));
  }
}

const YamlMember* Section::Impl::find(std::string_view key) {
  if (std::find(known.begin(), known.end(), key) == known.end()) known.emplace_back(key);
  const auto found = members.find(key);
  return found == members.end() ? nullptr : found->second;
}

std::string Section::Impl::path_of(std::string_view key) const {
  return path.empty() ? printable(key) : fmt::format("{}.{}", path, printable(key));
}

void Section::Impl::wrong(const std::string& at, int on_line, const YamlNode& node,
                          std::string_view expected, std::string_view hint) {
  source->problem(
      on_line, fmt::format("key '{}': expected {}, got {}{}", at, expected, describe(node), hint));
}

void Section::Impl::wrong(const YamlMember& member, std::string_view expected,
                          std::string_view hint) {
  wrong(path_of(member.key), member.line, member.value, expected, hint);
}

void Section::Impl::nested(const YamlNode* node, const std::string& at, int on_line,
                           const std::function<void(Section&)>& read) {
  if (node != nullptr && node->kind != YamlNode::Kind::kMapping &&
      node->kind != YamlNode::Kind::kNull) {
    return wrong(at, on_line, *node, "a mapping");
  }
  Section child(std::make_unique<Impl>(source, at, on_line, node));
  read(child);
  child.finish();
}

}  // namespace quanta
