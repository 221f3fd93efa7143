// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/export/export_command.h"

#include <fmt/format.h>

namespace qs::ui {

namespace {

std::string shellQuoted(const std::string &text)
{
    const bool plain = !text.empty() && text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                                               "0123456789_-./:=,+@%") == std::string::npos;
    if (plain)
        return text;
    std::string result = "'";
    for (char c : text)
        result += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return result + "'";
}

} // namespace

std::string exportCommand(const ExportFormat &format, const std::string &modelPath, const std::string &target,
                          const std::string &recipePath)
{
    std::string command = fmt::format("quantoscope-cli quantize {} --output {} --format {}", shellQuoted(modelPath),
                                      shellQuoted(target), format.name);
    if (!recipePath.empty())
        command += " --recipe " + shellQuoted(recipePath);
    return command;
}

} // namespace qs::ui
