// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// How the tensors of an output and the layers of a model are shared out among units.
#pragma once

#include "core/export/planner.h"
#include "core/model/model.h"

namespace qs {

/// What one unit does.
struct UnitShare {
    std::vector<std::size_t> tensors; ///< of the layout, those of an item together
    std::vector<std::size_t> layers;  ///< of the model, whose weights it looks at
    std::uint64_t bytes = 0;          ///< that it adds to the output
};

/// Each tensor and each layer to one of `units` units: neighbours together, about the same work for all. The tensors of
/// a unit come in the order of the files of a folder. Depends on the layout and the model alone.
std::vector<UnitShare> shareOut(const Model &model, const FileLayout &layout, std::size_t units);

/// Checksum over everything that the bytes of the output depend on but for the weights: names, types, shapes and places
/// of tensors, the bytes around them, the files of a folder, and who does what.
std::string layoutChecksum(const PlannedFile &file, const std::vector<UnitShare> &shares);

} // namespace qs
