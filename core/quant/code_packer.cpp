// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quant/code_packer.h"

#include "core/quant/super_blocks.h"
#include "core/tensor/small_floats.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace qs {

namespace {

using Form = CodePacker::Form;

constexpr std::size_t kBlockCodes = 32;
constexpr std::size_t kHalfBlock = kBlockCodes / 2;

constexpr std::array kPackers{
    CodePacker{"int8", 8, Form::TwosComplement, false}, CodePacker{"int7", 7, Form::TwosComplement, false},
    CodePacker{"int6", 6, Form::TwosComplement, false}, CodePacker{"int5", 5, Form::TwosComplement, false},
    CodePacker{"int4", 4, Form::TwosComplement, false}, CodePacker{"int3", 3, Form::TwosComplement, false},
    CodePacker{"int2", 2, Form::TwosComplement, false}, CodePacker{"uint8", 8, Form::Offset, false},
    CodePacker{"uint7", 7, Form::Offset, false},        CodePacker{"uint6", 6, Form::Offset, false},
    CodePacker{"uint5", 5, Form::Offset, false},        CodePacker{"uint4", 4, Form::Offset, false},
    CodePacker{"uint3", 3, Form::Offset, false},        CodePacker{"uint2", 2, Form::Offset, false},
    CodePacker{"q8_0", 8, Form::Block, false},          CodePacker{"q4_0", 4, Form::Block, false},
    CodePacker{"q4_1", 4, Form::Block, true},           CodePacker{"q5_0", 5, Form::Block, false},
    CodePacker{"q5_1", 5, Form::Block, true},           CodePacker{"q4_k", 4, Form::SuperBlock, true},
    CodePacker{"q5_k", 5, Form::SuperBlock, true},      CodePacker{"q6_k", 6, Form::SuperBlock, false},
};

unsigned maskOf(int bits)
{
    return (1U << static_cast<unsigned>(bits)) - 1;
}

int halfRange(int bits)
{
    return 1 << (bits - 1);
}

/// The bits of a code as a whole number from 0 on.
unsigned fieldOf(const CodePacker &packer, std::int8_t code)
{
    const int value = packer.form == Form::TwosComplement ? code : code + halfRange(packer.bits);
    return static_cast<unsigned>(value) & maskOf(packer.bits);
}

std::int8_t codeOf(const CodePacker &packer, unsigned field)
{
    const int value = static_cast<int>(field);
    const int half = halfRange(packer.bits);
    if (packer.form != Form::TwosComplement)
        return static_cast<std::int8_t>(value - half);
    return static_cast<std::int8_t>(value < half ? value : value - 2 * half);
}

/// Whole bytes of two codes each, in a loop that becomes vectors.
void packPairs(const CodePacker &packer, std::span<const std::int8_t> codes, std::byte *bytes)
{
    const unsigned flip = packer.form == Form::TwosComplement ? 0 : 8; // adds half the range, modulo the whole of it
    const std::int8_t *const from = codes.data();
    for (std::size_t i = 0; i < codes.size() / 2; ++i) {
        const unsigned low = (static_cast<unsigned>(from[2 * i]) ^ flip) & 15U;
        const unsigned high = (static_cast<unsigned>(from[2 * i + 1]) ^ flip) & 15U;
        bytes[i] = static_cast<std::byte>(low | high << 4U);
    }
}

void packStream(const CodePacker &packer, std::span<const std::int8_t> codes, std::byte *bytes)
{
    if (packer.bits == 4) {
        packPairs(packer, codes, bytes);
        bytes += codes.size() / 2;
        codes = codes.last(codes.size() % 2);
    }
    const auto bits = static_cast<unsigned>(packer.bits);
    unsigned waiting = 0; // bits in `held` that are not written yet
    unsigned held = 0;
    for (const std::int8_t code : codes) {
        held |= fieldOf(packer, code) << waiting;
        for (waiting += bits; waiting >= 8; waiting -= 8) {
            *bytes++ = static_cast<std::byte>(held & 0xffU);
            held >>= 8U;
        }
    }
    if (waiting > 0)
        *bytes = static_cast<std::byte>(held);
}

void unpackStream(const CodePacker &packer, const std::byte *bytes, std::span<std::int8_t> codes)
{
    const auto bits = static_cast<unsigned>(packer.bits);
    unsigned ready = 0; // bits in `held` that are not used yet
    unsigned held = 0;
    for (std::int8_t &code : codes) {
        if (ready < bits) {
            held |= std::to_integer<unsigned>(*bytes++) << ready;
            ready += 8;
        }
        code = codeOf(packer, held & maskOf(packer.bits));
        held >>= bits;
        ready -= bits;
    }
}

std::size_t headerBytes(const CodePacker &packer)
{
    return packer.hasOffsets ? 4 : 2;
}

std::size_t blockBytes(const CodePacker &packer)
{
    if (packer.form == Form::SuperBlock)
        return superBlockBytes(packer.bits);
    if (packer.bits == 8)
        return headerBytes(packer) + kBlockCodes;
    return headerBytes(packer) + kHalfBlock + (packer.bits == 5 ? 4 : 0);
}

/// Codes of 4 or 5 bits: the first half of the block in low nibbles, the second in high ones, fifth bits before them.
void packNibbles(const CodePacker &packer, const std::int8_t *codes, std::byte *bytes)
{
    std::uint32_t fifth = 0;
    std::byte *nibbles = bytes + (packer.bits == 5 ? 4 : 0);
    for (std::size_t i = 0; i < kHalfBlock; ++i) {
        const unsigned low = fieldOf(packer, codes[i]);
        const unsigned high = fieldOf(packer, codes[i + kHalfBlock]);
        nibbles[i] = static_cast<std::byte>((low & 15U) | (high & 15U) << 4U);
        fifth |= (low >> 4U) << i | (high >> 4U) << (i + kHalfBlock);
    }
    for (unsigned i = 0; packer.bits == 5 && i < 4; ++i)
        bytes[i] = static_cast<std::byte>(fifth >> (8 * i) & 0xffU);
}

void unpackNibbles(const CodePacker &packer, const std::byte *bytes, std::int8_t *codes)
{
    std::uint32_t fifth = 0;
    for (unsigned i = 0; packer.bits == 5 && i < 4; ++i)
        fifth |= std::to_integer<std::uint32_t>(bytes[i]) << (8 * i);
    const std::byte *nibbles = bytes + (packer.bits == 5 ? 4 : 0);
    for (std::size_t i = 0; i < kHalfBlock; ++i) {
        const auto both = std::to_integer<unsigned>(nibbles[i]);
        codes[i] = codeOf(packer, (both & 15U) | (fifth >> i & 1U) << 4U);
        codes[i + kHalfBlock] = codeOf(packer, both >> 4U | (fifth >> (i + kHalfBlock) & 1U) << 4U);
    }
}

void packBlock(const CodePacker &packer, const CodeRow &row, std::size_t block, std::byte *bytes)
{
    if (packer.form == Form::SuperBlock) {
        packSuperBlock(packer.bits, row, block, bytes);
        return;
    }
    putHalf(row.scales[block], bytes);
    if (packer.hasOffsets)
        putHalf(row.offsets[block], bytes + 2);
    const std::int8_t *codes = row.codes.data() + block * kBlockCodes;
    if (packer.bits == 8)
        std::memcpy(bytes + headerBytes(packer), codes, kBlockCodes);
    else
        packNibbles(packer, codes, bytes + headerBytes(packer));
}

void unpackBlock(const CodePacker &packer, const std::byte *bytes, std::size_t block, const UnpackedRow &row)
{
    if (packer.form == Form::SuperBlock) {
        unpackSuperBlock(packer.bits, bytes, block, row);
        return;
    }
    row.scales[block] = getHalf(bytes);
    if (packer.hasOffsets)
        row.offsets[block] = getHalf(bytes + 2);
    std::int8_t *codes = row.codes.data() + block * kBlockCodes;
    if (packer.bits == 8)
        std::memcpy(codes, bytes + headerBytes(packer), kBlockCodes);
    else
        unpackNibbles(packer, bytes + headerBytes(packer), codes);
}

} // namespace

std::size_t CodePacker::unit() const
{
    if (form == Form::Block)
        return kBlockCodes;
    if (form == Form::SuperBlock)
        return kSuperBlockCodes;
    return wholeBytes() ? 1 : 8;
}

std::uint64_t CodePacker::bytes(std::uint64_t codes) const
{
    if (holdsScales())
        return codes / unit() * blockBytes(*this);
    // In two parts, so that the product stays below 2^64 for all sizes that a file can have.
    const auto width = static_cast<std::uint64_t>(bits);
    return codes / 8 * width + (codes % 8 * width + 7) / 8;
}

void CodePacker::pack(const CodeRow &row, std::byte *bytes) const
{
    if (!holdsScales()) {
        packStream(*this, row.codes, bytes);
        return;
    }
    for (std::size_t block = 0; block < row.codes.size() / unit(); ++block)
        packBlock(*this, row, block, bytes + block * blockBytes(*this));
}

void CodePacker::unpack(const std::byte *bytes, const UnpackedRow &row) const
{
    if (!holdsScales()) {
        unpackStream(*this, bytes, row.codes);
        return;
    }
    for (std::size_t block = 0; block < row.codes.size() / unit(); ++block)
        unpackBlock(*this, bytes + block * blockBytes(*this), block, row);
}

std::span<const CodePacker> codePackers()
{
    return kPackers;
}

const CodePacker *findCodePacker(std::string_view name)
{
    const auto found = std::ranges::find(kPackers, name, &CodePacker::name);
    return found == kPackers.end() ? nullptr : &*found;
}

const CodePacker &byteCodes()
{
    return kPackers.front();
}

} // namespace qs
