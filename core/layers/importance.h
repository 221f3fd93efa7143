// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What an importance file of llama.cpp says about the layers of a model.
#pragma once

#include "core/model/model.h"
#include "core/quant/input_moments.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace qs {

/// Mean squares of the inputs of one weight.
struct ImportanceEntry {
    std::string name;           ///< of the weight, as llama.cpp calls it: "blk.0.attn_q.weight"
    std::uint64_t matrices = 1; ///< of a stack of experts
    std::vector<double> means;  ///< by matrix and input
    std::uint64_t rows = 0;     ///< that were fed
};

/// Such a file (formats/imatrix.h).
struct ImportanceFile {
    std::vector<ImportanceEntry> entries;
    Text about;           ///< for people: file and data set
    std::uint64_t id = 0; ///< equal contents have equal ids, for caches
};

/// Diagonals of second moments by model layer, under the layer's own name or the one that its family of models has for
/// it; null where the file says nothing, or is of other sizes.
std::vector<std::shared_ptr<const InputMoments>> momentsOf(const Model &model, const ImportanceFile &file);

} // namespace qs
