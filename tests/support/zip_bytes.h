// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// ZIP archives as bytes, well-formed unless a test says otherwise.
#pragma once

#include <QByteArray>
#include <QList>

#include <zlib.h>

namespace qs::test {

/// `value` in `size` bytes, little-endian.
inline QByteArray little(std::uint64_t value, int size)
{
    QByteArray bytes;
    for (int i = 0; i < size; ++i)
        bytes += static_cast<char>(value >> (8 * i));
    return bytes;
}

inline std::uint32_t crcOf(const QByteArray &bytes)
{
    return static_cast<std::uint32_t>(
        ::crc32(0, reinterpret_cast<const Bytef *>(bytes.constData()), static_cast<uInt>(bytes.size())));
}

/// Raw deflate.
inline QByteArray deflated(const QByteArray &bytes)
{
    z_stream stream = {};
    if (deflateInit2(&stream, 9, Z_DEFLATED, -15, 9, Z_DEFAULT_STRATEGY) != Z_OK)
        return {};
    QByteArray out(static_cast<qsizetype>(deflateBound(&stream, static_cast<uLong>(bytes.size()))), '\0');
    stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(bytes.constData()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef *>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    ::deflate(&stream, Z_FINISH);
    out.resize(static_cast<qsizetype>(stream.total_out));
    deflateEnd(&stream);
    return out;
}

struct ZipEntry {
    QByteArray name;
    QByteArray payload; ///< as it is stored
    std::uint64_t size = 0;
    std::uint32_t crc = 0;
    int method = 0;
    int flags = 0x0800;
    QByteArray localExtra = {};
    QByteArray centralExtra = {};
    bool late = false; ///< as PyTorch writes: sizes follow the payload

    static ZipEntry stored(const QByteArray &name, const QByteArray &bytes)
    {
        return {name, bytes, static_cast<std::uint64_t>(bytes.size()), crcOf(bytes)};
    }
    static ZipEntry packed(const QByteArray &name, const QByteArray &bytes)
    {
        return {name, deflated(bytes), static_cast<std::uint64_t>(bytes.size()), crcOf(bytes), 8};
    }
};

inline QByteArray localHeader(const ZipEntry &entry)
{
    const auto stored = static_cast<std::uint64_t>(entry.payload.size());
    const int flags = entry.flags | (entry.late ? 8 : 0);
    QByteArray bytes = "PK\3\4" + little(20, 2) + little(static_cast<unsigned>(flags), 2) +
                       little(static_cast<unsigned>(entry.method), 2) + little(0x00210000, 4);
    bytes += entry.late ? QByteArray(12, '\0') : little(entry.crc, 4) + little(stored, 4) + little(entry.size, 4);
    return bytes + little(static_cast<std::uint64_t>(entry.name.size()), 2) +
           little(static_cast<std::uint64_t>(entry.localExtra.size()), 2) + entry.name + entry.localExtra;
}

inline QByteArray centralHeader(const ZipEntry &entry, std::uint64_t offset)
{
    const int flags = entry.flags | (entry.late ? 8 : 0);
    return "PK\1\2" + little(20, 2) + little(20, 2) + little(static_cast<unsigned>(flags), 2) +
           little(static_cast<unsigned>(entry.method), 2) + little(0x00210000, 4) + little(entry.crc, 4) +
           little(static_cast<std::uint64_t>(entry.payload.size()), 4) + little(entry.size, 4) +
           little(static_cast<std::uint64_t>(entry.name.size()), 2) +
           little(static_cast<std::uint64_t>(entry.centralExtra.size()), 2) + QByteArray(10, '\0') + little(offset, 4) +
           entry.name + entry.centralExtra;
}

inline QByteArray endOfDirectory(std::uint64_t entries, std::uint64_t size, std::uint64_t offset)
{
    return "PK\5\6" + little(0, 4) + little(entries, 2) + little(entries, 2) + little(size, 4) + little(offset, 4) +
           little(0, 2);
}

/// The ZIP64 records that PyTorch always writes, for a directory that ends at byte `end`.
inline QByteArray end64(std::uint64_t entries, std::uint64_t size, std::uint64_t offset, std::uint64_t end)
{
    return "PK\6\6" + little(44, 8) + little(45, 2) + little(45, 2) + little(0, 8) + little(entries, 8) +
           little(entries, 8) + little(size, 8) + little(offset, 8) + "PK\6\7" + little(0, 4) + little(end, 8) +
           little(1, 4);
}

inline QByteArray zipBytes(const QList<ZipEntry> &entries, bool wide = false)
{
    QByteArray bytes;
    QByteArray directory;
    for (const ZipEntry &entry : entries) {
        directory += centralHeader(entry, static_cast<std::uint64_t>(bytes.size()));
        bytes += localHeader(entry) + entry.payload;
        if (entry.late)
            bytes += "PK\7\x8" + little(entry.crc, 4) + little(static_cast<std::uint64_t>(entry.payload.size()), 4) +
                     little(entry.size, 4);
    }
    const auto offset = static_cast<std::uint64_t>(bytes.size());
    const auto size = static_cast<std::uint64_t>(directory.size());
    const auto count = static_cast<std::uint64_t>(entries.size());
    bytes += directory;
    if (wide)
        bytes += end64(count, size, offset, offset + size);
    return bytes + endOfDirectory(count, size, offset);
}

/// `bytes` with a number of `size` bytes written over what is at `offset`; counted from the end when negative.
inline QByteArray patched(QByteArray bytes, qsizetype offset, std::uint64_t value, int size)
{
    return bytes.replace(offset < 0 ? bytes.size() + offset : offset, size, little(value, size));
}

} // namespace qs::test
