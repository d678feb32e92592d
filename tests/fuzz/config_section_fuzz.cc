// Any bytes as a configuration file: no crash, no hang, and every problem is one line that names
// the file.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "agent/config/section.h"

namespace {

using quanta::Section;

void read(Section& section, int depth) {
  double number = 0;
  int64_t integer = 0;
  quanta::Nanos time = 0;
  bool flag = false;
  std::string text;
  std::vector<int64_t> integers;
  std::vector<std::string> texts;
  int chosen = 0;
  constexpr quanta::Choice kChoices[] = {{"user", 0}, {"kernel", 1}};
  section.number("number", number, -1, 1);
  section.integer("integer", integer, -5, 5);
  section.duration("duration", time, 0, quanta::kSecond);
  section.boolean("boolean", flag);
  section.text("text", text);
  section.integers("integers", integers, 0, 10);
  section.texts("texts", texts);
  section.choice("choice", chosen, kChoices);
  section.require("required");
  section.complain("text", "must not be");
  if (depth == 0) return;
  section.section("section", [&](Section& child) { read(child, depth - 1); });
  section.each("each", [&](Section& child) { read(child, depth - 1); });
  section.members("members", [&](const std::string&, Section& child) { read(child, depth - 1); });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  quanta::Diagnostics diagnostics;
  const std::string text(reinterpret_cast<const char*>(data), size);
  Section root = Section::parse(text, "f.yaml", diagnostics);
  read(root, 2);
  root.finish();
  for (const std::string& line : diagnostics.lines()) {
    if (!line.starts_with("f.yaml:") || line.find('\n') != std::string::npos) std::abort();
  }
  if (root.ok() != diagnostics.ok()) std::abort();
  return 0;
}
