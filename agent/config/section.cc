#include <algorithm>
#include <cerrno>
#include <fstream>
#include <system_error>

#include "agent/config/section_impl.h"

namespace quanta {

using Kind = YamlNode::Kind;

Section::Section(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Section::Section(Section&&) noexcept = default;
Section::~Section() = default;

Section Section::open(const std::string& file, Diagnostics& diagnostics) {
  std::string text(kMaxYamlBytes + 1, '\0');
  errno = 0;
  std::ifstream in(file, std::ios::binary);
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!in.is_open() || in.bad()) {
    const std::string reason = std::generic_category().message(errno);
    auto source = std::make_shared<Source>(Source{file, &diagnostics, {}});
    source->unreadable(fmt::format("{}: cannot be read: {}", file, reason));
    return Section(std::make_unique<Impl>(std::move(source), "", 1, nullptr));
  }
  text.resize(static_cast<size_t>(in.gcount()));
  return parse(text, file, diagnostics);
}

Section Section::parse(const std::string& text, const std::string& name, Diagnostics& diagnostics) {
  auto source = std::make_shared<Source>(Source{name, &diagnostics, {}});
  Result<YamlNode> root = parse_yaml(text, name);
  if (root) {
    source->root = *std::move(root);
  } else {
    source->unreadable(std::move(root.error().message));
  }
  const YamlNode& top = source->root;
  if (top.kind != Kind::kMapping && top.kind != Kind::kNull) {
    source->unreadable(fmt::format("{}:{}: expected a mapping of settings, got {}", name, top.line,
                                   describe(top)));
  }
  return Section(std::make_unique<Impl>(std::move(source), "", 1, &top));
}

bool Section::has(std::string_view key) const {
  return impl_->find(key) != nullptr;
}

void Section::section(std::string_view key, const std::function<void(Section&)>& read) {
  const YamlMember* member = impl_->find(key);
  impl_->nested(member ? &member->value : nullptr, impl_->path_of(key),
                member ? member->line : impl_->line, read);
}

void Section::each(std::string_view key, const std::function<void(Section&)>& read) {
  impl_->elements(key, "a list of mappings", [&](const YamlNode& item, const std::string& path) {
    impl_->nested(&item, path, item.line, read);
  });
}

void Section::members(std::string_view key,
                      const std::function<void(const std::string&, Section&)>& read) {
  const YamlMember* group = impl_->find(key);
  if (group == nullptr || group->value.kind == Kind::kNull) return;
  if (group->value.kind != Kind::kMapping) return impl_->wrong(*group, "a mapping");
  Impl named(impl_->source, impl_->path_of(key), group->line, &group->value);
  for (const YamlMember& member : group->value.members) {
    if (named.members.at(member.key) != &member) continue;  // given twice
    named.nested(&member.value, named.path_of(member.key), member.line,
                 [&](Section& section) { read(member.key, section); });
  }
}

void Section::require(std::string_view key) {
  if (has(key)) return;
  impl_->source->problem(impl_->line,
                         fmt::format("key '{}': required, but not given", impl_->path_of(key)));
}

void Section::complain(std::string_view key, const std::string& reason) {
  const YamlMember* member = impl_->find(key);
  impl_->source->problem(member ? member->line : impl_->line,
                         fmt::format("key '{}': {}, got {}", impl_->path_of(key), reason,
                                     member ? describe(member->value) : "the default"));
}

void Section::finish() {
  const std::string known = impl_->known.empty()
                                ? "none is known here"
                                : fmt::format("known: {}", fmt::join(impl_->known, ", "));
  for (const auto& [key, member] : impl_->members) {
    if (std::find(impl_->known.begin(), impl_->known.end(), key) != impl_->known.end()) continue;
    impl_->source->problem(member->line, fmt::format("unknown key '{}'{} ({})", impl_->path_of(key),
                                                     did_you_mean(key, impl_->known), known));
  }
}

std::string Section::where() const {
  return fmt::format("{}:{}", impl_->source->name, impl_->line);
}

bool Section::ok() const {
  return impl_->source->ok;
}

}  // namespace quanta
