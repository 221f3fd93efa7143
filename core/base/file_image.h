// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// FileImage: a file in memory at fixed addresses, of which only those parts are read that somebody asks for.
#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace qs {

class InputFile;

/// For parsers, which go from place to place and keep views of what they found. Holds what was asked for, in pages,
/// until it ends, so parsers bound what they ask for. Not for several threads at once.
class FileImage
{
public:
    /// The file must outlive this.
    explicit FileImage(const InputFile &file);
    ~FileImage();
    FileImage(const FileImage &) = delete;
    FileImage &operator=(const FileImage &) = delete;

    std::uint64_t size() const { return m_bytes.size(); }
    /// Bytes [offset, offset + size), which the caller has checked to be in the file; they stay where they are. Errors
    /// as InputFile::read(), and Error{Work} without memory.
    Result<std::span<const std::byte>> at(std::uint64_t offset, std::uint64_t size) const;
    /// The same as text.
    Result<std::string_view> textAt(std::uint64_t offset, std::uint64_t size) const;
    /// Takes the memory of bytes that nobody looks at any more, as far as they fill whole pages.
    void release(std::uint64_t offset, std::uint64_t size) const;
    /// Where all bytes of the file are once they have been asked for.
    std::span<const std::byte> bytes() const { return m_bytes; }

private:
    Result<void> load(std::uint64_t firstPage, std::uint64_t endPage) const;
    Result<void> makeWritable(std::uint64_t begin, std::uint64_t end) const;

    const InputFile &m_file;
    std::span<const std::byte> m_bytes;
    std::byte *m_reserved = nullptr; ///< null when the file lies in memory as a whole
    std::uint64_t m_step = 0;        ///< bytes that become writable at a time
    // What of the file is in memory changes nothing that can be seen.
    mutable std::vector<bool> m_writable; ///< by step
    mutable std::vector<bool> m_loaded;   ///< by page
};

} // namespace qs
