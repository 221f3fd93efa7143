// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/onnx/constants.h"

#include <algorithm>
#include <array>

namespace qs::onnx {
namespace {

constexpr std::array<std::string_view, 6> kRandom{
    "RandomNormal", "RandomNormalLike", "RandomUniform", "RandomUniformLike", "Bernoulli", "Multinomial",
};

} // namespace

ConstantValues::ConstantValues(const ModelFile &graphs, const Scopes &scopes, const Model &model)
    : m_scopes(scopes)
    , m_model(model)
{
    for (const Graph &graph : graphs.graphs) {
        if (graph.isFunction)
            continue;
        for (const Node &node : graph.nodes) // in the order in which they are computed
            if (const std::uint64_t part = partOf(node); part > 0)
                for (std::uint32_t i = 0; i < node.outputs.size(); ++i)
                    m_computed.emplace(node.firstOutput + i, part);
    }
}

std::uint64_t ConstantValues::largestPart(std::uint32_t value) const
{
    if (value == kNone)
        return 0;
    if (const std::uint32_t tensor = m_scopes.tensorOf(value); tensor != kNone)
        return std::max<std::uint64_t>(m_model.tensors[tensor].elements(), 1);
    const auto found = m_computed.find(value);
    return found == m_computed.end() ? 0 : found->second;
}

std::uint64_t ConstantValues::partOf(const Node &node) const
{
    if (!node.isStandard() || !node.subgraphs.empty() || std::ranges::find(kRandom, node.opType) != kRandom.end())
        return 0;
    std::uint64_t largest = 0;
    for (std::size_t i = 0; i < node.inputs.size(); ++i) {
        if (node.inputs[i].empty())
            continue;
        const std::uint64_t part = largestPart(m_scopes.input(node, i));
        if (part == 0)
            return 0;
        largest = std::max(largest, part);
    }
    return largest;
}

} // namespace qs::onnx
