// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The bytes of a ZIP archive as those who check its records look at them.
#pragma once

#include "core/base/file_image.h"
#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>

namespace qs::zip {

inline constexpr std::size_t kCentralBytes = 46; ///< of a header in the directory, without name, extra and comment
inline constexpr std::size_t kLocalBytes = 30;   ///< of a local header, without name and extra field
inline constexpr std::uint32_t kLocalSignature = 0x04034b50;
/// In fields whose number needs more bits and stands elsewhere.
inline constexpr std::uint32_t kAllOnes16 = 0xffff;
inline constexpr std::uint32_t kAllOnes32 = 0xffffffff;

/// A little-endian number at `at`; the caller has checked that it is there.
template <class T> T load(std::span<const std::byte> bytes, std::uint64_t at)
{
    T value;
    std::memcpy(&value, bytes.data() + at, sizeof value);
    return value;
}

/// Bytes as text; the caller has checked that they are there.
inline std::string_view textAt(std::span<const std::byte> bytes, std::uint64_t at, std::size_t size)
{
    return {reinterpret_cast<const char *>(bytes.data()) + at, size};
}

struct Archive {
    const FileImage &image;
    const std::string &where;         ///< names the file
    std::span<const std::byte> bytes; ///< of the image

    /// Reads bytes that are in the file; load() and text() look at nothing else.
    Result<void> need(std::uint64_t at, std::uint64_t size) const;
    template <class T> T load(std::uint64_t at) const { return zip::load<T>(bytes, at); }
    std::string_view text(std::uint64_t at, std::size_t size) const { return textAt(bytes, at, size); }

    /// Error{Input} about a part of the archive, at byte `at`.
    std::unexpected<Error> wrong(const Text &part, std::uint64_t at, Text message) const;
};

} // namespace qs::zip
