// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/input_file.h"

#include "core/base/mapping_guard.h"
#include "core/base/text.h"

#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

namespace qs {
namespace {

std::int64_t nanoseconds(const timespec &time)
{
    return static_cast<std::int64_t>(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
}

std::unexpected<Error> openError(const std::filesystem::path &path, int code)
{
    const std::string where = inQuotes(path.native());
    switch (code) {
    case ENOENT:
    case ENOTDIR:
        return fail(ErrorCode::Input, "the file does not exist", where);
    case EACCES:
    case EPERM:
        return fail(ErrorCode::Input, "no permission to read the file", where);
    case ENXIO:
        return fail(ErrorCode::Input, "not a regular file", where);
    case EMFILE:
    case ENFILE:
        return fail(ErrorCode::Input, "too many files are open", where);
    default:
        return fail(ErrorCode::Input,
                    fmt::format("the file cannot be opened: {}", std::generic_category().message(code)), where);
    }
}

} // namespace

Result<std::shared_ptr<const InputFile>> InputFile::open(const std::filesystem::path &path)
{
    // Not blocking: opening a pipe must not wait for its other end; it is refused below.
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0)
        return openError(path, errno);
    return adopt(descriptor, path);
}

Result<std::shared_ptr<const InputFile>> InputFile::adopt(int descriptor, const std::filesystem::path &path)
{
    const std::string where = inQuotes(path.native());
    std::shared_ptr<InputFile> file(new InputFile);
    file->m_path = path;
    file->m_descriptor = descriptor;
    struct stat status = {};
    if (::fstat(file->m_descriptor, &status) != 0)
        return openError(path, errno);
    if (!S_ISREG(status.st_mode))
        return fail(ErrorCode::Input, S_ISDIR(status.st_mode) ? "not a file but a folder" : "not a regular file",
                    where);
    file->m_modifiedNs = nanoseconds(status.st_mtim);
    const auto size = static_cast<std::size_t>(status.st_size);
    if (size == 0)
        return file;

    void *address = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file->m_descriptor, 0);
    if (address == MAP_FAILED)
        return openError(path, errno);
    file->m_bytes = {static_cast<const std::byte *>(address), size};
    file->m_guardSlot = guardMapping(file->m_bytes);
    if (file->m_guardSlot == kNoSlot)
        return openError(path, EMFILE);
    return file;
}

std::shared_ptr<const InputFile> InputFile::fromMemory(std::span<const std::byte> bytes, const std::string &name)
{
    std::shared_ptr<InputFile> file(new InputFile);
    file->m_path = name;
    file->m_bytes = bytes;
    return file;
}

InputFile::~InputFile()
{
    if (m_guardSlot != kNoSlot)
        unguardMapping(m_guardSlot);
    if (m_descriptor < 0)
        return;
    if (!m_bytes.empty())
        ::munmap(const_cast<std::byte *>(m_bytes.data()), m_bytes.size());
    ::close(m_descriptor);
}

void InputFile::willRead(std::span<const std::byte> bytes) const
{
    constexpr std::size_t kWorthwhile = std::size_t{256} << 10U;
    if (m_descriptor < 0 || bytes.size() < kWorthwhile)
        return;
    static const auto kPage = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
    const auto first = reinterpret_cast<std::uintptr_t>(bytes.data()) / kPage * kPage;
    const auto end = reinterpret_cast<std::uintptr_t>(bytes.data() + bytes.size());
    // Asking for pages that are there costs more than touching them, so a look at three of them comes first.
    const std::uintptr_t middle = (first + (end - first) / 2) / kPage * kPage;
    bool resident = true;
    for (const std::uintptr_t page : {first, middle, (end - 1) / kPage * kPage}) {
        unsigned char state = 0;
        resident = resident && ::mincore(reinterpret_cast<void *>(page), 1, &state) == 0 && (state & 1U) != 0;
    }
    if (resident)
        return;
    // Only advice: kernels before 5.14 do not know it, and a file that shrank is told by check().
    ::madvise(reinterpret_cast<void *>(first), end - first, MADV_POPULATE_READ);
}

void InputFile::wasRead(std::span<const std::byte> bytes) const
{
    if (m_descriptor < 0) // not from a file: nothing could bring them back
        return;
    static const auto kPage = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
    const auto first = (reinterpret_cast<std::uintptr_t>(bytes.data()) + kPage - 1) / kPage * kPage;
    const auto end = reinterpret_cast<std::uintptr_t>(bytes.data() + bytes.size()) / kPage * kPage;
    if (first < end)
        ::madvise(reinterpret_cast<void *>(first), end - first, MADV_DONTNEED);
}

Result<void> InputFile::check() const
{
    if (m_descriptor < 0)
        return {};
    struct stat status = {};
    const bool known = ::fstat(m_descriptor, &status) == 0;
    if (known && static_cast<std::uint64_t>(status.st_size) != size())
        return fail(
            ErrorCode::Input,
            fmt::format("file changed while it was read: it had {} bytes and has {} now", size(), status.st_size),
            inQuotes(m_path.native()));
    if (!known || nanoseconds(status.st_mtim) != m_modifiedNs || (m_guardSlot != kNoSlot && mappingWasHit(m_guardSlot)))
        return fail(ErrorCode::Input, "file changed while it was read", inQuotes(m_path.native()));
    return {};
}

bool InputFile::isSameFile(const std::filesystem::path &path) const
{
    struct stat mine = {};
    struct stat other = {};
    return m_descriptor >= 0 && ::fstat(m_descriptor, &mine) == 0 && ::stat(path.c_str(), &other) == 0 &&
           mine.st_dev == other.st_dev && mine.st_ino == other.st_ino;
}

} // namespace qs
