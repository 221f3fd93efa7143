// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The quantizers of PyTorch's tensors of codes: their scales and zero points.
#pragma once

#include "core/formats/torch/rebuilder.h"
#include "core/formats/torch/tensor_names.h"

namespace qs::torch {

/// Puts the scales and zero points of tensors of codes beside them. Errors are Error{Input} with the tensor, its byte
/// in the pickle, the value and what was expected.
class QuantizerReader : private Arguments
{
public:
    /// `rebuilder` makes the tensors inside quantizers, `names` gives them names.
    QuantizerReader(const pickle::Content &content, Rebuilder &rebuilder, TensorNames &names, const Parts &parts,
                    Model &model, const std::string &where)
        : Arguments(content, where)
        , m_rebuilder(rebuilder)
        , m_names(names)
        , m_parts(parts)
        , m_model(model)
    {}

    /// Reads the quantizer of `named`, which is tensor `index` of the model, and says there what its codes mean.
    Result<void> read(const NamedTensor &named, pickle::Index quantizer, std::size_t index);

private:
    Result<void> addTensorScale(std::size_t index, Index scale, Index zeroPoint, TensorRole &role);
    Result<void> addChannelScales(std::size_t index, std::span<const Index> items, TensorRole &role);
    Result<void> rebuildPart(Index value, TensorInfo &tensor);
    Result<std::size_t> addPart(std::size_t owner, const char *suffix, DType type, std::span<const std::byte> bytes);

    Rebuilder &m_rebuilder;
    TensorNames &m_names;
    const Parts &m_parts;
    Model &m_model;
    Index m_quantizer = pickle::kNone;
};

} // namespace qs::torch
