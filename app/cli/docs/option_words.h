// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What man pages and completion need to know of options.
#pragma once

#include "app/cli/command.h"

#include <string>
#include <vector>

namespace qs::cli::docs {

/// "--output" of "-o,--output"; empty for arguments.
std::string longName(const Option &option);
/// "-o" of "-o,--output"; empty when there is none.
std::string shortName(const Option &option);
bool takesValue(const Option &option);
/// The values that the help lists: "symmetric" and "asymmetric" of "symmetric or asymmetric", those behind a colon of
/// "…: a, b, c". Empty when it lists none.
std::vector<std::string> valuesOf(const Option &option);
/// What all commands know.
std::vector<Option> commonOptions();

std::string manPage(const std::vector<Command> &commands, const std::string &examples);
std::string manPage(const Command &command, const std::vector<Command> &commands, const std::string &examples);
std::string bashCompletion(const std::vector<Command> &commands);
std::string zshCompletion(const std::vector<Command> &commands);
std::string fishCompletion(const std::vector<Command> &commands);

} // namespace qs::cli::docs
