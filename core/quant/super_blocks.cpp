// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quant/super_blocks.h"

#include "core/tensor/small_floats.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace qs {

namespace {

// Of Q4_K and Q5_K: d and m in f16, 8 scales and 8 depths of 6 bits, fifth bits, nibbles.
constexpr std::size_t kGroups = 8;
constexpr std::size_t kGroupCodes = 32;
constexpr std::size_t kPairs = 4; // bytes of nibbles: 32 for each pair of groups
constexpr std::size_t kNumbers = 4;
constexpr std::size_t kNumberBytes = 12;
constexpr std::size_t kFifthBits = kNumbers + kNumberBytes;
// Of Q6_K: low nibbles, high pairs of bits, 16 scales of 8 bits, d in f16; two halves of 4 · 32 codes.
constexpr std::size_t kSmallGroups = 16;
constexpr std::size_t kHighPairs = 128;
constexpr std::size_t kByteScales = 192;
constexpr std::size_t kByteScale = 208;

struct Multiples {
    float step = 0;
    std::array<int, kSmallGroups> counts{};
};

/// `values` as multiples of a common step, of which the value of largest magnitude has `largest`.
Multiples multiplesOf(std::span<const float> values, int largest)
{
    const float extreme = *std::ranges::max_element(values, {}, [](float value) { return std::fabs(value); });
    if (extreme == 0)
        return {};
    Multiples result{.step = extreme / static_cast<float>(largest)};
    for (std::size_t i = 0; i < values.size(); ++i)
        result.counts[i] = static_cast<int>(std::nearbyint(values[i] / result.step));
    return result;
}

std::byte byteOf(int value)
{
    return static_cast<std::byte>(static_cast<unsigned>(value) & 0xffU);
}

int numberOf(std::byte byte)
{
    return std::to_integer<int>(byte);
}

/// 6-bit scales and depths: of the first four groups in bytes of their own, whose upper bits hold those of the others.
void putNumbers(const std::array<int, kSmallGroups> &scales, const std::array<int, kSmallGroups> &depths,
                std::byte *bytes)
{
    for (std::size_t i = 0; i < 4; ++i) {
        bytes[i] = byteOf(scales[i] | (scales[i + 4] >> 4) << 6);
        bytes[i + 4] = byteOf(depths[i] | (depths[i + 4] >> 4) << 6);
        bytes[i + 8] = byteOf((scales[i + 4] & 15) | (depths[i + 4] & 15) << 4);
    }
}

void packWithOffsets(int bits, const CodeRow &row, std::size_t block, std::byte *bytes)
{
    std::array<float, kGroups> depths;
    std::ranges::transform(row.offsets.subspan(block * kGroups, kGroups), depths.begin(), [](float x) { return -x; });
    const Multiples scale = multiplesOf(row.scales.subspan(block * kGroups, kGroups), 63);
    const Multiples depth = multiplesOf(depths, 63);
    putHalf(scale.step, bytes);
    putHalf(depth.step, bytes + 2);
    putNumbers(scale.counts, depth.counts, bytes + kNumbers);
    std::byte *fifth = bytes + kFifthBits;
    std::byte *nibbles = fifth + (bits == 5 ? kGroupCodes : 0);
    const int half = 1 << (bits - 1);
    const std::int8_t *codes = row.codes.data() + block * kSuperBlockCodes;
    for (std::size_t i = 0; i < kGroupCodes; ++i) {
        int high = 0;
        for (std::size_t pair = 0; pair < kPairs; ++pair) {
            const int first = codes[2 * pair * kGroupCodes + i] + half;
            const int second = codes[(2 * pair + 1) * kGroupCodes + i] + half;
            nibbles[pair * kGroupCodes + i] = byteOf((first & 15) | (second & 15) << 4);
            high |= (first >> 4) << (2 * pair) | (second >> 4) << (2 * pair + 1);
        }
        if (bits == 5)
            fifth[i] = byteOf(high);
    }
}

void unpackWithOffsets(int bits, const std::byte *bytes, std::size_t block, const UnpackedRow &row)
{
    const float scale = getHalf(bytes);
    const float depth = getHalf(bytes + 2);
    const std::byte *numbers = bytes + kNumbers;
    for (std::size_t i = 0; i < kGroups; ++i) {
        const std::size_t low = i % 4;
        const int upper = i < 4 ? 0 : 1;
        const int scales = upper ? (numberOf(numbers[low + 8]) & 15) | (numberOf(numbers[low]) >> 6) << 4
                                 : numberOf(numbers[low]) & 63;
        const int depths = upper ? numberOf(numbers[low + 8]) >> 4 | (numberOf(numbers[low + 4]) >> 6) << 4
                                 : numberOf(numbers[low + 4]) & 63;
        row.scales[block * kGroups + i] = scale * static_cast<float>(scales);
        row.offsets[block * kGroups + i] = -(depth * static_cast<float>(depths));
    }
    const std::byte *fifth = bytes + kFifthBits;
    const std::byte *nibbles = fifth + (bits == 5 ? kGroupCodes : 0);
    const int half = 1 << (bits - 1);
    std::int8_t *codes = row.codes.data() + block * kSuperBlockCodes;
    for (std::size_t i = 0; i < kGroupCodes; ++i) {
        const int high = bits == 5 ? numberOf(fifth[i]) : 0;
        for (std::size_t pair = 0; pair < kPairs; ++pair) {
            const int both = numberOf(nibbles[pair * kGroupCodes + i]);
            const int first = (both & 15) | (high >> (2 * pair) & 1) << 4;
            const int second = both >> 4 | (high >> (2 * pair + 1) & 1) << 4;
            codes[2 * pair * kGroupCodes + i] = static_cast<std::int8_t>(first - half);
            codes[(2 * pair + 1) * kGroupCodes + i] = static_cast<std::int8_t>(second - half);
        }
    }
}

void packSixBits(const CodeRow &row, std::size_t block, std::byte *bytes)
{
    const Multiples scale = multiplesOf(row.scales.subspan(block * kSmallGroups, kSmallGroups), -128);
    for (std::size_t i = 0; i < kSmallGroups; ++i)
        bytes[kByteScales + i] = byteOf(scale.counts[i]);
    putHalf(scale.step, bytes + kByteScale);
    for (std::size_t half = 0; half < 2; ++half) {
        const std::int8_t *codes = row.codes.data() + block * kSuperBlockCodes + half * 128;
        std::byte *low = bytes + half * 64;
        std::byte *high = bytes + kHighPairs + half * 32;
        for (std::size_t i = 0; i < 32; ++i) {
            const std::array<int, 4> code{codes[i] + 32, codes[i + 32] + 32, codes[i + 64] + 32, codes[i + 96] + 32};
            low[i] = byteOf((code[0] & 15) | (code[2] & 15) << 4);
            low[i + 32] = byteOf((code[1] & 15) | (code[3] & 15) << 4);
            high[i] = byteOf(code[0] >> 4 | (code[1] >> 4) << 2 | (code[2] >> 4) << 4 | (code[3] >> 4) << 6);
        }
    }
}

void unpackSixBits(const std::byte *bytes, std::size_t block, const UnpackedRow &row)
{
    const float scale = getHalf(bytes + kByteScale);
    for (std::size_t i = 0; i < kSmallGroups; ++i)
        row.scales[block * kSmallGroups + i] =
            scale * static_cast<float>(static_cast<std::int8_t>(numberOf(bytes[kByteScales + i])));
    for (std::size_t half = 0; half < 2; ++half) {
        std::int8_t *codes = row.codes.data() + block * kSuperBlockCodes + half * 128;
        const std::byte *low = bytes + half * 64;
        const std::byte *high = bytes + kHighPairs + half * 32;
        for (std::size_t i = 0; i < 128; ++i) {
            const int nibbles = numberOf(low[i % 64]);
            const int code = (i < 64 ? nibbles & 15 : nibbles >> 4) | (numberOf(high[i % 32]) >> (i / 32 * 2) & 3) << 4;
            codes[i] = static_cast<std::int8_t>(code - 32);
        }
    }
}

} // namespace

std::size_t superBlockBytes(int bits)
{
    if (bits == 6)
        return kByteScale + 2;
    return kFifthBits + kSuperBlockCodes / 2 + (bits == 5 ? kGroupCodes : 0);
}

void packSuperBlock(int bits, const CodeRow &row, std::size_t block, std::byte *bytes)
{
    if (bits == 6)
        packSixBits(row, block, bytes);
    else
        packWithOffsets(bits, row, block, bytes);
}

void unpackSuperBlock(int bits, const std::byte *bytes, std::size_t block, const UnpackedRow &row)
{
    if (bits == 6)
        unpackSixBits(bytes, block, row);
    else
        unpackWithOffsets(bits, bytes, block, row);
}

void putHalf(float value, std::byte *bytes)
{
    const std::uint16_t bits = toF16(value);
    bytes[0] = static_cast<std::byte>(bits & 0xffU);
    bytes[1] = static_cast<std::byte>(bits >> 8U);
}

float getHalf(const std::byte *bytes)
{
    return fromF16(
        static_cast<std::uint16_t>(std::to_integer<unsigned>(bytes[0]) | std::to_integer<unsigned>(bytes[1]) << 8U));
}

} // namespace qs
