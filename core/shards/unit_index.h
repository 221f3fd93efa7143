// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The index beside a plan: of each unit, what it has to know of the model and of the output. Who does a unit reads its
// own piece, and neither the rest of it nor the header of the model.
#pragma once

#include "core/shards/work.h"

namespace qs {

/// File of the index of a plan that is saved as `plan`.
std::filesystem::path indexPath(const std::filesystem::path &plan);

/// The index of planned work: one piece per unit, one behind the other, each of lines of JSON. Its places go into the
/// units of the plan, and the work gets another identity by that. Units whose bytes follow from more than tensors that
/// lie in files as they are have no piece: they need the model. Empty when no unit has one.
std::string makeIndex(Work &work);

/// Makes the index and saves it and the plan. Error{Work} as AtomicFile, when one of them is there, too.
Result<void> saveWork(Work &work, const std::filesystem::path &path, bool overwrite);

/// Work of which only this unit can be done: by its piece of the index, without a look at the model, or where there is
/// none as openWork(). Error{Usage} for a unit that the plan does not have; Error{Input} when one of the files that the
/// unit reads, the program, or the index is another one than when the work was planned.
Result<Work> openUnit(WorkPlan plan, const std::filesystem::path &path, std::size_t unit, const TaskContext &context);

} // namespace qs
