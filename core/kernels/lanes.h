// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// 16 float lanes and the few operations on them that Eigen lacks; the only place that names an instruction set.
//
// Each instruction set offers the same: load() from source bytes, exactQuotient(), largestOf(), smallestOf(),
// anyAbove(), widest(), addTo(), ZeroCounter, BitExtremes, and for kGroup arrays at a time toCodes(), storeCodes() and
// ZeroCodeCounter.
#pragma once

#include "core/kernels/level.h"

namespace qs::QS_LEVEL {

namespace {

using Lanes = Eigen::Array<float, kLanes, 1>;

template <FloatType type> inline constexpr std::size_t kBytesOf = type == FloatType::F32 ? 4 : 2;

/// How a group of codes is stored: bounded, and where.
struct CodeStore {
    int codeMin;
    int codeMax;
    bool packed;    ///< CodeLayout::Packed4
    bool streaming; ///< past the caches; the target is aligned to the size of a group
};

} // namespace

} // namespace qs::QS_LEVEL

#if defined(__AVX512BW__) && defined(__AVX512DQ__) && defined(__AVX512VL__)
#include "core/kernels/lanes_avx512.h"
#elif defined(__AVX2__) && defined(__FMA__) && defined(__F16C__)
#include "core/kernels/lanes_avx2.h"
#else
#include "core/kernels/lanes_portable.h"
#endif
