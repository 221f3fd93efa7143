// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/onnx/unpacker.h"

#include "core/base/input_file.h"

#include <algorithm>
#include <array>

namespace qs::onnx {
namespace {

constexpr std::size_t kBufferBytes = std::size_t{1} << 18;

/// True when `bits` bits hold the value, as a signed or as an unsigned number.
bool fits(std::uint64_t value, unsigned bits)
{
    if (bits >= 64)
        return true;
    const auto number = static_cast<std::int64_t>(value);
    return value < (1ULL << bits) || (number < 0 && number >= -(std::int64_t{1} << (bits - 1)));
}

} // namespace

template <class Use> Result<void> Unpacker::forEach(const NumberField &field, Use use) const
{
    const protobuf::Walker walker = m_source.walk(field.message, field.label);
    return walker.forEachField([&](const protobuf::Field &found) -> Result<void> {
        return found.number == field.number ? use(walker, found) : Result<void>{};
    });
}

Result<std::uint64_t> Unpacker::count(const NumberField &field) const
{
    std::uint64_t entries = 0;
    QS_CHECK(forEach(field, [&](const protobuf::Walker &walker, const protobuf::Field &found) {
        return walker.forEachVarint(found, field.name, [&](std::uint64_t) -> Result<void> {
            ++entries;
            return {};
        });
    }));
    return entries;
}

Result<std::uint64_t> Unpacker::copyVarints(const NumberField &field, std::uint64_t entries, unsigned bits,
                                            std::uint64_t size, std::uint64_t &strays)
{
    QS_ASSIGN(const std::uint64_t offset, begin());
    std::uint64_t done = 0;
    std::uint64_t left = size;
    std::uint64_t pending = 0; // bits that do not fill a byte yet
    unsigned pendingBits = 0;
    const auto write = [&] {
        std::array<std::byte, 8> whole{};
        std::size_t count = 0;
        for (; pendingBits >= 8; pendingBits -= 8, pending >>= 8)
            whole[count++] = static_cast<std::byte>(pending);
        count = std::min<std::uint64_t>(count, left);
        left -= count;
        return put(whole.data(), count);
    };
    protobuf::Field last;
    QS_CHECK(forEach(field, [&](const protobuf::Walker &walker, const protobuf::Field &found) {
        last = found;
        return walker.forEachVarint(found, field.name, [&](std::uint64_t value) -> Result<void> {
            if (done++ == entries)
                return walker.wrong(found, field.name,
                                    Text::of("there are more than {} entries, the number that "
                                             "the shape asks for",
                                             entries));
            strays += fits(value, bits) ? 0 : 1;
            pending |= (value & (~0ULL >> (64 - bits))) << pendingBits;
            pendingBits += bits;
            return write();
        });
    }));
    if (done != entries)
        return m_source.walk(field.message, field.label)
            .wrong(last, field.name, Text::of("there are {} entries, but the shape asks for {}", done, entries));
    pendingBits += pendingBits > 0 ? 8 : 0; // what is left of the last byte
    QS_CHECK(write());
    QS_CHECK(flush());
    return offset;
}

Result<std::uint64_t> Unpacker::copyFixed(const NumberField &field)
{
    QS_ASSIGN(const std::uint64_t offset, begin());
    QS_CHECK(forEach(field, [&](const protobuf::Walker &walker, const protobuf::Field &found) -> Result<void> {
        return walker.forEachPiece(found.payload,
                                   [&](std::span<const std::byte> piece) { return put(piece.data(), piece.size()); });
    }));
    QS_CHECK(flush());
    return offset;
}

Result<std::uint64_t> Unpacker::begin()
{
    if (!m_scratch) {
        QS_ASSIGN(m_scratch, ScratchFile::create());
        m_buffer.reserve(kBufferBytes);
    }
    return m_scratch->size();
}

Result<void> Unpacker::put(const std::byte *data, std::size_t size)
{
    m_buffer.insert(m_buffer.end(), data, data + size);
    return m_buffer.size() < kBufferBytes ? Result<void>{} : flush();
}

Result<void> Unpacker::flush()
{
    QS_ASSIGN(const std::uint64_t ignored, m_scratch->append(m_buffer));
    static_cast<void>(ignored);
    m_buffer.clear();
    return m_source.context.check();
}

Result<std::shared_ptr<const InputFile>> Unpacker::finish(const std::string &name)
{
    if (!m_scratch)
        return std::shared_ptr<const InputFile>();
    return m_scratch->finish(name);
}

} // namespace qs::onnx
