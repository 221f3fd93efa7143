// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/parse/zip_end.h"

#include "core/parse/zip.h"

#include <algorithm>
#include <optional>

namespace qs::zip {
namespace {

constexpr std::size_t kEndBytes = 22;
constexpr std::size_t kLocatorBytes = 20;
constexpr std::size_t kEnd64Bytes = 56;
constexpr std::uint32_t kEndSignature = 0x06054b50;
constexpr std::uint32_t kLocatorSignature = 0x07064b50;
constexpr std::uint32_t kEnd64Signature{0x06064b50};

/// The record at the very end; its comment must end with the file.
Result<std::uint64_t> findEnd(const Archive &archive)
{
    std::optional<std::uint64_t> found;
    const std::uint64_t size = archive.bytes.size();
    const std::uint64_t most = std::min<std::uint64_t>(size, kEndBytes + kAllOnes16);
    const std::uint64_t looked = std::min<std::uint64_t>(size, most + kLocatorBytes);
    QS_CHECK(archive.need(size - looked, looked));
    for (std::uint64_t back = kEndBytes; back <= most; ++back) {
        const std::uint64_t at = size - back;
        if (archive.load<std::uint32_t>(at) != kEndSignature ||
            archive.load<std::uint16_t>(at + 20) != back - kEndBytes)
            continue;
        if (found)
            return archive.wrong(Text::of("end of central directory"), at,
                                 Text::of("there is a second one at byte {}: it is not clear which counts", *found));
        found = at;
    }
    if (!found)
        return archive.wrong(
            Text::of("end of central directory"), size,
            Text::of("the file does not end with it: it is cut off, or bytes or a comment of another length follow"));
    return *found;
}

/// Follows the locator; returns where the directory must end. 32-bit fields must agree or be all ones.
Result<std::uint64_t> readEnd64(const Archive &archive, std::uint64_t locator, Bounds &bounds)
{
    const Text part = Text::of("end of central directory of 64 bits");
    const auto at = archive.load<std::uint64_t>(locator + 8);
    if (archive.load<std::uint32_t>(locator + 4) != 0 || archive.load<std::uint32_t>(locator + 16) > 1)
        return archive.wrong(Text::of("locator of 64 bits"), locator + 4,
                             Text::of("the archive is split over several disks"));
    if (locator < kEnd64Bytes || at > locator - kEnd64Bytes)
        return archive.wrong(Text::of("locator of 64 bits"), locator + 8,
                             Text::of("it points to byte {}, which is not before byte {}", at,
                                      locator < kEnd64Bytes ? 0 : locator - kEnd64Bytes + 1));
    QS_CHECK(archive.need(at, kEnd64Bytes));
    if (archive.load<std::uint32_t>(at) != kEnd64Signature)
        return archive.wrong(part, at, Text::of("the signature is wrong"));
    const auto rest = archive.load<std::uint64_t>(at + 4);
    if (rest != locator - at - 12)
        return archive.wrong(part, at + 4, Text::of("its size is {} instead of {}", rest, locator - at - 12));
    if (archive.load<std::uint32_t>(at + 16) != 0 || archive.load<std::uint32_t>(at + 20) != 0)
        return archive.wrong(part, at + 16, Text::of("the archive is split over several disks"));
    const Bounds wide{.offset = archive.load<std::uint64_t>(at + 48),
                      .size = archive.load<std::uint64_t>(at + 40),
                      .entries = archive.load<std::uint64_t>(at + 32)};
    const auto agree = [](std::uint64_t narrow, std::uint64_t value, std::uint64_t allOnes) {
        return narrow == value || narrow == allOnes;
    };
    if (archive.load<std::uint64_t>(at + 24) != wide.entries || !agree(bounds.entries, wide.entries, kAllOnes16) ||
        !agree(bounds.size, wide.size, kAllOnes32) || !agree(bounds.offset, wide.offset, kAllOnes32))
        return archive.wrong(part, at + 24, Text::of("it contradicts the end of central directory"));
    bounds = wide;
    return at;
}

Result<Bounds> readEnd(const Archive &archive, std::uint64_t end)
{
    const auto u16 = [&](std::uint64_t at) { return archive.load<std::uint16_t>(end + at); };
    const auto u32 = [&](std::uint64_t at) { return archive.load<std::uint32_t>(end + at); };
    const Text part = Text::of("end of central directory");
    Bounds bounds{.offset = u32(16), .size = u32(12), .entries = u16(10)};
    std::uint64_t stop = end;
    const bool is64 = end >= kLocatorBytes && archive.load<std::uint32_t>(end - kLocatorBytes) == kLocatorSignature;
    if (is64) {
        QS_ASSIGN(stop, readEnd64(archive, end - kLocatorBytes, bounds));
    } else if (u16(8) != bounds.entries) {
        return archive.wrong(part, end + 8, Text::of("{} of {} entries are said to be here", u16(8), bounds.entries));
    }
    const auto isOneDisk = [&](std::uint16_t disk) { return disk == 0 || (is64 && disk == kAllOnes16); };
    if (!isOneDisk(u16(4)) || !isOneDisk(u16(6)))
        return archive.wrong(part, end + 4, Text::of("the archive is split over {} disks", u16(4) + 1));
    if (bounds.offset > stop || bounds.size != stop - bounds.offset)
        return archive.wrong(part, end + 12,
                             Text::of("the directory is said to have {} bytes from byte {} on, but must end at byte {}",
                                      bounds.size, bounds.offset, stop));
    if (bounds.entries > bounds.size / kCentralBytes)
        return archive.wrong(part, end + 10,
                             Text::of("{} entries do not fit into {} bytes", bounds.entries, bounds.size));
    return bounds;
}

} // namespace

Result<Bounds> readEndRecords(const Archive &archive)
{
    QS_ASSIGN(const std::uint64_t end, findEnd(archive));
    QS_ASSIGN(const Bounds bounds, readEnd(archive, end));
    if (bounds.entries > kMaxEntries)
        return archive.wrong(Text::of("end of central directory"), end,
                             Text::of("the archive has {} entries, the limit is {}", bounds.entries, kMaxEntries));
    return bounds;
}

} // namespace qs::zip
