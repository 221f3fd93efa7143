// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Lanes with AVX2, FMA and F16C (x86-64-v3). Included by lanes.h.
#pragma once

#include <immintrin.h>

namespace qs::QS_LEVEL {

namespace {

inline constexpr std::size_t kGroup = 2;

inline Lanes lanesOf(__m256 low, __m256 high)
{
    Lanes result;
    _mm256_store_ps(result.data(), low);
    _mm256_store_ps(result.data() + 8, high);
    return result;
}

inline __m256 registerOf(const Lanes &v, int half)
{
    return _mm256_load_ps(v.data() + 8 * half);
}

/// In a register: GCC would rather read memory again for each operation, and reading is what is scarce.
template <class Register> inline Register held(Register v)
{
    asm("" : "+x"(v));
    return v;
}

template <FloatType type> inline Lanes load(const unsigned char *source)
{
    if constexpr (type == FloatType::F32) {
        const auto *floats = reinterpret_cast<const float *>(source);
        return lanesOf(held(_mm256_loadu_ps(floats)), held(_mm256_loadu_ps(floats + 8)));
    }
    const auto wide = [&](int half) {
        const __m128i halves = _mm_loadu_si128(reinterpret_cast<const __m128i *>(source) + half);
        if constexpr (type == FloatType::F16)
            return _mm256_cvtph_ps(halves);
        else
            return _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_cvtepu16_epi32(halves), 16));
    };
    return lanesOf(wide(0), wide(1));
}

/// What one register holds.
inline constexpr std::size_t kWidth = 8;
using Wide = Eigen::Array<float, kWidth, 1>;

template <FloatType type> inline Wide loadWide(const unsigned char *source)
{
    __m256 v;
    if constexpr (type == FloatType::F32) {
        v = held(_mm256_loadu_ps(reinterpret_cast<const float *>(source)));
    } else {
        const __m128i halves = _mm_loadu_si128(reinterpret_cast<const __m128i *>(source));
        if constexpr (type == FloatType::F16)
            v = _mm256_cvtph_ps(halves);
        else
            v = _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_cvtepu16_epi32(halves), 16));
    }
    Wide result;
    _mm256_store_ps(result.data(), v);
    return result;
}

/// v / scale, as rint() sees it; see factors.h for where that holds.
inline Lanes exactQuotient(const Lanes &v, float scale, float inverse)
{
    const __m256 y = _mm256_set1_ps(inverse);
    const __m256 s = _mm256_set1_ps(scale);
    const auto half = [&](int h) {
        const __m256 quotient = _mm256_mul_ps(registerOf(v, h), y);
        return _mm256_fmadd_ps(_mm256_fnmadd_ps(quotient, s, registerOf(v, h)), y, quotient);
    };
    return lanesOf(half(0), half(1));
}

/// Towards zero.
inline Lanes truncated(const Lanes &v)
{
    const auto half = [&](int h) { return _mm256_round_ps(registerOf(v, h), _MM_FROUND_TO_ZERO | _MM_FROUND_NO_EXC); };
    return lanesOf(half(0), half(1));
}

/// Halves away from zero. The number below a half is added, as a half would carry what lies just below one.
inline Lanes roundedAway(const Lanes &v)
{
    const auto half = [&](int h) {
        const __m256 sign = _mm256_and_ps(registerOf(v, h), _mm256_set1_ps(-0.0F));
        return _mm256_add_ps(registerOf(v, h), _mm256_or_ps(sign, _mm256_set1_ps(0x1.fffffep-2F)));
    };
    return truncated(lanesOf(half(0), half(1)));
}

inline float largestOf(const Lanes &v)
{
    const __m256 eight = _mm256_max_ps(registerOf(v, 0), registerOf(v, 1));
    __m128 four = _mm_max_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
    four = _mm_max_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_max_ss(four, _mm_movehdup_ps(four)));
}

inline float smallestOf(const Lanes &v)
{
    const __m256 eight = _mm256_min_ps(registerOf(v, 0), registerOf(v, 1));
    __m128 four = _mm_min_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
    four = _mm_min_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_min_ss(four, _mm_movehdup_ps(four)));
}

inline bool anyAbove(const Lanes &v, float limit)
{
    const __m256 eight = _mm256_max_ps(registerOf(v, 0), registerOf(v, 1));
    return _mm256_movemask_ps(_mm256_cmp_ps(eight, _mm256_set1_ps(limit), _CMP_GT_OQ)) != 0;
}

inline bool anyAbove(const Wide &v, float limit)
{
    return _mm256_movemask_ps(_mm256_cmp_ps(_mm256_load_ps(v.data()), _mm256_set1_ps(limit), _CMP_GT_OQ)) != 0;
}

inline Wide widest(const Wide &a, const Wide &b)
{
    return a.max(b.abs());
}

/// The larger magnitude of two lanes each; `a` holds magnitudes.
inline Lanes widest(const Lanes &a, const Lanes &b)
{
    return a.max(b.abs());
}

/// Adds float lanes to double lanes.
inline void addTo(double (&sums)[kLanes], const Lanes &v)
{
    for (int h = 0; h < 2; ++h) {
        const __m256 floats = registerOf(v, h);
        double *half = sums + 8 * h;
        const __m256d low = _mm256_cvtps_pd(_mm256_castps256_ps128(floats));
        const __m256d high = _mm256_cvtps_pd(_mm256_extractf128_ps(floats, 1));
        _mm256_storeu_pd(half, _mm256_add_pd(_mm256_loadu_pd(half), low));
        _mm256_storeu_pd(half + 4, _mm256_add_pd(_mm256_loadu_pd(half + 4), high));
    }
}

/// Counts lanes that are 0 or −0.
class ZeroCounter
{
public:
    void add(const Lanes &v)
    {
        const auto zero = [&](int h) {
            return _mm256_castps_si256(_mm256_cmp_ps(registerOf(v, h), _mm256_setzero_ps(), _CMP_EQ_OQ));
        };
        m_counts = _mm256_sub_epi32(m_counts, _mm256_add_epi32(zero(0), zero(1)));
    }
    /// Counts lanes in which the two are the same.
    void addEqual(const Lanes &a, const Lanes &b)
    {
        const auto same = [&](int h) {
            return _mm256_castps_si256(_mm256_cmp_ps(registerOf(a, h), registerOf(b, h), _CMP_EQ_OQ));
        };
        m_counts = _mm256_sub_epi32(m_counts, _mm256_add_epi32(same(0), same(1)));
    }
    std::uint64_t total() const
    {
        alignas(32) std::int32_t counts[8];
        _mm256_store_si256(reinterpret_cast<__m256i *>(counts), m_counts);
        std::uint64_t sum = 0;
        for (std::int32_t count : counts)
            sum += static_cast<std::uint64_t>(count);
        return sum;
    }

private:
    __m256i m_counts = _mm256_setzero_si256();
};

/// Tells whether a lane was 0 or −0.
class ZeroWatch
{
public:
    void add(const Lanes &v)
    {
        for (int h = 0; h < 2; ++h)
            m_zeros = _mm256_or_ps(m_zeros, _mm256_cmp_ps(registerOf(v, h), _mm256_setzero_ps(), _CMP_EQ_OQ));
    }
    bool any() const { return _mm256_movemask_ps(m_zeros) != 0; }

private:
    __m256 m_zeros = _mm256_setzero_ps();
};

/// 32 codes.
using Codes = __m256i;

/// Rounds 32 values of magnitude below 2^15 to the nearest whole number, halves to even, adds the zero point and bounds
/// the sums to 8 bits.
template <class Part> inline Codes codesOf(Part values, int zeroPoint)
{
    const auto whole = [&](int k) { return _mm256_cvtps_epi32(values(k)); };
    __m256i low = _mm256_packs_epi32(whole(0), whole(1));
    __m256i high = _mm256_packs_epi32(whole(2), whole(3));
    if (zeroPoint != 0) {
        const __m256i zero = _mm256_set1_epi16(static_cast<short>(zeroPoint));
        low = _mm256_add_epi16(low, zero);
        high = _mm256_add_epi16(high, zero);
    }
    return _mm256_permutevar8x32_epi32(_mm256_packs_epi16(low, high), _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7));
}

inline Codes toCodes(const Lanes *values, int zeroPoint)
{
    return codesOf([&](int k) { return registerOf(values[k / 2], k & 1); }, zeroPoint);
}

inline Codes toCodes(const Wide *values, int zeroPoint)
{
    return codesOf([&](int k) { return _mm256_load_ps(values[k].data()); }, zeroPoint);
}

inline void storeCodes(Codes codes, const CodeStore &how, std::int8_t *target)
{
    if (how.clamped) {
        codes = _mm256_max_epi8(codes, _mm256_set1_epi8(static_cast<char>(how.codeMin)));
        codes = _mm256_min_epi8(codes, _mm256_set1_epi8(static_cast<char>(how.codeMax)));
    }
    if (how.packed) {
        const __m256i nibbles = _mm256_and_si256(codes, _mm256_set1_epi8(15));
        const __m256i pairs = _mm256_maddubs_epi16(nibbles, _mm256_set1_epi16(0x1001)); // low + 16 · high
        const __m256i bytes = _mm256_permute4x64_epi64(_mm256_packus_epi16(pairs, pairs), 0x08);
        const __m128i half = _mm256_castsi256_si128(bytes);
        if (how.streaming)
            _mm_stream_si128(reinterpret_cast<__m128i *>(target), half);
        else
            _mm_storeu_si128(reinterpret_cast<__m128i *>(target), half);
    } else if (how.streaming) {
        _mm256_stream_si256(reinterpret_cast<__m256i *>(target), codes);
    } else {
        _mm256_storeu_si256(reinterpret_cast<__m256i *>(target), codes);
    }
}

/// Counts codes that are the zero point; of at most 255 groups.
class ZeroCodeCounter
{
public:
    void add(Codes codes, int zeroPoint)
    {
        const __m256i zero = _mm256_set1_epi8(static_cast<char>(zeroPoint));
        m_counts = _mm256_sub_epi8(m_counts, _mm256_cmpeq_epi8(codes, zero));
    }
    /// Counts steps that are 0, before they become codes.
    void addSteps(const Lanes *steps)
    {
        addZeros([&](int k) { return registerOf(steps[k / 2], k & 1); });
    }
    void addSteps(const Wide *steps)
    {
        addZeros([&](int k) { return _mm256_load_ps(steps[k].data()); });
    }
    std::uint64_t total() const
    {
        alignas(32) std::uint64_t sums[4];
        _mm256_store_si256(reinterpret_cast<__m256i *>(sums), _mm256_sad_epu8(m_counts, _mm256_setzero_si256()));
        return sums[0] + sums[1] + sums[2] + sums[3];
    }

private:
    template <class Part> void addZeros(Part part)
    {
        const auto zeros = [&](int k) {
            return _mm256_castps_si256(_mm256_cmp_ps(part(k), _mm256_setzero_ps(), _CMP_EQ_OQ));
        };
        const __m256i low = _mm256_packs_epi32(zeros(0), zeros(1)); // in any order
        m_counts = _mm256_sub_epi8(m_counts, _mm256_packs_epi16(low, _mm256_packs_epi32(zeros(2), zeros(3))));
    }

    __m256i m_counts = _mm256_setzero_si256();
};

/// Extremes of the bits of floats: the largest as signed number is the largest positive float, the largest as unsigned
/// number is the negative float of largest magnitude, where there are any; ∞ and NaN surpass all others.
class BitExtremes
{
public:
    void add(const Lanes &v)
    {
        for (int h = 0; h < 2; ++h) {
            const __m256i bits = _mm256_castps_si256(registerOf(v, h));
            m_signed[h] = _mm256_max_epi32(m_signed[h], bits);
            m_unsigned[h] = _mm256_max_epu32(m_unsigned[h], bits);
        }
    }
    void add(const BitExtremes &other)
    {
        for (int h = 0; h < 2; ++h) {
            m_signed[h] = _mm256_max_epi32(m_signed[h], other.m_signed[h]);
            m_unsigned[h] = _mm256_max_epu32(m_unsigned[h], other.m_unsigned[h]);
        }
    }
    std::int32_t largestSigned() const
    {
        const __m256i eight = _mm256_max_epi32(m_signed[0], m_signed[1]);
        __m128i four = _mm_max_epi32(_mm256_castsi256_si128(eight), _mm256_extracti128_si256(eight, 1));
        four = _mm_max_epi32(four, _mm_shuffle_epi32(four, 0x4e));
        return _mm_cvtsi128_si32(_mm_max_epi32(four, _mm_shuffle_epi32(four, 0xb1)));
    }
    std::uint32_t largestUnsigned() const
    {
        const __m256i eight = _mm256_max_epu32(m_unsigned[0], m_unsigned[1]);
        __m128i four = _mm_max_epu32(_mm256_castsi256_si128(eight), _mm256_extracti128_si256(eight, 1));
        four = _mm_max_epu32(four, _mm_shuffle_epi32(four, 0x4e));
        return static_cast<std::uint32_t>(_mm_cvtsi128_si32(_mm_max_epu32(four, _mm_shuffle_epi32(four, 0xb1))));
    }

    /// The same of kLanes of them at once; true when each has finite numbers of both signs and neither is 0.
    static bool reduce(const BitExtremes *groups, std::int32_t *largestSigned, std::uint32_t *largestUnsigned)
    {
        const auto between = [](__m256i bits, std::uint32_t least, std::uint32_t most) { // both of one sign
            return _mm256_and_si256(_mm256_cmpgt_epi32(bits, _mm256_set1_epi32(static_cast<int>(least))),
                                    _mm256_cmpgt_epi32(_mm256_set1_epi32(static_cast<int>(most)), bits));
        };
        __m256i plain = _mm256_set1_epi32(-1);
        const auto maxSigned = [](__m256i a, __m256i b) { return _mm256_max_epi32(a, b); };
        const auto maxUnsigned = [](__m256i a, __m256i b) { return _mm256_max_epu32(a, b); };
        for (int h = 0; h < 2; ++h) {
            const BitExtremes *half = groups + 8 * h;
            const auto naturals = [half](int i) { return half[i].m_unsigned; };
            const __m256i high = folded([half](int i) { return half[i].m_signed; }, maxSigned);
            const __m256i low = folded(naturals, maxUnsigned);
            _mm256_storeu_si256(reinterpret_cast<__m256i *>(largestSigned) + h, high);
            _mm256_storeu_si256(reinterpret_cast<__m256i *>(largestUnsigned) + h, low);
            plain = _mm256_and_si256(plain, between(high, 0, 0x7f800000));
            plain = _mm256_and_si256(plain, between(low, 0x80000000, 0xff800000));
        }
        return _mm256_movemask_epi8(plain) == -1;
    }

private:
    /// Lane i of the result: the largest lane of the two vectors i. Each step folds two vectors into the halves of one.
    template <class Vectors, class Max> static __m256i folded(Vectors vectors, Max max)
    {
        __m256i fours[2]; // four groups each, in both halves
        for (int i = 0; i < 2; ++i) {
            __m256i pairs[2];
            for (int k = 0; k < 2; ++k) {
                const __m256i *first = vectors(4 * i + 2 * k);
                const __m256i *second = vectors(4 * i + 2 * k + 1);
                const __m256i a = max(first[0], first[1]);
                const __m256i b = max(second[0], second[1]);
                pairs[k] = max(_mm256_unpacklo_epi32(a, b), _mm256_unpackhi_epi32(a, b));
            }
            fours[i] = max(_mm256_unpacklo_epi64(pairs[0], pairs[1]), _mm256_unpackhi_epi64(pairs[0], pairs[1]));
        }
        return max(_mm256_permute2x128_si256(fours[0], fours[1], 0x20),
                   _mm256_permute2x128_si256(fours[0], fours[1], 0x31));
    }

    __m256i m_signed[2] = {_mm256_set1_epi32(INT32_MIN), _mm256_set1_epi32(INT32_MIN)};
    __m256i m_unsigned[2] = {_mm256_setzero_si256(), _mm256_setzero_si256()};
};

inline void endStreaming()
{
    _mm_sfence();
}

} // namespace

} // namespace qs::QS_LEVEL
