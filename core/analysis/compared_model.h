// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// ComparedModel: one model of a comparison, and how a matched pair of both is read.
#pragma once

#include "core/analysis/weight_match.h"

#include <string>
#include <utility>
#include <vector>

namespace qs {

enum class Readable : std::uint8_t { Floats, WholeNumbers, No };

/// One model of the comparison: what counts in it, and what has been compared.
struct ComparedModel {
    const Model &model;
    std::vector<bool> counts = {};
    std::vector<bool> covered = {};
    std::vector<bool> matched = {};

    explicit ComparedModel(const Model &m);

    const Layer *layerOf(std::size_t tensor) const
    {
        const auto layer = model.layerOf(tensor);
        return layer ? &model.layers[*layer] : nullptr;
    }
    Readable readable(std::size_t tensor) const;
    /// A type whose values float32 does not hold.
    bool isWide(std::size_t tensor) const
    {
        const TensorInfo &info = model.tensors[tensor];
        return !info.encoding && info.dtype == DType::F64;
    }
};

/// Names of the tensors of one side of a match.
std::string namesOf(const Model &model, const std::vector<RowPiece> &pieces);

/// Why the values of a pair cannot be read; empty when they can.
Text unreadable(const ComparedModel &reference, const ComparedModel &candidate, const WeightMatch &match);

/// How both sides are seen as the same rows.
std::pair<RowView, RowView> viewsOf(const ComparedModel &reference, const ComparedModel &candidate,
                                    const WeightMatch &match);

} // namespace qs
