// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// quantoscope_plan_bench MODEL COUNT: analyzes the model once, as the window does when it opens one, and then plans and
// previews an export COUNT times with what the analysis found out. Prints how long each took in milliseconds, as one
// JSON list.
#include "core/export/preview.h"
#include "core/export/registry.h"
#include "core/formats/open_model.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>

namespace {

using namespace qs;

AnalyzeOptions analyzeOptions()
{
    AnalyzeOptions options;
    options.keepChannels = true;
    return options;
}

Result<double> previewMilliseconds(const Model &model, const Recipe &recipe, AnalysisCache &cache)
{
    using Clock = std::chrono::steady_clock;
    const ExportFormat &format = *exportFormats().front();
    const auto start = Clock::now();
    QS_CHECK(preview(format, model, recipe, "out.safetensors", {}, cache, analyzeOptions(), {}));
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

Result<void> run(const char *path, int count)
{
    QS_ASSIGN(const auto model, openModel(path, {}));
    const Recipe recipe = defaultRecipe(*model);
    AnalysisCache cache;
    QS_CHECK(analyze(*model, recipe, analyzeOptions(), cache, {}));
    for (int i = 0; i < count; ++i) {
        QS_ASSIGN(const double spent, previewMilliseconds(*model, recipe, cache));
        std::printf("%s%.3f", i == 0 ? "[" : ", ", spent);
    }
    std::printf("]\n");
    return {};
}

} // namespace

int main(int argc, char *argv[])
{
    const int count = argc == 3 ? std::atoi(argv[2]) : 0;
    if (count <= 0) {
        std::fprintf(stderr, "usage: quantoscope_plan_bench MODEL COUNT\n");
        return 2;
    }
    if (const auto done = run(argv[1], count); !done) {
        std::fprintf(stderr, "error: %s\n", done.error().text().c_str());
        return 1;
    }
    return 0;
}
