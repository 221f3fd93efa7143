// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/docs/option_words.h"

#include "core/version.h"

#include <fmt/format.h>

#include <cctype>
#include <sstream>

namespace qs::cli::docs {
namespace {

constexpr std::string_view kEnvironment = R"(.SH ENVIRONMENT
.TP
.B QUANTOSCOPE_ISA
.BR v2 ", " v3 " or " v4 :
the instruction set to use, for speed; numbers stay the same.
.TP
.B COLUMNS
Width of tables on a terminal, in place of what the terminal says.
.TP
.BR LC_ALL ", " LC_CTYPE ", " LANG
Tables and messages are ASCII where the first of them that is set does not say UTF-8.
.TP
.B TMPDIR
Folder of temporary files, for formats whose payloads have to be unpacked.
)";

constexpr std::string_view kExitStatus = R"(.SH EXIT STATUS
.TP
.B 0
Done.
.TP
.B 1
The work failed: an output that cannot be written or exists already, weights that are no numbers, a scheme that the format
cannot hold, units that are not done.
.TP
.B 2
Wrong usage: an unknown option or value, a pattern that matches nothing.
.TP
.B 3
The input is missing, damaged, unsupported, or has changed.
.TP
.B 4
.B compare
could not cover every weight.
.TP
.B 130
Interrupted.
)";

std::string escaped(std::string_view text)
{
    std::string result;
    for (const char c : text) {
        if (c == '\\')
            result += "\\e";
        else if (c == '-')
            result += "\\-";
        else if (c == '\'')
            result += "\\(aq";
        else
            result += c;
    }
    if (result.starts_with('.'))
        result.insert(0, "\\&");
    return result;
}

/// A reproducible page: it carries the version and no date.
std::string header(const std::string &name, std::string_view about)
{
    std::string title = name;
    for (char &c : title)
        c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return fmt::format(".TH {} 1 \"\" \"Quantoscope {}\" \"User Commands\"\n.SH NAME\n{} \\- {}\n", escaped(title),
                       kVersion, escaped(name), escaped(about));
}

std::string optionEntry(const Option &option)
{
    std::string text = ".TP\n";
    const std::string name = longName(option);
    if (name.empty())
        text += fmt::format(".I {}\n", escaped(option.name));
    else if (const std::string letter = shortName(option); !letter.empty())
        text += fmt::format(".BR {} \", \" {}", escaped(letter), escaped(name));
    else
        text += fmt::format(".BR {}", escaped(name));
    if (!name.empty())
        text += takesValue(option)
                    ? fmt::format(" \" \\fI{}\\fR\"\n", escaped(option.valueName.empty() ? "NAME" : option.valueName))
                    : std::string("\n");
    text += fmt::format("{}.{}\n", escaped(option.help), option.required ? " Required." : "");
    if (!option.excludes.empty())
        text += fmt::format("Not together with {}.\n", escaped(option.excludes));
    return text;
}

/// Options without a group first, then group by group.
std::string optionsSection(const std::vector<Option> &options)
{
    std::string text = ".SH OPTIONS\n";
    std::vector<std::string> groups{""};
    for (const Option &option : options)
        if (groups.back() != option.group && !option.group.empty())
            groups.push_back(option.group);
    for (const std::string &group : groups) {
        if (!group.empty())
            text += fmt::format(".SS {}\n", group);
        for (const Option &option : options)
            if (option.group == group)
                text += optionEntry(option);
    }
    text += ".SS All commands\n";
    for (const Option &option : commonOptions())
        text += optionEntry(option);
    return text;
}

/// Of one command, or with an empty name of all.
std::string examplesSection(const std::string &examples, const std::string &command)
{
    std::string text;
    std::istringstream lines(examples);
    bool wanted = false;
    for (std::string line; std::getline(lines, line);) {
        if (line.empty() || line.starts_with('#'))
            continue;
        if (line.starts_with("= ")) {
            wanted = command.empty() || line.substr(2) == command;
            continue;
        }
        std::string call;
        if (wanted && std::getline(lines, call))
            text += fmt::format(".PP\n{}\n.PP\n.EX\n    {}\n.EE\n", escaped(line), escaped(call));
    }
    return text.empty() ? text : ".SH EXAMPLES\n" + text;
}

std::string seeAlso(const std::vector<Command> &commands, const std::string &except)
{
    std::string text = ".SH SEE ALSO\n.BR quantoscope (1)";
    if (!except.empty())
        text += ",\n.BR quantoscope\\-cli (1)";
    for (const Command &command : commands)
        if (command.name != except)
            text += fmt::format(",\n.BR quantoscope\\-cli\\-{} (1)", command.name);
    return text + "\n";
}

} // namespace

std::string manPage(const std::vector<Command> &commands, const std::string &examples)
{
    std::string text = header("quantoscope-cli", "see what quantization does to the weights of a neural network");
    text += ".SH SYNOPSIS\n.B quantoscope\\-cli\n.I COMMAND\n[\\fIOPTIONS\\fR]\n.br\n.B quantoscope\\-cli help\n"
            "[\\fICOMMAND\\fR]\n.br\n.B quantoscope\\-cli \\-V\n";
    text +=
        ".SH DESCRIPTION\nOpens the weights of a neural network, quantizes every layer per channel, shows what that "
        "costs, and writes the quantized model: the same numbers and bytes as the window,\n.BR quantoscope (1).\n"
        "Results go to standard output, progress and errors to standard error.\n.SH COMMANDS\n";
    for (const Command &command : commands)
        text += fmt::format(".TP\n.BR quantoscope\\-cli\\-{} (1)\n{}.\n", command.name, escaped(command.help));
    text += ".SH OPTIONS\n";
    static bool flag = false;
    for (const Option &option : commonOptions())
        text += optionEntry(option);
    text += optionEntry(
        {.name = "-V,--version", .target = &flag, .help = "Version, instruction set in use, library versions"});
    text += kExitStatus;
    text += kEnvironment;
    text +=
        ".SH FILES\n.TP\n.I /usr/share/quantoscope/schema\nJSON schemas of all results, of recipes and of plans.\n"
        ".TP\n.I /usr/share/doc/quantoscope\\-cli/examples/cluster\nScripts that run units on Slurm and Kubernetes.\n";
    return text + examplesSection(examples, {}) + seeAlso(commands, {});
}

std::string manPage(const Command &command, const std::vector<Command> &commands, const std::string &examples)
{
    std::string text = header("quantoscope-cli-" + command.name, command.help);
    text += fmt::format(".SH SYNOPSIS\n.B quantoscope\\-cli {}\n", command.name);
    for (const Option &option : command.options) {
        if (longName(option).empty())
            text += fmt::format(".I {}\n", escaped(option.name));
        else if (option.required)
            text += fmt::format(".B {} \\fI{}\\fR\n", escaped(longName(option)), escaped(option.valueName));
    }
    text += "[\\fIOPTIONS\\fR]\n";
    text += fmt::format(".SH DESCRIPTION\n{}.\n", escaped(command.help));
    text += optionsSection(command.options);
    text += kExitStatus;
    text += kEnvironment;
    return text + examplesSection(examples, command.name) + seeAlso(commands, command.name);
}

} // namespace qs::cli::docs
