// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/parallel.h"
#include "core/kernels/kernels.h"
#include "tests/bench/cases.h"

#include <algorithm>
#include <bit>

namespace qs::bench {

namespace {

constexpr std::size_t kItemBytes = std::size_t{2} << 20U; // of input: 50 µs or more, so that handing out costs nothing

/// Pseudo-random numbers that are the same each time.
class Generator
{
public:
    std::uint64_t bits()
    {
        m_state ^= m_state << 13U;
        m_state ^= m_state >> 7U;
        m_state ^= m_state << 17U;
        return m_state;
    }

    /// About normal: the sum of four uniform numbers, standard deviation 1.
    float next()
    {
        constexpr std::uint64_t kMask = 0xFFFF;
        const std::uint64_t random = bits();
        const auto sum =
            static_cast<float>((random & kMask) + (random >> 16U & kMask) + (random >> 32U & kMask) + (random >> 48U));
        constexpr float kMean = 2 * 65535.0F;
        constexpr float kDeviation = 37837.0F; // 65536 · √(4 / 12)
        return (sum - kMean) / kDeviation;
    }

private:
    std::uint64_t m_state = 0x9E3779B97F4A7C15ULL;
};

void fill(const Buffer<float> &values, float deviation)
{
    Generator generator;
    std::generate_n(values.data(), values.size(), [&] { return generator.next() * deviation; });
}

std::uint16_t toF16(float value)
{
    return std::bit_cast<std::uint16_t>(static_cast<_Float16>(value));
}

/// Nearest, halves to even; finite values only.
std::uint16_t toBf16(float value)
{
    const auto bits = std::bit_cast<std::uint32_t>(value);
    return static_cast<std::uint16_t>((bits + 0x7FFFU + (bits >> 16U & 1U)) >> 16U);
}

} // namespace

std::vector<const char *> levels()
{
    std::vector<const char *> result;
    for (const char *level : {"v4", "v3", "v2"}) {
        if (kernelsForLevel(level))
            result.push_back(level);
    }
    // Made for other processors; x86 has it for tests.
    if (result.empty())
        result.push_back("generic");
    return result;
}

void overRows(std::size_t rows, std::size_t rowBytes, const std::function<void(std::size_t, std::size_t)> &body)
{
    const std::size_t perItem = std::clamp<std::size_t>(kItemBytes / rowBytes, 1, rows);
    const Result<void> done = parallelFor((rows + perItem - 1) / perItem, {}, [&](std::size_t item) -> Result<void> {
        body(item * perItem, std::min(perItem, rows - item * perItem));
        return {};
    });
    static_cast<void>(done); // bodies never fail
}

Weights::Weights(MatrixSize matrix)
    : size(matrix)
    , f32(matrix.count())
    , f16(matrix.count())
    , bf16(matrix.count())
    , codes(matrix.count())
{
    Generator generator;
    for (std::size_t row = 0; row < size.rows; ++row) {
        const float spread = 0.005F * static_cast<float>(1 + row % 17);
        for (std::size_t i = row * size.columns; i < (row + 1) * size.columns; ++i)
            f32.data()[i] = generator.next() * spread;
    }
    std::transform(f32.data(), f32.data() + f32.size(), f16.data(), toF16);
    std::transform(f32.data(), f32.data() + f32.size(), bf16.data(), toBf16);
}

Buffer<std::byte> randomBlocks(std::size_t bytes)
{
    Buffer<std::byte> result(bytes);
    Generator generator;
    std::generate_n(result.data(), bytes, [&] { return static_cast<std::byte>(generator.bits()); });
    return result;
}

Product::Product(std::size_t largestBatch, std::size_t size)
    : batch(largestBatch)
    , side(size)
    , x(batch * side)
    , w(side * side)
    , y(batch * side)
{
    fill(x, 1.0F);
    fill(w, 0.02F);
}

} // namespace qs::bench
