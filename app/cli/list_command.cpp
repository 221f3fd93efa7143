// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"
#include "app/cli/report_table.h"

#include "core/formats/open_model.h"
#include "core/layers/equal_tensors.h"
#include "core/layers/recipe_roles.h"
#include "core/reports/report_json.h"

#include <memory>

namespace qs::cli {
namespace {

struct ListOptions {
    std::string model;
    std::string part;
    bool summary = false;
    bool equal = false;
    bool json = false;
};

Result<Outcome> run(const ListOptions &options, const TaskContext &context)
{
    QS_ASSIGN(auto model, openModel(options.model, context, options.part));
    if (options.summary)
        return Outcome{.text = summaryLine(*model), .forPrograms = true};
    const Recipe recipe = defaultRecipe(*model);
    QS_ASSIGN(model, withRoles(std::move(model), recipe));
    QS_ASSIGN(auto decisions, resolve(recipe, *model, true));
    ListedNetwork listed;
    if (model->graph) {
        QS_ASSIGN(listed, listNetwork(*model, recipe.activation, context));
    }
    std::optional<EqualTensors> equal;
    if (options.equal) {
        QS_ASSIGN(equal, findEqualTensors(*model, context));
    }
    if (!options.json)
        return Outcome{.text = listText(*model, std::move(decisions), model->graph ? &listed : nullptr) +
                               (equal ? equalTensorsText(*model, *equal) : std::string())};
    return Outcome{
        .write = [model, decisions = std::move(decisions), listed, equal = std::move(equal)](const TextSink &sink) {
            writeListJson(*model, decisions, model->graph ? &listed : nullptr, sink, equal ? &*equal : nullptr);
        }};
}

} // namespace

Command listCommand()
{
    auto options = std::make_shared<ListOptions>();
    return {.name = "list",
            .help = "Show what a model file holds",
            .options = {modelArgument(options->model),
                        partOption(options->part),
                        {"--json", &options->json, "JSON on standard output"},
                        {"--equal", &options->equal, "Also which weights the file holds several times; reads them all"},
                        {.name = "--summary",
                         .target = &options->summary,
                         .help = "One line of KEY=VALUE, separated by tabs",
                         .excludes = "--json"}},
            .run = [options](const TaskContext &context) { return run(*options, context); }};
}

} // namespace qs::cli
