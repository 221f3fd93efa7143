// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The command line as a whole: sub-commands and the options that all of them know.
#pragma once

#include "app/cli/command.h"

#include <cstddef>
#include <optional>
#include <span>
#include <string>

namespace qs::cli {

/// Options that may stand anywhere on the line.
struct GlobalOptions {
    bool quiet = false;
    int threads = 0;                  ///< 0: all
    std::optional<std::size_t> width; ///< of tables; 0: no limit
    bool ascii = false;
};

/// What a line asks for: a sub-command, or a text that is all there is to print (help, version).
struct ParsedLine {
    const Command *command = nullptr;
    std::string text;
    bool wrongUsage = false; ///< the text is what there is to say of a line that asks for nothing
    GlobalOptions global;
};

/// Parses the line and writes to the targets of the options. Error{Usage} names what is wrong.
Result<ParsedLine> parseLine(int argc, char **argv, std::span<const Command> commands,
                             const std::function<std::string()> &versionText);

} // namespace qs::cli
