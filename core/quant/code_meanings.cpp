// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quant/code_meanings.h"

#include "core/tensor/small_floats.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace qs {

std::vector<float> unsignedMeaning(unsigned bits, int zero)
{
    std::vector<float> values(std::size_t{1} << bits);
    for (std::size_t code = 0; code < values.size(); ++code)
        values[code] = static_cast<float>(static_cast<int>(code) - zero);
    return values;
}

std::vector<float> signedMeaning(unsigned bits)
{
    std::vector<float> values = unsignedMeaning(bits);
    for (std::size_t code = values.size() / 2; code < values.size(); ++code)
        values[code] -= static_cast<float>(values.size());
    return values;
}

std::vector<float> e2m1Meaning()
{
    std::vector<float> values{0, 0.5F, 1, 1.5F, 2, 3, 4, 6};
    for (std::size_t code = 0; code < 8; ++code)
        values.push_back(-values[code]);
    return values;
}

std::vector<float> e8m0Meaning()
{
    std::vector<float> values(256);
    for (int code = 0; code < 255; ++code)
        values[static_cast<std::size_t>(code)] = std::ldexp(1.0F, code - 127);
    values[255] = std::numeric_limits<float>::quiet_NaN();
    return values;
}

std::vector<float> smallFloatMeaning(DType type)
{
    const std::span<const float, 256> table = smallFloatTable(type);
    return {table.begin(), table.end()};
}

Packing bytePacking(std::vector<float> meaning)
{
    return {.kind = Packing::Kind::Plain, .bits = 8, .meaning = std::move(meaning)};
}

Packing rowPacking(unsigned bits, unsigned elementBits, std::vector<float> meaning)
{
    Packing packing{.kind = Packing::Kind::Stream, .bits = bits, .meaning = std::move(meaning)};
    if (elementBits % bits != 0)
        return packing;
    packing.kind = Packing::Kind::Units;
    for (unsigned shift = 0; shift < elementBits; shift += bits)
        packing.shifts.push_back(static_cast<std::uint8_t>(shift));
    return packing;
}

Packing downPacking(unsigned bits, std::vector<float> meaning)
{
    return {.kind = Packing::Kind::Down, .bits = bits, .meaning = std::move(meaning)};
}

Packing highFirstPacking(std::vector<float> meaning)
{
    return {.kind = Packing::Kind::Units, .bits = 4, .shifts = {4, 0}, .meaning = std::move(meaning)};
}

Packing awqPacking(std::vector<float> meaning)
{
    return {.kind = Packing::Kind::Units,
            .bits = 4,
            .shifts = {0, 16, 4, 20, 8, 24, 12, 28},
            .meaning = std::move(meaning)};
}

Packing planePacking(unsigned bits, unsigned count, bool firstHighest, std::vector<float> meaning)
{
    Packing packing{.kind = Packing::Kind::Planes, .bits = bits, .meaning = std::move(meaning)};
    for (unsigned i = 0; i < count; ++i)
        packing.shifts.push_back(static_cast<std::uint8_t>(i * bits));
    if (firstHighest)
        std::ranges::reverse(packing.shifts);
    return packing;
}

} // namespace qs
