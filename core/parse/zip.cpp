// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/parse/zip.h"

#include "core/base/text.h"
#include "core/parse/zip_end.h"
#include "core/parse/zip_header.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

namespace qs::zip {
namespace {

Result<void> checkNames(const Archive &archive, Directory &directory)
{
    std::unordered_set<std::string> exact;
    std::unordered_set<std::string> folded;
    std::size_t alike = 0;
    for (const Entry &entry : directory.entries) {
        if (!exact.insert(entry.name).second)
            return archive.wrong(Text::of("entry {}", inQuotes(entry.name)), entry.headerOffset,
                                 Text::of("a second entry has the same name"));
        std::string lower = entry.name;
        std::ranges::transform(lower, lower.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; });
        alike += folded.insert(std::move(lower)).second ? 0U : 1U;
    }
    if (alike > 0)
        directory.warnings.push_back(
            Text::of("{} entries of the archive differ from another only by case: some programs mix them up", alike));
    return {};
}

/// Nothing before the first entry, and no byte belongs to two of them.
Result<void> checkOverlap(const Archive &archive, const std::vector<Entry> &entries)
{
    std::vector<std::size_t> order(entries.size());
    for (std::size_t i = 0; i < order.size(); ++i)
        order[i] = i;
    std::ranges::sort(order, {}, [&](std::size_t i) { return entries[i].headerOffset; });
    std::uint64_t end = 0;
    for (std::size_t i : order) {
        const Entry &entry = entries[i];
        const Text part = Text::of("entry {}", inQuotes(entry.name));
        if (entry.headerOffset < end)
            return archive.wrong(part, entry.headerOffset,
                                 Text::of("it begins inside the entry before it, which ends at byte {}", end));
        if (end == 0 && entry.headerOffset != 0)
            return archive.wrong(part, entry.headerOffset, Text::of("the first entry does not begin at byte 0"));
        end = entry.end;
    }
    return {};
}

} // namespace

const Entry *Directory::find(std::string_view name) const
{
    const auto found = std::ranges::find(entries, name, &Entry::name);
    return found == entries.end() ? nullptr : &*found;
}

bool startsLikeArchive(std::span<const std::byte> head)
{
    return head.size() >= 4 && load<std::uint32_t>(head, 0) == kLocalSignature;
}

std::string_view firstFileName(std::span<const std::byte> head)
{
    while (startsLikeArchive(head) && head.size() >= kLocalBytes) {
        const std::size_t nameBytes = load<std::uint16_t>(head, 26);
        const std::size_t end = kLocalBytes + nameBytes + load<std::uint16_t>(head, 28);
        if (end > head.size())
            return {};
        const std::string_view name = textAt(head, kLocalBytes, nameBytes);
        if (!name.ends_with('/'))
            return name;
        head = head.subspan(end); // folders have no payload
    }
    return {};
}

Result<Directory> readDirectory(const InputFile &file, const std::string &where)
{
    const FileImage image(file);
    const Archive archive{image, where, image.bytes()};
    QS_ASSIGN(const Bounds bounds, readEndRecords(archive));
    Directory directory;
    std::uint64_t at = bounds.offset;
    const std::uint64_t stop = bounds.offset + bounds.size;
    for (std::uint64_t i = 0; i < bounds.entries; ++i) {
        QS_ASSIGN(Header header, readCentral(archive, at, stop));
        QS_CHECK(readLocal(archive, header, bounds.offset));
        directory.entries.push_back(std::move(header.entry));
    }
    if (at != stop)
        return archive.wrong(
            Text::of("central directory"), at,
            Text::of("the {} entries end here, but the directory has {} bytes more", bounds.entries, stop - at));
    QS_CHECK(checkNames(archive, directory));
    QS_CHECK(checkOverlap(archive, directory.entries));
    return directory;
}

} // namespace qs::zip
