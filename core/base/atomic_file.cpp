// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/atomic_file.h"

#include "core/base/file_io.h"
#include "core/base/text.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <limits>
#include <system_error>
#include <thread>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <fmt/format.h>
#include <xxhash.h>

namespace qs {
namespace {

constexpr std::uint64_t kWriteBackStep = std::uint64_t{32} << 20; // keeps the last flush short
constexpr std::size_t kBlockBytes = std::size_t{16} << 20;        // one checksum per at most this many bytes
constexpr std::size_t kSampleStep = 61;                           // blocks between two samples of verify()

/// Tells changed blocks apart at the speed of memory; not against forgers, and not kept anywhere.
std::uint64_t checksumOf(std::span<const std::byte> bytes)
{
    return XXH3_64bits(bytes.data(), bytes.size());
}

/// /dev/shm holds ordinary files.
bool isOfSystem(const std::filesystem::path &path)
{
    const std::string &name = path.native();
    return name.starts_with("/proc/") || (name.starts_with("/dev/") && !name.starts_with("/dev/shm/"));
}

} // namespace

Result<std::filesystem::path> writableTarget(const std::filesystem::path &target)
{
    constexpr int kMaxLinks = 40; // as the system
    std::filesystem::path path = target;
    for (int links = 0; links < kMaxLinks; ++links) {
        std::error_code unknown;
        std::filesystem::path folder = path.parent_path();
        folder = std::filesystem::weakly_canonical(folder.empty() ? "." : folder, unknown);
        if (!unknown && isOfSystem(folder / path.filename()))
            return fail(ErrorCode::Work, Text::of("files below /dev and /proc belong to the system"),
                        inQuotes(target.native()));
        std::filesystem::path next = std::filesystem::read_symlink(path, unknown);
        if (unknown)
            return path; // no link
        path = next.is_absolute() ? std::move(next) : path.parent_path() / next;
    }
    return fail(ErrorCode::Work, Text::of("the name leads through more than {} links", kMaxLinks),
                inQuotes(target.native()));
}

std::filesystem::path AtomicFile::folder() const
{
    const std::filesystem::path parent = m_target.parent_path();
    return parent.empty() ? std::filesystem::path(".") : parent;
}

std::unexpected<Error> AtomicFile::systemError(const Text &what, int code) const
{
    const std::string place = inQuotes(folder().native());
    const std::string where = inQuotes(m_target.native());
    switch (code) {
    case ENOENT: { // also what file systems say on which no file can be made, such as /proc
        std::error_code ignored;
        const bool exists = std::filesystem::is_directory(folder(), ignored);
        return fail(ErrorCode::Work,
                    exists ? Text::of("no file can be made in the folder {}", place)
                           : Text::of("the folder {} does not exist", place),
                    where);
    }
    case ENOTDIR:
        return fail(ErrorCode::Work, Text::of("{} is not a folder", place), where);
    case EACCES:
    case EPERM:
        return fail(ErrorCode::Work, Text::of("no permission to write into the folder {}", place), where);
    case EROFS:
        return fail(ErrorCode::Work, Text::of("the folder {} is on a read-only file system", place), where);
    case ENOSPC:
        return fail(ErrorCode::Work, Text::of("no space left in the folder {} for {} bytes", place, m_size), where);
    case EDQUOT:
        return fail(ErrorCode::Work, Text::of("the disk quota in the folder {} does not allow {} bytes", place, m_size),
                    where);
    case EFBIG:
        return fail(ErrorCode::Work, Text::of("{} bytes are more than a file in the folder {} may have", m_size, place),
                    where);
    case EEXIST:
        return fail(ErrorCode::Work, Text::of("the file exists already"), where);
    default:
        return fail(ErrorCode::Work, Text::of("{}: {}", what, std::generic_category().message(code)), where);
    }
}

Result<std::unique_ptr<AtomicFile>> AtomicFile::create(const std::filesystem::path &target, std::uint64_t size,
                                                       bool overwrite)
{
    ignoreFileSizeSignal();
    std::unique_ptr<AtomicFile> file(new AtomicFile);
    file->m_size = size;
    QS_CHECK(file->aimAt(target, overwrite));
    QS_CHECK(file->openTemporary());
    QS_CHECK(file->reserve());
    return file;
}

Result<std::unique_ptr<AtomicFile>> AtomicFile::stage(const std::filesystem::path &path, std::uint64_t size,
                                                      const TaskContext &context)
{
    return staged(path, size, false, context);
}

Result<std::unique_ptr<AtomicFile>> AtomicFile::adopt(const std::filesystem::path &staged, std::uint64_t size,
                                                      const std::filesystem::path &target, bool overwrite,
                                                      const TaskContext &context)
{
    QS_ASSIGN(auto file, AtomicFile::staged(staged, size, true, context));
    if (staged != target)
        QS_CHECK(file->aimAt(target, overwrite));
    return file;
}

Result<std::unique_ptr<AtomicFile>> AtomicFile::staged(const std::filesystem::path &path, std::uint64_t size,
                                                       bool alone, const TaskContext &context)
{
    ignoreFileSizeSignal();
    std::unique_ptr<AtomicFile> file(new AtomicFile);
    file->m_target = path;
    file->m_temporary = path;
    file->m_isStaged = true;
    file->m_size = size;
    QS_CHECK(file->openStaged(alone));
    QS_CHECK(file->lockStaged(alone, context));
    QS_CHECK(file->checkName()); // it may have got its name meanwhile
    return file;
}

AtomicFile::~AtomicFile()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
    if (!m_temporary.empty() && !m_isStaged)
        ::unlink(m_temporary.c_str());
}

Result<void> AtomicFile::aimAt(const std::filesystem::path &target, bool overwrite)
{
    m_target = target;
    m_overwrite = overwrite;
    struct stat status = {};
    const bool exists = ::lstat(target.c_str(), &status) == 0;
    if (exists && !overwrite)
        return systemError({}, EEXIST);
    QS_ASSIGN(m_target, writableTarget(target));
    if (exists && ::stat(target.c_str(), &status) == 0 && !S_ISREG(status.st_mode))
        return fail(ErrorCode::Work, Text::of("the target exists and is not a regular file"),
                    inQuotes(target.native()));
    return {};
}

Result<void> AtomicFile::openTemporary()
{
    // A file without a name can only be named through /proc.
    if (::access("/proc/self/fd", X_OK) != 0)
        return openNamedTemporary();
    m_descriptor = ::open(folder().c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0666);
    if (m_descriptor >= 0)
        return {};
    if (errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL)
        return openNamedTemporary();
    return systemError(Text::of("no file can be made"), errno);
}

Result<std::filesystem::path> AtomicFile::hiddenName() const
{
    std::uint64_t number = 0;
    if (::getrandom(&number, sizeof number, 0) != sizeof number)
        return systemError(Text::of("no random name can be made"), errno);
    return folder() / fmt::format(".quantoscope-{:016x}.part", number);
}

Result<void> AtomicFile::openNamedTemporary()
{
    QS_ASSIGN(std::filesystem::path name, hiddenName());
    m_descriptor = ::open(name.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0666);
    if (m_descriptor < 0)
        return systemError(Text::of("no file can be made"), errno);
    m_temporary = std::move(name);
    return {};
}

// All make room in the one file: each in a file of its own would for a moment need its space as often as there are
// programs. Who only writes does not open it for reading: a network file system would fetch the pages around each
// write, and send them back with what others have written there in the meantime.
Result<void> AtomicFile::openStaged(bool alone)
{
    const int flags = (alone ? O_RDWR : O_WRONLY) | O_CLOEXEC | O_NOFOLLOW;
    m_descriptor = ::open(m_temporary.c_str(), flags | O_CREAT | O_EXCL, 0666);
    const bool isNew = m_descriptor >= 0;
    if (!isNew && errno == EEXIST)
        m_descriptor = ::open(m_temporary.c_str(), flags);
    const int code = m_descriptor < 0 ? errno : 0;
    if (code == EACCES && ::access(m_temporary.c_str(), F_OK) == 0)
        return fail(ErrorCode::Work, Text::of("no permission to write into the file, which somebody else has begun"),
                    inQuotes(m_temporary.native()));
    if (code != 0)
        return systemError(Text::of("no file can be made"), code);
    struct stat status = {};
    if (::fstat(m_descriptor, &status) != 0 || !S_ISREG(status.st_mode))
        return fail(ErrorCode::Work, Text::of("the target exists and is not a regular file"),
                    inQuotes(m_temporary.native()));
    const auto size = static_cast<std::uint64_t>(status.st_size);
    if (size == m_size)
        return {};
    if (size > m_size && ::ftruncate(m_descriptor, static_cast<off_t>(m_size)) != 0)
        return systemError(Text::of("no space can be reserved"), errno);
    auto reserved = reserve();
    if (!reserved && isNew)
        ::unlink(m_temporary.c_str()); // who has opened it meanwhile finds out in commit()
    return reserved;
}

// Without it a file could get its name while somebody goes on writing what is there already. Where the file system
// knows no locks, that is all that happens.
Result<void> AtomicFile::lockStaged(bool alone, const TaskContext &context) const
{
    constexpr std::chrono::milliseconds kPause{50};
    while (::flock(m_descriptor, (alone ? LOCK_EX : LOCK_SH) | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK && errno != EINTR)
            return {};
        QS_CHECK(context.check());
        context.report(0, Text::of("waiting for another program that writes the same file"));
        std::this_thread::sleep_for(kPause);
    }
    return {};
}

// A full disk is told now, before hours of work. Where space cannot be reserved, the free space is compared at least.
Result<void> AtomicFile::reserve()
{
    if (m_size == 0)
        return {};
    if (m_size > static_cast<std::uint64_t>(std::numeric_limits<off_t>::max()))
        return systemError({}, EFBIG);
    const auto size = static_cast<off_t>(m_size);
    int code = 0;
    do {
        code = ::fallocate(m_descriptor, 0, 0, size) == 0 ? 0 : errno;
    } while (code == EINTR);
    if (code == 0)
        return {};
    if (code != EOPNOTSUPP && code != ENOSYS && code != EINVAL)
        return systemError(Text::of("no space can be reserved"), code);
    struct statvfs system = {};
    if (::fstatvfs(m_descriptor, &system) == 0 && system.f_bavail < m_size / std::max(system.f_frsize, 1UL))
        return systemError({}, ENOSPC);
    if (::ftruncate(m_descriptor, size) != 0)
        return systemError(Text::of("no space can be reserved"), errno);
    return {};
}

Result<void> AtomicFile::write(std::uint64_t offset, std::span<const std::byte> bytes)
{
    while (!bytes.empty()) {
        const auto block = bytes.first(std::min(bytes.size(), kBlockBytes));
        if (const int code = writeExactly(m_descriptor, offset, block); code != 0)
            return systemError(Text::of("writing failed"), code);
        const std::uint64_t checksum = checksumOf(block);
        bool startWriteBack = false;
        {
            const std::lock_guard lock(m_mutex);
            m_blocks.push_back({offset, static_cast<std::uint32_t>(block.size()), checksum});
            m_unflushed += block.size();
            startWriteBack = m_unflushed >= kWriteBackStep;
            if (startWriteBack)
                m_unflushed = 0;
        }
        // Waits for the step before, so that never more than about two steps are waiting for the disk.
        constexpr unsigned kFlags = SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE;
        if (startWriteBack && ::sync_file_range(m_descriptor, 0, 0, kFlags) != 0 &&
            (errno == EIO || errno == ENOSPC || errno == EDQUOT))
            return systemError(Text::of("writing failed"), errno);
        offset += block.size();
        bytes = bytes.subspan(block.size());
    }
    return {};
}

Result<void> AtomicFile::read(std::uint64_t offset, std::span<std::byte> bytes) const
{
    if (const int code = readExactly(m_descriptor, offset, bytes); code != 0)
        return systemError(Text::of("reading back failed"), code);
    return {};
}

Result<void> AtomicFile::commit()
{
    if (::fsync(m_descriptor) != 0)
        return systemError(Text::of("flushing failed"), errno);
    QS_CHECK(giveName());
    QS_CHECK(checkName());
    ::close(m_descriptor);
    m_descriptor = -1;
    // Not every file system can flush a folder; the file itself is on the disk already.
    const int directory = ::open(folder().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory >= 0) {
        ::fsync(directory);
        ::close(directory);
    }
    return {};
}

Result<void> AtomicFile::giveName()
{
    if (m_isStaged)
        return renameStaged();
    if (m_temporary.empty() && !m_overwrite)
        return linkAs(m_target);
    if (m_temporary.empty()) {
        // A link cannot replace a file: it gets a hidden name first and is then renamed over the old one.
        QS_ASSIGN(std::filesystem::path name, hiddenName());
        QS_CHECK(linkAs(name));
        m_temporary = std::move(name);
    }
    return renameTemporary();
}

Result<void> AtomicFile::linkAs(const std::filesystem::path &name)
{
    const std::filesystem::path source = temporaryPath();
    if (::linkat(AT_FDCWD, source.c_str(), AT_FDCWD, name.c_str(), AT_SYMLINK_FOLLOW) != 0)
        return systemError(Text::of("the file cannot be given its name"), errno);
    return {};
}

/// 0, or errno.
int AtomicFile::tryRename() const
{
    if (m_overwrite)
        return ::rename(m_temporary.c_str(), m_target.c_str()) == 0 ? 0 : errno;
    const int code =
        ::renameat2(AT_FDCWD, m_temporary.c_str(), AT_FDCWD, m_target.c_str(), RENAME_NOREPLACE) == 0 ? 0 : errno;
    // File systems that cannot rename so can usually link, which does not replace either.
    if (code != EINVAL || ::link(m_temporary.c_str(), m_target.c_str()) != 0)
        return code;
    ::unlink(m_temporary.c_str());
    return 0;
}

Result<void> AtomicFile::renameTemporary()
{
    if (const int code = tryRename(); code != 0)
        return systemError(Text::of("the file cannot be given its name"), code);
    m_temporary.clear();
    return {};
}

Result<void> AtomicFile::renameStaged()
{
    if (m_temporary == m_target)
        return {};
    const int code = tryRename();
    if (code == EXDEV)
        return copyToTarget();
    // Another program may have given it the same name in the same moment.
    auto named = checkName();
    if (named || code == 0 || code == ENOENT)
        return named;
    return systemError(Text::of("the file cannot be given its name"), code);
}

Result<void> AtomicFile::copyToTarget()
{
    constexpr std::uint64_t kPieceBytes = std::uint64_t{256} << 10U;
    QS_ASSIGN(auto copy, create(m_target, m_size, m_overwrite));
    std::vector<std::byte> bytes;
    for (std::uint64_t done = 0; done < m_size; done += bytes.size()) {
        bytes.resize(std::min(kPieceBytes, m_size - done));
        QS_CHECK(read(done, bytes));
        QS_CHECK(copy->write(done, bytes));
    }
    QS_CHECK(copy->verify(false));
    QS_CHECK(copy->commit());
    ::unlink(m_temporary.c_str());
    // It is the copy that has the name.
    ::close(m_descriptor);
    m_descriptor = ::open(m_target.c_str(), O_RDONLY | O_CLOEXEC);
    return m_descriptor >= 0 ? Result<void>{} : systemError(Text::of("the written file cannot be opened"), errno);
}

/// Of two programs that replace the same file, the later one wins: the earlier one must not praise a file that is not
/// its own.
Result<void> AtomicFile::checkName() const
{
    struct stat own = {};
    struct stat named = {};
    if (::fstat(m_descriptor, &own) != 0 || ::stat(m_target.c_str(), &named) != 0 || own.st_dev != named.st_dev ||
        own.st_ino != named.st_ino)
        return fail(ErrorCode::Work, Text::of("another program has replaced or removed the file that was just written"),
                    inQuotes(m_target.native()));
    return {};
}

std::filesystem::path AtomicFile::temporaryPath() const
{
    return m_temporary.empty() ? std::filesystem::path(fmt::format("/proc/self/fd/{}", m_descriptor)) : m_temporary;
}

Result<void> AtomicFile::verify(bool everything) const
{
    const std::string where = inQuotes(m_target.native());
    const int descriptor = ::open(temporaryPath().c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return systemError(Text::of("the written file cannot be opened"), errno);
    struct Closer {
        int descriptor;
        ~Closer() { ::close(descriptor); }
    } const closer{descriptor};
    struct stat status = {};
    if (::fstat(descriptor, &status) != 0 || static_cast<std::uint64_t>(status.st_size) != m_size)
        return fail(ErrorCode::Work, Text::of("the written file has {} bytes instead of {}", status.st_size, m_size),
                    where);

    std::vector<Block> blocks = m_blocks;
    std::ranges::stable_sort(blocks, {}, &Block::offset);
    // Of a range that was written again, the last block counts.
    const auto again = std::ranges::unique(blocks.rbegin(), blocks.rend(), {}, &Block::offset);
    blocks.erase(blocks.begin(), again.begin().base());
    std::vector<std::byte> bytes;
    for (std::size_t i = 0; i < blocks.size(); ++i) {
        if (!everything && i % kSampleStep != 0 && i + 1 != blocks.size())
            continue;
        bytes.resize(blocks[i].size);
        const int code = readExactly(descriptor, blocks[i].offset, bytes);
        if (code != 0 || checksumOf(bytes) != blocks[i].checksum)
            return fail(ErrorCode::Work,
                        Text::of("the written file differs from what was written, in the {} bytes from byte {} on",
                                 blocks[i].size, blocks[i].offset),
                        where);
    }
    return {};
}

Result<void> writeWholeFile(const std::filesystem::path &target, std::string_view bytes, bool overwrite)
{
    QS_ASSIGN(const auto file, AtomicFile::create(target, bytes.size(), overwrite));
    QS_CHECK(file->write(0, std::as_bytes(std::span(bytes))));
    return file->commit();
}

} // namespace qs
