// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Command: one sub-command as data, and what it gives back.
#pragma once

#include "core/base/task_context.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace qs::cli {

/// What goes to standard output, and the error that ends the program after it, if there is one.
struct Outcome {
    std::string text = {};
    std::optional<Error> error = {};
    bool wroteFile = false;   ///< too late to be interrupted
    bool forPrograms = false; ///< the text is data: nothing in it is made fit for a terminal
    bool incomplete = false;  ///< the answer does not cover everything: exit code 4
    /// In place of `text`: writes it in pieces, where the whole could be large.
    std::function<void(const std::function<void(std::string_view piece)> &)> write = {};
};

/// One option of a sub-command. Parsing writes to `target`; a function is called at each occurrence, in the order of
/// the line.
struct Option {
    std::string name; ///< "--bits", "-o,--output"; without dashes: an argument, "MODEL"
    std::variant<bool *, std::string *, std::uint64_t *, std::function<void(const std::string &)>> target;
    std::string help;
    std::string valueName = {}; ///< "N", in the help; empty: the parser's own word for the type
    std::string group = {};     ///< heading in the help
    bool required = false;
    std::string excludes = {}; ///< name of an option that cannot be given as well
    bool writesFile = false;   ///< its value is a file to write, which no pipe can be
};

/// A sub-command: its options, and its work, which prints nothing itself.
struct Command {
    std::string name;
    std::string help;
    std::vector<Option> options;
    std::function<Result<Outcome>(const TaskContext &)> run;
};

/// In the order in which they are listed.
std::vector<Command> allCommands();

// One function per sub-command; the list of all of them is in all_commands.cpp.
Command listCommand();
Command analyzeCommand();
Command quantizeCommand();
Command compareCommand();
Command reportCommand();
Command formatsCommand();
Command planCommand();
Command partCommand();
Command mergeCommand();
Command searchCommand();
Command rulesCommand();

/// The argument that names a model.
Option modelArgument(std::string &target);
/// The option that names a part of a checkpoint with several models.
Option partOption(std::string &target);

} // namespace qs::cli
