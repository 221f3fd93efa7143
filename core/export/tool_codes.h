// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Codes and what goes with them in the layouts of other tools.
#pragma once

#include "core/export/producers.h"

namespace qs {

/// Scales and zero points of one layer, [channels, groups]; weights are quantized along the groups.
struct LayerNumbers {
    std::uint64_t channels = 0;
    std::uint64_t groups = 0;
    const Scheme &scheme;
    std::vector<float> scales;
    std::vector<std::int8_t> zeroPoints; ///< signed, as codes; zeros when the scheme has none
    std::vector<float> offsets;          ///< of schemes with offsets, else empty
};

/// Makes all bytes of one tensor of the given type.
using NumbersTensor = std::vector<std::byte> (*)(const LayerNumbers &numbers, DType type);

/// Item: a layer of one matrix that is quantized by its decision, channels on axis 0. Part 0: its codes, as part 0 of
/// `codes` makes them. Part 1 + i: what `tensors[i]` makes of its scales and zero points.
std::shared_ptr<const Producer> codesWithNumbers(const Model &model, std::span<const Decision> decisions,
                                                 std::shared_ptr<const Producer> codes,
                                                 std::vector<NumbersTensor> tensors);

/// Order of codes in the words of 32 bits of a kernel; each code is stored without a sign.
enum class WordOrder : std::uint8_t {
    Gptq, ///< [K · bits / 32, N]: words hold neighbours along K, low bits first
    Awq,  ///< [K, N / 8]: words hold outputs 0, 2, 4, 6, 1, 3, 5, 7 in 4 bits each
};

/// As layerCodes(), with codes of layers [N, K] as words in that order. They wait in a temporary file, since they come
/// row by row.
std::shared_ptr<const Producer> wordCodes(const Model &model, std::span<const Decision> decisions, WordOrder order);

/// By the words that the names of producers have for them; nothing for others.
NumbersTensor findNumbersTensor(std::string_view name);
std::optional<WordOrder> findWordOrder(std::string_view name);

// Tensors that several layouts have.

/// The scales as they are, [channels, groups].
std::vector<std::byte> plainScales(const LayerNumbers &numbers, DType type);
/// The scales, [groups, channels].
std::vector<std::byte> turnedScales(const LayerNumbers &numbers, DType type);
/// Zero points + 2^(bits−1) − `less` as streams of bits: one per column of [channels, groups], [words, groups].
std::vector<std::byte> zeroPointColumns(const LayerNumbers &numbers, DType type);
/// The same as rows of [groups, channels], [groups, words]: as GPTQ has them, in its second version and in the first,
/// which stores one less.
std::vector<std::byte> zeroPointRows(const LayerNumbers &numbers, DType type);
std::vector<std::byte> zeroPointRowsLessOne(const LayerNumbers &numbers, DType type);
/// Likewise in the order of AWQ.
std::vector<std::byte> awqZeroPointRows(const LayerNumbers &numbers, DType type);
/// What is added to scale · (code + 2^(bits−1)), [channels, groups].
std::vector<std::byte> addedOffsets(const LayerNumbers &numbers, DType type);

} // namespace qs
