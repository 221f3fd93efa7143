// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Codes, values and errors of a piece: chooses the way for each chunk.
#include "core/kernels/factors.h"

namespace qs::QS_LEVEL {

namespace {

/// Codes alone: as many weights at a time as a table has room for.
void encodeAll(QuantizePiece *piece, bool fast)
{
    const std::size_t most =
        piece->scale.groupSize % kLanes == 0 ? piece->scale.groupSize * (FactorTable::kMost - 1) / kChunk * kChunk : 0;
    const bool one = sameScale(piece->scale, 0, piece->count) == piece->count;
    for (std::size_t at = 0; at < piece->count;) {
        FactorTable table;
        std::size_t size = piece->count - at;
        if (!one)
            size = smaller(size, most > kChunk ? most : kChunk);
        if (fast && table.fill(*piece, at, size)) {
            encode(*piece, table, at, size);
        } else {
            size = smaller(size, kChunk);
            quantizePlainly(piece, at, size);
        }
        at += size;
    }
}

void measureAll(QuantizePiece *piece, bool fast)
{
    std::uint64_t zeros = piece->signalKnown ? piece->zeros : 0; // of what measureCodes() counts as zero codes
    FactorTable table;
    const bool one = sameScale(piece->scale, 0, piece->count) == piece->count;
    const bool whole = fast && one && table.fill(*piece, 0, piece->count);
    for (std::size_t at = 0, size = 0; at < piece->count; at += size) {
        size = whole ? piece->count : smaller(kChunk, piece->count - at);
        const bool quick = whole || (fast && !one && table.fill(*piece, at, size));
        const std::uint64_t before = piece->sums->nonZero;
        const bool byRule = !quick && measureByRule(piece, at, size);
        if (!quick && !byRule) {
            const std::uint64_t here = quantizePlainly(piece, at, size);
            zeros -= piece->signalKnown ? here : 0;
            continue;
        }
        if (!piece->signalKnown) {
            addSignal(static_cast<const unsigned char *>(piece->x) + at * bytesOf(piece->type), piece->type, size,
                      piece->sums);
            zeros += size - (piece->sums->nonZero - before);
        }
        if (quick)
            measureCodes(piece, table, at, size);
    }
    piece->zeroCodes -= zeros;
}

/// Divide, Reciprocal, and DivideClampRound in float32 without zero points: rint(clamp(w / s)) is clamp(rint(w / s)) as
/// the bounds are whole numbers. Only the sign of a value of 0 may differ, so values are formed plainly.
bool hasFastWay(const QuantizePiece &piece)
{
    const Coding &coding = piece.coding;
    if (coding.rule == CodeRule::DivideClampRound)
        return coding.arithmetic == Arithmetic::F32 && !piece.scale.zeroPoints;
    return coding.rule == CodeRule::Divide || coding.rule == CodeRule::Reciprocal;
}

} // namespace

void quantize(QuantizePiece *piece)
{
    const bool fast = hasFastWay(*piece) && !piece->values;
    if (piece->sums)
        measureAll(piece, fast && !piece->wide);
    else
        encodeAll(piece, fast && piece->codes && !piece->counted);
}

void finishStreaming()
{
    endStreaming();
}

} // namespace qs::QS_LEVEL
