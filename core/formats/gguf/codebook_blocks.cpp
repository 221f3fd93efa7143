// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/gguf/codebook_blocks.h"

#include "core/formats/gguf/codebook_tables.h"
#include "core/tensor/integers.h"
#include "core/tensor/small_floats.h"

#include <array>
#include <bit>
#include <cstdint>

namespace qs::gguf {
namespace {

constexpr std::size_t kElements = 256;
constexpr std::array<float, 3> kPairLevels{8, 25, 43};
constexpr std::array<float, 8> kXxsLevels{4, 12, 20, 28, 36, 44, 52, 62};

/// Fields of one block.
class Block
{
public:
    Block(const std::byte *bytes, bool bigEndian)
        : m_bytes(bytes)
        , m_bigEndian(bigEndian)
    {}

    unsigned byte(std::size_t at) const { return std::to_integer<unsigned>(m_bytes[at]); }
    unsigned nibble(std::size_t at, std::size_t index) const { return byte(at + index / 2) >> index % 2 * 4 & 15U; }
    unsigned half(std::size_t at) const { return loadElement<std::uint16_t>(m_bytes + at, m_bigEndian); }
    std::uint32_t word(std::size_t at) const { return half(at) | static_cast<std::uint32_t>(half(at + 2)) << 16U; }
    float factor(std::size_t at = 0) const { return fromF16(static_cast<std::uint16_t>(half(at))); }

private:
    const std::byte *m_bytes;
    bool m_bigEndian;
};

float withSign(float value, unsigned signs, unsigned index)
{
    return (signs >> index & 1U) != 0 ? -value : value;
}

/// Seven signs are stored; the eighth makes their number even.
unsigned evenSigns(unsigned seven)
{
    return seven | (static_cast<unsigned>(std::popcount(seven)) & 1U) << 7U;
}

/// Eight values of levels 8, 25 and 43.
void putPairs(unsigned point, float factor, unsigned signs, float *values)
{
    for (unsigned i = 0; i < 8; ++i, point /= 3)
        values[i] = withSign(factor * kPairLevels[point % 3], signs, i);
}

void putXxs(unsigned point, float factor, unsigned signs, float *values)
{
    for (unsigned i = 0; i < 4; ++i, point >>= 3U)
        values[i] = withSign(factor * kXxsLevels[point & 7U], signs, i);
}

/// Levels 1, 3 … 15.
void putOdd(unsigned point, float factor, unsigned signs, float *values)
{
    for (unsigned i = 0; i < 4; ++i, point >>= 3U)
        values[i] = withSign(factor * static_cast<float>(2 * (point & 7U) + 1), signs, i);
}

/// Eight values of −1, 0 and 1, moved by `shift`.
void putTernary(unsigned point, float factor, float shift, float *values)
{
    for (unsigned i = 0; i < 8; ++i, point /= 3)
        values[i] = factor * (static_cast<float>(static_cast<int>(point % 3) - 1) + shift);
}

void iq2Xxs(const Block &block, float *values)
{
    for (unsigned group = 0; group < 8; ++group) {
        const std::uint32_t rest = block.word(2 + 8 * group + 4);
        const float factor = block.factor() * (0.5F + static_cast<float>(rest >> 28U)) * 0.25F;
        const std::uint32_t points = block.word(2 + 8 * group);
        for (unsigned i = 0; i < 4; ++i)
            putPairs(iq2xxsPoints()[points >> 8 * i & 255U], factor, evenSigns(rest >> 7 * i & 127U),
                     values + 32 * group + 8 * i);
    }
}

void iq2Xs(const Block &block, float *values)
{
    for (unsigned i = 0; i < 32; ++i) {
        const unsigned code = block.half(2 + 2 * i);
        const float factor = block.factor() * (0.5F + static_cast<float>(block.nibble(66, i / 2))) * 0.25F;
        putPairs(iq2xsPoints()[code & 511U], factor, evenSigns(code >> 9U), values + 8 * i);
    }
}

void iq2S(const Block &block, float *values)
{
    for (unsigned i = 0; i < 32; ++i) {
        const unsigned point = block.byte(2 + i) | (block.byte(66 + i / 4) >> i % 4 * 2 & 3U) << 8U;
        const float factor = block.factor() * (0.5F + static_cast<float>(block.nibble(74, i / 2))) * 0.25F;
        putPairs(iq2sPoints()[point], factor, block.byte(34 + i), values + 8 * i);
    }
}

void iq3Xxs(const Block &block, float *values)
{
    for (unsigned group = 0; group < 8; ++group) {
        const std::uint32_t rest = block.word(66 + 4 * group);
        const float factor = block.factor() * (0.5F + static_cast<float>(rest >> 28U)) * 0.5F;
        for (unsigned i = 0; i < 8; ++i) {
            const unsigned signs = evenSigns(rest >> 7 * (i / 2) & 127U) >> i % 2 * 4;
            putXxs(iq3xxsPoints()[block.byte(2 + 8 * group + i)], factor, signs, values + 32 * group + 4 * i);
        }
    }
}

void iq3S(const Block &block, float *values)
{
    for (unsigned i = 0; i < 64; ++i) {
        const unsigned point = block.byte(2 + i) | (block.byte(66 + i / 8) >> i % 8 & 1U) << 8U;
        const float factor = block.factor() * static_cast<float>(1 + 2 * block.nibble(106, i / 8));
        putOdd(iq3sPoints()[point], factor, block.byte(74 + i / 2) >> i % 2 * 4, values + 4 * i);
    }
}

void iq1S(const Block &block, float *values)
{
    for (unsigned i = 0; i < 32; ++i) {
        const unsigned rest = block.half(34 + i / 4 * 2);
        const unsigned point = block.byte(2 + i) | (rest >> i % 4 * 3 & 7U) << 8U;
        const float factor = block.factor() * static_cast<float>(2 * (rest >> 12U & 7U) + 1);
        putTernary(iq1Points()[point], factor, (rest & 0x8000U) != 0 ? -0.125F : 0.125F, values + 8 * i);
    }
}

void iq1M(const Block &block, float *values)
{
    // The factor of the block stands in the top four bits of four fields.
    unsigned bits = 0;
    for (unsigned i = 0; i < 4; ++i)
        bits |= (block.half(48 + 2 * i) >> 12U) << 4 * i;
    const float whole = fromF16(static_cast<std::uint16_t>(bits));
    for (unsigned i = 0; i < 32; ++i) {
        const unsigned rest = block.byte(32 + i / 2) >> i % 2 * 4;
        const unsigned point = block.byte(i) | (rest & 7U) << 8U;
        const unsigned part = i / 2;
        const unsigned scale = block.half(48 + part / 4 * 2) >> part % 4 * 3 & 7U;
        putTernary(iq1Points()[point], whole * static_cast<float>(2 * scale + 1), (rest & 8U) != 0 ? -0.125F : 0.125F,
                   values + 8 * i);
    }
}

template <void (*Decode)(const Block &, float *), std::size_t Bytes>
void decodeAll(const std::byte *source, std::size_t blocks, bool bigEndian, float *values)
{
    for (std::size_t i = 0; i < blocks; ++i)
        Decode({source + i * Bytes, bigEndian}, values + i * kElements);
}

} // namespace

void decodeIq1S(const std::byte *source, std::size_t blocks, bool bigEndian, float *values)
{
    decodeAll<iq1S, 50>(source, blocks, bigEndian, values);
}

void decodeIq1M(const std::byte *source, std::size_t blocks, bool bigEndian, float *values)
{
    decodeAll<iq1M, 56>(source, blocks, bigEndian, values);
}

void decodeIq2Xxs(const std::byte *source, std::size_t blocks, bool bigEndian, float *values)
{
    decodeAll<iq2Xxs, 66>(source, blocks, bigEndian, values);
}

void decodeIq2Xs(const std::byte *source, std::size_t blocks, bool bigEndian, float *values)
{
    decodeAll<iq2Xs, 74>(source, blocks, bigEndian, values);
}

void decodeIq2S(const std::byte *source, std::size_t blocks, bool bigEndian, float *values)
{
    decodeAll<iq2S, 82>(source, blocks, bigEndian, values);
}

void decodeIq3Xxs(const std::byte *source, std::size_t blocks, bool bigEndian, float *values)
{
    decodeAll<iq3Xxs, 98>(source, blocks, bigEndian, values);
}

void decodeIq3S(const std::byte *source, std::size_t blocks, bool bigEndian, float *values)
{
    decodeAll<iq3S, 110>(source, blocks, bigEndian, values);
}

} // namespace qs::gguf
