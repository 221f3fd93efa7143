// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// CodePacker: how the codes of a row lie in bytes, apart from how they were found.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace qs {

/// Codes of one row, or of a piece of it, as quantizeLayer() hands them out: −2^(bits−1) … 2^(bits−1)−1.
struct CodeRow {
    std::span<const std::int8_t> codes;
    std::span<const float> scales = {};  ///< one per group; read by packers that hold scales
    std::span<const float> offsets = {}; ///< likewise: value = (code + 2^(bits−1)) · scale + offset
};

/// Where unpack() puts what it finds; spans as long as those of the CodeRow that was packed.
struct UnpackedRow {
    std::span<std::int8_t> codes;
    std::span<float> scales = {};
    std::span<float> offsets = {};
};

/// One layout of codes, listed in codePackers(). A row starts at a byte of its own.
struct CodePacker {
    enum class Form : std::uint8_t {
        TwosComplement, ///< a dense bit stream, low bits first, negative codes as in two's complement
        Offset,         ///< the same of code + 2^(bits−1)
        Block,          ///< ggml's blocks of 32 codes behind their own f16 scale (FORMATS.md §3.3.3)
        SuperBlock,     ///< ggml's blocks of 256 codes in groups, whose scales are multiples of a common f16 scale
    };
    std::string_view name; ///< "int4", "uint4", "q4_0"
    int bits = 8;          ///< of a code
    Form form = Form::TwosComplement;
    bool hasOffsets = false; ///< of blocks: an f16 offset follows the scale

    bool holdsScales() const { return form == Form::Block || form == Form::SuperBlock; }
    /// A byte per code: rows and columns may be written in any order.
    bool wholeBytes() const { return !holdsScales() && bits == 8; }
    /// Codes that fill whole bytes: a piece of a row must start at a multiple of this.
    std::size_t unit() const;
    /// Whether a row of so many codes can be packed: blocks are never cut.
    bool holds(std::uint64_t codes) const { return !holdsScales() || codes % unit() == 0; }
    /// Bytes of a row or piece; the last byte of a bit stream is filled up with zeros.
    std::uint64_t bytes(std::uint64_t codes) const;

    /// Writes bytes(row.codes.size()) bytes. `row` must be one that this layout holds().
    void pack(const CodeRow &row, std::byte *bytes) const;
    /// The codes, scales and offsets back, from bytes(row.codes.size()) bytes.
    void unpack(const std::byte *bytes, const UnpackedRow &row) const;
};

/// Bit streams "int2" … "int8" and "uint2" … "uint8"; blocks "q8_0", "q4_0", "q4_1", "q5_0", "q5_1"; super-blocks
/// "q4_k", "q5_k", "q6_k".
std::span<const CodePacker> codePackers();
/// Null when there is none of that name.
const CodePacker *findCodePacker(std::string_view name);
/// "int8": a byte per code.
const CodePacker &byteCodes();

} // namespace qs
