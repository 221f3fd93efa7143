// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Codes alone, by Divide and Reciprocal.
#include "core/kernels/factors.h"

namespace qs::QS_LEVEL {

namespace {

struct Source {
    const unsigned char *weights;
    std::size_t size;
    CodeStore how;
    std::int8_t *codes;
    bool zeroPoints;
    const unsigned char *next; ///< weights to be brought nearer meanwhile, or null
};

constexpr std::size_t kBlock = kGroup * kLanes;

template <FloatType type, bool divide, bool many, bool bounded>
[[gnu::always_inline]] inline Codes codesOfBlock(const unsigned char *weights, FactorCursor<many> &cursor,
                                                 bool zeroPoints)
{
    Lanes values[kGroup];
    for (std::size_t k = 0; k < kGroup; ++k) {
        const Factors f = cursor.at(cursor.next());
        values[k] = scaled<divide, bounded>(load<type>(weights + k * kLanes * kBytesOf<type>), f);
        if (many && zeroPoints)
            values[k] = values[k].rint() + f.zeroPoint;
    }
    return toCodes(values, many ? 0 : static_cast<int>(cursor.at(0).zeroPoint));
}

template <FloatType type, bool divide, bool many, bool bounded>
void encodeBlocks(const Source &source, const FactorTable &table)
{
    FactorCursor<many> cursor(table);
    const CodeStore how = source.how;
    const unsigned shift = how.packed ? 1 : 0; // two codes per byte
    const std::size_t whole = source.size / kBlock * kBlock;
    const unsigned char *weights = source.weights;
    std::int8_t *target = source.codes;
    const bool zeroPoints = source.zeroPoints;
    const unsigned char *next = source.next;
    for (std::size_t i = 0; i < whole; i += kBlock) {
        if (next)
            fetchAhead(next, i * kBytesOf<type>, kBlock * kBytesOf<type>);
        const auto codes = codesOfBlock<type, divide, many, bounded>(weights + i * kBytesOf<type>, cursor, zeroPoints);
        storeCodes(codes, how, target + (i >> shift));
    }
    if (const std::size_t left = source.size - whole; left > 0) {
        unsigned char padded[kBlock * kBytesOf<type>] = {};
        alignas(64) std::int8_t codes[kBlock];
        std::memcpy(padded, weights + whole * kBytesOf<type>, left * kBytesOf<type>);
        storeCodes(codesOfBlock<type, divide, many, bounded>(padded, cursor, zeroPoints),
                   {how.codeMin, how.codeMax, how.clamped, how.packed, false}, codes);
        if (how.packed && left % 2 == 1)
            codes[left / 2] &= 15;
        std::memcpy(target + (whole >> shift), codes, (left + shift) >> shift);
    }
}

template <FloatType type, bool divide> void encodeAs(const Source &source, const FactorTable &table)
{
    if (table.many())
        (table.bounded() ? encodeBlocks<type, divide, true, true> : encodeBlocks<type, divide, true, false>)(source,
                                                                                                             table);
    else
        (table.bounded() ? encodeBlocks<type, divide, false, true> : encodeBlocks<type, divide, false, false>)(source,
                                                                                                               table);
}

template <bool divide> void encodeAs(FloatType type, const Source &source, const FactorTable &table)
{
    switch (type) {
    case FloatType::F32:
        return encodeAs<FloatType::F32, divide>(source, table);
    case FloatType::F16:
        return encodeAs<FloatType::F16, divide>(source, table);
    case FloatType::BF16:
        return encodeAs<FloatType::BF16, divide>(source, table);
    }
}

} // namespace

void encode(const QuantizePiece &piece, const FactorTable &table, std::size_t at, std::size_t size)
{
    const std::size_t element = piece.type == FloatType::F32 ? 4 : 2;
    const bool packed = piece.layout == CodeLayout::Packed4;
    std::int8_t *codes = piece.codes + (packed ? at / 2 : at);
    const std::size_t alignment = packed ? kBlock / 2 : kBlock;
    const bool streaming = piece.streaming && reinterpret_cast<std::uintptr_t>(codes) % alignment == 0;
    const auto *next = static_cast<const unsigned char *>(piece.next);
    const Source source{static_cast<const unsigned char *>(piece.x) + at * element,
                        size,
                        codeStore(piece.coding, packed, streaming),
                        codes,
                        piece.scale.zeroPoints != nullptr,
                        next ? next + at * element : nullptr};
    (piece.coding.rule == CodeRule::Reciprocal ? encodeAs<false> : encodeAs<true>)(piece.type, source, table);
}

} // namespace qs::QS_LEVEL
