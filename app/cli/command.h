// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Command: what a sub-command adds to the command line, and what it gives back.
#pragma once

#include "core/base/task_context.h"

#include <functional>
#include <optional>
#include <string>

namespace CLI {
class App;
}

namespace qs::cli {

/// What goes to standard output, and the error that ends the program after it, if there is one.
struct Outcome {
    std::string text;
    std::optional<Error> error;
    bool wroteFile = false; ///< too late to be interrupted
};

/// The work of the chosen sub-command; prints nothing itself.
using Command = std::function<Result<Outcome>(const TaskContext &)>;

// Each adds one sub-command; parsing a line that names it sets `chosen`.
void addListCommand(CLI::App &app, Command &chosen);
void addAnalyzeCommand(CLI::App &app, Command &chosen);
void addQuantizeCommand(CLI::App &app, Command &chosen);
void addCompareCommand(CLI::App &app, Command &chosen);

} // namespace qs::cli
