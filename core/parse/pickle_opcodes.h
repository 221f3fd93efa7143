// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Names of the opcodes of pickles.
#pragma once

#include <cstdint>
#include <string>

namespace qs::pickle {

/// "INST (0x69)"; "0xFF" for bytes that are no opcode.
std::string opcodeName(std::uint8_t opcode);

} // namespace qs::pickle
