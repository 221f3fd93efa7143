// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The table of one instruction set.
#include "core/kernels/level.h"

namespace qs::QS_LEVEL {

const Kernels &table();

const Kernels &table()
{
    static constexpr Kernels kTable{
        QS_STRING(QS_LEVEL), ranges,    scales,  moments,  quantize, finishStreaming, measure,  dequantize,  histogram,
        powerError,          shrink,    fromF16, fromBf16, fromF64,  product,         multiply, packFilters, convolve,
        convolveDepthwise,   transform, softmax};
    return kTable;
}

} // namespace qs::QS_LEVEL
