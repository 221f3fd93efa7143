// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/export/containers/zip_entries.h"

#include "core/base/checked_math.h"
#include "core/export/containers/container.h"

#include <algorithm>
#include <zlib.h>

namespace qs {

namespace {

constexpr std::uint64_t kAlignment = 64;
constexpr std::uint32_t kAllOnes32 = 0xffffffffU;
constexpr std::uint16_t kDosDate = 0x0021; // 1980-01-01: the same bytes for the same input, always
constexpr std::uint16_t kUtf8Names = 0x0800;
constexpr std::size_t kCrcChunk = std::size_t{4} << 20U;

void put(std::string &bytes, std::uint64_t value, unsigned size)
{
    for (unsigned i = 0; i < size; ++i)
        bytes += static_cast<char>((value >> (8 * i)) & 0xffU);
}

std::string localHeader(const ZipEntry &entry)
{
    std::string extra;
    if (entry.large()) {
        put(extra, 0x0001, 2); // zip64
        put(extra, 16, 2);
        put(extra, entry.size, 8);
        put(extra, entry.size, 8);
    }
    const std::uint64_t unpadded = entry.headerOffset + 30 + entry.name.size() + extra.size() + 4;
    const std::uint64_t padding = alignUp(unpadded, kAlignment) - unpadded;
    extra += "FB";
    put(extra, padding, 2);
    extra.append(padding, 'Z');

    std::string bytes = "PK\x03\x04";
    put(bytes, entry.large() ? 45 : 20, 2);
    put(bytes, kUtf8Names, 2);
    put(bytes, 0, 2); // stored
    put(bytes, 0, 2);
    put(bytes, kDosDate, 2);
    put(bytes, entry.crc, 4);
    put(bytes, entry.large() ? kAllOnes32 : entry.size, 4);
    put(bytes, entry.large() ? kAllOnes32 : entry.size, 4);
    put(bytes, entry.name.size(), 2);
    put(bytes, extra.size(), 2);
    return bytes + entry.name + extra;
}

std::string centralHeader(const ZipEntry &entry)
{
    const bool far = entry.headerOffset >= kAllOnes32;
    std::string extra;
    if (entry.large() || far) {
        put(extra, 0x0001, 2);
        put(extra, (entry.large() ? 16 : 0) + (far ? 8 : 0), 2);
        if (entry.large()) {
            put(extra, entry.size, 8);
            put(extra, entry.size, 8);
        }
        if (far)
            put(extra, entry.headerOffset, 8);
    }
    std::string bytes = "PK\x01\x02";
    put(bytes, 45, 2);
    put(bytes, entry.large() || far ? 45 : 20, 2);
    put(bytes, kUtf8Names, 2);
    put(bytes, 0, 2);
    put(bytes, 0, 2);
    put(bytes, kDosDate, 2);
    put(bytes, entry.crc, 4);
    put(bytes, entry.large() ? kAllOnes32 : entry.size, 4);
    put(bytes, entry.large() ? kAllOnes32 : entry.size, 4);
    put(bytes, entry.name.size(), 2);
    put(bytes, extra.size(), 2);
    put(bytes, 0, 2); // comment
    put(bytes, 0, 2); // disk
    put(bytes, 0, 2);
    put(bytes, 0, 4);
    put(bytes, far ? kAllOnes32 : entry.headerOffset, 4);
    return bytes + entry.name + extra;
}

/// Central directory with the ZIP64 records that PyTorch's own files always have.
std::string directory(const std::vector<ZipEntry> &entries, std::uint64_t offset)
{
    std::string bytes;
    for (const ZipEntry &entry : entries)
        bytes += centralHeader(entry);
    const std::uint64_t size = bytes.size();
    const std::uint64_t count = entries.size();

    bytes += "PK\x06\x06";
    put(bytes, 44, 8);
    put(bytes, 45, 2);
    put(bytes, 45, 2);
    put(bytes, 0, 4);
    put(bytes, 0, 4);
    put(bytes, count, 8);
    put(bytes, count, 8);
    put(bytes, size, 8);
    put(bytes, offset, 8);

    bytes += "PK\x06\x07";
    put(bytes, 0, 4);
    put(bytes, offset + size, 8);
    put(bytes, 1, 4);

    bytes += "PK\x05\x06";
    put(bytes, 0, 4);
    put(bytes, std::min<std::uint64_t>(count, 0xffff), 2);
    put(bytes, std::min<std::uint64_t>(count, 0xffff), 2);
    put(bytes, std::min<std::uint64_t>(size, kAllOnes32), 4);
    put(bytes, std::min<std::uint64_t>(offset, kAllOnes32), 4);
    put(bytes, 0, 2);
    return bytes;
}

std::uint32_t crcOf(const std::string &bytes)
{
    return static_cast<std::uint32_t>(crc32_z(0, reinterpret_cast<const unsigned char *>(bytes.data()), bytes.size()));
}

Result<std::uint32_t> crcOfPayload(const ZipEntry &entry, AtomicFile &file, const TaskContext &context)
{
    std::vector<std::byte> buffer(std::min<std::uint64_t>(kCrcChunk, entry.size));
    uLong crc = 0;
    for (std::uint64_t done = 0; done < entry.size;) {
        QS_CHECK(context.check());
        const std::size_t size = std::min<std::uint64_t>(buffer.size(), entry.size - done);
        QS_CHECK(file.read(entry.dataOffset + done, std::span(buffer).first(size)));
        crc = crc32_z(crc, reinterpret_cast<const unsigned char *>(buffer.data()), size);
        done += size;
    }
    return static_cast<std::uint32_t>(crc);
}

std::uint64_t endOf(const std::vector<ZipEntry> &entries)
{
    return entries.empty() ? 0 : entries.back().dataOffset + entries.back().size;
}

} // namespace

void placeZipEntries(std::vector<ZipEntry> &entries, FileLayout &layout)
{
    std::uint64_t offset = 0;
    for (ZipEntry &entry : entries) {
        entry.size = std::max<std::uint64_t>(entry.size, entry.bytes.size());
        if (!entry.hasPayload())
            entry.crc = crcOf(entry.bytes);
        entry.headerOffset = offset;
        const std::string header = localHeader(entry);
        entry.dataOffset = offset + header.size();
        offset = entry.dataOffset + entry.size;
        layout.fixed.push_back({entry.headerOffset, header + entry.bytes});
    }
    layout.bytes = offset + directory(entries, offset).size();
}

Result<void> finishZip(std::vector<ZipEntry> entries, AtomicFile &file, const TaskContext &context)
{
    for (ZipEntry &entry : entries) {
        if (!entry.hasPayload())
            continue;
        QS_ASSIGN(entry.crc, crcOfPayload(entry, file, context));
        const std::string whole = localHeader(entry) + entry.bytes;
        QS_CHECK(file.write(entry.headerOffset, std::as_bytes(std::span(whole))));
    }
    const std::uint64_t end = endOf(entries);
    const std::string tail = directory(entries, end);
    return file.write(end, std::as_bytes(std::span(tail)));
}

} // namespace qs
