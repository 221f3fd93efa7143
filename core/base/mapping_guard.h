// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The one SIGBUS handler of the program: keeps mapped files that were truncated from ending it.
#pragma once

#include <cstddef>
#include <span>

namespace qs {

/// Watches a mapping. A fault inside it is answered with a zero page and remembered. Returns a slot number, or
/// SIZE_MAX when all slots are taken. Used by InputFile only.
std::size_t guardMapping(std::span<const std::byte> mapping);
/// To be called before the mapping is unmapped.
void unguardMapping(std::size_t slot);
/// True once a fault was answered inside the mapping.
bool mappingWasHit(std::size_t slot);

} // namespace qs
