// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The only file that knows CLI11: its headers take seconds to compile.
#include "app/cli/command_line.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>
#include <sstream>

namespace qs::cli {
namespace {

constexpr int kMaxThreads = 256;

CLI::Option *addTo(CLI::App &app, const Option &option)
{
    if (bool *const *flag = std::get_if<bool *>(&option.target))
        return app.add_flag(option.name, **flag, option.help)->disable_flag_override(); // "--json=3" means nothing
    CLI::Option *added = nullptr;
    if (std::string *const *text = std::get_if<std::string *>(&option.target)) {
        added = app.add_option(option.name, **text, option.help);
    } else if (std::uint64_t *const *number = std::get_if<std::uint64_t *>(&option.target)) {
        added = app.add_option(option.name, **number, option.help);
        added->check([](const std::string &value) { // "-1" would be taken for the largest number
            return std::string(value.starts_with('-') ? "the number is negative, expected 0 or more" : "");
        });
    } else {
        added = app.add_option_function<std::string>(
            option.name, std::get<std::function<void(const std::string &)>>(option.target), option.help);
        added->trigger_on_parse();
    }
    // An empty value is a shell variable that nobody set, not the wish for a default.
    return added->check(
        [](const std::string &value) { return std::string(value.empty() ? "the value is empty" : ""); });
}

void addTo(CLI::App &app, const Command &command, const Command *&chosen)
{
    CLI::App *added = app.add_subcommand(command.name, command.help);
    std::map<std::string, CLI::Option *> byName;
    for (const Option &option : command.options) {
        CLI::Option *entry = addTo(*added, option);
        byName[option.name] = entry;
        entry->required(option.required);
        if (!option.group.empty())
            entry->group(option.group);
        if (!option.valueName.empty())
            entry->type_name(option.valueName);
        if (!option.excludes.empty())
            entry->excludes(byName.at(option.excludes));
    }
    added->callback([&command, &chosen] { chosen = &command; });
}

Error usageError(const CLI::App &app, const CLI::ParseError &error, std::span<const Command> commands)
{
    std::string what = error.what();
    // CLI11 would not tell which word is no sub-command.
    if (const auto words = app.remaining(); app.get_subcommands().empty() && !words.empty()) {
        std::string names;
        for (std::size_t i = 0; i < commands.size(); ++i)
            names += fmt::format("{}{}", i == 0 ? "" : i + 1 == commands.size() ? " or " : ", ", commands[i].name);
        what = fmt::format("'{}' is no sub-command, expected {}", words.front(), names);
    }
    return {ErrorCode::Usage, Text::asIs(what + ", see --help"), {}};
}

} // namespace

Result<ParsedLine> parseLine(int argc, char **argv, std::span<const Command> commands,
                             const std::function<std::string()> &versionText)
{
    ParsedLine line;
    CLI::App app("See what quantization does to the weights of a neural network.", "quantoscope-cli");
    app.require_subcommand(1);
    app.fallthrough(); // --quiet and --threads are good anywhere on the line
    app.set_version_flag("--version", versionText, "Version, instruction set in use, library versions");
    app.add_flag("--quiet", line.global.quiet, "No progress");
    app.add_option("--threads", line.global.threads, "Number of threads (default: all)")
        ->type_name("N")
        ->check(CLI::Range(1, kMaxThreads));
    for (const Command &command : commands)
        addTo(app, command, line.command);
    try {
        app.parse(argc, argv);
    } catch (const CLI::Success &success) { // --help, --version
        std::ostringstream out;
        (void)app.exit(success, out);
        line.command = nullptr;
        line.text = out.str();
    } catch (const CLI::ParseError &error) {
        return std::unexpected(usageError(app, error, commands));
    }
    return line;
}

} // namespace qs::cli
