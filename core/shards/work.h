// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Work: a plan with the model and the layout that belong to it, ready for its units to be done.
#pragma once

#include "core/export/planner.h"
#include "core/shards/sharing.h"
#include "core/shards/work_plan.h"

#include <memory>

namespace qs {

/// The address of `file` does not change while producers of the layout look at its decisions: not to be copied.
struct Work {
    WorkPlan plan;
    std::string identity; ///< identityOf(plan)
    std::shared_ptr<const Model> model;
    const ExportFormat *format = nullptr;
    PlannedFile file; ///< planned without a look at the weights
    std::vector<UnitShare> shares;
    /// Place in plan.files of the file that each tensor of the layout lies in; empty when there is only one.
    std::vector<std::size_t> fileNumbers;
    /// Units write only whole blocks of so many bytes into the output, so that none is written by two machines: not
    /// smaller than a page of memory anywhere.
    std::uint64_t blockBytes = std::uint64_t{64} << 10U;
    /// Of work of which one unit was opened (openUnit()): the model, the decisions and the layout hold what this unit
    /// needs, and these are the numbers of its layers in the whole model. Else empty.
    std::vector<std::size_t> layerNumbers;

    Work() = default;
    Work(Work &&) = default;
    Work &operator=(Work &&) = default;
    Work(const Work &) = delete;
    Work &operator=(const Work &) = delete;
    ~Work() = default;

    /// Number in the whole model of a layer of `model`.
    std::size_t numberOf(std::size_t layer) const { return layerNumbers.empty() ? layer : layerNumbers[layer]; }
    /// Place in plan.files of the file that a tensor of the layout lies in.
    std::size_t fileOf(std::size_t tensor) const { return fileNumbers.empty() ? 0 : fileNumbers[tensor]; }
    /// Those that decide about the output's bytes, and whether it may replace a file.
    ExportOptions options() const;
};

/// What is asked for.
struct WorkRequest {
    std::shared_ptr<const Model> model; ///< as the recipe's rules about roles see it
    std::string location;               ///< of the model, as openModel() took it
    std::string part;
    const ExportFormat &format;
    const Recipe &recipe;
    std::filesystem::path output;
    const ExportOptions &options;
    std::size_t units = 1;
};

/// Plans work. Weights are not looked at, unless layers of numbers that are none are to be kept in float: who does the
/// units looks. Error{Work} for what the format refuses, Error{Usage} for more than kMostUnits or no units.
Result<Work> planWork(const WorkRequest &request, AnalysisCache &cache, const TaskContext &context);

/// A plan for this program, with its format and nothing else. Error{Input} when another one has made it.
Result<Work> workOf(WorkPlan plan);

/// Opens the model of a plan. Error{Input} when the source or the program is another one than when it was planned.
Result<Work> openWork(WorkPlan plan, const TaskContext &context);

/// Folder of the parts of a plan that is saved as `plan`.
std::filesystem::path partsFolder(const std::filesystem::path &plan);

} // namespace qs
