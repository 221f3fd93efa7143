// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Lanes with AVX-512 (x86-64-v4). Included by lanes.h.
#pragma once

#include <immintrin.h>

namespace qs::QS_LEVEL {

namespace {

inline constexpr std::size_t kGroup = 4;

inline Lanes lanesOf(__m512 v)
{
    Lanes result;
    _mm512_store_ps(result.data(), v);
    return result;
}

inline __m512 registerOf(const Lanes &v)
{
    return _mm512_load_ps(v.data());
}

/// In a register: GCC would rather read memory again for each operation, and reading is what is scarce.
template <class Register> inline Register held(Register v)
{
    asm("" : "+v"(v));
    return v;
}

template <FloatType type> inline Lanes load(const unsigned char *source)
{
    if constexpr (type == FloatType::F32)
        return lanesOf(held(_mm512_loadu_ps(source)));
    const __m256i halves = _mm256_loadu_si256(reinterpret_cast<const __m256i *>(source));
    if constexpr (type == FloatType::F16)
        return lanesOf(_mm512_cvtph_ps(halves));
    return lanesOf(_mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(halves), 16)));
}

/// What one register holds.
inline constexpr std::size_t kWidth = kLanes;
using Wide = Lanes;

template <FloatType type> inline Wide loadWide(const unsigned char *source)
{
    return load<type>(source);
}

/// v / scale, as rint() sees it; see factors.h for where that holds.
inline Lanes exactQuotient(const Lanes &v, float scale, float inverse)
{
    const __m512 y = _mm512_set1_ps(inverse);
    const __m512 quotient = _mm512_mul_ps(registerOf(v), y);
    const __m512 rest = _mm512_fnmadd_ps(quotient, _mm512_set1_ps(scale), registerOf(v));
    return lanesOf(_mm512_fmadd_ps(rest, y, quotient));
}

/// Towards zero.
inline Lanes truncated(const Lanes &v)
{
    return lanesOf(_mm512_roundscale_ps(registerOf(v), _MM_FROUND_TO_ZERO | _MM_FROUND_NO_EXC));
}

/// Halves away from zero. The number below a half is added, as a half would carry what lies just below one.
inline Lanes roundedAway(const Lanes &v)
{
    const __m512 half = _mm512_set1_ps(0x1.fffffep-2F);
    const __m512 sign = _mm512_and_ps(registerOf(v), _mm512_set1_ps(-0.0F));
    return truncated(lanesOf(_mm512_add_ps(registerOf(v), _mm512_or_ps(sign, half))));
}

inline float largestOf(const Lanes &v)
{
    return _mm512_reduce_max_ps(registerOf(v));
}

inline float smallestOf(const Lanes &v)
{
    return _mm512_reduce_min_ps(registerOf(v));
}

inline bool anyAbove(const Lanes &v, float limit)
{
    return _mm512_cmp_ps_mask(registerOf(v), _mm512_set1_ps(limit), _CMP_GT_OQ) != 0;
}

/// The larger magnitude of two lanes each.
inline Lanes widest(const Lanes &a, const Lanes &b)
{
    return lanesOf(_mm512_range_ps(registerOf(a), registerOf(b), 0b1011));
}

/// Adds float lanes to double lanes.
inline void addTo(double (&sums)[kLanes], const Lanes &v)
{
    const __m512 floats = registerOf(v);
    const __m512d low = _mm512_cvtps_pd(_mm512_castps512_ps256(floats));
    const __m512d high = _mm512_cvtps_pd(_mm512_extractf32x8_ps(floats, 1));
    _mm512_storeu_pd(sums, _mm512_add_pd(_mm512_loadu_pd(sums), low));
    _mm512_storeu_pd(sums + 8, _mm512_add_pd(_mm512_loadu_pd(sums + 8), high));
}

/// Counts lanes that are 0 or −0.
class ZeroCounter
{
public:
    void add(const Lanes &v)
    {
        const __mmask16 zero = _mm512_cmp_ps_mask(registerOf(v), _mm512_setzero_ps(), _CMP_EQ_OQ);
        m_counts = _mm512_mask_sub_epi32(m_counts, zero, m_counts, _mm512_set1_epi32(-1));
    }
    /// Counts lanes in which the two are the same.
    void addEqual(const Lanes &a, const Lanes &b)
    {
        const __mmask16 same = _mm512_cmp_ps_mask(registerOf(a), registerOf(b), _CMP_EQ_OQ);
        m_counts = _mm512_mask_sub_epi32(m_counts, same, m_counts, _mm512_set1_epi32(-1));
    }
    std::uint64_t total() const { return static_cast<std::uint64_t>(_mm512_reduce_add_epi32(m_counts)); }

private:
    __m512i m_counts = _mm512_setzero_si512();
};

/// Tells whether a lane was 0 or −0, or perhaps was when one was NaN: by the smallest magnitude, one operation each.
class ZeroWatch
{
public:
    void add(const Lanes &v) { m_smallest = _mm512_range_ps(m_smallest, registerOf(v), 0b1010); }
    bool any() const { return !(_mm512_reduce_min_ps(m_smallest) > 0); }

private:
    __m512 m_smallest = _mm512_set1_ps(FLT_MAX);
};

/// 64 codes.
using Codes = __m512i;

/// Rounds 64 values of magnitude below 2^15 to the nearest whole number, halves to even, adds the zero point and bounds
/// the sums to 8 bits.
inline Codes toCodes(const Lanes *values, int zeroPoint)
{
    const auto whole = [&](int k) { return _mm512_cvtps_epi32(registerOf(values[k])); };
    __m512i low = _mm512_packs_epi32(whole(0), whole(1));
    __m512i high = _mm512_packs_epi32(whole(2), whole(3));
    if (zeroPoint != 0) {
        const __m512i zero = _mm512_set1_epi16(static_cast<short>(zeroPoint));
        low = _mm512_add_epi16(low, zero);
        high = _mm512_add_epi16(high, zero);
    }
    return _mm512_permutexvar_epi32(_mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15),
                                    _mm512_packs_epi16(low, high));
}

inline void storeCodes(Codes codes, const CodeStore &how, std::int8_t *target)
{
    if (how.clamped) {
        codes = _mm512_max_epi8(codes, _mm512_set1_epi8(static_cast<char>(how.codeMin)));
        codes = _mm512_min_epi8(codes, _mm512_set1_epi8(static_cast<char>(how.codeMax)));
    }
    if (how.packed) {
        const __m512i nibbles = _mm512_and_si512(codes, _mm512_set1_epi8(15));
        const __m512i pairs = _mm512_maddubs_epi16(nibbles, _mm512_set1_epi16(0x1001)); // low + 16 · high
        const __m256i bytes = _mm512_cvtepi16_epi8(pairs);
        if (how.streaming)
            _mm256_stream_si256(reinterpret_cast<__m256i *>(target), bytes);
        else
            _mm256_storeu_si256(reinterpret_cast<__m256i *>(target), bytes);
    } else if (how.streaming) {
        _mm512_stream_si512(reinterpret_cast<__m512i *>(target), codes);
    } else {
        _mm512_storeu_si512(target, codes);
    }
}

/// Counts codes that are the zero point.
class ZeroCodeCounter
{
public:
    void add(Codes codes, int zeroPoint)
    {
        const __m512i zero = _mm512_set1_epi8(static_cast<char>(zeroPoint));
        m_count += static_cast<std::uint64_t>(__builtin_popcountll(_mm512_cmpeq_epi8_mask(codes, zero)));
    }
    /// Counts steps that are 0, before they become codes.
    void addSteps(const Lanes *steps)
    {
        const auto zeros = [&](int k) {
            return _mm512_cmp_ps_mask(registerOf(steps[k]), _mm512_setzero_ps(), _CMP_EQ_OQ);
        };
        const __mmask32 low = _mm512_kunpackw(zeros(1), zeros(0));
        const __mmask32 high = _mm512_kunpackw(zeros(3), zeros(2));
        m_count += static_cast<std::uint64_t>(__builtin_popcountll(_cvtmask64_u64(_mm512_kunpackd(high, low))));
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
    void add(const Lanes &v)
    {
        const __m512i bits = _mm512_castps_si512(registerOf(v));
        m_signed = _mm512_max_epi32(m_signed, bits);
        m_unsigned = _mm512_max_epu32(m_unsigned, bits);
    }
    void add(const BitExtremes &other)
    {
        m_signed = _mm512_max_epi32(m_signed, other.m_signed);
        m_unsigned = _mm512_max_epu32(m_unsigned, other.m_unsigned);
    }
    std::int32_t largestSigned() const { return _mm512_reduce_max_epi32(m_signed); }
    std::uint32_t largestUnsigned() const { return _mm512_reduce_max_epu32(m_unsigned); }

    /// The same of kLanes of them at once; true when each has finite numbers of both signs and neither is 0.
    static bool reduce(const BitExtremes *groups, std::int32_t *largestSigned, std::uint32_t *largestUnsigned)
    {
        const auto maxSigned = [](__m512i a, __m512i b) { return _mm512_max_epi32(a, b); };
        const auto maxUnsigned = [](__m512i a, __m512i b) { return _mm512_max_epu32(a, b); };
        const __m512i high = folded([&](int i) { return groups[i].m_signed; }, maxSigned);
        const __m512i low = folded([&](int i) { return groups[i].m_unsigned; }, maxUnsigned);
        _mm512_storeu_si512(largestSigned, high);
        _mm512_storeu_si512(largestUnsigned, low);
        const auto between = [](__m512i bits, std::uint32_t least, std::uint32_t most) { // both of one sign
            return _mm512_cmpgt_epi32_mask(bits, _mm512_set1_epi32(static_cast<int>(least))) &
                   _mm512_cmplt_epi32_mask(bits, _mm512_set1_epi32(static_cast<int>(most)));
        };
        return (between(high, 0, 0x7f800000) & between(low, 0x80000000, 0xff800000)) == 0xffff;
    }

private:
    /// Lane i of the result: the largest lane of vector i. Each step folds two vectors into the halves of one.
    template <class Vector, class Max> static __m512i folded(Vector vector, Max max)
    {
        __m512i fours[4]; // four vectors each, in every quarter
        for (int i = 0; i < 4; ++i) {
            __m512i pairs[2];
            for (int k = 0; k < 2; ++k) {
                const __m512i a = vector(4 * i + 2 * k);
                const __m512i b = vector(4 * i + 2 * k + 1);
                pairs[k] = max(_mm512_unpacklo_epi32(a, b), _mm512_unpackhi_epi32(a, b));
            }
            fours[i] = max(_mm512_unpacklo_epi64(pairs[0], pairs[1]), _mm512_unpackhi_epi64(pairs[0], pairs[1]));
        }
        __m512i eights[2];
        for (int i = 0; i < 2; ++i)
            eights[i] = max(_mm512_shuffle_i32x4(fours[2 * i], fours[2 * i + 1], 0x44),
                            _mm512_shuffle_i32x4(fours[2 * i], fours[2 * i + 1], 0xee));
        return max(_mm512_shuffle_i32x4(eights[0], eights[1], 0x88), _mm512_shuffle_i32x4(eights[0], eights[1], 0xdd));
    }

    __m512i m_signed = _mm512_set1_epi32(INT32_MIN);
    __m512i m_unsigned = _mm512_setzero_si512();
};

inline void endStreaming()
{
    _mm_sfence();
}

} // namespace

} // namespace qs::QS_LEVEL
