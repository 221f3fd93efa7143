// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quant/code_grid.h"

#include <algorithm>
#include <bit>
#include <cfloat>
#include <limits>

namespace qs {

namespace {

/// Finite floats by their order: neighbours differ by 1, −0 and 0 are one.
std::int64_t orderOf(float x)
{
    const auto magnitude = static_cast<std::int64_t>(std::bit_cast<std::uint32_t>(x) & 0x7fffffffU);
    return std::signbit(x) ? -magnitude : magnitude;
}

float floatAt(std::int64_t order)
{
    const auto bits = static_cast<std::uint32_t>(order < 0 ? -order : order);
    const float magnitude = std::bit_cast<float>(bits);
    return order < 0 ? -magnitude : magnitude;
}

/// Codes of some weights under one scale.
class Coder
{
public:
    Coder(const ScaleAndZeroPoint &scale, const Coding &coding)
        : m_scale(scale)
        , m_zeroPoint(static_cast<std::int8_t>(scale.zeroPoint))
        , m_coding(coding)
    {}

    ScaleRun run(std::size_t count) const
    {
        ScaleRun run;
        run.scales = &m_scale.scale;
        run.stored = &m_scale.stored;
        run.zeroPoints = &m_zeroPoint;
        run.groupSize = count;
        if (m_coding.hasOffsets()) {
            run.offsets = &m_scale.storedOffset;
            run.codeOffsets = &m_scale.offset;
        }
        return run;
    }

    std::vector<std::int8_t> codes(const std::vector<float> &x) const
    {
        std::vector<std::int8_t> result(x.size());
        QuantizePiece piece;
        piece.x = x.data();
        piece.count = x.size();
        piece.scale = run(x.size());
        piece.coding = m_coding;
        piece.codes = result.data();
        kernels().quantize(&piece);
        return result;
    }

    std::vector<float> values(const std::vector<std::int8_t> &codes) const
    {
        std::vector<float> result(codes.size());
        const ScaleRun with = run(codes.size());
        kernels().dequantize(codes.data(), codes.size(), &with, m_coding.codeMin, result.data());
        return result;
    }

private:
    ScaleAndZeroPoint m_scale;
    std::int8_t m_zeroPoint;
    Coding m_coding;
};

} // namespace

std::vector<CodePlace> codeGrid(const ScaleAndZeroPoint &scale, const Coding &coding)
{
    const Coder coder(scale, coding);
    const auto count = static_cast<std::size_t>(coding.codeMax - coding.codeMin + 1);
    const std::vector<std::int8_t> ends = coder.codes({-FLT_MAX, FLT_MAX});
    const bool rises = ends[0] <= ends[1];
    std::vector<std::int8_t> inOrder(count);
    for (std::size_t rank = 0; rank < count; ++rank)
        inOrder[rank] = static_cast<std::int8_t>(rises ? coding.codeMin + static_cast<int>(rank)
                                                       : coding.codeMax - static_cast<int>(rank));
    const auto rankOf = [&](std::int8_t code) {
        return static_cast<std::size_t>(rises ? code - coding.codeMin : coding.codeMax - code);
    };

    // Codes follow the order of the weights, so each bound can be found by halving the floats between two others: the
    // smallest weight of at least that rank, one beyond the largest float when there is none. All bounds at once.
    constexpr auto kLargest = std::int64_t{0x7f7fffff};
    std::vector<std::int64_t> low(count, -kLargest);
    std::vector<std::int64_t> high(count, kLargest + 1);
    std::vector<float> middle(count);
    for (std::int64_t width = 2 * kLargest + 2; width > 0; width /= 2) {
        for (std::size_t rank = 0; rank < count; ++rank)
            middle[rank] = floatAt(std::min((low[rank] + high[rank]) >> 1, kLargest));
        const std::vector<std::int8_t> codes = coder.codes(middle);
        for (std::size_t rank = 0; rank < count; ++rank) {
            if (low[rank] >= high[rank])
                continue;
            if (rankOf(codes[rank]) >= rank)
                high[rank] = orderOf(middle[rank]);
            else
                low[rank] = orderOf(middle[rank]) + 1;
        }
    }

    constexpr float kInfinity = std::numeric_limits<float>::infinity();
    const auto bound = [&](std::size_t rank) {
        return low[rank] > kLargest ? kInfinity : low[rank] <= -kLargest ? -kInfinity : floatAt(low[rank]);
    };
    const std::vector<float> values = coder.values(inOrder);
    std::vector<CodePlace> grid(count);
    for (std::size_t rank = 0; rank < count; ++rank)
        grid[rank] = {inOrder[rank], values[rank], rank == 0 ? -kInfinity : bound(rank),
                      rank + 1 == count ? kInfinity : bound(rank + 1)};
    return grid;
}

} // namespace qs
