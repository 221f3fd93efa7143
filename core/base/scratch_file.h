// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// ScratchFile: bytes that a reader had to unpack, kept in a file without a name instead of in memory.
#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace qs {

class InputFile;

/// Collects payloads that are not bytes of a file as they stand (deflated entries, packed fields). Lies in $TMPDIR or
/// /tmp without a name, so that nothing is left when the program ends; in memory where no such file can be made.
class ScratchFile
{
public:
    /// Error{Work} when neither a file nor memory is to be had.
    static Result<ScratchFile> create();
    ~ScratchFile();
    ScratchFile(ScratchFile &&other) noexcept;
    ScratchFile &operator=(ScratchFile &&other) noexcept;

    /// Writes `bytes` behind what is there and returns the offset of their first byte. Error{Work} when the disk is
    /// full.
    Result<std::uint64_t> append(std::span<const std::byte> bytes);
    std::uint64_t size() const { return m_size; }
    /// Writes `bytes` at `offset`, from any thread; of a file that nothing is appended to. Errors as append().
    Result<void> writeAt(std::uint64_t offset, std::span<const std::byte> bytes) const;

    /// Gives all that was appended to be read; shown as `name` in messages. The last call on this object.
    Result<std::shared_ptr<const InputFile>> finish(std::string name);

private:
    explicit ScratchFile(int descriptor)
        : m_descriptor(descriptor)
    {}

    int m_descriptor = -1;
    std::uint64_t m_size = 0;
};

} // namespace qs
