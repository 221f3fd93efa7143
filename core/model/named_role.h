// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// NamedRole: what a tensor is, as far as its name, its shape, its type and its neighbours tell.
#pragma once

#include "core/base/text.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace qs {

enum class Op : std::uint8_t { Linear, Conv, Recurrent, Embedding, ConvTranspose, MatMul };

enum class Role : std::uint8_t {
    Linear,      ///< a matrix that activations are multiplied by
    Convolution, ///< a kernel
    Recurrent,   ///< matrices of all gates of a recurrent layer
    Embedding,   ///< rows that are looked up
    Stack,       ///< matrices on top of each other, one per expert
    Norm,        ///< weights, biases and statistics of a normalisation
    Bias,
    Mask,
    Position,  ///< table of positions, frequencies or relative offsets
    Parameter, ///< learned, but added or multiplied element by element: tokens, layer scales
    OptimizerState,
    Adapter,    ///< part of a low-rank or other adapter
    WeightNorm, ///< magnitude or direction of a weight in two parts
    Codes,      ///< integers that stand for a weight
    Companion,  ///< scales, zero points and the like of codes
    Codebook,   ///< values that codes stand for
    Buffer,     ///< numbers of the program that are no weights
};

/// "linear", "convolution", "weight-norm" …, on screen and in JSON.
std::string_view textOf(Role role);
std::optional<Role> roleFromText(std::string_view text);
/// "linear, convolution, …": all of them, for messages.
std::string roleNames();
/// True when something multiplies by tensors of the role, or looks rows of them up.
bool isLayerRole(Role role);
/// True for layers that are no embeddings.
bool isQuantizedByDefault(Role role);

struct NamedRole {
    static constexpr std::uint32_t kNone = 0xffffffffU;

    Role role = Role::Buffer;
    bool keptByDefault = false;     ///< a layer that the default recipe excludes, for `reason`
    std::uint8_t channelAxis = 0;   ///< of a layer
    std::uint8_t stackAxes = 0;     ///< leading axes that count the matrices of a stack; they come before channelAxis
    std::optional<Op> op = {};      ///< of a layer; empty when nothing multiplies by the tensor
    std::uint32_t of = kNone;       ///< the tensor that it belongs to: of a bias its weight, of an adapter its target
    TextLiteral<0> reason = "";     ///< why, for people
    TextLiteral<0> axisReason = ""; ///< why that axis; empty for the usual layout of `op`
};

} // namespace qs
