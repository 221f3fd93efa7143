// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"
#include "app/cli/report_table.h"

#include "core/formats/reader.h"
#include "core/reports/report_json.h"

#include <CLI/CLI.hpp>

#include <memory>

namespace qs::cli {
namespace {

struct ListOptions {
    std::string model;
    bool json = false;
};

Result<Outcome> run(const ListOptions &options, const TaskContext &context)
{
    QS_ASSIGN(const auto model, openModel(options.model, context));
    QS_ASSIGN(auto decisions, resolve(defaultRecipe(*model), *model, true));
    return Outcome{options.json ? listJson(*model, decisions) : listText(*model, std::move(decisions)), {}};
}

} // namespace

void addListCommand(CLI::App &app, Command &chosen)
{
    auto options = std::make_shared<ListOptions>();
    CLI::App *command = app.add_subcommand("list", "Show what a model file holds");
    command->add_option("MODEL", options->model, "File, shard index, folder, demo:digits or demo:notebook")->required();
    command->add_flag("--json", options->json, "JSON on standard output");
    command->callback(
        [options, &chosen] { chosen = [options](const TaskContext &context) { return run(*options, context); }; });
}

} // namespace qs::cli
