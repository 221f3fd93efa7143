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

/// 16 halves, in loops that vectorise one by one.
inline void widen(const std::uint16_t *halves, float *values)
{
    // Shift exponent and mantissa into place and multiply by 2^112, which rebiases normal numbers and normalises
    // subnormal ones exactly; infinity and NaN get their all-ones exponent back.
    std::uint32_t bits[kLanes];
    std::uint32_t special[kLanes];
    for (std::size_t i = 0; i < kLanes; ++i) {
        const std::uint32_t half = halves[i];
        bits[i] = (half & 0x7fffU) << 13U;
        special[i] = (half & 0x7c00U) == 0x7c00U ? 0x7f800000U : 0U;
    }
    std::memcpy(values, bits, sizeof bits);
    for (std::size_t i = 0; i < kLanes; ++i)
        values[i] *= 0x1p112F;
    std::memcpy(bits, values, sizeof bits);
    for (std::size_t i = 0; i < kLanes; ++i) {
        const std::uint32_t half = halves[i];
        bits[i] |= special[i] | (half & 0x8000U) << 16U;
    }
    std::memcpy(values, bits, sizeof bits);
}

template <FloatType type> inline Lanes load(const unsigned char *source)
{
    Lanes result;
    if constexpr (type == FloatType::F32) {
        std::memcpy(result.data(), source, sizeof(float) * kLanes);
        return result;
    }
    std::uint16_t halves[kLanes];
    std::memcpy(halves, source, sizeof halves);
    if constexpr (type == FloatType::F16) {
        widen(halves, result.data());
    } else {
        std::uint32_t bits[kLanes];
        for (std::size_t i = 0; i < kLanes; ++i)
            bits[i] = static_cast<std::uint32_t>(halves[i]) << 16U;
        std::memcpy(result.data(), bits, sizeof bits);
    }
    return result;
}

/// The same; other levels keep it in a register.
template <class Value> inline Value held(Value v)
{
    return v;
}

/// What one register holds.
inline constexpr std::size_t kWidth = kLanes;
using Wide = Lanes;

template <FloatType type> inline Wide loadWide(const unsigned char *source)
{
    return load<type>(source);
}

/// v / scale.
inline Lanes exactQuotient(const Lanes &v, float scale, float /*inverse*/)
{
    return v / scale;
}

/// Towards zero.
inline Lanes truncated(const Lanes &v)
{
    Lanes result;
    for (std::size_t i = 0; i < kLanes; ++i)
        result[static_cast<Eigen::Index>(i)] = std::trunc(v[static_cast<Eigen::Index>(i)]);
    return result;
}

/// Halves away from zero.
inline Lanes roundedAway(const Lanes &v)
{
    Lanes result;
    for (std::size_t i = 0; i < kLanes; ++i)
        result[static_cast<Eigen::Index>(i)] = std::round(v[static_cast<Eigen::Index>(i)]);
    return result;
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

/// Adds float lanes to double lanes.
inline void addTo(double (&sums)[kLanes], const Lanes &v)
{
    for (std::size_t lane = 0; lane < kLanes; ++lane)
        sums[lane] += static_cast<double>(v[static_cast<Eigen::Index>(lane)]);
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
    /// Counts lanes in which the two are the same.
    void addEqual(const Lanes &a, const Lanes &b) { add(Lanes(a - b)); }
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

/// Tells whether a lane was 0 or −0.
class ZeroWatch
{
public:
    void add(const Lanes &v)
    {
        for (std::size_t i = 0; i < kLanes; ++i)
            m_zeros[i] |= static_cast<std::int32_t>(v[static_cast<Eigen::Index>(i)] == 0.0F);
    }
    bool any() const
    {
        std::int32_t any = 0;
        for (std::int32_t zero : m_zeros)
            any |= zero;
        return any != 0;
    }

private:
    std::int32_t m_zeros[kLanes] = {};
};

/// 32 codes.
struct Codes {
    alignas(16) std::int8_t values[kGroup * kLanes];
};

/// Rounds 32 values of magnitude below 2^15 to the nearest whole number, halves to even, adds the zero point and bounds
/// the sums to 8 bits.
inline Codes toCodes(const Lanes *values, int zeroPoint)
{
    Codes codes;
    for (std::size_t k = 0; k < kGroup; ++k) {
#if defined(__SSE4_1__)
        const auto whole = [&](int i) { return _mm_cvtps_epi32(_mm_load_ps(values[k].data() + 4 * i)); };
        const __m128i zero = _mm_set1_epi16(static_cast<short>(zeroPoint));
        const __m128i low = _mm_add_epi16(_mm_packs_epi32(whole(0), whole(1)), zero);
        const __m128i high = _mm_add_epi16(_mm_packs_epi32(whole(2), whole(3)), zero);
        _mm_store_si128(reinterpret_cast<__m128i *>(codes.values + kLanes * k), _mm_packs_epi16(low, high));
#else
        const Lanes bounded = (values[k].rint() + static_cast<float>(zeroPoint)).max(-128.0F).min(127.0F);
        for (std::size_t i = 0; i < kLanes; ++i) {
            const float code = bounded[static_cast<Eigen::Index>(i)];
            codes.values[kLanes * k + i] = static_cast<std::int8_t>(static_cast<int>(code));
        }
#endif
    }
    return codes;
}

inline void storeCodes(Codes codes, const CodeStore &how, std::int8_t *target)
{
    const auto low = static_cast<std::int8_t>(how.codeMin);
    const auto high = static_cast<std::int8_t>(how.codeMax);
    for (std::int8_t &code : codes.values) {
        code = code < low ? low : code;
        code = code > high ? high : code;
    }
    if (!how.packed) {
        std::memcpy(target, codes.values, sizeof codes.values);
        return;
    }
    for (std::size_t i = 0; i < sizeof codes.values / 2; ++i)
        target[i] = static_cast<std::int8_t>((codes.values[2 * i] & 15) | (codes.values[2 * i + 1] << 4));
}

/// Counts codes that are the zero point.
class ZeroCodeCounter
{
public:
    void add(const Codes &codes, int zeroPoint)
    {
        std::uint32_t count = 0;
        for (std::int8_t code : codes.values)
            count += code == zeroPoint ? 1 : 0;
        m_count += count;
    }
    /// Counts steps that are 0, before they become codes.
    void addSteps(const Lanes *steps)
    {
        std::uint32_t count = 0;
        for (std::size_t k = 0; k < kGroup; ++k)
            for (std::size_t i = 0; i < kLanes; ++i)
                count += steps[k][static_cast<Eigen::Index>(i)] == 0.0F ? 1 : 0;
        m_count += count;
    }
    std::uint64_t total() const { return m_count; }

private:
    std::uint64_t m_count = 0;
};

/// Extremes of the bits of floats: the largest as signed number is the largest positive float, the largest as unsigned
/// number is the negative float of largest magnitude, where there are any; ∞ and NaN surpass all others.
class BitExtremes
{
public:
    BitExtremes()
    {
        for (std::size_t i = 0; i < kLanes; ++i) {
            m_signed[i] = INT32_MIN;
            m_unsigned[i] = 0;
        }
    }
    void add(const Lanes &v)
    {
        std::int32_t bits[kLanes];
        std::memcpy(bits, v.data(), sizeof bits);
        for (std::size_t i = 0; i < kLanes; ++i) {
            const auto natural = static_cast<std::uint32_t>(bits[i]);
            m_signed[i] = m_signed[i] > bits[i] ? m_signed[i] : bits[i];
            m_unsigned[i] = m_unsigned[i] > natural ? m_unsigned[i] : natural;
        }
    }
    void add(const BitExtremes &other)
    {
        for (std::size_t i = 0; i < kLanes; ++i) {
            m_signed[i] = m_signed[i] > other.m_signed[i] ? m_signed[i] : other.m_signed[i];
            m_unsigned[i] = m_unsigned[i] > other.m_unsigned[i] ? m_unsigned[i] : other.m_unsigned[i];
        }
    }
    std::int32_t largestSigned() const
    {
        std::int32_t largest = INT32_MIN;
        for (std::int32_t value : m_signed)
            largest = largest > value ? largest : value;
        return largest;
    }
    std::uint32_t largestUnsigned() const
    {
        std::uint32_t largest = 0;
        for (std::uint32_t value : m_unsigned)
            largest = largest > value ? largest : value;
        return largest;
    }

    /// The same of kLanes of them at once; true when each has finite numbers of both signs and neither is 0.
    static bool reduce(const BitExtremes *groups, std::int32_t *largestSigned, std::uint32_t *largestUnsigned)
    {
        bool plain = true;
        for (std::size_t i = 0; i < kLanes; ++i) {
            largestSigned[i] = groups[i].largestSigned();
            largestUnsigned[i] = groups[i].largestUnsigned();
            plain = plain && largestSigned[i] > 0 && largestSigned[i] < 0x7f800000 &&
                    largestUnsigned[i] > 0x80000000U && largestUnsigned[i] < 0xff800000U;
        }
        return plain;
    }

private:
    std::int32_t m_signed[kLanes];
    std::uint32_t m_unsigned[kLanes];
};

inline void endStreaming() {}

} // namespace

} // namespace qs::QS_LEVEL
