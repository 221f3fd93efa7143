// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/file_image.h"

#include "core/base/checked_math.h"
#include "core/base/input_file.h"
#include "core/base/text.h"

#include <algorithm>
#include <cassert>
#include <new>

#include <sys/mman.h>

namespace qs {
namespace {

constexpr std::uint64_t kPage = 4096;
// Who reads on from what was read last will go on doing so.
constexpr std::uint64_t kAhead = 15;
// Memory becomes writable in steps so large that the kernel never has to count more than a few thousand areas.
constexpr std::uint64_t kLeastStep = std::uint64_t{2} << 20U;
constexpr std::uint64_t kMostSteps = 8192;

} // namespace

FileImage::FileImage(const InputFile &file)
    : m_file(file)
    , m_bytes(file.memory())
{
    if (m_bytes.size() == file.size())
        return;
    // Only addresses: memory is taken where something is read. Readers run inside guarded().
    void *address = ::mmap(nullptr, file.size(), PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (address == MAP_FAILED)
        throw std::bad_alloc();
    m_reserved = static_cast<std::byte *>(address);
    m_bytes = {m_reserved, file.size()};
    m_step = alignUp(std::max<std::uint64_t>(file.size() / kMostSteps, 1), kLeastStep);
    m_writable.resize(ceilDiv(file.size(), m_step));
    m_loaded.resize(ceilDiv(file.size(), kPage));
}

FileImage::~FileImage()
{
    if (m_reserved != nullptr)
        ::munmap(m_reserved, m_bytes.size());
}

Result<std::span<const std::byte>> FileImage::at(std::uint64_t offset, std::uint64_t size) const
{
    assert(offset <= m_bytes.size() && size <= m_bytes.size() - offset);
    if (m_reserved != nullptr && size > 0) {
        const std::uint64_t end = ceilDiv(offset + size, kPage);
        std::uint64_t page = offset / kPage;
        while (page < end) {
            if (m_loaded[page]) {
                ++page;
                continue;
            }
            std::uint64_t stop = page + 1;
            while (stop < end && !m_loaded[stop])
                ++stop;
            if (page > 0 && m_loaded[page - 1])
                stop = std::max(stop, page + kAhead + 1);
            stop = std::min<std::uint64_t>(stop, m_loaded.size());
            QS_CHECK(load(page, stop));
            page = stop;
        }
    }
    return m_bytes.subspan(offset, size);
}

Result<std::string_view> FileImage::textAt(std::uint64_t offset, std::uint64_t size) const
{
    QS_ASSIGN(const std::span<const std::byte> bytes, at(offset, size));
    return std::string_view(reinterpret_cast<const char *>(bytes.data()), bytes.size());
}

void FileImage::release(std::uint64_t offset, std::uint64_t size) const
{
    const std::uint64_t first = ceilDiv(offset, kPage);
    const std::uint64_t end = (offset + size) / kPage;
    if (m_reserved == nullptr || first >= end)
        return;
    if (::madvise(m_reserved + first * kPage, (end - first) * kPage, MADV_DONTNEED) == 0)
        std::fill(m_loaded.begin() + static_cast<std::ptrdiff_t>(first),
                  m_loaded.begin() + static_cast<std::ptrdiff_t>(end), false);
}

Result<void> FileImage::load(std::uint64_t firstPage, std::uint64_t endPage) const
{
    const std::uint64_t begin = firstPage * kPage;
    const std::uint64_t end = std::min<std::uint64_t>(endPage * kPage, m_bytes.size());
    QS_CHECK(makeWritable(begin, end));
    QS_CHECK(m_file.read(begin, {m_reserved + begin, end - begin}));
    std::fill(m_loaded.begin() + static_cast<std::ptrdiff_t>(firstPage),
              m_loaded.begin() + static_cast<std::ptrdiff_t>(endPage), true);
    return {};
}

Result<void> FileImage::makeWritable(std::uint64_t begin, std::uint64_t end) const
{
    for (std::uint64_t step = begin / m_step; step * m_step < end; ++step) {
        if (m_writable[step])
            continue;
        const std::uint64_t size = std::min(m_step, m_bytes.size() - step * m_step);
        if (::mprotect(m_reserved + step * m_step, size, PROT_READ | PROT_WRITE) != 0)
            return fail(ErrorCode::Work, Text::of("not enough memory to read the file"),
                        inQuotes(m_file.path().native()));
        m_writable[step] = true;
    }
    return {};
}

} // namespace qs
