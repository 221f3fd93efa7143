// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Whole numbers of any type and byte order.
#pragma once

#include "core/tensor/dtype.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>

namespace qs {

/// One element of type T at `data`, possibly misaligned, with its bytes swapped when `bigEndian`.
template <class T> T loadElement(const std::byte *data, bool bigEndian)
{
    std::array<std::byte, sizeof(T)> bytes;
    std::copy_n(data, sizeof(T), bytes.begin());
    if (bigEndian)
        std::ranges::reverse(bytes);
    T value;
    std::memcpy(&value, bytes.data(), sizeof(T));
    return value;
}

/// Loads element `index` of packed data; empty when a u64 does not fit.
using IntegerLoader = std::optional<std::int64_t> (*)(const std::byte *data, std::uint64_t index, bool bigEndian);

/// Null for types that are no whole numbers of whole bytes.
IntegerLoader integerLoader(DType type);

} // namespace qs
