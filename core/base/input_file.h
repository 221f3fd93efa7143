// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// InputFile: a read-only, guarded view of a file's bytes.
#pragma once

#include "core/base/result.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>

namespace qs {

/// A regular file mapped read-only, or bytes that live in the program.
///
/// When another process truncates a mapped file, reading beyond its new end raises SIGBUS. The handler that this
/// class installs puts a zero page under the faulting address and marks the file as changed; whoever reads a block
/// calls check() afterwards and gets an error instead of wrong bytes.
class InputFile
{
public:
    /// Maps `path`. Error{Input} when it is missing, not readable, or not a regular file.
    static Result<std::shared_ptr<const InputFile>> open(const std::filesystem::path &path);
    /// The same for a file that is open already; takes the descriptor over, also when it fails.
    static Result<std::shared_ptr<const InputFile>> adopt(int descriptor, const std::filesystem::path &path);
    /// Bytes with static lifetime (the built-in models), shown as `name`.
    static std::shared_ptr<const InputFile> fromMemory(std::span<const std::byte> bytes, const std::string &name);

    ~InputFile();
    InputFile(const InputFile &) = delete;
    InputFile &operator=(const InputFile &) = delete;

    std::span<const std::byte> bytes() const { return m_bytes; }
    std::uint64_t size() const { return m_bytes.size(); }
    /// The path as it was given, or the name of the built-in model.
    const std::filesystem::path &path() const { return m_path; }

    /// Brings `bytes` of this file into memory at once, in reads as large as possible, instead of page by page when
    /// they are touched. Cheap when they are there already.
    void willRead(std::span<const std::byte> bytes) const;
    /// Gives the memory of `bytes` back, which will hardly be needed again.
    void wasRead(std::span<const std::byte> bytes) const;
    /// Error{Input} "file changed while it was read" when the mapping was hit by a truncation or the file on disk
    /// has another size or time now.
    Result<void> check() const;
    /// True when `path` names the same file (device and inode).
    bool isSameFile(const std::filesystem::path &path) const;

private:
    InputFile() = default;

    std::filesystem::path m_path;
    std::span<const std::byte> m_bytes;
    int m_descriptor = -1;
    std::int64_t m_modifiedNs = 0;
    std::size_t m_guardSlot = kNoSlot;

    static constexpr std::size_t kNoSlot = static_cast<std::size_t>(-1);
};

} // namespace qs
