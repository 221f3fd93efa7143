// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What our own reader makes of a written file, before the file gets its name.
#pragma once

#include "core/export/planner.h"

namespace qs {

/// A written file that is to be opened.
struct WrittenFile {
    const ExportFormat &format;
    const Model &model; ///< that was exported
    const PlannedFile &planned;
    std::filesystem::path path;   ///< where it can be opened
    std::filesystem::path target; ///< what it will be called, for messages
};

/// Opens the file and wants what was planned back: every tensor in its place, unless Container::named says otherwise;
/// where ExportFormat::readable says so, every layer with its axis and scheme, and the values of the first layers,
/// about 2^24 weights, or with `allValues` of all. Error{Work} names what differs.
Result<void> checkReopened(const WrittenFile &file, bool allValues, const TaskContext &context);

} // namespace qs
