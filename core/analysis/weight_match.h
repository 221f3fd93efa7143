// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Which weights of two models are the same, by names and by what they hold.
#pragma once

#include "core/analysis/value_rows.h"
#include "core/base/task_context.h"
#include "core/model/model.h"

#include <string>
#include <utility>
#include <vector>

namespace qs {

enum class MatchedBy : std::uint8_t {
    Name,
    Map,        ///< the user says so
    Tie,        ///< one of the files keeps the weights under another name that shares them
    Decoration, ///< names that differ in what wrappers and quantizers add
    Prefix,     ///< names that differ in their first segments
    Family,     ///< names of the same place in a family of models
    Content,    ///< shape and values, which no other tensor has
};

/// "name", "map" …, on screen and in JSON.
std::string_view textOf(MatchedBy by);

/// The same weight on both sides. More than one tensor on one of them: their rows one behind the other.
struct WeightMatch {
    std::vector<RowPiece> reference = {};
    std::vector<RowPiece> candidate = {};
    MatchedBy by = MatchedBy::Name;
    bool transposed = false; ///< the last two axes are swapped on one of the sides
    Text reason = {};        ///< for people; empty where the names are equal
};

/// Names of the reference and of the candidate that mean the same weight.
using NameMap = std::vector<std::pair<std::string, std::string>>;

/// Lines `reference = candidate`; what follows '#' at the start of a line is a comment. Error{Usage} with the line.
Result<NameMap> parseNameMap(std::string_view text, const std::string &where);

/// How the shapes of a matched pair fit.
enum class Fit : std::uint8_t {
    No,
    Same,
    Transposed, ///< the last two axes are swapped
    Ones,       ///< equal but for axes of one element
};
Fit fitOf(const TensorInfo &a, const TensorInfo &b);

/// Which tensors of a model stand for themselves: not scales and other parts of codes.
std::vector<bool> comparableTensors(const Model &model);

/// Each tensor is in one match at most; equal names are matched whatever their shapes, all others only where the
/// shapes fit. In natural order of the reference's names. Error{Usage} for names of `map` that are not there.
Result<std::vector<WeightMatch>> matchWeights(const Model &reference, const Model &candidate, const NameMap &map,
                                              const TaskContext &context);

} // namespace qs
