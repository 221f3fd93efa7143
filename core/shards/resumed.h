// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// An export on one machine that goes on where it was stopped.
#pragma once

#include "core/shards/work.h"

namespace qs {

/// Folder of the parts of an export to `output`, while it is not finished.
std::filesystem::path resumeFolder(const std::filesystem::path &output);

/// Units of about 256 MiB of the model, 4 at least and 256 at most.
std::size_t unitsFor(const Model &model);

/// How many units of the work have left what they did in resumeFolder(). It is taken for whole when files have the
/// right size: doUnits() looks closer.
std::size_t unitsDone(const Work &work);

/// Whether resumeFolder() holds something that units or their merge have left, of whatever work.
bool holdsParts(const std::filesystem::path &output);
/// Removes it, and the folder when nothing else is in it.
void discardParts(const std::filesystem::path &output);

/// Does the units that are not done yet, in resumeFolder(). What was stopped leaves its finished units there: the next
/// call with the same source, recipe and format uses them, any other does them anew.
Result<void> doUnits(const Work &work, AnalysisCache &cache, const TaskContext &context);

} // namespace qs
