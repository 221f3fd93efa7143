// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Codebooks of ggml's types IQ1, IQ2 and IQ3: points of a lattice by their numbers, one digit per coordinate.
#pragma once

#include <cstdint>
#include <span>

namespace qs::gguf {

/// Eight digits to base 3, the first coordinate lowest.
std::span<const std::uint16_t, 256> iq2xxsPoints();
std::span<const std::uint16_t, 512> iq2xsPoints();
std::span<const std::uint16_t, 1024> iq2sPoints();
std::span<const std::uint16_t, 2048> iq1Points();
/// Four digits of 3 bits, the first coordinate lowest.
std::span<const std::uint16_t, 256> iq3xxsPoints();
std::span<const std::uint16_t, 512> iq3sPoints();

} // namespace qs::gguf
