// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Block decoders, compiled once per instruction set. Codes are taken apart as bytes, 16 at a time, by loops with fixed
// counts that the compiler turns into vectors; put() widens them. See kernels_eigen.cpp for what such a source may use.
#include "core/kernels/block_decoders.h"

#include <cstring>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace qs::QS_LEVEL {

const BlockDecoders &blockTable();

namespace {

using Byte = std::uint8_t;
using Code = std::int8_t;

// Doubled values of E2M1 (MXFP4, NVFP4) and the table of IQ4.
constexpr Code kE2M1[16] = {0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12};
constexpr Code kIq4[16] = {-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113};

template <class T> T load(const Byte *source, bool bigEndian)
{
    Byte bytes[sizeof(T)];
    for (std::size_t i = 0; i < sizeof(T); ++i)
        bytes[i] = source[bigEndian ? sizeof(T) - 1 - i : i];
    T value;
    std::memcpy(&value, bytes, sizeof(T));
    return value;
}

float fromBits(std::uint32_t bits)
{
    float value = 0;
    std::memcpy(&value, &bits, sizeof value);
    return value;
}

/// IEEE half to float, exact; subnormals by a product that cannot round.
float half(const Byte *source, bool bigEndian)
{
    std::uint16_t word = 0;
    std::memcpy(&word, source, sizeof word);
    if (bigEndian)
        word = __builtin_bswap16(word);
    const std::uint32_t bits = word;
    const std::uint32_t magnitude = (bits & 0x7fffU) << 13;
    const float scaled = fromBits(magnitude) * 0x1p112F;
    std::uint32_t result = 0;
    std::memcpy(&result, &scaled, sizeof result);
    result = (bits & 0x7c00U) == 0x7c00U ? magnitude | 0x7f800000U : result;
    return fromBits(result | (bits & 0x8000U) << 16);
}

float toFloat(int code)
{
    return static_cast<float>(code);
}

/// y[i] = scale · codes[i] − least for 16 codes, the product rounded before the difference.
void put(const Code *codes, float scale, float least, float *y)
{
#if defined(__AVX512F__)
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i *>(codes));
    const __m512 values = _mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(bytes));
    _mm512_storeu_ps(y, _mm512_sub_ps(_mm512_mul_ps(values, _mm512_set1_ps(scale)), _mm512_set1_ps(least)));
#elif defined(__AVX2__)
    for (int i = 0; i < 16; i += 8) {
        const __m128i bytes = _mm_loadl_epi64(reinterpret_cast<const __m128i *>(codes + i));
        const __m256 values = _mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(bytes));
        _mm256_storeu_ps(y + i, _mm256_sub_ps(_mm256_mul_ps(values, _mm256_set1_ps(scale)), _mm256_set1_ps(least)));
    }
#else
    for (int i = 0; i < 16; ++i)
        y[i] = toFloat(codes[i]) * scale - least;
#endif
}

#if defined(__AVX512BW__)

/// What codes 0 to 15 stand for, each as put() gives it.
__m512 valuesOf16(float scale, float least)
{
    const __m512 codes = _mm512_setr_ps(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    return _mm512_sub_ps(_mm512_mul_ps(codes, _mm512_set1_ps(scale)), _mm512_set1_ps(least));
}

/// 32 bytes: their low codes of 4 bits to y[0, 32), the high ones to y[32, 64), by the values of either.
void putNibbles(const Byte *bytes, __m512 low, __m512 high, float *y)
{
    for (int i = 0; i < 32; i += 16) {
        const __m128i both = _mm_loadu_si128(reinterpret_cast<const __m128i *>(bytes + i));
        const __m512i codes = _mm512_cvtepu8_epi32(both); // of which permutations look at the low 4 bits
        _mm512_storeu_ps(y + i, _mm512_permutexvar_ps(codes, low));
        _mm512_storeu_ps(y + 32 + i, _mm512_permutexvar_ps(_mm512_srli_epi32(codes, 4), high));
    }
}

__m512i joined(__m256i low, __m256i high)
{
    return _mm512_inserti64x4(_mm512_castsi256_si512(low), high, 1);
}

/// y[i] = scales[i / 16] · codes[i] for 64 codes.
void put64(__m512i codes, const float *scales, float *y)
{
    const __m128i parts[4] = {_mm512_castsi512_si128(codes), _mm512_extracti32x4_epi32(codes, 1),
                              _mm512_extracti32x4_epi32(codes, 2), _mm512_extracti32x4_epi32(codes, 3)};
    for (int i = 0; i < 4; ++i) {
        const __m512 values = _mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(parts[i]));
        _mm512_storeu_ps(y + 16 * i, _mm512_mul_ps(values, _mm512_set1_ps(scales[i])));
    }
}

#endif

/// Codes → entries of a table.
void lookUp(const Code *table, Code *codes)
{
#if defined(__SSSE3__)
    const __m128i entries = _mm_loadu_si128(reinterpret_cast<const __m128i *>(table));
    auto *place = reinterpret_cast<__m128i *>(codes);
    _mm_storeu_si128(place, _mm_shuffle_epi8(entries, _mm_loadu_si128(place)));
#else
    for (int i = 0; i < 16; ++i)
        codes[i] = table[codes[i]];
#endif
}

/// Bits [shift, shift + log2(mask + 1)) of 16 bytes.
void field(const Byte *bytes, unsigned shift, unsigned mask, Code *codes)
{
    for (int i = 0; i < 16; ++i)
        codes[i] = static_cast<Code>((bytes[i] >> shift) & mask);
}

/// Adds bit `bit` of 16 bytes, shifted to the left, to codes.
void addBit(const Byte *bytes, unsigned bit, unsigned shift, Code *codes)
{
    for (int i = 0; i < 16; ++i)
        codes[i] = static_cast<Code>(codes[i] | ((bytes[i] >> bit) & 1U) << shift);
}

void shiftDown(int by, Code *codes)
{
    for (int i = 0; i < 16; ++i)
        codes[i] = static_cast<Code>(codes[i] - by);
}

/// 16 bits as the fifth bits of 16 codes.
void addFifthBits(std::uint32_t bits, Code *codes)
{
    for (unsigned i = 0; i < 16; ++i)
        codes[i] = static_cast<Code>(codes[i] | static_cast<int>((bits >> i & 1U) << 4));
}

/// Blocks of 32 codes of 4 bits, the first half in the low nibbles, with one scale.
template <std::size_t Header, bool HasLeast, bool HasFifth> struct Simple {
    static constexpr std::size_t kBytes = Header + 16;
    static constexpr std::size_t kElements = 32;
    static void decode(const Byte *__restrict b, bool bigEndian, float *__restrict y)
    {
        const float d = half(b, bigEndian);
        const float least = HasLeast ? -half(b + 2, bigEndian) : 0.0F;
        const std::uint32_t fifth = HasFifth ? load<std::uint32_t>(b + Header - 4, bigEndian) : 0;
        for (unsigned part = 0; part < 2; ++part) {
            Code codes[16];
            field(b + Header, 4 * part, 15, codes);
            if (HasFifth)
                addFifthBits(fifth >> (16 * part), codes);
            if (!HasLeast)
                shiftDown(HasFifth ? 16 : 8, codes);
            put(codes, d, least, y + 16 * part);
        }
    }
};
using Q4_0 = Simple<2, false, false>;
using Q4_1 = Simple<4, true, false>;
using Q5_0 = Simple<6, false, true>;
using Q5_1 = Simple<8, true, true>;

void wholeBytes(const Byte *b, int count, float d, float *y)
{
    for (int i = 0; i < count; i += 16)
        put(reinterpret_cast<const Code *>(b) + i, d, 0, y + i);
}

template <std::size_t Header> struct Q8 {
    static constexpr std::size_t kBytes = Header + 32;
    static constexpr std::size_t kElements = 32;
    static void decode(const Byte *__restrict b, bool bigEndian, float *__restrict y)
    {
        wholeBytes(b + Header, 32, half(b, bigEndian), y);
    }
};
using Q8_0 = Q8<2>;
using Q8_1 = Q8<4>; // its sum is not needed

struct Q8K {
    static constexpr std::size_t kBytes = 292;
    static constexpr std::size_t kElements = 256;
    static void decode(const Byte *__restrict b, bool bigEndian, float *__restrict y)
    {
        wholeBytes(b + 4, 256, load<float>(b, bigEndian), y);
    }
};

struct Q2K {
    static constexpr std::size_t kBytes = 84;
    static constexpr std::size_t kElements = 256;
    static void decode(const Byte *__restrict b, bool bigEndian, float *__restrict y)
    {
        const float d = half(b + 80, bigEndian);
        const float dmin = half(b + 82, bigEndian);
#pragma GCC unroll 16
        for (unsigned part = 0; part < 16; ++part) {
            Code codes[16];
            field(b + 16 + 32 * (part / 8) + 16 * (part % 2), 2 * (part % 8 / 2), 3, codes);
            put(codes, d * toFloat(b[part] & 15), dmin * toFloat(b[part] >> 4), y + 16 * part);
        }
    }
};

struct Q3K {
    static constexpr std::size_t kBytes = 110;
    static constexpr std::size_t kElements = 256;
    static void decode(const Byte *__restrict b, bool bigEndian, float *__restrict y)
    {
        const float d = half(b + 108, bigEndian);
        const Byte *scales = b + 96;
#pragma GCC unroll 16
        for (unsigned part = 0; part < 16; ++part) {
            const unsigned plane = part / 2; // of the mask
            const int low = part < 8 ? scales[part] & 15 : scales[part - 8] >> 4;
            const int high = (scales[8 + part % 4] >> (2 * (part / 4))) & 3;
            Code codes[16];
            field(b + 32 + 32 * (part / 8) + 16 * (part % 2), 2 * (plane % 4), 3, codes);
            addBit(b + 16 * (part % 2), plane, 2, codes);
            shiftDown(4, codes);
            put(codes, d * toFloat((low | high << 4) - 32), 0, y + 16 * part);
        }
    }
};

/// Six-bit scale and minimum `j` of Q4_K and Q5_K.
struct ScaleAndMin {
    ScaleAndMin(const Byte *packed, unsigned j)
        : scale(j < 4 ? packed[j] & 63 : (packed[j + 4] & 15) | packed[j - 4] >> 6 << 4)
        , least(j < 4 ? packed[j + 4] & 63 : packed[j + 4] >> 4 | packed[j] >> 6 << 4)
    {}
    int scale;
    int least;
};

#if defined(__AVX512BW__)

/// ScaleAndMin of all eight groups, times the factors of scales and of minima.
void scalesAndMinima(const Byte *packed, float d, float dmin, float *scales)
{
    std::uint32_t words[3]; // bytes of which each holds the same parts
    std::memcpy(words, packed, sizeof words);
    const auto six = [](std::uint32_t word) { return static_cast<int>(word & 0x3f3f3f3fU); };
    const auto spread = [&](std::uint32_t low, std::uint32_t high) {
        return static_cast<int>((low & 0x0f0f0f0fU) | (high >> 2 & 0x30303030U));
    };
    const __m128i bytes =
        _mm_setr_epi32(six(words[0]), spread(words[2], words[0]), six(words[1]), spread(words[2] >> 4, words[1]));
    const __m512 factors = _mm512_mask_blend_ps(0xff00, _mm512_set1_ps(d), _mm512_set1_ps(dmin));
    _mm512_store_ps(scales, _mm512_mul_ps(_mm512_cvtepi32_ps(_mm512_cvtepu8_epi32(bytes)), factors));
}

#endif

/// Eight groups of 32 codes of 4 bits; of 5 with a byte of fifth bits per position.
template <bool HasFifth> struct Q45K {
    static constexpr std::size_t kBytes = HasFifth ? 176 : 144;
    static constexpr std::size_t kElements = 256;
    static void decode(const Byte *__restrict b, bool bigEndian, float *__restrict y)
    {
        const float d = half(b, bigEndian);
        const float dmin = half(b + 2, bigEndian);
#if defined(__AVX512BW__)
        if constexpr (!HasFifth) {
            alignas(64) float scales[16]; // of the eight groups, and their minima
            scalesAndMinima(b + 4, d, dmin, scales);
#pragma GCC unroll 4
            for (unsigned low = 0; low < 8; low += 2) {
                putNibbles(b + 16 + 16 * low, valuesOf16(scales[low], scales[8 + low]),
                           valuesOf16(scales[low + 1], scales[9 + low]), y + 32 * low);
            }
            return;
        }
#endif
#pragma GCC unroll 8
        for (unsigned group = 0; group < 8; ++group) {
            const ScaleAndMin packed(b + 4, group);
            const float scale = d * toFloat(packed.scale);
            const float least = dmin * toFloat(packed.least);
            for (unsigned part = 0; part < 2; ++part) {
                Code codes[16];
                field(b + kBytes - 128 + 32 * (group / 2) + 16 * part, 4 * (group % 2), 15, codes);
                if (HasFifth)
                    addBit(b + 16 + 16 * part, group, 4, codes);
                put(codes, scale, least, y + 32 * group + 16 * part);
            }
        }
    }
};
using Q4K = Q45K<false>;
using Q5K = Q45K<true>;

struct Q6K {
    static constexpr std::size_t kBytes = 210;
    static constexpr std::size_t kElements = 256;
    static void decode(const Byte *__restrict b, bool bigEndian, float *__restrict y)
    {
        const float d = half(b + 208, bigEndian);
#if defined(__AVX512BW__)
        alignas(64) float scales[16];
        put(reinterpret_cast<const Code *>(b + 192), d, 0, scales);
        const __m512i fours = _mm512_set1_epi8(15);
        const __m512i twos = _mm512_set1_epi8(0x30);
        const __m512i zero = _mm512_set1_epi8(32);
        for (unsigned side = 0; side < 2; ++side) {
            const __m512i low = _mm512_loadu_si512(b + 64 * side);
            const __m256i high = _mm256_loadu_si256(reinterpret_cast<const __m256i *>(b + 128 + 32 * side));
            // Four fields of 2 bits, each moved to where it stands in the code.
            const __m512i first = joined(_mm256_slli_epi16(high, 4), _mm256_slli_epi16(high, 2));
            const __m512i second = joined(high, _mm256_srli_epi16(high, 2));
            const __m512i lows = _mm512_or_si512(_mm512_and_si512(low, fours), _mm512_and_si512(first, twos));
            const __m512i highs =
                _mm512_or_si512(_mm512_and_si512(_mm512_srli_epi16(low, 4), fours), _mm512_and_si512(second, twos));
            put64(_mm512_sub_epi8(lows, zero), scales + 8 * side, y + 128 * side);
            put64(_mm512_sub_epi8(highs, zero), scales + 8 * side + 4, y + 128 * side + 64);
        }
#else
#pragma GCC unroll 16
        for (unsigned part = 0; part < 16; ++part) {
            const unsigned k = part % 8 / 2;
            Code codes[16];
            Code high[16];
            field(b + 64 * (part / 8) + 32 * (k % 2) + 16 * (part % 2), 4 * (k / 2), 15, codes);
            field(b + 128 + 32 * (part / 8) + 16 * (part % 2), 2 * k, 3, high);
            for (int i = 0; i < 16; ++i)
                codes[i] = static_cast<Code>((codes[i] | high[i] << 4) - 32);
            put(codes, d * toFloat(static_cast<Code>(b[192 + part])), 0, y + 16 * part);
        }
#endif
    }
};

/// 32 entries of a table, the first half by the low nibbles of 16 bytes.
void fromTable(const Code *table, const Byte *bytes, float d, float *y)
{
    for (unsigned part = 0; part < 2; ++part) {
        Code codes[16];
        field(bytes, 4 * part, 15, codes);
        lookUp(table, codes);
        put(codes, d, 0, y + 16 * part);
    }
}

struct Iq4Nl {
    static constexpr std::size_t kBytes = 18;
    static constexpr std::size_t kElements = 32;
    static void decode(const Byte *__restrict b, bool bigEndian, float *__restrict y)
    {
        fromTable(kIq4, b + 2, half(b, bigEndian), y);
    }
};

struct Iq4Xs {
    static constexpr std::size_t kBytes = 136;
    static constexpr std::size_t kElements = 256;
    static void decode(const Byte *__restrict b, bool bigEndian, float *__restrict y)
    {
        const float d = half(b, bigEndian);
        const unsigned high = load<std::uint16_t>(b + 2, bigEndian);
        for (unsigned g = 0; g < 8; ++g) {
            const unsigned scale = ((b[4 + g / 2] >> (4 * (g % 2))) & 15U) | ((high >> (2 * g)) & 3U) << 4;
            fromTable(kIq4, b + 8 + 16 * g, d * toFloat(static_cast<int>(scale) - 32), y + 32 * g);
        }
    }
};

struct Mxfp4 {
    static constexpr std::size_t kBytes = 17;
    static constexpr std::size_t kElements = 32;
    static void decode(const Byte *__restrict b, bool, float *__restrict y)
    {
        const std::uint32_t e = b[0]; // 2^(e − 128); the two smallest are subnormal
        fromTable(kE2M1, b + 1, fromBits(e < 2 ? 0x00200000U << e : (e - 1) << 23), y);
    }
};

struct Nvfp4 {
    static constexpr std::size_t kBytes = 36;
    static constexpr std::size_t kElements = 64;
    static float scaleOf(unsigned code)
    {
        const unsigned exponent = (code >> 3) & 15U; // e4m3 without sign; half of it, as the table is doubled
        const auto mantissa = static_cast<float>(code & 7U);
        if (code == 0x7fU)
            return 0;
        return exponent == 0 ? mantissa * 0x1p-10F : (mantissa + 8) * fromBits((exponent + 127 - 11) << 23);
    }
    static void decode(const Byte *__restrict b, bool, float *__restrict y)
    {
        for (unsigned part = 0; part < 4; ++part) {
            Code codes[16];
            for (unsigned i = 0; i < 8; ++i) {
                codes[i] = static_cast<Code>(b[4 + 8 * part + i] & 15U);
                codes[8 + i] = static_cast<Code>(b[4 + 8 * part + i] >> 4);
            }
            lookUp(kE2M1, codes);
            put(codes, scaleOf(b[part]), 0, y + 16 * part);
        }
    }
};

struct Tq1 {
    static constexpr std::size_t kBytes = 54;
    static constexpr std::size_t kElements = 256;
    static void decode(const Byte *__restrict b, bool bigEndian, float *__restrict y)
    {
        const float d = half(b + 52, bigEndian);
        Code codes[256];
        trits<32, 5>(b, codes);
        trits<16, 5>(b + 32, codes + 160);
        trits<4, 4>(b + 48, codes + 240);
        for (int i = 0; i < 256; i += 16)
            put(codes + i, d, 0, y + i);
    }

private:
    /// Digit n to base 3 of each byte, which holds them as a fraction of 256.
    template <unsigned Count, unsigned Digits> static void trits(const Byte *bytes, Code *codes)
    {
        unsigned power = 1;
        for (unsigned n = 0; n < Digits; ++n, power *= 3)
            for (unsigned i = 0; i < Count; ++i)
                codes[n * Count + i] = static_cast<Code>(((bytes[i] * power & 255U) * 3 >> 8) - 1);
    }
};

struct Tq2 {
    static constexpr std::size_t kBytes = 66;
    static constexpr std::size_t kElements = 256;
    static void decode(const Byte *__restrict b, bool bigEndian, float *__restrict y)
    {
        const float d = half(b + 64, bigEndian);
#pragma GCC unroll 16
        for (unsigned part = 0; part < 16; ++part) {
            Code codes[16];
            field(b + 32 * (part / 8) + 16 * (part % 2), 2 * (part % 8 / 2), 3, codes);
            shiftDown(1, codes);
            put(codes, d, 0, y + 16 * part);
        }
    }
};

template <class Block> void decodeAll(const std::byte *source, std::size_t blocks, bool bigEndian, float *values)
{
    const Byte *bytes = reinterpret_cast<const Byte *>(source);
    for (std::size_t i = 0; i < blocks; ++i)
        Block::decode(bytes + i * Block::kBytes, bigEndian, values + i * Block::kElements);
}

} // namespace

const BlockDecoders &blockTable()
{
    static constexpr BlockDecoders kTable{
        {decodeAll<Q4_0>, decodeAll<Q4_1>, decodeAll<Q5_0>, decodeAll<Q5_1>, decodeAll<Q8_0>, decodeAll<Q8_1>,
         decodeAll<Q2K>, decodeAll<Q3K>, decodeAll<Q4K>, decodeAll<Q5K>, decodeAll<Q6K>, decodeAll<Q8K>,
         decodeAll<Iq4Nl>, decodeAll<Iq4Xs>, decodeAll<Mxfp4>, decodeAll<Nvfp4>, decodeAll<Tq1>, decodeAll<Tq2>}};
    return kTable;
}

} // namespace qs::QS_LEVEL
