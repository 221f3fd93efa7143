// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The only file that knows CLI11: its headers take seconds to compile.
#include "app/cli/command_line.h"

#include "app/cli/text.h"

#include "core/recipe/near_names.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <sstream>

namespace qs::cli {
namespace {

constexpr int kMaxThreads = 256;
constexpr std::size_t kHelpWidth = 80;
constexpr std::size_t kHelpColumn = 30; // where CLI11 puts descriptions

constexpr const char *kFooter =
    "Environment:\n"
    "  QUANTOSCOPE_ISA=v2|v3|v4    Instruction set to use: for speed, numbers stay the same\n"
    "  COLUMNS, LC_ALL, LC_CTYPE, LANG\n"
    "                              Width of tables on a terminal; ASCII where it is not UTF-8\n\n"
    "Exit codes: 0 done, 1 the work failed, 2 wrong usage, 3 the input, 4 compare is\n"
    "incomplete, 130 interrupted. Every error is one line on standard error.";

/// What is wrong with a value that has to be a whole number; empty when nothing is.
std::string wholeNumberProblem(const std::string &value)
{
    constexpr std::size_t kMostDigits = 19; // more may be too large for any number of ours
    if (value.starts_with('-'))
        return "the number is negative, expected 0 or more";
    if (value.empty() || !std::ranges::all_of(value, [](unsigned char c) { return std::isdigit(c) != 0; }))
        return fmt::format("'{}' is no whole number", value);
    return value.size() > kMostDigits ? fmt::format("the number {} is too large", value) : std::string();
}

CLI::Option *addTo(CLI::App &app, const Option &option)
{
    if (bool *const *flag = std::get_if<bool *>(&option.target))
        return app.add_flag(option.name, **flag, option.help)->disable_flag_override(); // "--json=3" means nothing
    CLI::Option *added = nullptr;
    if (std::string *const *text = std::get_if<std::string *>(&option.target)) {
        added = app.add_option(option.name, **text, option.help);
    } else if (std::uint64_t *const *number = std::get_if<std::uint64_t *>(&option.target)) {
        added = app.add_option(option.name, **number, option.help);
        added->check(wholeNumberProblem); // "-1" would be taken for the largest number
    } else {
        added = app.add_option_function<std::string>(
            option.name, std::get<std::function<void(const std::string &)>>(option.target), option.help);
        added->trigger_on_parse();
    }
    if (!option.name.starts_with('-'))
        added->check([](const std::string &value) {
            return std::string(value == "-" ? "it is read at many places and cannot come through a pipe, name a file"
                                            : "");
        });
    if (option.writesFile)
        added->check([](const std::string &value) {
            return std::string(value == "-" ? "files are written, not pipes; a file of that name is ./-" : "");
        });
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
        if (!std::holds_alternative<bool *>(option.target))
            entry->type_name(!option.valueName.empty() ? option.valueName : option.name.starts_with('-') ? "NAME" : "");
        if (!option.excludes.empty())
            entry->excludes(byName.at(option.excludes));
    }
    added->callback([&command, &chosen] { chosen = &command; });
}

/// Descriptions that go on below themselves where a line would be longer than 80 columns.
std::string wrapped(const std::string &help)
{
    std::string text;
    std::istringstream lines(help);
    for (std::string line; std::getline(lines, line);) {
        while (displayWidth(line) > kHelpWidth) {
            std::size_t end = kHelpWidth;
            while (displayWidth(std::string_view(line).substr(0, end)) < kHelpWidth)
                ++end;
            const std::size_t space = line.rfind(' ', end);
            if (space == std::string::npos || space <= kHelpColumn)
                break;
            (text += line.substr(0, space)) += '\n';
            line = std::string(kHelpColumn, ' ') + line.substr(space + 1);
        }
        (text += line) += '\n';
    }
    return text;
}

/// ", did you mean --bits?", or nothing when no name is near.
std::string suggestion(std::string_view written, const std::vector<std::string> &names)
{
    std::string word(written);
    std::ranges::transform(word, word.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    constexpr std::size_t kMostEdits = 2;
    const std::string *best = nullptr;
    std::size_t least = std::min(kMostEdits, word.size() / 3) + 1;
    for (const std::string &name : names) {
        const std::size_t edits = name.starts_with(word) && word.size() > 2 ? 1 : editDistance(word, name);
        if (edits < least) {
            least = edits;
            best = &name;
        }
    }
    return best ? fmt::format(", did you mean {}?", *best) : "";
}

std::vector<std::string> optionNames(const Command *command)
{
    std::vector<std::string> names{"--help", "--quiet", "--threads", "--width", "--ascii"};
    for (std::size_t i = 0; command && i < command->options.size(); ++i)
        if (const std::string &name = command->options[i].name; name.starts_with('-'))
            names.push_back(name.substr(name.find("--")));
    return names;
}

std::string commandNames(std::span<const Command> commands)
{
    std::string names;
    for (std::size_t i = 0; i < commands.size(); ++i)
        names += fmt::format("{}{}", i == 0 ? "" : i + 1 == commands.size() ? " or " : ", ", commands[i].name);
    return names;
}

std::string unknownCommand(const std::string &word, std::span<const Command> commands)
{
    std::vector<std::string> names;
    for (const Command &command : commands)
        names.push_back(command.name);
    const std::string near = suggestion(word, names);
    return fmt::format("'{}' is no sub-command{}", word,
                       near.empty() ? fmt::format(", expected {}", commandNames(commands)) : near);
}

/// What is wrong with the first word of the line that nobody expects; empty when there is none.
std::string unexpectedWord(const CLI::App &app, std::span<char *const> line, std::span<const Command> commands)
{
    const std::vector<std::string> left = app.remaining(true);
    const auto isLeft = [&](const char *word) { return std::ranges::find(left, word) != left.end(); };
    const auto used = app.get_subcommands();
    if (used.empty() && !left.empty()) {
        const auto word = std::ranges::find_if(line.subspan(1), isLeft);
        if (word != line.subspan(1).end() && **word != '-')
            return unknownCommand(*word, commands);
    }
    const auto command = std::ranges::find_if(
        commands, [&](const Command &each) { return !used.empty() && each.name == used.front()->get_name(); });
    const Command *chosen = command == commands.end() ? nullptr : &*command;
    for (const char *word : line.subspan(1))
        if (isLeft(word) && *word == '-')
            return fmt::format(
                "option {} is unknown{}", word,
                suggestion(std::string_view(word).substr(0, std::string_view(word).find('=')), optionNames(chosen)));
    for (const char *word : line.subspan(1))
        if (isLeft(word))
            return fmt::format("'{}' is one word too many", word);
    return {};
}

std::string withHelp(const std::string &sentence)
{
    return fmt::format("{}{} --help", sentence, sentence.ends_with('?') ? " See" : ", see");
}

/// What the parser says in its own words, in ours: "--bits: 1 required VALUE missing", "json was given a disallowed
/// flag override", "--bits: At Most 1 required but received 2".
std::string parserProblem(const CLI::ParseError &error, std::span<const Command> commands)
{
    std::string text = error.what();
    const auto isAbout = [&](std::string_view words) { return text.find(words) != std::string::npos; };
    const std::string name = text.substr(0, text.find_first_of(": "));
    constexpr std::string_view kRequired = " required ";
    constexpr std::string_view kMissing = " missing";
    if (const std::size_t from = text.find(kRequired); from != std::string::npos && text.ends_with(kMissing)) {
        const std::size_t begin = from + kRequired.size();
        return fmt::format("{} needs a value: {}", name, text.substr(begin, text.size() - kMissing.size() - begin));
    }
    if (isAbout("disallowed flag override"))
        return fmt::format("--{} takes no value", name);
    if (isAbout("At Most 1 required"))
        return fmt::format("{} stands there more than once", name);
    if (isAbout("subcommand is required"))
        return fmt::format("a sub-command is missing, expected {}", commandNames(commands));
    return text;
}

Error usageError(const CLI::App &app, const CLI::ParseError &error, std::span<char *const> line,
                 std::span<const Command> commands)
{
    std::string what = unexpectedWord(app, line, commands);
    if (what.empty())
        what = parserProblem(error, commands);
    std::ranges::replace(what, '\n', ' ');
    return {ErrorCode::Usage, Text::asIs(withHelp(what)), {}};
}

/// "help", "help SUB" and "version" as "--help", "SUB --help" and "--version". Error{Usage} for help of what is none.
Result<std::vector<char *>> withoutHelpCommand(int argc, char **argv, std::span<const Command> commands)
{
    static char help[] = "--help";
    static char version[] = "--version";
    std::vector<char *> line(argv, argv + argc);
    const std::string_view first = argc < 2 ? std::string_view() : std::string_view(argv[1]);
    if (first == "version")
        line[1] = version;
    if (first != "help")
        return line;
    const std::string topic = argc < 3 ? std::string() : std::string(argv[2]);
    const bool isCommand = std::ranges::find(commands, topic, &Command::name) != commands.end();
    if (!topic.empty() && !topic.starts_with('-') && topic != first && !isCommand)
        return fail(ErrorCode::Usage, Text::asIs(withHelp(unknownCommand(topic, commands))));
    line.erase(line.begin() + 1);
    line.push_back(help);
    return line;
}

} // namespace

Result<ParsedLine> parseLine(int argc, char **argv, std::span<const Command> commands,
                             const std::function<std::string()> &versionText)
{
    ParsedLine line;
    QS_ASSIGN(std::vector<char *> words, withoutHelpCommand(argc, argv, commands));
    CLI::App app("See what quantization does to the weights of a neural network.", "quantoscope-cli");
    app.require_subcommand(1);
    app.fallthrough(); // --quiet and --threads are good anywhere on the line
    app.get_formatter()->column_width(kHelpColumn);
    app.footer(kFooter);
    app.set_version_flag("-V,--version", versionText, "Version, instruction set in use, library versions");
    app.add_flag("--quiet", line.global.quiet, "No progress")->disable_flag_override();
    app.add_option("--threads", line.global.threads, "Number of threads (default: all)")
        ->type_name("N")
        ->check([](const std::string &value) {
            const bool number = !value.empty() && value.size() < 4 && std::ranges::all_of(value, ::isdigit);
            const int count = number ? std::stoi(value) : 0;
            return count >= 1 && count <= kMaxThreads ? std::string()
                                                      : fmt::format("'{}' is none of 1 to {}", value, kMaxThreads);
        });
    app.add_option("--width", line.global.width,
                   "Columns that tables may take, 0: as many as they like (default: those of the terminal)")
        ->type_name("N")
        ->check(wholeNumberProblem);
    app.add_flag("--ascii", line.global.ascii, "No letters and lines outside ASCII in tables and messages")
        ->disable_flag_override();
    for (const Command &command : commands)
        addTo(app, command, line.command);
    if (words.size() < 2) {
        line.text = wrapped(app.help());
        line.wrongUsage = true;
        return line;
    }
    try {
        app.parse(static_cast<int>(words.size()), words.data());
    } catch (const CLI::Success &success) { // --help, --version
        std::ostringstream out;
        (void)app.exit(success, out);
        line.command = nullptr;
        line.text = wrapped(out.str());
    } catch (const CLI::ParseError &error) {
        return std::unexpected(usageError(app, error, words, commands));
    }
    return line;
}

} // namespace qs::cli
