// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What range searches of other tools sum up over the weights of a unit.
#include "core/kernels/code_rules.h"

namespace qs::QS_LEVEL {

namespace {

constexpr double kLn2 = 0x1.62e42fefa39efp-1;
constexpr double kSqrt2 = 0x1.6a09e667f3bcdp+0;
// Taylor's factors, highest power first.
constexpr double kArtanh[] = {1.0 / 19, 1.0 / 17, 1.0 / 15, 1.0 / 13, 1.0 / 11,
                              1.0 / 9,  1.0 / 7,  1.0 / 5,  1.0 / 3,  1.0};
constexpr std::size_t kTerms = 15;

struct Exponential {
    double factors[kTerms];
};

constexpr Exponential exponential()
{
    Exponential result{};
    double factor = 1;
    for (std::size_t k = 0; k < kTerms; ++k) {
        result.factors[kTerms - 1 - k] = factor;
        factor /= static_cast<double>(k + 1);
    }
    return result;
}

constexpr Exponential kExponential = exponential();

double doubleOf(std::uint64_t bits)
{
    double value = 0;
    std::memcpy(&value, &bits, sizeof value);
    return value;
}

std::uint64_t bitsOf(double value)
{
    std::uint64_t bits = 0;
    std::memcpy(&bits, &value, sizeof bits);
    return bits;
}

/// x^exponent for normal x > 0, to about 1e-15 of it, while the result is a normal number: plain arithmetic, so that
/// every machine gives the same bits, which a library's pow() does not promise. No branch and no call, so that loops
/// become vectors.
[[gnu::always_inline]] inline double power(double x, double exponent)
{
    constexpr std::uint64_t kMantissa = (std::uint64_t{1} << 52U) - 1;
    constexpr double kToWhole = 0x1.8p52; // rounds what it is added to; the low bits are the whole number then
    const std::uint64_t bits = bitsOf(x);
    const double biased = doubleOf((bits >> 52U) | bitsOf(0x1p52)) - (0x1p52 + 1023);
    const double mantissa = doubleOf((bits & kMantissa) | bitsOf(1.0)); // [1, 2)
    const bool large = mantissa > kSqrt2;
    const double m = large ? mantissa * 0.5 : mantissa;
    const double whole = large ? biased + 1 : biased;
    // log2(m) = 2/ln 2 · artanh t
    const double t = (m - 1) / (m + 1);
    const double t2 = t * t;
    double series = 0;
#pragma GCC unroll 16
    for (const double factor : kArtanh)
        series = series * t2 + factor;
    const double y = exponent * (whole + 2 / kLn2 * t * series);
    const double shifted = y + kToWhole;
    const double f = (y - (shifted - kToWhole)) * kLn2;
    double e = 0;
#pragma GCC unroll 16
    for (const double factor : kExponential.factors)
        e = e * f + factor;
    return e * doubleOf((bitsOf(shifted) + 1023) << 52U);
}

/// y[i] = x[i]^exponent, and 0 where x[i] is not above 0.
void powers(const float *x, std::size_t count, double exponent, float *y)
{
    for (std::size_t i = 0; i < count; ++i) {
        const auto value = static_cast<float>(power(static_cast<double>(x[i]), exponent));
        y[i] = x[i] > 0 ? value : 0.0F;
    }
}

template <Arithmetic arithmetic> void differences(const float *x, const float *values, std::size_t count, float *result)
{
    for (std::size_t i = 0; i < count; ++i)
        result[i] = std::fabs(roundedTo(roundedTo(values[i], arithmetic) - x[i], arithmetic));
}

template <Arithmetic arithmetic> void addPowers(PowerErrorPiece *piece)
{
    alignas(64) float size[kChunk];
    alignas(64) float raised[kChunk];
    for (std::size_t at = 0; at < piece->count; at += kChunk) {
        const std::size_t count = smaller(kChunk, piece->count - at);
        differences<arithmetic>(piece->x + at, piece->y + at, count, size);
        powers(size, count, piece->exponent, raised);
        for (std::size_t i = 0; i < count; ++i)
            raised[i] = roundedTo(raised[i], arithmetic);
        for (std::size_t i = 0; i < count; ++i)
            piece->error += static_cast<double>(raised[i]);
    }
}

constexpr std::size_t kTogether = 4; // units whose sums do not wait for each other
constexpr std::size_t kPart = 256;

/// What weights of one unit give to its sums.
struct ShrinkTerms {
    alignas(64) float size[kPart];
    alignas(64) float code[kPart];
};

[[gnu::noinline]] void setTerms(const float *x, std::size_t count, const ShrinkUnit &unit, float largestCode,
                                ShrinkTerms *terms)
{
    constexpr float kInverseBeta = 0.1F;
    constexpr double kExponent = -0.3F; // rounded as PyTorch rounds it
    alignas(64) float difference[kPart];
    alignas(64) float code[kPart];
    alignas(64) float raised[kPart];
    const float inverse = unit.inverse;
    const float zero = unit.zero;
    for (std::size_t i = 0; i < count; ++i) {
        const float whole = std::nearbyint(x[i] * inverse + zero);
        code[i] = whole < 0.0F ? 0.0F : whole > largestCode ? largestCode : whole;
        difference[i] = x[i] - (code[i] - zero) / inverse;
        terms->size[i] = std::fabs(difference[i]);
    }
    powers(terms->size, count, kExponent, raised);
    for (std::size_t i = 0; i < count; ++i) {
        const float left = terms->size[i] - kInverseBeta * raised[i];
        const float shrunken = std::copysign(left > 0.0F ? left : 0.0F, difference[i]);
        terms->code[i] = code[i] - (x[i] - shrunken) * inverse;
    }
}

void shrinkTogether(ShrinkUnit *units, std::size_t count, std::size_t size, float largestCode)
{
    ShrinkTerms terms[kTogether];
    double error[kTogether] = {};
    double codes[kTogether] = {};
    std::memset(terms + count, 0, (kTogether - count) * sizeof(ShrinkTerms));
    for (std::size_t at = 0; at < size; at += kPart) {
        const std::size_t part = smaller(kPart, size - at);
        for (std::size_t k = 0; k < count; ++k)
            setTerms(units[k].x + at, part, units[k], largestCode, &terms[k]);
        for (std::size_t i = 0; i < part; ++i) {
            for (std::size_t k = 0; k < kTogether; ++k) { // also of units that are not there
                error[k] += static_cast<double>(terms[k].size[i]);
                codes[k] += static_cast<double>(terms[k].code[i]);
            }
        }
    }
    for (std::size_t k = 0; k < count; ++k) {
        units[k].error = error[k];
        units[k].codes = codes[k];
    }
}

} // namespace

void powerError(PowerErrorPiece *piece)
{
    switch (piece->arithmetic) {
    case Arithmetic::F32:
        return addPowers<Arithmetic::F32>(piece);
    case Arithmetic::F16:
        return addPowers<Arithmetic::F16>(piece);
    case Arithmetic::BF16:
        return addPowers<Arithmetic::BF16>(piece);
    }
}

void shrink(ShrinkUnit *units, std::size_t count, std::size_t size, float largestCode)
{
    for (std::size_t at = 0; at < count; at += kTogether)
        shrinkTogether(units + at, smaller(kTogether, count - at), size, largestCode);
}

} // namespace qs::QS_LEVEL
