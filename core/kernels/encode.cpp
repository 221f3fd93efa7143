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
};

constexpr std::size_t kBlock = kGroup * kLanes;

template <FloatType type, bool divide, bool many, bool zeroPoints>
inline void encodeBlock(const unsigned char *weights, FactorCursor<many> &cursor, const CodeStore &how,
                        std::int8_t *codes)
{
    Lanes values[kGroup];
    for (std::size_t k = 0; k < kGroup; ++k) {
        const Factors f = cursor.at(cursor.next());
        values[k] = scaled<divide>(load<type>(weights + k * kLanes * kBytesOf<type>), f);
        if constexpr (zeroPoints)
            values[k] = values[k].rint() + f.zeroPoint;
    }
    storeCodes(values, how, codes);
}

template <FloatType type, bool divide, bool many, bool zeroPoints>
void encode(const Source &source, const FactorTable &table)
{
    FactorCursor<many> cursor(table);
    const CodeStore how = source.how;
    const std::size_t perByte = how.packed ? 2 : 1;
    const std::size_t whole = source.size / kBlock * kBlock;
    for (std::size_t i = 0; i < whole; i += kBlock)
        encodeBlock<type, divide, many, zeroPoints>(source.weights + i * kBytesOf<type>, cursor, how,
                                                    source.codes + i / perByte);
    if (const std::size_t left = source.size - whole; left > 0) {
        unsigned char padded[kBlock * kBytesOf<type>] = {};
        alignas(64) std::int8_t codes[kBlock];
        std::memcpy(padded, source.weights + whole * kBytesOf<type>, left * kBytesOf<type>);
        encodeBlock<type, divide, many, zeroPoints>(padded, cursor, how, codes);
        if (how.packed && left % 2 == 1)
            codes[left / 2] &= 15;
        std::memcpy(source.codes + whole / perByte, codes, (left + perByte - 1) / perByte);
    }
}

template <FloatType type, bool divide> void encode(const Source &source, const FactorTable &table, bool zeroPoints)
{
    if (table.many())
        (zeroPoints ? encode<type, divide, true, true> : encode<type, divide, true, false>)(source, table);
    else
        (zeroPoints ? encode<type, divide, false, true> : encode<type, divide, false, false>)(source, table);
}

template <bool divide> void encode(FloatType type, const Source &source, const FactorTable &table, bool zeroPoints)
{
    switch (type) {
    case FloatType::F32:
        return encode<FloatType::F32, divide>(source, table, zeroPoints);
    case FloatType::F16:
        return encode<FloatType::F16, divide>(source, table, zeroPoints);
    case FloatType::BF16:
        return encode<FloatType::BF16, divide>(source, table, zeroPoints);
    }
}

} // namespace

void encodeChunk(const QuantizePiece &piece, const FactorTable &table, std::size_t at, std::size_t size)
{
    const std::size_t element = piece.type == FloatType::F32 ? 4 : 2;
    const bool packed = piece.layout == CodeLayout::Packed4;
    std::int8_t *codes = piece.codes + (packed ? at / 2 : at);
    const std::size_t alignment = packed ? kBlock / 2 : kBlock;
    const bool streaming = piece.streaming && reinterpret_cast<std::uintptr_t>(codes) % alignment == 0;
    const Source source{static_cast<const unsigned char *>(piece.x) + at * element, size,
                        CodeStore{piece.coding.codeMin, piece.coding.codeMax, packed, streaming}, codes};
    const bool zeroPoints = piece.scale.zeroPoints != nullptr;
    (piece.coding.rule == CodeRule::Divide ? encode<true> : encode<false>)(piece.type, source, table, zeroPoints);
    if (streaming)
        endStreaming();
}

} // namespace qs::QS_LEVEL
