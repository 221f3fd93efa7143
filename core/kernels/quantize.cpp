// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Codes, values and errors of a piece: chooses the way for each chunk.
#include "core/kernels/factors.h"

namespace qs::QS_LEVEL {

void quantize(QuantizePiece *piece)
{
    const bool simple = piece->coding.rule == CodeRule::Divide || piece->coding.rule == CodeRule::Reciprocal;
    const bool fast = simple && !piece->values && !piece->wide && (piece->sums || !piece->counted);
    std::uint64_t zeros = piece->signalKnown ? piece->zeros : 0; // of what measureCodes() counts as zero codes
    for (std::size_t at = 0; at < piece->count; at += kChunk) {
        const std::size_t size = smaller(kChunk, piece->count - at);
        FactorTable table;
        if (!fast || !table.fill(*piece, at, size)) {
            const std::uint64_t here = quantizePlainly(piece, at, size);
            zeros -= piece->signalKnown ? here : 0;
        } else if (piece->sums) {
            if (!piece->signalKnown) {
                const std::uint64_t before = piece->sums->nonZero;
                addSignal(static_cast<const unsigned char *>(piece->x) + at * bytesOf(piece->type), piece->type, size,
                          piece->sums);
                zeros += size - (piece->sums->nonZero - before);
            }
            measureCodes(piece, table, at, size);
        } else if (piece->codes) {
            encodeChunk(*piece, table, at, size);
        }
    }
    if (piece->sums)
        piece->zeroCodes -= zeros;
}

} // namespace qs::QS_LEVEL
