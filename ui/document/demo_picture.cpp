// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/document/demo_picture.h"

#include "core/analysis/analyze.h"
#include "core/formats/model_location.h"
#include "core/formats/open_model.h"

#include <utility>

namespace qs::ui {

Result<std::vector<DemoPicture>> demoPictures(const std::string &name, const std::vector<int> &bits,
                                              const TaskContext &context)
{
    QS_ASSIGN(const auto model, openModel(ModelLocation::ofDemo(name).text(), context));
    AnalysisCache cache;
    AnalyzeOptions options;
    options.keepChannels = true;
    options.allowUnmatched = true;
    std::vector<DemoPicture> pictures;
    for (const int each : bits) {
        Recipe recipe = defaultRecipe(*model);
        recipe.scheme.bits = each;
        QS_ASSIGN(const auto report, analyze(*model, recipe, options, cache, context));
        DemoPicture picture;
        picture.bits = each;
        picture.outputError = report->outputError.relativeError;
        picture.bytesBefore = report->total.bytesBefore;
        picture.bytesAfter = report->total.bytesAfter;
        for (const auto &layer : report->layers)
            picture.scales.push_back(layer->quantization ? layer->quantization->scales : std::vector<float>());
        pictures.push_back(std::move(picture));
    }
    return pictures;
}

} // namespace qs::ui
