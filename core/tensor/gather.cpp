// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensor/gather.h"

#include "core/base/checked_math.h"
#include "core/base/read_buffer.h"

#include <algorithm>
#include <cassert>
#include <limits>

namespace qs {

namespace {

constexpr std::uint64_t kPieceBytes = std::uint64_t{1} << 20U;
// Reading this much more costs about as much as a call of its own.
constexpr std::uint64_t kGapBytes = 4096;

class PieceReader
{
public:
    PieceReader(const TensorView &view, unsigned bits,
                const std::function<void(const std::byte *, const Gather &)> &use)
        : m_view(view)
        , m_bits(bits)
        , m_use(use)
    {}

    /// `pattern` has its axes in the order of the file.
    Result<void> read(const Gather &pattern) const
    {
        const auto outer = std::ranges::find_if(pattern.axes, [](const GatherAxis &axis) { return axis.count > 1; });
        std::uint64_t extent = 1;
        std::uint64_t wanted = 1;
        for (const GatherAxis &axis : pattern.axes) {
            extent += (axis.count - 1) * axis.from;
            wanted *= axis.count;
        }
        const std::uint64_t first = pattern.source * m_bits / 8;
        const std::uint64_t size = ceilDiv((pattern.source + extent) * m_bits, 8) - first;
        if (outer != pattern.axes.end() &&
            (size > kPieceBytes || size > wanted * m_bits / 8 + outer->count * kGapBytes))
            return readHalves(pattern, static_cast<std::size_t>(outer - pattern.axes.begin()));
        thread_local ReadBuffer buffer;
        const std::span<std::byte> bytes = buffer.bytes(size);
        QS_CHECK(m_view.read(first, bytes));
        Gather piece = pattern;
        piece.source -= first * 8 / m_bits;
        m_use(bytes.data(), piece);
        return {};
    }

private:
    Result<void> readHalves(const Gather &pattern, std::size_t axis) const
    {
        Gather part = pattern;
        GatherAxis &cut = part.axes[axis];
        const std::uint64_t rest = cut.count - cut.count / 2;
        cut.count /= 2;
        QS_CHECK(read(part));
        part.source += cut.count * cut.from;
        part.target += cut.count * cut.to;
        cut.count = rest;
        return read(part);
    }

    const TensorView &m_view;
    unsigned m_bits;
    const std::function<void(const std::byte *, const Gather &)> &m_use;
};

template <std::size_t Size> void copyPiece(const Gather &piece, const std::byte *source, std::byte *target)
{
    if (const GatherAxis &run = piece.axes[2]; run.from == 1 && run.to == 1) {
        Gather runs = piece;
        runs.axes[2] = {};
        forEachElement(runs, [&](std::uint64_t from, std::uint64_t to) {
            std::memcpy(target + to * Size, source + from * Size, run.count * Size);
        });
        return;
    }
    forEachElement(piece, [&](std::uint64_t from, std::uint64_t to) {
        std::memcpy(target + to * Size, source + from * Size, Size);
    });
}

} // namespace

Result<void> readPieces(const TensorView &view, unsigned bits, const Gather &pattern,
                        const std::function<void(const std::byte *data, const Gather &piece)> &use)
{
    if (std::ranges::find(pattern.axes, 0U, &GatherAxis::count) != pattern.axes.end())
        return {};
    Gather sorted = pattern;
    // From far to near, so that the innermost loop follows the file; what has one element leads.
    std::ranges::sort(sorted.axes, std::ranges::greater(), [](const GatherAxis &axis) {
        return axis.count == 1 ? std::numeric_limits<std::uint64_t>::max() : axis.from;
    });
    return PieceReader(view, bits, use).read(sorted);
}

Result<void> gatherBytes(const TensorView &view, std::size_t size, const Gather &pattern, std::byte *target)
{
    return readPieces(view, static_cast<unsigned>(size * 8), pattern, [&](const std::byte *data, const Gather &piece) {
        switch (size) {
        case 1:
            return copyPiece<1>(piece, data, target);
        case 2:
            return copyPiece<2>(piece, data, target);
        case 4:
            return copyPiece<4>(piece, data, target);
        default:
            assert(size == 8);
            return copyPiece<8>(piece, data, target);
        }
    });
}

} // namespace qs
