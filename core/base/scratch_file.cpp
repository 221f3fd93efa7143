// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/scratch_file.h"

#include "core/base/file_io.h"
#include "core/base/input_file.h"

#include <cerrno>
#include <cstdlib>
#include <limits>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

namespace qs {
namespace {

int openTemporary(const char *folder)
{
    return folder == nullptr || *folder == '\0' ? -1 : ::open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC | O_EXCL, 0600);
}

} // namespace

Result<ScratchFile> ScratchFile::create()
{
    ignoreFileSizeSignal();
    int descriptor = openTemporary(std::getenv("TMPDIR"));
    if (descriptor < 0)
        descriptor = openTemporary("/tmp");
    if (descriptor < 0)
        descriptor = ::memfd_create("quantoscope", MFD_CLOEXEC);
    if (descriptor < 0)
        return fail(ErrorCode::Work,
                    Text::of("no temporary file can be made: {}", std::generic_category().message(errno)));
    return ScratchFile(descriptor);
}

ScratchFile::ScratchFile(ScratchFile &&other) noexcept
    : m_descriptor(std::exchange(other.m_descriptor, -1))
    , m_size(std::exchange(other.m_size, 0))
{}

ScratchFile &ScratchFile::operator=(ScratchFile &&other) noexcept
{
    std::swap(m_descriptor, other.m_descriptor);
    std::swap(m_size, other.m_size);
    return *this;
}

ScratchFile::~ScratchFile()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

Result<std::uint64_t> ScratchFile::append(std::span<const std::byte> bytes)
{
    constexpr auto kLimit = static_cast<std::uint64_t>(std::numeric_limits<off_t>::max());
    const int code = bytes.size() > kLimit - m_size ? EFBIG : writeExactly(m_descriptor, m_size, bytes);
    if (code != 0)
        return fail(ErrorCode::Work, Text::of("{} bytes cannot be added to the {} of a temporary file: {}",
                                              bytes.size(), m_size, std::generic_category().message(code)));
    return std::exchange(m_size, m_size + bytes.size());
}

Result<void> ScratchFile::writeAt(std::uint64_t offset, std::span<const std::byte> bytes) const
{
    if (const int code = writeExactly(m_descriptor, offset, bytes); code != 0)
        return fail(ErrorCode::Work, Text::of("{} bytes cannot be written at byte {} of a temporary file: {}",
                                              bytes.size(), offset, std::generic_category().message(code)));
    return {};
}

Result<std::shared_ptr<const InputFile>> ScratchFile::finish(std::string name)
{
    return InputFile::adopt(std::exchange(m_descriptor, -1), std::move(name));
}

} // namespace qs
