// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// 16 float lanes and the few operations on them that Eigen lacks; the only place that names an instruction set.
//
// Each instruction set offers the same: load() from source bytes, exactQuotient(), truncated(), roundedAway(),
// largestOf(), smallestOf(), anyAbove(), widest(), addTo(), ZeroCounter, ZeroWatch, BitExtremes, and for kGroup arrays
// at a time toCodes(), storeCodes() and ZeroCodeCounter.
#pragma once

#include "core/kernels/level.h"

namespace qs::QS_LEVEL {

namespace {

using Lanes = Eigen::Array<float, kLanes, 1>;

template <FloatType type> inline constexpr std::size_t kBytesOf = type == FloatType::F32 ? 4 : 2;

/// Brings `bytes` of what is read next nearer, but for its first 8 KiB: reading those is begun at once anyway, and
/// a fetch that has only just started is waited for.
inline void fetchAhead(const unsigned char *next, std::size_t at, std::size_t bytes)
{
    const auto address = reinterpret_cast<std::uintptr_t>(next) + 8192 + at;
    for (std::size_t byte = 0; byte < bytes; byte += 64)
        __builtin_prefetch(reinterpret_cast<const void *>(address + byte));
}

/// How a group of codes is stored.
struct CodeStore {
    int codeMin;
    int codeMax;
    bool clamped;   ///< codes are bounded to the two above first; else they lie between them already
    bool packed;    ///< CodeLayout::Packed4
    bool streaming; ///< past the caches; the target is aligned to the size of a group
};

inline CodeStore codeStore(const Coding &coding, bool packed, bool streaming)
{
    const bool clamped = coding.codeMin > -128 || coding.codeMax < 127; // toCodes() bounds to these two
    return {coding.codeMin, coding.codeMax, clamped, packed, streaming};
}

} // namespace

} // namespace qs::QS_LEVEL

#if defined(__AVX512BW__) && defined(__AVX512DQ__) && defined(__AVX512VL__)
#include "core/kernels/lanes_avx512.h"
#elif defined(__AVX2__) && defined(__FMA__) && defined(__F16C__)
#include "core/kernels/lanes_avx2.h"
#else
#include "core/kernels/lanes_portable.h"
#endif
