// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// InputFile: reads blocks of a file, and tells when the file is another one meanwhile.
#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace qs {

/// A regular file that is open for reading, or bytes that live in the program. Nothing is mapped: of a file that
/// shrinks a mapping would end the program, and pages that come from a disk one by one cost more than a copy.
class InputFile
{
public:
    /// Opens `path`. Error{Input} when it is missing, not readable, or not a regular file.
    static Result<std::shared_ptr<const InputFile>> open(const std::filesystem::path &path);
    /// The same of a file that others may be writing to: read() takes no notice of that.
    static Result<std::shared_ptr<const InputFile>> openShared(const std::filesystem::path &path);
    /// open() for a file that is open already; takes the descriptor over, also when it fails.
    static Result<std::shared_ptr<const InputFile>> adopt(int descriptor, const std::filesystem::path &path);
    /// Bytes that live as long as anybody reads (the built-in models), shown as `name`.
    static std::shared_ptr<const InputFile> fromMemory(std::span<const std::byte> bytes, const std::string &name);

    ~InputFile();
    InputFile(const InputFile &) = delete;
    InputFile &operator=(const InputFile &) = delete;

    /// Bytes when it was opened.
    std::uint64_t size() const { return m_size; }
    /// The path as it was given, or the name of the built-in model.
    const std::filesystem::path &path() const { return m_path; }
    /// All bytes when they live in the program, else nothing.
    std::span<const std::byte> memory() const { return m_memory; }

    /// Fills `target` with the bytes from `offset` on. Error{Input} when they are not all there, and "file changed
    /// while it was read" when it has another size or time than when it was opened. Safe to use from several threads.
    Result<void> read(std::uint64_t offset, std::span<std::byte> target) const;
    /// The first bytes, at most `most`. Errors as read().
    Result<std::vector<std::byte>> head(std::size_t most) const;
    /// All of a file that is known to be small. Errors as read().
    Result<std::string> text() const;
    /// True when `path` names the same file (device and inode).
    bool isSameFile(const std::filesystem::path &path) const;

private:
    InputFile() = default;

    static Result<std::shared_ptr<InputFile>> opened(int descriptor, const std::filesystem::path &path);
    Result<void> checkUnchanged() const;

    std::filesystem::path m_path;
    std::span<const std::byte> m_memory;
    std::uint64_t m_size = 0;
    int m_descriptor = -1;
    std::int64_t m_modifiedNs = 0;
    bool m_isShared = false;
};

} // namespace qs
