// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// WorkPlan: an export that is done in units, by any number of machines that see the same files.
#pragma once

#include "core/recipe/recipe.h"
#include "core/shards/planned_source.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace qs {

/// A piece of the index beside the plan (unit_index.h).
struct IndexPiece {
    std::uint64_t begin = 0; ///< from the start of the file
    std::uint64_t bytes = 0; ///< 0: there is none
    std::string checksum;
};

/// What one unit adds to the output.
struct PlannedUnit {
    std::uint64_t tensors = 0;
    std::uint64_t bytes = 0;
    IndexPiece piece = {};
};

/// A file of the output.
struct PlannedOutput {
    std::string name; ///< in the folder of the output; empty when the output is this file
    std::uint64_t bytes = 0;
};

inline constexpr std::size_t kMostUnits = 65536;

/// Small whatever the model is: which tensors a unit holds follows from the source and the recipe, and `layout` tells
/// whether it still does.
struct WorkPlan {
    std::string version;  ///< of the program: another one could write other bytes
    std::string location; ///< of the model, as openModel() takes it; absolute
    std::string part;     ///< of a checkpoint with several models
    std::vector<PlannedSource> sources;
    std::string format; ///< of the output
    std::string output; ///< absolute
    Recipe recipe;
    bool overwrite = false;
    bool keepNonFinite = false;
    bool allowUnmatched = false;
    bool unpacked = false;
    std::map<std::size_t, std::string> keptByData; ///< layers that stay in float for what their weights are, and why
    std::string layout;                            ///< checksum of the output's layout and of the way it is shared out
    std::uint64_t bytes = 0;                       ///< of the output
    std::vector<PlannedOutput> files;              ///< of the output, in their order
    std::vector<PlannedUnit> units;
};

/// JSON: {"quantoscope_plan": 1, …}, with a line feed at its end. It holds identityOf(plan), too.
std::string toJson(const WorkPlan &plan);
/// Checksum of all that the plan says: by it parts tell to which plan they belong, and a plan that it is not damaged.
/// Whether OUT may be replaced has no part in it.
std::string identityOf(const WorkPlan &plan);
/// Error{Input} that names what is wrong with it, or says that it was changed since it was made.
Result<WorkPlan> workPlanFromJson(std::string_view text, const std::string &where);
/// What the JSON library says of a value, without its own number of the error.
std::string troubleOf(std::string_view what);
/// Of a file of at most 256 MiB.
Result<WorkPlan> loadWorkPlan(const std::filesystem::path &path);

} // namespace qs
