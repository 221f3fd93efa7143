// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// AtomicFile: a new file that appears under its name complete, or not at all.
#pragma once

#include "core/base/leftover.h"
#include "core/base/result.h"
#include "core/base/task_context.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <span>
#include <string_view>
#include <vector>

namespace qs {

/// The file that `target` names, through links to files that may not exist yet: the link stays and the file is
/// replaced. Error{Work} for files of the system (/dev, /proc), whose replacement nobody would find.
Result<std::filesystem::path> writableTarget(const std::filesystem::path &target);

/// Written at any offset from any thread into a temporary file in the target's folder (without a name where the
/// file system allows it), then flushed and renamed by commit(). Destroyed without commit(), it leaves nothing.
class AtomicFile
{
public:
    /// Prepares a file of `size` bytes at `target`. Error{Work} when the folder is missing, read-only or full, or
    /// when `target` exists and `overwrite` is false.
    static Result<std::unique_ptr<AtomicFile>> create(const std::filesystem::path &target, std::uint64_t size,
                                                      bool overwrite);
    /// A file of `size` bytes at `path` that several programs write, each its own bytes: made when there is none, with
    /// zeros, and left there when it is destroyed. commit() flushes it; Error{Work} when it is not there any more.
    /// Another size is made right. For read() see adopt(). Waits while another program has adopted the file.
    static Result<std::unique_ptr<AtomicFile>> stage(const std::filesystem::path &path, std::uint64_t size,
                                                     const TaskContext &context);
    /// Such a file, for itself alone: it waits until nobody else is writing. commit() calls it `target`, as of
    /// create(); until then it stays where it is. Where it cannot be renamed, on another disk, it is copied.
    static Result<std::unique_ptr<AtomicFile>> adopt(const std::filesystem::path &staged, std::uint64_t size,
                                                     const std::filesystem::path &target, bool overwrite,
                                                     const TaskContext &context);
    ~AtomicFile();
    AtomicFile(const AtomicFile &) = delete;
    AtomicFile &operator=(const AtomicFile &) = delete;

    /// Writes all of `bytes` at `offset`; thread-safe. Remembers a checksum for verify(), so each range is to be
    /// written once, or again as a whole.
    Result<void> write(std::uint64_t offset, std::span<const std::byte> bytes);
    /// Reads back from the temporary file.
    Result<void> read(std::uint64_t offset, std::span<std::byte> bytes) const;
    /// A name under which the unfinished file can be opened, until commit().
    std::filesystem::path temporaryPath() const;
    /// Before commit(): opens the file anew and compares checksums of the blocks that were written, all of them or
    /// a sample (first, last and every 61st). Error{Work} at the first difference.
    Result<void> verify(bool everything) const;
    /// Flushes to disk and gives the file its name. Error{Work} when another program has put its own file there in the
    /// same moment.
    Result<void> commit();

private:
    struct Block {
        std::uint64_t offset = 0;
        std::uint32_t size = 0;
        std::uint64_t checksum = 0;
    };

    AtomicFile() = default;
    Result<void> aimAt(const std::filesystem::path &target, bool overwrite);
    Result<void> openTemporary();
    Result<void> openNamedTemporary();
    static Result<std::unique_ptr<AtomicFile>> staged(const std::filesystem::path &path, std::uint64_t size, bool alone,
                                                      const TaskContext &context);
    Result<void> openStaged(bool alone);
    Result<void> lockStaged(bool alone, const TaskContext &context) const;
    Result<void> reserve();
    Result<void> giveName();
    Result<void> linkAs(const std::filesystem::path &name);
    Result<void> renameTemporary();
    Result<void> renameStaged();
    Result<void> copyToTarget();
    int tryRename() const;
    Result<void> checkName() const;
    Result<std::filesystem::path> hiddenName() const;
    std::unexpected<Error> systemError(const Text &what, int code) const;
    std::filesystem::path folder() const;

    Leftover m_leftover;
    std::filesystem::path m_target;
    std::filesystem::path m_temporary; ///< empty while the file has no name
    bool m_isStaged = false;           ///< stays under that name
    int m_descriptor = -1;             ///< -1 after commit()
    bool m_overwrite = false;
    std::uint64_t m_size = 0;
    std::mutex m_mutex; ///< guards what follows
    std::vector<Block> m_blocks;
    std::uint64_t m_unflushed = 0; ///< bytes since write-back was started last
};

/// A file of that name that holds `bytes`, or, when that fails, what was there. Errors as AtomicFile::create() and
/// commit().
Result<void> writeWholeFile(const std::filesystem::path &target, std::string_view bytes, bool overwrite);

} // namespace qs
