// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/parse/zip_header.h"

#include "core/base/text.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

namespace qs::zip {
namespace {

constexpr std::uint32_t kCentralSignature = 0x02014b50;
constexpr std::uint32_t kDescriptorSignature = 0x08074b50;
constexpr unsigned kHasDescriptor = 1U << 3;
constexpr unsigned kUtf8Names = 1U << 11;
constexpr unsigned kUnreadable = 1U << 0 | 1U << 5 | 1U << 6 | 1U << 13; // encrypted, patch, encrypted, masked
constexpr std::uint16_t kZip64Extra{0x0001};
constexpr std::uint64_t kMostDescriptorBytes{24}; // signature, checksum, two sizes of 64 bits

std::unexpected<Error> wrongEntry(const Archive &archive, const Header &header, std::uint64_t at, Text message)
{
    return archive.wrong(Text::of("entry {}", inQuotes(header.rawName)), at, std::move(message));
}

bool hasParentFolder(std::string_view name)
{
    while (true) {
        const std::size_t slash = name.find('/');
        if (name.substr(0, slash) == "..")
            return true;
        if (slash == std::string_view::npos)
            return false;
        name.remove_prefix(slash + 1);
    }
}

Result<void> takeName(const Archive &archive, Header &header)
{
    const std::string_view name = header.rawName;
    Text problem;
    if (name.empty())
        problem = Text::of("its name is empty");
    else if (name.find('\0') != std::string_view::npos)
        problem = Text::of("its name holds a zero byte");
    else if (name.find('\\') != std::string_view::npos)
        problem = Text::of("its name holds a backslash");
    else if (name[0] == '/' || (name.size() > 1 && name[1] == ':'))
        problem = Text::of("its name is an absolute path");
    else if (hasParentFolder(name))
        problem = Text::of("its name leads out of the archive with '..'");
    else if ((header.flags & kUtf8Names) != 0 && !isUtf8(name))
        problem = Text::of("its name is said to be UTF-8 and is not");
    if (!problem.empty())
        return wrongEntry(archive, header, header.at + kCentralBytes, problem);
    if (name.size() > kMaxNameBytes)
        return wrongEntry(archive, header, header.at + 28,
                          Text::of("its name has {} bytes, the limit is {}", name.size(), kMaxNameBytes));
    // Names in an old code page are shown by their bytes.
    header.entry.name = isUtf8(name) ? std::string(name) : printable(name);
    return {};
}

/// Offset and size of the ZIP64 extra field; size 0 when there is none.
Result<std::pair<std::uint64_t, std::uint64_t>> zip64Field(const Archive &archive, const Header &header,
                                                           std::uint64_t begin, std::uint64_t end)
{
    std::pair<std::uint64_t, std::uint64_t> found{begin, 0};
    for (std::uint64_t at = begin; at < end;) {
        const std::uint64_t bytes = end - at >= 4 ? archive.load<std::uint16_t>(at + 2) : 0;
        if (end - at < 4 || bytes > end - at - 4)
            return wrongEntry(archive, header, at, Text::of("a part of the extra field reaches past its end"));
        if (archive.load<std::uint16_t>(at) == kZip64Extra && found.second == 0)
            found = {at + 4, bytes};
        at += 4 + bytes;
    }
    return found;
}

/// Takes the numbers that need 64 bits from the extra field; they stand there in a fixed order.
Result<void> widen(const Archive &archive, Header &header, std::uint64_t begin, std::uint64_t end, std::uint16_t disk)
{
    Entry &entry = header.entry;
    std::array<std::uint64_t *, 3> wide{entry.size == kAllOnes32 ? &entry.size : nullptr,
                                        entry.storedSize == kAllOnes32 ? &entry.storedSize : nullptr,
                                        entry.headerOffset == kAllOnes32 ? &entry.headerOffset : nullptr};
    QS_ASSIGN(const auto field, zip64Field(archive, header, begin, end));
    auto [at, bytes] = field;
    for (std::uint64_t *number : wide) {
        if (number == nullptr)
            continue;
        if (bytes < 8)
            return wrongEntry(archive, header, begin,
                              Text::of("a number of 64 bits is missing in the ZIP64 extra field"));
        *number = archive.load<std::uint64_t>(at);
        at += 8;
        bytes -= 8;
    }
    if (disk != 0 && !(disk == kAllOnes16 && bytes >= 4 && archive.load<std::uint32_t>(at) == 0))
        return wrongEntry(archive, header, header.at + 34, Text::of("it is on disk {} of a split archive", disk));
    return {};
}

Result<void> checkSizes(const Archive &archive, const Header &header)
{
    const Entry &entry = header.entry;
    if (!entry.deflated && entry.storedSize != entry.size)
        return wrongEntry(
            archive, header, header.at + 20,
            Text::of("it is stored as it is, yet has {} bytes stored and {} unpacked", entry.storedSize, entry.size));
    if (entry.isFolder() && entry.size != 0)
        return wrongEntry(archive, header, header.at + 24, Text::of("it is a folder and has {} bytes", entry.size));
    if (entry.storedSize > archive.bytes.size())
        return wrongEntry(
            archive, header, header.at + 20,
            Text::of("it has {} bytes stored, the whole file has {}", entry.storedSize, archive.bytes.size()));
    // Rounded down, so that an empty entry of a few packed bytes passes.
    if (entry.size / kMaxRatio > entry.storedSize)
        return wrongEntry(archive, header, header.at + 24,
                          Text::of("{} bytes cannot have been packed into {}: the limit is {} to 1", entry.size,
                                   entry.storedSize, kMaxRatio));
    return {};
}

Result<void> checkLocalSizes(const Archive &archive, const Header &header, std::uint64_t extra,
                             std::uint64_t extraBytes)
{
    const Entry &entry = header.entry;
    const std::uint64_t at = entry.headerOffset;
    std::uint64_t stored = archive.load<std::uint32_t>(at + 18);
    std::uint64_t size = archive.load<std::uint32_t>(at + 22);
    QS_ASSIGN(const auto field, zip64Field(archive, header, extra, extra + extraBytes));
    if (size == kAllOnes32 && field.second >= 8)
        size = archive.load<std::uint64_t>(field.first);
    if (stored == kAllOnes32 && field.second >= 16)
        stored = archive.load<std::uint64_t>(field.first + 8);
    const auto crc = archive.load<std::uint32_t>(at + 14);
    const bool later = (header.flags & kHasDescriptor) != 0 && crc == 0 && stored == 0 && size == 0;
    if (!later && (stored != entry.storedSize || size != entry.size || crc != entry.crc))
        return wrongEntry(archive, header, at + 14,
                          Text::of("its local header says {} bytes stored, {} unpacked, checksum {}; the "
                                   "directory says {}, {}, {}",
                                   stored, size, fmt::format("{:08X}", crc), entry.storedSize, entry.size,
                                   fmt::format("{:08X}", entry.crc)));
    return {};
}

/// Checksum and sizes once more, behind the payload: with or without a signature, sizes of 32 or 64 bits.
Result<void> readDescriptor(const Archive &archive, Header &header, std::uint64_t directoryOffset)
{
    Entry &entry = header.entry;
    QS_CHECK(archive.need(entry.end, std::min(kMostDescriptorBytes, directoryOffset - entry.end)));
    for (const std::uint64_t signature : {4U, 0U}) {
        for (const std::uint64_t width : {8U, 4U}) {
            const std::uint64_t bytes = signature + 4 + 2 * width;
            if (directoryOffset - entry.end < bytes)
                continue;
            const auto sizeAt = [&](std::uint64_t at) {
                return width == 8 ? archive.load<std::uint64_t>(at) : archive.load<std::uint32_t>(at);
            };
            const std::uint64_t crc = entry.end + signature;
            if ((signature != 0 && archive.load<std::uint32_t>(entry.end) != kDescriptorSignature) ||
                archive.load<std::uint32_t>(crc) != entry.crc || sizeAt(crc + 4) != entry.storedSize ||
                sizeAt(crc + 4 + width) != entry.size)
                continue;
            entry.end += bytes;
            return {};
        }
    }
    return wrongEntry(archive, header, entry.end,
                      Text::of("the data descriptor behind the payload contradicts the directory"));
}

} // namespace

Result<Header> readCentral(const Archive &archive, std::uint64_t &at, std::uint64_t stop)
{
    Header header;
    header.at = at;
    QS_CHECK(archive.need(at, std::min<std::uint64_t>(kCentralBytes, stop - at)));
    if (stop - at < kCentralBytes || archive.load<std::uint32_t>(at) != kCentralSignature)
        return archive.wrong(Text::of("central directory"), at, Text::of("a header of an entry was expected"));
    const auto u16 = [&](unsigned field) { return archive.load<std::uint16_t>(header.at + field); };
    const auto u32 = [&](unsigned field) { return archive.load<std::uint32_t>(header.at + field); };
    const std::uint64_t nameBytes = u16(28);
    const std::uint64_t extraBytes = u16(30);
    if (nameBytes + extraBytes + u16(32) > stop - at - kCentralBytes)
        return archive.wrong(Text::of("central directory"), at + 28,
                             Text::of("name, extra field and comment do not fit into the directory"));
    QS_CHECK(archive.need(at + kCentralBytes, nameBytes + extraBytes));
    header.rawName = archive.text(at + kCentralBytes, nameBytes);
    header.flags = u16(8);
    header.method = u16(10);
    Entry &entry = header.entry;
    entry.crc = u32(16);
    entry.storedSize = u32(20);
    entry.size = u32(24);
    entry.headerOffset = u32(42);
    entry.deflated = header.method == 8;
    if ((header.flags & kUnreadable) != 0)
        return wrongEntry(
            archive, header, at + 8,
            Text::of("it is encrypted, masked or a patch (flags 0x{})", fmt::format("{:04X}", header.flags)));
    if (header.method != 0 && header.method != 8)
        return wrongEntry(
            archive, header, at + 10,
            Text::of("its compression method is {}, supported are 0 (stored) and 8 (deflated)", header.method));
    QS_CHECK(takeName(archive, header));
    const std::uint64_t extra = at + kCentralBytes + nameBytes;
    QS_CHECK(widen(archive, header, extra, extra + extraBytes, u16(34)));
    QS_CHECK(checkSizes(archive, header));
    at = extra + extraBytes + u16(32);
    return header;
}

Result<void> readLocal(const Archive &archive, Header &header, std::uint64_t directoryOffset)
{
    Entry &entry = header.entry;
    const std::uint64_t at = entry.headerOffset;
    if (at > directoryOffset || directoryOffset - at < kLocalBytes)
        return wrongEntry(
            archive, header, header.at + 42,
            Text::of("its local header is said to be at byte {}, but the directory begins at {}", at, directoryOffset));
    const auto u16 = [&](unsigned field) { return archive.load<std::uint16_t>(at + field); };
    QS_CHECK(archive.need(at, kLocalBytes));
    if (archive.load<std::uint32_t>(at) != kLocalSignature)
        return wrongEntry(archive, header, at, Text::of("the signature of its local header is wrong"));
    const std::uint64_t nameBytes = u16(26);
    const std::uint64_t extraBytes = u16(28);
    const std::uint64_t room = directoryOffset - at - kLocalBytes;
    if (nameBytes + extraBytes > room || entry.storedSize > room - nameBytes - extraBytes)
        return wrongEntry(archive, header, at + 26,
                          Text::of("name, extra field and {} bytes of payload reach into the directory at {}",
                                   entry.storedSize, directoryOffset));
    QS_CHECK(archive.need(at + kLocalBytes, nameBytes + extraBytes));
    if (archive.text(at + kLocalBytes, nameBytes) != header.rawName)
        return wrongEntry(archive, header, at + kLocalBytes, Text::of("its local header has another name"));
    if (u16(8) != header.method)
        return wrongEntry(archive, header, at + 8, Text::of("its local header has the compression method {}", u16(8)));
    if ((u16(6) & (kUnreadable | kHasDescriptor)) != (header.flags & (kUnreadable | kHasDescriptor)))
        return wrongEntry(archive, header, at + 6,
                          Text::of("its local header has the flags 0x{}", fmt::format("{:04X}", u16(6))));
    QS_CHECK(checkLocalSizes(archive, header, at + kLocalBytes + nameBytes, extraBytes));
    entry.dataOffset = at + kLocalBytes + nameBytes + extraBytes;
    entry.end = entry.dataOffset + entry.storedSize;
    return (header.flags & kHasDescriptor) != 0 ? readDescriptor(archive, header, directoryOffset) : Result<void>();
}

} // namespace qs::zip
