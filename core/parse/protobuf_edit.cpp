// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/parse/protobuf_edit.h"

namespace qs::protobuf {
namespace {

std::string varint(std::uint64_t value)
{
    std::string bytes;
    for (; value >= 0x80; value >>= 7U)
        bytes += static_cast<char>((value & 0x7fU) | 0x80U);
    return bytes + static_cast<char>(value);
}

std::string tag(std::uint32_t field, Wire wire)
{
    return varint(std::uint64_t{field} << 3U | static_cast<unsigned>(wire));
}

std::string head(std::uint32_t field, std::uint64_t size)
{
    return tag(field, Wire::Bytes) + varint(size);
}

} // namespace

void Pieces::add(std::string_view bytes)
{
    if (bytes.empty())
        return;
    m_size += bytes.size();
    if (!m_list.empty() && std::holds_alternative<std::string>(m_list.back()))
        std::get<std::string>(m_list.back()) += bytes;
    else
        m_list.emplace_back(std::string(bytes));
}

void Pieces::add(const Range &range)
{
    if (range.size() == 0)
        return;
    m_size += range.size();
    auto *last = m_list.empty() ? nullptr : std::get_if<Range>(&m_list.back());
    if (last != nullptr && last->end == range.begin)
        last->end = range.end;
    else
        m_list.emplace_back(range);
}

void Pieces::add(const Payload &payload)
{
    m_size += payload.size;
    m_list.emplace_back(payload);
}

void Pieces::add(Pieces pieces)
{
    for (Piece &piece : pieces.m_list)
        std::visit([this](auto &each) { add(each); }, piece);
}

Pieces &Pieces::number(std::uint32_t field, std::uint64_t value)
{
    add(tag(field, Wire::Varint) + varint(value));
    return *this;
}

Pieces &Pieces::text(std::uint32_t field, std::string_view value)
{
    add(head(field, value.size()));
    add(value);
    return *this;
}

Pieces &Pieces::message(std::uint32_t field, Pieces value)
{
    add(head(field, value.size()));
    add(std::move(value));
    return *this;
}

Pieces &Pieces::payload(std::uint32_t field, const Payload &value)
{
    add(head(field, value.size));
    add(value);
    return *this;
}

void Edits::replace(std::uint64_t payloadBegin, Pieces pieces)
{
    m_replaced.insert_or_assign(payloadBegin, std::move(pieces));
}

void Edits::prepend(std::uint64_t messageBegin, Pieces pieces)
{
    m_prepended[messageBegin].add(std::move(pieces));
}

bool Edits::within(const Range &range) const
{
    const auto hits = [&](const std::map<std::uint64_t, Pieces> &edits) {
        const auto found = edits.lower_bound(range.begin);
        return found != edits.end() && found->first < range.end;
    };
    return hits(m_replaced) || hits(m_prepended);
}

} // namespace qs::protobuf
