// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/input_file.h"

#include "core/base/file_io.h"
#include "core/base/text.h"

#include <algorithm>
#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

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
        return fail(ErrorCode::Input, Text::of("the file does not exist"), where);
    case EACCES:
    case EPERM:
        return fail(ErrorCode::Input, Text::of("no permission to read the file"), where);
    case ENXIO:
        return fail(ErrorCode::Input, Text::of("not a regular file"), where);
    case EMFILE:
    case ENFILE:
        return fail(ErrorCode::Input, Text::of("too many files are open"), where);
    default:
        return fail(ErrorCode::Input, Text::of("the file cannot be opened: {}", std::generic_category().message(code)),
                    where);
    }
}

/// Not blocking: opening a pipe must not wait for its other end; it is refused when it is open.
int openReading(const std::filesystem::path &path)
{
    return ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
}

} // namespace

Result<std::shared_ptr<const InputFile>> InputFile::open(const std::filesystem::path &path)
{
    return opened(openReading(path), path);
}

Result<std::shared_ptr<const InputFile>> InputFile::openShared(const std::filesystem::path &path)
{
    QS_ASSIGN(const std::shared_ptr<InputFile> file, opened(openReading(path), path));
    file->m_isShared = true;
    return file;
}

Result<std::shared_ptr<const InputFile>> InputFile::adopt(int descriptor, const std::filesystem::path &path)
{
    return opened(descriptor, path);
}

Result<std::shared_ptr<InputFile>> InputFile::opened(int descriptor, const std::filesystem::path &path)
{
    if (descriptor < 0)
        return openError(path, errno);
    const std::string where = inQuotes(path.native());
    std::shared_ptr<InputFile> file(new InputFile);
    file->m_path = path;
    file->m_descriptor = descriptor;
    struct stat status = {};
    if (::fstat(file->m_descriptor, &status) != 0)
        return openError(path, errno);
    if (!S_ISREG(status.st_mode))
        return fail(ErrorCode::Input,
                    S_ISDIR(status.st_mode) ? Text::of("not a file but a folder") : Text::of("not a regular file"),
                    where);
    file->m_modifiedNs = nanoseconds(status.st_mtim);
    file->m_size = static_cast<std::uint64_t>(status.st_size);
    return file;
}

std::shared_ptr<const InputFile> InputFile::fromMemory(std::span<const std::byte> bytes, const std::string &name)
{
    std::shared_ptr<InputFile> file(new InputFile);
    file->m_path = name;
    file->m_memory = bytes;
    file->m_size = bytes.size();
    return file;
}

InputFile::~InputFile()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

Result<void> InputFile::read(std::uint64_t offset, std::span<std::byte> target) const
{
    if (offset > size() || target.size() > size() - offset)
        return fail(ErrorCode::Input,
                    Text::of("there are no {} bytes from byte {} on, the file has {}", target.size(), offset, size()),
                    inQuotes(m_path.native()));
    if (m_descriptor < 0) {
        std::ranges::copy(m_memory.subspan(offset, target.size()), target.begin());
        return {};
    }
    const int code = readExactly(m_descriptor, offset, target);
    if (!m_isShared)
        QS_CHECK(checkUnchanged()); // first: it says more of a file that shrank
    if (code != 0)
        return fail(ErrorCode::Input,
                    Text::of("{} bytes from byte {} on cannot be read: {}", target.size(), offset,
                             std::generic_category().message(code)),
                    inQuotes(m_path.native()));
    return {};
}

Result<std::vector<std::byte>> InputFile::head(std::size_t most) const
{
    std::vector<std::byte> bytes(std::min<std::uint64_t>(size(), most));
    QS_CHECK(read(0, bytes));
    return bytes;
}

Result<std::string> InputFile::text() const
{
    std::string text(size(), '\0');
    QS_CHECK(read(0, std::as_writable_bytes(std::span(text))));
    return text;
}

Result<void> InputFile::checkUnchanged() const
{
    struct stat status = {};
    const bool known = ::fstat(m_descriptor, &status) == 0;
    if (known && static_cast<std::uint64_t>(status.st_size) != size())
        return fail(ErrorCode::Input,
                    Text::of("file changed while it was read: it had {} bytes and has {} now", size(), status.st_size),
                    inQuotes(m_path.native()));
    if (!known || nanoseconds(status.st_mtim) != m_modifiedNs)
        return fail(ErrorCode::Input, Text::of("file changed while it was read"), inQuotes(m_path.native()));
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
