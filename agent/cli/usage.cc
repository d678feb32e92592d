#include "agent/cli/usage.h"

#include <fmt/format.h>
#include <algorithm>
#include <vector>

#include "agent/config/section.h"

namespace quanta {
namespace {

std::vector<std::string> option_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    for (const std::string& name : option->get_snames()) names.push_back("-" + name);
  }
  return names;
}

std::vector<std::string> command_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    names.push_back(command->get_name());
  }
  return names;
}

std::string unknown(std::string_view kind, std::string_view name,
                    const std::vector<std::string>& known) {
  const std::string near = nearest(name, known);
  if (!near.empty()) return fmt::format("unknown {} '{}'; did you mean '{}'?", kind, name, near);
  return fmt::format("unknown {} '{}' (known: {})", kind, name, fmt::join(known, ", "));
}

}  // namespace

std::string usage_problem(const CLI::App& app, const CLI::ParseError& error) {
  const std::vector<std::string> extras = app.remaining(true);
  const auto commands = app.get_subcommands();
  const auto option = std::find_if(extras.begin(), extras.end(),
                                   [](const std::string& extra) { return extra.starts_with('-'); });
  if (!extras.empty() && commands.empty() && option != extras.begin()) {
    return unknown("command", extras.front(), command_names(app));
  }
  if (option != extras.end()) {
    std::vector<std::string> known = option_names(app);
    for (const CLI::App* command : commands) {
      const std::vector<std::string> own = option_names(*command);
      known.insert(known.begin(), own.begin(), own.end());
    }
    return unknown("option", option->substr(0, option->find('=')), known);
  }
  if (!extras.empty()) return fmt::format("unexpected argument '{}'", extras.front());
  return error.what();
}

}  // namespace quanta
