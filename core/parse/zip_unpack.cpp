// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Payloads of ZIP entries, stored or deflated.
#include "core/parse/zip.h"

#include "core/base/input_file.h"
#include "core/base/read_buffer.h"
#include "core/base/text.h"

#include <algorithm>

#include <zlib.h>

namespace qs::zip {
namespace {

constexpr std::size_t kPieceBytes = std::size_t{1} << 20;
constexpr int kRawDeflate = -15; // no zlib header

class Inflater
{
public:
    Inflater() { m_ready = ::inflateInit2(&m_stream, kRawDeflate) == Z_OK; }
    ~Inflater()
    {
        if (m_ready)
            ::inflateEnd(&m_stream);
    }
    Inflater(const Inflater &) = delete;
    Inflater &operator=(const Inflater &) = delete;

    bool ready() const { return m_ready; }
    z_stream &stream() { return m_stream; }

private:
    z_stream m_stream = {};
    bool m_ready = false;
};

/// Where an error of one entry lies.
struct Place {
    const Entry &entry;
    const std::string &where;

    std::unexpected<Error> wrong(std::uint64_t consumed, Text message) const
    {
        return fail(ErrorCode::Input, std::move(message),
                    Text::of("{}, ZIP entry {}, byte {}", where, inQuotes(entry.name), entry.dataOffset + consumed));
    }
};

std::uint32_t addToCrc(std::uint32_t crc, std::span<const std::byte> bytes)
{
    return static_cast<std::uint32_t>(
        ::crc32_z(crc, reinterpret_cast<const unsigned char *>(bytes.data()), bytes.size()));
}

Result<std::uint32_t> copyStored(const InputFile &archive, std::uint64_t offset, std::uint64_t size,
                                 const TaskContext &context, const Sink &sink)
{
    std::uint32_t crc = 0;
    ReadBuffer buffer;
    for (std::uint64_t done = 0; done < size; done += kPieceBytes) {
        QS_CHECK(context.check());
        const std::span<std::byte> piece = buffer.bytes(std::min<std::uint64_t>(size - done, kPieceBytes));
        QS_CHECK(archive.read(offset + done, piece));
        crc = addToCrc(crc, piece);
        QS_CHECK(sink(piece));
    }
    return crc;
}

/// What must hold once the stream has ended or nothing more is to be read.
Result<void> checkEnd(const Place &place, int status, std::uint64_t consumed, std::uint64_t produced)
{
    const Entry &entry = place.entry;
    if (status == Z_DATA_ERROR)
        return place.wrong(consumed, Text::of("the deflated bytes are damaged"));
    if (status != Z_STREAM_END)
        return place.wrong(consumed, Text::of("the deflated bytes end after {} of {} bytes", produced, entry.size));
    if (produced != entry.size)
        return place.wrong(consumed, Text::of("{} bytes were unpacked instead of {}", produced, entry.size));
    if (consumed != entry.storedSize)
        return place.wrong(consumed, Text::of("{} bytes follow the deflated ones", entry.storedSize - consumed));
    return {};
}

Result<std::uint32_t> inflateEntry(const InputFile &archive, const Place &place, std::uint64_t limit,
                                   const TaskContext &context, const Sink &sink)
{
    Inflater inflater;
    if (!inflater.ready())
        return fail(ErrorCode::Work, Text::of("not enough memory to unpack"), place.where);
    const std::uint64_t size = place.entry.size;
    // One byte more than there may be shows a stream that is too long.
    std::vector<std::byte> piece(std::min<std::uint64_t>(kPieceBytes, std::min(size, limit) + 1));
    ReadBuffer buffer;
    z_stream &stream = inflater.stream();
    std::uint64_t consumed = 0;
    std::uint64_t produced = 0;
    std::uint32_t crc = 0;
    int status = Z_OK;
    while (status == Z_OK && produced <= size && (produced < limit || limit >= size)) {
        QS_CHECK(context.check());
        if (stream.avail_in == 0) {
            const std::span<std::byte> packed =
                buffer.bytes(std::min<std::uint64_t>(kPieceBytes, place.entry.storedSize - consumed));
            QS_CHECK(archive.read(place.entry.dataOffset + consumed, packed));
            stream.next_in = reinterpret_cast<Bytef *>(packed.data());
            stream.avail_in = static_cast<uInt>(packed.size());
        }
        const uInt offered = stream.avail_in;
        stream.next_out = reinterpret_cast<Bytef *>(piece.data());
        stream.avail_out = static_cast<uInt>(piece.size());
        status = ::inflate(&stream, Z_NO_FLUSH);
        consumed += offered - stream.avail_in;
        const std::size_t count = piece.size() - stream.avail_out;
        const auto wanted = std::min<std::uint64_t>(count, std::min(limit, size) - std::min(produced, limit));
        produced += count;
        if (produced > size)
            break;
        crc = addToCrc(crc, std::span(piece).first(wanted));
        QS_CHECK(sink(std::span(piece).first(wanted)));
    }
    if (status == Z_MEM_ERROR)
        return fail(ErrorCode::Work, Text::of("not enough memory to unpack"), place.where);
    if (produced > size)
        return place.wrong(consumed, Text::of("more than the {} bytes are unpacked that the directory says", size));
    if (status == Z_OK && produced >= limit)
        return crc;
    QS_CHECK(checkEnd(place, status, consumed, produced));
    return crc;
}

} // namespace

Result<std::uint32_t> unpack(const InputFile &archive, const Entry &entry, std::uint64_t limit,
                             const std::string &where, const TaskContext &context, const Sink &sink)
{
    if (!entry.deflated)
        return copyStored(archive, entry.dataOffset, std::min(limit, entry.storedSize), context, sink);
    return inflateEntry(archive, {entry, where}, limit, context, sink);
}

} // namespace qs::zip
