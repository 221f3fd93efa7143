// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Which values of the graphs are the same whatever is fed: computed from tensors of the file alone.
#pragma once

#include "core/formats/onnx/scopes.h"
#include "core/model/model.h"

#include <unordered_map>

namespace qs::onnx {

class ConstantValues
{
public:
    /// Looks once at each node; bodies of functions depend on their calls and are left out.
    ConstantValues(const ModelFile &graphs, const Scopes &scopes, const Model &model);

    /// Elements of the largest tensor that the value is, or is computed from; 0 when it is not constant.
    std::uint64_t largestPart(std::uint32_t value) const;

private:
    std::uint64_t partOf(const Node &node) const;

    const Scopes &m_scopes;
    const Model &m_model;
    std::unordered_map<std::uint32_t, std::uint64_t> m_computed; ///< largest parts
};

} // namespace qs::onnx
