// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Whole reads and writes at an offset of a file descriptor.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace qs {

/// 0, or errno. EIO also when the file ends before `bytes` is full.
int readExactly(int descriptor, std::uint64_t offset, std::span<std::byte> bytes);
/// 0, or errno. ENOSPC also when nothing more is taken.
int writeExactly(int descriptor, std::uint64_t offset, std::span<const std::byte> bytes);
/// Beyond a limit on file sizes, write() shall fail with EFBIG instead of ending the program. Call before writing.
void ignoreFileSizeSignal();

} // namespace qs
