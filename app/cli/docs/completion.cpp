// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/docs/option_words.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace qs::cli::docs {
namespace {

std::vector<Option> withCommon(const Command &command)
{
    std::vector<Option> options = command.options;
    for (Option &option : commonOptions())
        options.push_back(std::move(option));
    return options;
}

std::vector<std::string> namesOf(const std::vector<Option> &options)
{
    std::vector<std::string> names;
    for (const Option &option : options)
        for (std::string name : {shortName(option), longName(option)})
            if (!name.empty())
                names.push_back(std::move(name));
    return names;
}

std::vector<std::string> namesOf(const std::vector<Command> &commands)
{
    std::vector<std::string> names;
    for (const Command &command : commands)
        names.push_back(command.name);
    names.emplace_back("help");
    return names;
}

/// Text between single quotes of a shell.
std::string quoted(std::string_view text)
{
    std::string result = "'";
    for (const char c : text)
        result += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return result + "'";
}

/// Inside the brackets of zsh's _arguments.
std::string zshText(std::string_view text)
{
    std::string result;
    for (const char c : text) {
        if (c == '[' || c == ']' || c == ':' || c == '\\')
            result += '\\';
        result += c;
    }
    return result;
}

std::string zshSpec(const Option &option)
{
    if (longName(option).empty())
        return fmt::format("        {} \\\n", quoted(fmt::format(":{}:_files", zshText(option.name))));
    std::string text;
    const std::vector<std::string> values = valuesOf(option);
    for (const std::string &name : {shortName(option), longName(option)}) {
        if (name.empty())
            continue;
        std::string spec = fmt::format("{}[{}]", name, zshText(option.help));
        if (takesValue(option)) // repeatable: functions hear each of them
            spec =
                fmt::format("{}{}:{}:{}",
                            std::holds_alternative<std::function<void(const std::string &)>>(option.target) ? "*" : "",
                            spec, zshText(option.valueName.empty() ? "NAME" : option.valueName),
                            values.empty() ? "_files" : fmt::format("({})", fmt::join(values, " ")));
        text += fmt::format("        {} \\\n", quoted(spec));
    }
    return text;
}

} // namespace

std::string bashCompletion(const std::vector<Command> &commands)
{
    std::string text = "# bash completion of quantoscope-cli, made from its options\n"
                       "_quantoscope_cli()\n{\n"
                       "    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} command= each\n"
                       "    for each in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
                       "        case $each in\n"
                       "        -*) ;;\n"
                       "        *) command=$each; break ;;\n"
                       "        esac\n"
                       "    done\n"
                       "    COMPREPLY=()\n"
                       "    case $command in\n";
    for (const Command &command : commands) {
        text += fmt::format("    {})\n        case $before in\n", command.name);
        for (const Option &option : withCommon(command)) {
            if (!takesValue(option) || longName(option).empty())
                continue;
            const std::vector<std::string> values = valuesOf(option);
            const std::string names =
                shortName(option).empty() ? longName(option) : shortName(option) + " | " + longName(option);
            text += fmt::format("        {}) {} ;;\n", names,
                                values.empty() ? "return"
                                               : fmt::format("COMPREPLY=($(compgen -W {} -- \"$word\")); return",
                                                             quoted(fmt::format("{}", fmt::join(values, " ")))));
        }
        text += fmt::format("        esac\n        [[ $word == -* ]] && COMPREPLY=($(compgen -W {} -- \"$word\"))\n"
                            "        ;;\n",
                            quoted(fmt::format("{}", fmt::join(namesOf(withCommon(command)), " "))));
    }
    const std::string names = fmt::format("{}", fmt::join(namesOf(commands), " "));
    text += fmt::format("    help) COMPREPLY=($(compgen -W {0} -- \"$word\")) ;;\n"
                        "    *) COMPREPLY=($(compgen -W {1} -- \"$word\")) ;;\n"
                        "    esac\n}}\ncomplete -o default -F _quantoscope_cli quantoscope-cli\n",
                        quoted(names), quoted(names + " --help --version -V --quiet --threads --width --ascii"));
    return text;
}

std::string zshCompletion(const std::vector<Command> &commands)
{
    std::string text = "#compdef quantoscope-cli\n# made from the options of the program\n"
                       "_quantoscope_cli() {\n"
                       "    local -a commands\n    commands=(\n";
    for (const Command &command : commands)
        text += fmt::format("        {}\n", quoted(fmt::format("{}:{}", command.name, zshText(command.help))));
    text += "        'help:Help on a command'\n    )\n"
            "    if ((CURRENT == 2)); then\n        _describe command commands\n        return\n    fi\n"
            "    local command=$words[2]\n    shift words\n    ((CURRENT--))\n    case $command in\n";
    for (const Command &command : commands) {
        text += fmt::format("    {})\n        _arguments \\\n", command.name);
        for (const Option &option : withCommon(command))
            text += zshSpec(option);
        text.erase(text.size() - 3); // the last line goes on nowhere
        text += "\n        ;;\n";
    }
    return text + "    help) _describe command commands ;;\n    esac\n}\n_quantoscope_cli \"$@\"\n";
}

std::string fishCompletion(const std::vector<Command> &commands)
{
    const std::string names = fmt::format("{}", fmt::join(namesOf(commands), " "));
    std::string text = fmt::format("# fish completion of quantoscope-cli, made from its options\n"
                                   "set -l commands {}\n",
                                   names);
    for (const Command &command : commands)
        text +=
            fmt::format("complete -c quantoscope-cli -f -n \"not __fish_seen_subcommand_from $commands\" -a {} -d {}\n",
                        command.name, quoted(command.help));
    text += "complete -c quantoscope-cli -f -n \"not __fish_seen_subcommand_from $commands\" -a help -d 'Help on a "
            "command'\n";
    for (const Command &command : commands) {
        for (const Option &option : withCommon(command)) {
            if (longName(option).empty())
                continue;
            const std::vector<std::string> values = valuesOf(option);
            std::string line = fmt::format("complete -c quantoscope-cli -n '__fish_seen_subcommand_from {}' -l {}",
                                           command.name, longName(option).substr(2));
            if (const std::string letter = shortName(option); !letter.empty())
                line += " -s " + letter.substr(1);
            if (takesValue(option))
                line += values.empty() ? " -r"
                                       : fmt::format(" -x -a {}", quoted(fmt::format("{}", fmt::join(values, " "))));
            text += fmt::format("{} -d {}\n", line, quoted(option.help));
        }
    }
    return text;
}

} // namespace qs::cli::docs
