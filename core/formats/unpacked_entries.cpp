// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/unpacked_entries.h"

#include "core/base/input_file.h"
#include "core/base/text.h"

#include <algorithm>

#include <fmt/format.h>

namespace qs {
namespace {

constexpr std::uint64_t kAlwaysAllowed = std::uint64_t{64} << 20;
constexpr std::uint64_t kNeverAllowed = std::uint64_t{64} << 30;

} // namespace

UnpackedEntries::UnpackedEntries(const InputFile &archive, const std::string &where, const TaskContext &context)
    : m_archive(archive)
    , m_where(where)
    , m_context(context)
{}

Result<std::uint64_t> UnpackedEntries::add(const zip::Entry &entry)
{
    const std::uint64_t limit =
        std::clamp(std::min(m_archive.size(), kNeverAllowed) * zip::kMaxRatio, kAlwaysAllowed, kNeverAllowed);
    const std::uint64_t used = m_file ? m_file->size() : 0;
    const std::string place = fmt::format("{}, ZIP entry {}, byte {}", m_where, inQuotes(entry.name), entry.dataOffset);
    if (entry.size > limit - used)
        return fail(ErrorCode::Input,
                    Text::of("the entry unpacks to {} bytes after {} of others; the limit for an archive of {} bytes "
                             "is {}",
                             entry.size, used, m_archive.size(), limit),
                    place);
    if (!m_file) {
        QS_ASSIGN(m_file, ScratchFile::create());
    }
    const auto store = [&](std::span<const std::byte> bytes) -> Result<void> {
        m_context.report(static_cast<double>(entry.dataOffset) / static_cast<double>(m_archive.size()),
                         Text::of("unpacking"));
        QS_CHECK(m_file->append(bytes));
        return {};
    };
    QS_ASSIGN(const std::uint32_t crc, zip::unpack(m_archive, entry, entry.size, m_where, m_context, store));
    if (crc != entry.crc)
        return fail(ErrorCode::Input,
                    Text::of("the checksum of the entry is {} instead of {}: it is damaged", fmt::format("{:08X}", crc),
                             fmt::format("{:08X}", entry.crc)),
                    place);
    return used;
}

Result<std::uint64_t> UnpackedEntries::add(std::span<const std::byte> bytes)
{
    if (!m_file) {
        QS_ASSIGN(m_file, ScratchFile::create());
    }
    return m_file->append(bytes);
}

Result<std::shared_ptr<const InputFile>> UnpackedEntries::finish()
{
    if (!m_file)
        return nullptr;
    return m_file->finish(m_where + ", unpacked");
}

} // namespace qs
