// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Gather: elements at regular distances in a tensor, read from its file in pieces as large as is worthwhile.
#pragma once

#include "core/base/result.h"
#include "core/tensor/tensor.h"

#include <array>
#include <cstring>
#include <functional>

namespace qs {

/// Elements along one direction; distances between two neighbours in elements.
struct GatherAxis {
    std::uint64_t count = 1;
    std::uint64_t from = 0; ///< in the tensor
    std::uint64_t to = 0;   ///< in memory
};

/// A pattern of up to three directions, in any order.
struct Gather {
    std::array<GatherAxis, 3> axes;
    std::uint64_t source = 0; ///< first element in the tensor, or in the piece that was read
    std::uint64_t target = 0;
};

/// Calls use(data, piece) for pieces of `pattern` that together are the whole of it: the elements of `piece` lie in
/// `data`, which holds elements of `bits` bits and is gone after the call. Gaps of up to 4 KiB are read as well, those
/// above are passed over. Error{Input} as InputFile::read().
Result<void> readPieces(const TensorView &view, unsigned bits, const Gather &pattern,
                        const std::function<void(const std::byte *data, const Gather &piece)> &use);

/// Calls copy(source element, target element) for each element of a piece, in the order of the file.
template <class Copy> void forEachElement(const Gather &piece, Copy copy)
{
    const auto &[outer, middle, inner] = piece.axes;
    for (std::uint64_t o = 0; o < outer.count; ++o)
        for (std::uint64_t m = 0; m < middle.count; ++m) {
            const std::uint64_t from = piece.source + o * outer.from + m * middle.from;
            const std::uint64_t to = piece.target + o * outer.to + m * middle.to;
            for (std::uint64_t i = 0; i < inner.count; ++i)
                copy(from + i * inner.from, to + i * inner.to);
        }
}

/// Reads a whole pattern of elements of `size` bytes (1, 2, 4 or 8) and puts each where it belongs.
Result<void> gatherBytes(const TensorView &view, std::size_t size, const Gather &pattern, std::byte *target);

} // namespace qs
