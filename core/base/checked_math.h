// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Integer arithmetic that says when it would overflow.
#pragma once

#include <cstdint>
#include <optional>

namespace qs {

inline std::optional<std::uint64_t> checkedMul(std::uint64_t a, std::uint64_t b)
{
    std::uint64_t result = 0;
    if (__builtin_mul_overflow(a, b, &result))
        return std::nullopt;
    return result;
}

inline std::optional<std::uint64_t> checkedAdd(std::uint64_t a, std::uint64_t b)
{
    std::uint64_t result = 0;
    if (__builtin_add_overflow(a, b, &result))
        return std::nullopt;
    return result;
}

inline constexpr std::uint64_t ceilDiv(std::uint64_t a, std::uint64_t b)
{
    return a / b + (a % b != 0);
}

/// Smallest multiple of `alignment` that is not below `value`; the caller guarantees that it fits.
inline constexpr std::uint64_t alignUp(std::uint64_t value, std::uint64_t alignment)
{
    return ceilDiv(value, alignment) * alignment;
}

} // namespace qs
