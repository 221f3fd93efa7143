// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Lanes for every other processor, with SSE where there is some (x86-64-v2). Included by lanes.h.
#pragma once

#if defined(__SSE4_1__)
#include <smmintrin.h>
#endif

namespace qs::QS_LEVEL {

namespace {

inline constexpr std::size_t kGroup = 2;

/// Bits of the float32 that 16 bits of another type stand for.
template <FloatType type> inline std::uint32_t widened(std::uint32_t half)
{
    if constexpr (type == FloatType::BF16)
        return half << 16U;
    // Shift exponent and mantissa into place and multiply by 2^112, which rebiases normal numbers and normalises
    // subnormal ones exactly; infinity and NaN keep their all-ones exponent.
    const std::uint32_t magnitude = (half & 0x7fffU) << 13U;
    float scaled = 0;
    std::memcpy(&scaled, &magnitude, sizeof scaled);
    scaled *= 0x1p112F;
    std::uint32_t bits = 0;
    std::memcpy(&bits, &scaled, sizeof bits);
    bits = (half & 0x7c00U) == 0x7c00U ? (magnitude | 0x7f800000U) : bits;
    return bits | (half & 0x8000U) << 16U;
}

template <FloatType type> inline Lanes load(const unsigned char *source)
{
    Lanes result;
    if constexpr (type == FloatType::F32) {
        std::memcpy(result.data(), source, sizeof(float) * kLanes);
    } else {
        std::uint16_t halves[kLanes];
        std::memcpy(halves, source, sizeof halves);
        std::uint32_t bits[kLanes];
        for (std::size_t i = 0; i < kLanes; ++i)
            bits[i] = widened<type>(halves[i]);
        std::memcpy(result.data(), bits, sizeof bits);
    }
    return result;
}

/// v / scale.
inline Lanes exactQuotient(const Lanes &v, float scale, float /*inverse*/)
{
    return v / scale;
}

inline float largestOf(const Lanes &v)
{
    return v.maxCoeff();
}

inline float smallestOf(const Lanes &v)
{
    return v.minCoeff();
}

inline bool anyAbove(const Lanes &v, float limit)
{
    return v.maxCoeff() > limit;
}

/// The larger magnitude of two lanes each; `a` holds magnitudes.
inline Lanes widest(const Lanes &a, const Lanes &b)
{
    return a.max(b.abs());
}

/// Counts lanes that are 0 or −0.
class ZeroCounter
{
public:
    void add(const Lanes &v)
    {
        for (std::size_t i = 0; i < kLanes; ++i)
            m_counts[i] += v[static_cast<Eigen::Index>(i)] == 0.0F ? 1 : 0;
    }
    std::uint64_t total() const
    {
        std::uint64_t sum = 0;
        for (std::int32_t count : m_counts)
            sum += static_cast<std::uint64_t>(count);
        return sum;
    }

private:
    std::int32_t m_counts[kLanes] = {};
};

/// Rounds 32 values of magnitude below 2^15 to the nearest whole number, halves to even, clamps and stores them.
inline void storeCodes(const Lanes *values, const CodeStore &how, std::int8_t *target)
{
    alignas(16) std::int8_t codes[kGroup * kLanes];
#if defined(__SSE4_1__)
    const __m128i low = _mm_set1_epi8(static_cast<char>(how.codeMin));
    const __m128i high = _mm_set1_epi8(static_cast<char>(how.codeMax));
    for (std::size_t k = 0; k < kGroup; ++k) {
        const auto whole = [&](int i) { return _mm_cvtps_epi32(_mm_load_ps(values[k].data() + 4 * i)); };
        const __m128i bytes = _mm_packs_epi16(_mm_packs_epi32(whole(0), whole(1)), _mm_packs_epi32(whole(2), whole(3)));
        const __m128i clamped = _mm_min_epi8(_mm_max_epi8(bytes, low), high);
        _mm_store_si128(reinterpret_cast<__m128i *>(codes + kLanes * k), clamped);
    }
#else
    const auto low = static_cast<float>(how.codeMin);
    const auto high = static_cast<float>(how.codeMax);
    for (std::size_t k = 0; k < kGroup; ++k) {
        const Lanes clamped = values[k].rint().max(low).min(high);
        for (std::size_t i = 0; i < kLanes; ++i)
            codes[kLanes * k + i] = static_cast<std::int8_t>(static_cast<int>(clamped[static_cast<Eigen::Index>(i)]));
    }
#endif
    if (!how.packed) {
        std::memcpy(target, codes, sizeof codes);
        return;
    }
    for (std::size_t i = 0; i < sizeof codes / 2; ++i)
        target[i] = static_cast<std::int8_t>((codes[2 * i] & 15) | (codes[2 * i + 1] << 4));
}

inline void endStreaming() {}

} // namespace

} // namespace qs::QS_LEVEL
