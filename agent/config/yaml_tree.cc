#include "agent/config/yaml_tree.h"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>
#include <algorithm>
#include <optional>
#include <sstream>

namespace quanta {
namespace {

[[noreturn]] void refuse(const YAML::Mark& mark, const std::string& reason) {
  throw YAML::ParserException(mark, reason);
}

class TreeBuilder final : public YAML::EventHandler {
 public:
  YamlNode take() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (documents_++ > 0) refuse(mark, "expected one document, found a second");
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t) override {
    attach(node(YamlNode::Kind::kNull, mark), mark);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    refuse(mark, "aliases (*name) are not supported: write the value out");
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                const std::string& value) override {
    check_tag(mark, tag);
    YamlNode scalar = node(YamlNode::Kind::kScalar, mark);
    scalar.scalar = value;
    attach(std::move(scalar), mark);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {
    begin(YamlNode::Kind::kSequence, mark, tag);
  }
  void OnSequenceEnd() override { end(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                  YAML::EmitterStyle::value) override {
    begin(YamlNode::Kind::kMapping, mark, tag);
  }
  void OnMapEnd() override { end(); }

 private:
  struct Open {
    YamlNode node;
    YAML::Mark mark;
    std::optional<YamlMember> member;  // whose key has been read and whose value comes next
  };

  static YamlNode node(YamlNode::Kind kind, const YAML::Mark& mark) {
    YamlNode made;
    made.kind = kind;
    made.line = mark.line + 1;
    return made;
  }

  // The parser's own: "?" plain, "!" quoted, "" none.
  static void check_tag(const YAML::Mark& mark, const std::string& tag) {
    if (tag.size() > 1) refuse(mark, "tags (!name) are not supported");
  }

  void begin(YamlNode::Kind kind, const YAML::Mark& mark, const std::string& tag) {
    check_tag(mark, tag);
    if (open_.size() == kMaxYamlDepth) {
      refuse(mark, fmt::format("nested deeper than {} levels", kMaxYamlDepth));
    }
    open_.push_back(Open{node(kind, mark), mark, std::nullopt});
  }

  void end() {
    Open done = std::move(open_.back());
    open_.pop_back();
    attach(std::move(done.node), done.mark);
  }

  void attach(YamlNode child, const YAML::Mark& mark) {
    if (open_.empty()) {
      root_ = std::move(child);
      return;
    }
    Open& parent = open_.back();
    if (parent.node.kind == YamlNode::Kind::kSequence) {
      parent.node.items.push_back(std::move(child));
    } else if (parent.member) {
      parent.member->value = std::move(child);
      parent.node.members.push_back(*std::exchange(parent.member, std::nullopt));
    } else {
      if (child.kind != YamlNode::Kind::kScalar) refuse(mark, "expected a key of plain text");
      parent.member = YamlMember{std::move(child.scalar), child.line, {}};
    }
  }

  YamlNode root_;
  std::vector<Open> open_;
  int documents_ = 0;
};

std::string problem(const std::string& name, int line, int column, std::string reason) {
  std::replace(reason.begin(), reason.end(), '\n', ' ');
  return fmt::format("{}:{}:{}: {}", name, line, column, reason);
}

// Where the text holds a byte that no text file has, if it does.
std::optional<std::string> find_binary(const std::string& text, const std::string& name) {
  int line = 1;
  int column = 1;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && c != '\t' && c != '\n' && c != '\r') || byte == 0x7f) {
      return problem(name, line, column,
                     fmt::format("expected text, found the byte {:#04x}", byte));
    }
    column = c == '\n' ? 1 : column + 1;
    line += c == '\n';
  }
  return std::nullopt;
}

}  // namespace

Result<YamlNode> parse_yaml(const std::string& text, const std::string& name) {
  if (text.size() > kMaxYamlBytes) {
    return fail(problem(name, 1, 1, fmt::format("larger than {} bytes", kMaxYamlBytes)));
  }
  if (std::optional<std::string> binary = find_binary(text, name)) return fail(*std::move(binary));
  try {
    std::istringstream in(text);
    YAML::Parser parser(in);
    TreeBuilder builder;
    while (parser.HandleNextDocument(builder)) continue;
    return builder.take();
  } catch (const YAML::Exception& e) {
    return fail(problem(name, e.mark.line + 1, e.mark.column + 1, e.msg));
  }
}

}  // namespace quanta
