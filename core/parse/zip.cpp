// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/parse/zip.h"

#include "core/base/text.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <unordered_set>

#include <fmt/format.h>

namespace qs::zip {
namespace {

constexpr std::size_t kLocalBytes = 30;
constexpr std::size_t kCentralBytes = 46;
constexpr std::size_t kEndBytes = 22;
constexpr std::size_t kLocatorBytes = 20;
constexpr std::size_t kEnd64Bytes = 56;
constexpr std::uint32_t kLocalSignature = 0x04034b50;
constexpr std::uint32_t kCentralSignature = 0x02014b50;
constexpr std::uint32_t kEndSignature = 0x06054b50;
constexpr std::uint32_t kLocatorSignature = 0x07064b50;
constexpr std::uint32_t kEnd64Signature = 0x06064b50;
constexpr std::uint32_t kDescriptorSignature = 0x08074b50;
constexpr std::uint32_t kAllOnes16 = 0xffff;
constexpr std::uint32_t kAllOnes32 = 0xffffffff;
constexpr unsigned kHasDescriptor = 1U << 3;
constexpr unsigned kUtf8Names = 1U << 11;
constexpr unsigned kUnreadable = 1U << 0 | 1U << 5 | 1U << 6 | 1U << 13; // encrypted, patch, encrypted, masked
constexpr std::uint16_t kZip64Extra = 0x0001;

/// A little-endian number at `at`; the caller has checked that it is there.
template <class T> T load(std::span<const std::byte> bytes, std::uint64_t at)
{
    T value;
    std::memcpy(&value, bytes.data() + at, sizeof value);
    return value;
}

std::string_view textAt(std::span<const std::byte> bytes, std::uint64_t at, std::size_t size)
{
    return {reinterpret_cast<const char *>(bytes.data()) + at, size};
}

/// Where the central directory is.
struct Bounds {
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
    std::uint64_t entries = 0;
};

/// A header of the central directory and what its local header has to repeat.
struct Header {
    Entry entry;
    std::uint16_t flags = 0;
    std::uint16_t method = 0;
    std::string_view rawName;
    std::uint64_t at = 0;
};

class DirectoryReader
{
public:
    DirectoryReader(std::span<const std::byte> bytes, const std::string &where)
        : m_bytes(bytes)
        , m_where(where)
    {}

    Result<Directory> read()
    {
        QS_ASSIGN(const std::uint64_t end, findEnd());
        QS_ASSIGN(const Bounds bounds, readEnd(end));
        if (bounds.entries > kMaxEntries)
            return wrong("end of central directory", end,
                         fmt::format("the archive has {} entries, the limit is {}", bounds.entries, kMaxEntries));
        Directory directory;
        std::uint64_t at = bounds.offset;
        const std::uint64_t stop = bounds.offset + bounds.size;
        for (std::uint64_t i = 0; i < bounds.entries; ++i) {
            QS_ASSIGN(Header header, readCentral(at, stop));
            QS_CHECK(readLocal(header, bounds.offset));
            directory.entries.push_back(std::move(header.entry));
        }
        if (at != stop)
            return wrong(
                "central directory", at,
                fmt::format("the {} entries end here, but the directory has {} bytes more", bounds.entries, stop - at));
        QS_CHECK(checkNames(directory));
        QS_CHECK(checkOverlap(directory.entries));
        return directory;
    }

private:
    std::unexpected<Error> wrong(std::string_view part, std::uint64_t at, std::string message) const
    {
        return fail(ErrorCode::Input, std::move(message), fmt::format("{}, ZIP {}, byte {}", m_where, part, at));
    }

    std::unexpected<Error> wrongEntry(const Header &header, std::uint64_t at, std::string message) const
    {
        return wrong(fmt::format("entry {}", inQuotes(header.rawName)), at, std::move(message));
    }

    /// The record at the very end; its comment must end with the file.
    Result<std::uint64_t> findEnd() const
    {
        std::optional<std::uint64_t> found;
        const std::uint64_t size = m_bytes.size();
        for (std::uint64_t back = kEndBytes; back <= std::min<std::uint64_t>(size, kEndBytes + kAllOnes16); ++back) {
            const std::uint64_t at = size - back;
            if (load<std::uint32_t>(m_bytes, at) != kEndSignature ||
                load<std::uint16_t>(m_bytes, at + 20) != back - kEndBytes)
                continue;
            if (found)
                return wrong("end of central directory", at,
                             fmt::format("there is a second one at byte {}: it is not clear which counts", *found));
            found = at;
        }
        if (!found)
            return wrong(
                "end of central directory", size,
                "the file does not end with it: it is cut off, or bytes or a comment of another length follow");
        return *found;
    }

    Result<Bounds> readEnd(std::uint64_t end) const
    {
        const auto u16 = [&](std::uint64_t at) { return load<std::uint16_t>(m_bytes, end + at); };
        const auto u32 = [&](std::uint64_t at) { return load<std::uint32_t>(m_bytes, end + at); };
        constexpr std::string_view kPart = "end of central directory";
        Bounds bounds{.offset = u32(16), .size = u32(12), .entries = u16(10)};
        std::uint64_t stop = end;
        const bool is64 =
            end >= kLocatorBytes && load<std::uint32_t>(m_bytes, end - kLocatorBytes) == kLocatorSignature;
        if (is64) {
            QS_ASSIGN(stop, readEnd64(end - kLocatorBytes, bounds));
        } else if (u16(8) != bounds.entries) {
            return wrong(kPart, end + 8, fmt::format("{} of {} entries are said to be here", u16(8), bounds.entries));
        }
        const auto isOneDisk = [&](std::uint16_t disk) { return disk == 0 || (is64 && disk == kAllOnes16); };
        if (!isOneDisk(u16(4)) || !isOneDisk(u16(6)))
            return wrong(kPart, end + 4, fmt::format("the archive is split over {} disks", u16(4) + 1));
        if (bounds.offset > stop || bounds.size != stop - bounds.offset)
            return wrong(kPart, end + 12,
                         fmt::format("the directory is said to have {} bytes from byte {} on, but must end at byte {}",
                                     bounds.size, bounds.offset, stop));
        if (bounds.entries > bounds.size / kCentralBytes)
            return wrong(kPart, end + 10,
                         fmt::format("{} entries do not fit into {} bytes", bounds.entries, bounds.size));
        return bounds;
    }

    /// Follows the locator; returns where the directory must end. 32-bit fields must agree or be all ones.
    Result<std::uint64_t> readEnd64(std::uint64_t locator, Bounds &bounds) const
    {
        constexpr std::string_view kPart = "end of central directory of 64 bits";
        const auto at = load<std::uint64_t>(m_bytes, locator + 8);
        if (load<std::uint32_t>(m_bytes, locator + 4) != 0 || load<std::uint32_t>(m_bytes, locator + 16) > 1)
            return wrong("locator of 64 bits", locator + 4, "the archive is split over several disks");
        if (locator < kEnd64Bytes || at > locator - kEnd64Bytes)
            return wrong("locator of 64 bits", locator + 8,
                         fmt::format("it points to byte {}, which is not before byte {}", at,
                                     locator < kEnd64Bytes ? 0 : locator - kEnd64Bytes + 1));
        if (load<std::uint32_t>(m_bytes, at) != kEnd64Signature)
            return wrong(kPart, at, "the signature is wrong");
        const auto rest = load<std::uint64_t>(m_bytes, at + 4);
        if (rest != locator - at - 12)
            return wrong(kPart, at + 4, fmt::format("its size is {} instead of {}", rest, locator - at - 12));
        if (load<std::uint32_t>(m_bytes, at + 16) != 0 || load<std::uint32_t>(m_bytes, at + 20) != 0)
            return wrong(kPart, at + 16, "the archive is split over several disks");
        const Bounds wide{.offset = load<std::uint64_t>(m_bytes, at + 48),
                          .size = load<std::uint64_t>(m_bytes, at + 40),
                          .entries = load<std::uint64_t>(m_bytes, at + 32)};
        const auto agree = [](std::uint64_t narrow, std::uint64_t value, std::uint64_t allOnes) {
            return narrow == value || narrow == allOnes;
        };
        if (load<std::uint64_t>(m_bytes, at + 24) != wide.entries || !agree(bounds.entries, wide.entries, kAllOnes16) ||
            !agree(bounds.size, wide.size, kAllOnes32) || !agree(bounds.offset, wide.offset, kAllOnes32))
            return wrong(kPart, at + 24, "it contradicts the end of central directory");
        bounds = wide;
        return at;
    }

    /// Reads the header at `at` and moves on to the next one.
    Result<Header> readCentral(std::uint64_t &at, std::uint64_t stop) const
    {
        Header header;
        header.at = at;
        if (stop - at < kCentralBytes || load<std::uint32_t>(m_bytes, at) != kCentralSignature)
            return wrong("central directory", at, "a header of an entry was expected");
        const auto u16 = [&](unsigned field) { return load<std::uint16_t>(m_bytes, header.at + field); };
        const auto u32 = [&](unsigned field) { return load<std::uint32_t>(m_bytes, header.at + field); };
        const std::uint64_t nameBytes = u16(28);
        const std::uint64_t extraBytes = u16(30);
        if (nameBytes + extraBytes + u16(32) > stop - at - kCentralBytes)
            return wrong("central directory", at + 28, "name, extra field and comment do not fit into the directory");
        header.rawName = textAt(m_bytes, at + kCentralBytes, nameBytes);
        header.flags = u16(8);
        header.method = u16(10);
        Entry &entry = header.entry;
        entry.crc = u32(16);
        entry.storedSize = u32(20);
        entry.size = u32(24);
        entry.headerOffset = u32(42);
        entry.deflated = header.method == 8;
        if ((header.flags & kUnreadable) != 0)
            return wrongEntry(header, at + 8,
                              fmt::format("it is encrypted, masked or a patch (flags 0x{:04X})", header.flags));
        if (header.method != 0 && header.method != 8)
            return wrongEntry(
                header, at + 10,
                fmt::format("its compression method is {}, supported are 0 (stored) and 8 (deflated)", header.method));
        QS_CHECK(takeName(header));
        const std::uint64_t extra = at + kCentralBytes + nameBytes;
        QS_CHECK(widen(header, extra, extra + extraBytes, u16(34)));
        QS_CHECK(checkSizes(header));
        at = extra + extraBytes + u16(32);
        return header;
    }

    Result<void> takeName(Header &header) const
    {
        const std::string_view name = header.rawName;
        const char *problem = nullptr;
        if (name.empty())
            problem = "its name is empty";
        else if (name.find('\0') != std::string_view::npos)
            problem = "its name holds a zero byte";
        else if (name.find('\\') != std::string_view::npos)
            problem = "its name holds a backslash";
        else if (name[0] == '/' || (name.size() > 1 && name[1] == ':'))
            problem = "its name is an absolute path";
        else if (hasParentFolder(name))
            problem = "its name leads out of the archive with '..'";
        else if ((header.flags & kUtf8Names) != 0 && !isUtf8(name))
            problem = "its name is said to be UTF-8 and is not";
        if (problem != nullptr)
            return wrongEntry(header, header.at + kCentralBytes, problem);
        if (name.size() > kMaxNameBytes)
            return wrongEntry(header, header.at + 28,
                              fmt::format("its name has {} bytes, the limit is {}", name.size(), kMaxNameBytes));
        // Names in an old code page are shown by their bytes.
        header.entry.name = isUtf8(name) ? std::string(name) : printable(name);
        return {};
    }

    static bool hasParentFolder(std::string_view name)
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

    /// Takes the numbers that need 64 bits from the extra field; they stand there in a fixed order.
    Result<void> widen(Header &header, std::uint64_t begin, std::uint64_t end, std::uint16_t disk) const
    {
        Entry &entry = header.entry;
        std::array<std::uint64_t *, 3> wide{entry.size == kAllOnes32 ? &entry.size : nullptr,
                                            entry.storedSize == kAllOnes32 ? &entry.storedSize : nullptr,
                                            entry.headerOffset == kAllOnes32 ? &entry.headerOffset : nullptr};
        QS_ASSIGN(const auto field, zip64Field(header, begin, end));
        auto [at, bytes] = field;
        for (std::uint64_t *number : wide) {
            if (number == nullptr)
                continue;
            if (bytes < 8)
                return wrongEntry(header, begin, "a number of 64 bits is missing in the ZIP64 extra field");
            *number = load<std::uint64_t>(m_bytes, at);
            at += 8;
            bytes -= 8;
        }
        if (disk != 0 && !(disk == kAllOnes16 && bytes >= 4 && load<std::uint32_t>(m_bytes, at) == 0))
            return wrongEntry(header, header.at + 34, fmt::format("it is on disk {} of a split archive", disk));
        return {};
    }

    /// Offset and size of the ZIP64 extra field; size 0 when there is none.
    Result<std::pair<std::uint64_t, std::uint64_t>> zip64Field(const Header &header, std::uint64_t begin,
                                                               std::uint64_t end) const
    {
        std::pair<std::uint64_t, std::uint64_t> found{begin, 0};
        for (std::uint64_t at = begin; at < end;) {
            const std::uint64_t bytes = end - at >= 4 ? load<std::uint16_t>(m_bytes, at + 2) : 0;
            if (end - at < 4 || bytes > end - at - 4)
                return wrongEntry(header, at, "a part of the extra field reaches past its end");
            if (load<std::uint16_t>(m_bytes, at) == kZip64Extra && found.second == 0)
                found = {at + 4, bytes};
            at += 4 + bytes;
        }
        return found;
    }

    Result<void> checkSizes(const Header &header) const
    {
        const Entry &entry = header.entry;
        if (!entry.deflated && entry.storedSize != entry.size)
            return wrongEntry(header, header.at + 20,
                              fmt::format("it is stored as it is, yet has {} bytes stored and {} unpacked",
                                          entry.storedSize, entry.size));
        if (entry.isFolder() && entry.size != 0)
            return wrongEntry(header, header.at + 24, fmt::format("it is a folder and has {} bytes", entry.size));
        if (entry.storedSize > m_bytes.size())
            return wrongEntry(
                header, header.at + 20,
                fmt::format("it has {} bytes stored, the whole file has {}", entry.storedSize, m_bytes.size()));
        // Rounded down, so that an empty entry of a few packed bytes passes.
        if (entry.size / kMaxRatio > entry.storedSize)
            return wrongEntry(header, header.at + 24,
                              fmt::format("{} bytes cannot have been packed into {}: the limit is {} to 1", entry.size,
                                          entry.storedSize, kMaxRatio));
        return {};
    }

    /// Compares the local header with the central one; finds the payload.
    Result<void> readLocal(Header &header, std::uint64_t directoryOffset) const
    {
        Entry &entry = header.entry;
        const std::uint64_t at = entry.headerOffset;
        if (at > directoryOffset || directoryOffset - at < kLocalBytes)
            return wrongEntry(header, header.at + 42,
                              fmt::format("its local header is said to be at byte {}, but the directory begins at {}",
                                          at, directoryOffset));
        const auto u16 = [&](unsigned field) { return load<std::uint16_t>(m_bytes, at + field); };
        if (load<std::uint32_t>(m_bytes, at) != kLocalSignature)
            return wrongEntry(header, at, "the signature of its local header is wrong");
        const std::uint64_t nameBytes = u16(26);
        const std::uint64_t extraBytes = u16(28);
        const std::uint64_t room = directoryOffset - at - kLocalBytes;
        if (nameBytes + extraBytes > room || entry.storedSize > room - nameBytes - extraBytes)
            return wrongEntry(header, at + 26,
                              fmt::format("name, extra field and {} bytes of payload reach into the directory at {}",
                                          entry.storedSize, directoryOffset));
        if (textAt(m_bytes, at + kLocalBytes, nameBytes) != header.rawName)
            return wrongEntry(header, at + kLocalBytes, "its local header has another name");
        if (u16(8) != header.method)
            return wrongEntry(header, at + 8, fmt::format("its local header has the compression method {}", u16(8)));
        if ((u16(6) & (kUnreadable | kHasDescriptor)) != (header.flags & (kUnreadable | kHasDescriptor)))
            return wrongEntry(header, at + 6, fmt::format("its local header has the flags 0x{:04X}", u16(6)));
        QS_CHECK(checkLocalSizes(header, at + kLocalBytes + nameBytes, extraBytes));
        entry.dataOffset = at + kLocalBytes + nameBytes + extraBytes;
        entry.end = entry.dataOffset + entry.storedSize;
        return (header.flags & kHasDescriptor) != 0 ? readDescriptor(header, directoryOffset) : Result<void>();
    }

    Result<void> checkLocalSizes(const Header &header, std::uint64_t extra, std::uint64_t extraBytes) const
    {
        const Entry &entry = header.entry;
        const std::uint64_t at = entry.headerOffset;
        std::uint64_t stored = load<std::uint32_t>(m_bytes, at + 18);
        std::uint64_t size = load<std::uint32_t>(m_bytes, at + 22);
        QS_ASSIGN(const auto field, zip64Field(header, extra, extra + extraBytes));
        if (size == kAllOnes32 && field.second >= 8)
            size = load<std::uint64_t>(m_bytes, field.first);
        if (stored == kAllOnes32 && field.second >= 16)
            stored = load<std::uint64_t>(m_bytes, field.first + 8);
        const auto crc = load<std::uint32_t>(m_bytes, at + 14);
        const bool later = (header.flags & kHasDescriptor) != 0 && crc == 0 && stored == 0 && size == 0;
        if (!later && (stored != entry.storedSize || size != entry.size || crc != entry.crc))
            return wrongEntry(header, at + 14,
                              fmt::format("its local header says {} bytes stored, {} unpacked, checksum {:08X}; the "
                                          "directory says {}, {}, {:08X}",
                                          stored, size, crc, entry.storedSize, entry.size, entry.crc));
        return {};
    }

    /// Checksum and sizes once more, behind the payload: with or without a signature, sizes of 32 or 64 bits.
    Result<void> readDescriptor(Header &header, std::uint64_t directoryOffset) const
    {
        Entry &entry = header.entry;
        for (const std::uint64_t signature : {4U, 0U}) {
            for (const std::uint64_t width : {8U, 4U}) {
                const std::uint64_t bytes = signature + 4 + 2 * width;
                if (directoryOffset - entry.end < bytes)
                    continue;
                const auto sizeAt = [&](std::uint64_t at) {
                    return width == 8 ? load<std::uint64_t>(m_bytes, at) : load<std::uint32_t>(m_bytes, at);
                };
                const std::uint64_t crc = entry.end + signature;
                if ((signature != 0 && load<std::uint32_t>(m_bytes, entry.end) != kDescriptorSignature) ||
                    load<std::uint32_t>(m_bytes, crc) != entry.crc || sizeAt(crc + 4) != entry.storedSize ||
                    sizeAt(crc + 4 + width) != entry.size)
                    continue;
                entry.end += bytes;
                return {};
            }
        }
        return wrongEntry(header, entry.end, "the data descriptor behind the payload contradicts the directory");
    }

    Result<void> checkNames(Directory &directory) const
    {
        std::unordered_set<std::string> exact;
        std::unordered_set<std::string> folded;
        std::size_t alike = 0;
        for (const Entry &entry : directory.entries) {
            if (!exact.insert(entry.name).second)
                return wrong(fmt::format("entry {}", inQuotes(entry.name)), entry.headerOffset,
                             "a second entry has the same name");
            std::string lower = entry.name;
            std::ranges::transform(lower, lower.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; });
            alike += folded.insert(std::move(lower)).second ? 0U : 1U;
        }
        if (alike > 0)
            directory.warnings.push_back(fmt::format(
                "{} entries of the archive differ from another only by case: some programs mix them up", alike));
        return {};
    }

    /// Nothing before the first entry, and no byte belongs to two of them.
    Result<void> checkOverlap(const std::vector<Entry> &entries) const
    {
        std::vector<std::size_t> order(entries.size());
        for (std::size_t i = 0; i < order.size(); ++i)
            order[i] = i;
        std::ranges::sort(order, {}, [&](std::size_t i) { return entries[i].headerOffset; });
        std::uint64_t end = 0;
        for (std::size_t i : order) {
            const Entry &entry = entries[i];
            const std::string part = fmt::format("entry {}", inQuotes(entry.name));
            if (entry.headerOffset < end)
                return wrong(part, entry.headerOffset,
                             fmt::format("it begins inside the entry before it, which ends at byte {}", end));
            if (end == 0 && entry.headerOffset != 0)
                return wrong(part, entry.headerOffset, "the first entry does not begin at byte 0");
            end = entry.end;
        }
        return {};
    }

    std::span<const std::byte> m_bytes;
    const std::string &m_where;
};

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

Result<Directory> readDirectory(std::span<const std::byte> archive, const std::string &where)
{
    return DirectoryReader(archive, where).read();
}

} // namespace qs::zip
