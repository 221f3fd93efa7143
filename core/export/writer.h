// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Writes an export: plan → file.
#pragma once

#include "core/export/layout_writer.h"
#include "core/export/planner.h"

namespace qs {

/// Writes `target` atomically: complete or not at all; never over one of the model's own files.
/// Error{Work} for refusals, an existing target without overwrite, a full or read-only folder.
Result<ExportPlan> writeExport(const ExportFormat &format, const Model &model, const Recipe &recipe,
                               const std::filesystem::path &target, const ExportOptions &options, AnalysisCache &cache,
                               const TaskContext &context);

/// Asked for a plan whose tensors are written, before the file gets its name.
using PlanReport = std::function<Result<void>(const ExportPlan &plan, const TaskContext &context)>;

/// writeExport() in one look at the weights: what planning and reports want to know of them is found while their codes
/// are written, and left in the cache. Nothing, and no file, when that cannot be: the format makes codes in another
/// way, the model holds some already, or weights or scales are not finite. `options` are for a report without the
/// vectors of the channels.
Result<std::optional<ExportPlan>> writeAtOnce(const ExportFormat &format, const Model &model, const Recipe &recipe,
                                              const std::filesystem::path &target, const ExportOptions &options,
                                              const PlanReport &report, AnalysisCache &cache,
                                              const TaskContext &context);

/// Where the bytes of tensors come from, if not from their producers.
class PayloadSource
{
public:
    virtual ~PayloadSource() = default;
    /// Asked once, before anything is written. The plan stays where it is until all is written.
    virtual Result<void> begin(const PlannedFile &planned) = 0;
    /// Writes all tensors of a file; `first` is the place of the first one among those of all files. The files of a
    /// folder come in their order.
    virtual Result<void> write(const FileLayout &layout, std::size_t first, AtomicFile &file,
                               const TaskContext &context) = 0;
    /// Asked once, when all tensors are written.
    virtual Result<void> end(const PlannedFile & /*planned*/, const TaskContext & /*context*/) { return {}; }
    /// Asked once, when nothing is left but that the output gets its name.
    virtual Result<void> ready(const PlannedFile & /*planned*/) { return {}; }

    /// What is written into: something new, unless the source has begun it already.
    virtual Result<std::unique_ptr<AtomicFile>> fileFor(const std::filesystem::path &target, std::uint64_t bytes,
                                                        bool overwrite, const TaskContext &context);
    virtual Result<std::unique_ptr<NewFolder>> folderFor(const std::filesystem::path &target, std::uint64_t bytes);
    virtual Result<std::unique_ptr<AtomicFile>> fileIn(const NewFolder &folder, const FolderPart &part,
                                                       const TaskContext &context);
};

/// The same, with the bytes of the tensors from elsewhere.
Result<ExportPlan> writeExportFrom(PayloadSource &source, const ExportFormat &format, const Model &model,
                                   const Recipe &recipe, const std::filesystem::path &target,
                                   const ExportOptions &options, AnalysisCache &cache, const TaskContext &context);

} // namespace qs
