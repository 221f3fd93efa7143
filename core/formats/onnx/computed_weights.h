// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Weights that the graph makes of several tensors of the file: scaled, normalised, with an update of low rank.
#pragma once

#include "core/base/scratch_file.h"
#include "core/formats/onnx/constant_folder.h"

#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace qs::onnx {

/// What the graphs do with a tensor before it is the weight `value`: the nodes on all ways between them. Empty when any
/// of these ways leads somewhere else, so that the tensor is needed as it is.
std::optional<std::vector<const Node *>> nodesBetween(const ModelFile &graphs, const Scopes &scopes,
                                                      std::uint32_t tensor, std::uint32_t value);

/// Values of the graph, each of them the weight of one row: that of the largest tensor in it, be it of floats or of
/// codes.
class ComputedWeights
{
public:
    ComputedWeights(FollowContext &context, ConstantFolder &folder, std::span<const GraphTensor> tensors);

    /// `place` is used as a weight as `value` only. Gives the tensor whose row the value is; it takes type and
    /// shape of the value. Error{Work} with the reason where the value is not known or the tensor is needed as it is,
    /// too.
    Result<std::size_t> add(const GraphTensor &place, std::uint32_t value);

    /// Gives the rows their values, and says of all other tensors in them that they are parts of these weights.
    Result<void> finish(Model &model);

private:
    struct Computed {
        std::size_t tensor = 0;
        std::string name;               ///< as ComputedTensor::value
        std::vector<std::size_t> parts; ///< all tensors in it
        DType dtype = DType::F32;
        Shape shape;
        std::uint64_t offset = 0; ///< in the scratch file
        std::uint64_t size = 0;
    };

    void collectParts(std::uint32_t value, Computed &computed, std::unordered_set<std::uint32_t> &seen) const;
    std::size_t largestOf(const std::vector<std::size_t> &parts) const;
    Result<void> store(const FoldedValue &folded, Computed &computed);

    FollowContext &m_context;
    std::span<const GraphTensor> m_tensors;
    ConstantFolder &m_folder;
    std::optional<ScratchFile> m_scratch;
    std::unordered_map<std::uint32_t, Result<std::size_t>> m_results; ///< by value
    std::vector<Computed> m_weights;
    std::vector<std::uint32_t> m_values; ///< of these weights
};

/// The node that makes the value of this name (ComputedTensor::value): names in bodies stand behind the path of the
/// body. Empty when there is none.
std::optional<ValueMaker> makerOfNamed(const ModelFile &graphs, std::string_view name);

} // namespace qs::onnx
