// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Chain: the networks that can be run — Linear layers one after another (NUMERICS.md §3).
#pragma once

#include "core/model/model.h"
#include "core/network/network.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace qs {

struct ChainLayer {
    std::size_t layer = 0; ///< index into Model::layers
    std::uint64_t inputs = 0;
    std::uint64_t outputs = 0;
    std::optional<std::size_t> bias;          ///< tensor index
    Activation activation = Activation::None; ///< after this layer
};

struct Chain {
    std::vector<ChainLayer> layers;
    Text assumed; ///< for people: where order and activations come from
};

/// The chain, or why there is none.
struct ChainSearch {
    std::optional<Chain> chain;
    Text reason;
};

/// A chain is declared by the file's metadata, or recognised: every rank-2 layer lies on one path in natural order of
/// names, names differ only in numbers, each layer takes what the one before gives, and nothing else has weights.
/// `activation` between layers wins over the file's; ReLU when nobody says; none after the last.
ChainSearch findChain(const Model &model, std::optional<Activation> activation);

/// Domain of the nodes of chains: their operators are the standard ones, with bits that no tuning changes.
inline constexpr std::string_view kChainDomain = "quantoscope.chain";

/// The chain as a network of Gemm and activation nodes of kChainDomain. A value that is a layer's tensor stands for the
/// layer's weights [out, in] as floats, also where the file holds codes.
Network networkOf(const Model &model, const Chain &chain);

/// Floating-point operations of one pass of `samples` through one layer, in GFLOP.
double gigaFlop(const ChainLayer &layer, std::uint64_t samples);

} // namespace qs
