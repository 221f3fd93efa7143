// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"

#include "core/export/registry.h"
#include "core/reports/format_list.h"

#include <fmt/format.h>

#include <memory>

namespace qs::cli {
namespace {

std::string formatsText()
{
    std::string text;
    for (const ExportFormat *format : exportFormats())
        text += fmt::format("{}\n    {}\n    files {}; read by {}\n", format->name, Text::of(format->description).str(),
                            format->folder ? "in a folder" : format->suffixes, Text::of(format->runtimes).str());
    return text;
}

} // namespace

Command formatsCommand()
{
    auto json = std::make_shared<bool>(false);
    return {.name = "formats",
            .help = "List the export formats",
            .options = {{.name = "--json", .target = json.get(), .help = "JSON on standard output"}},
            .run = [json](const TaskContext &) -> Result<Outcome> {
                return Outcome{.text = *json ? formatsJson() : formatsText(), .forPrograms = *json};
            }};
}

} // namespace qs::cli
