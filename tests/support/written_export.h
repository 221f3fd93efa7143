// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Exports for tests, each with a cache of its own.
#pragma once

#include "core/export/registry.h"
#include "core/export/writer.h"

namespace qs::test {

/// Those that are not for models of one format only.
inline std::vector<const ExportFormat *> formatsOfAnyModel()
{
    std::vector<const ExportFormat *> result;
    for (const ExportFormat *format : exportFormats())
        if (format->whyNot == nullptr)
            result.push_back(format);
    return result;
}

inline Result<ExportPlan> writeAs(std::string_view format, const Model &model, const Recipe &recipe,
                                  const std::filesystem::path &target, const ExportOptions &options = {})
{
    AnalysisCache cache;
    return writeExport(*findExportFormat(format), model, recipe, target, options, cache, {});
}

} // namespace qs::test
