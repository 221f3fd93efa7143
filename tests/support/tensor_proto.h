// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Reads ONNX' TensorProto files, which hold the inputs and outputs of its tests.
#pragma once

#include "core/eval/stored_value.h"

#include <QByteArray>

#include <algorithm>
#include <cstring>
#include <map>
#include <optional>
#include <span>

namespace qs::test {

/// A cursor over protobuf's fields; the files are known to be whole.
class ProtoReader
{
public:
    explicit ProtoReader(const QByteArray &message)
        : m_at(message.constData())
        , m_end(message.constData() + message.size())
    {}

    bool next()
    {
        if (m_at >= m_end)
            return false;
        const std::uint64_t key = varint();
        field = static_cast<int>(key >> 3U);
        number = 0;
        bytes.clear();
        switch (key & 7U) {
        case 0:
            number = varint();
            break;
        case 1:
            take(8);
            break;
        case 2:
            take(static_cast<qsizetype>(varint()));
            break;
        default:
            take(4);
        }
        return true;
    }
    std::uint64_t varint()
    {
        std::uint64_t value = 0;
        for (unsigned shift = 0; m_at < m_end; shift += 7) {
            const auto byte = static_cast<unsigned char>(*m_at++);
            value |= static_cast<std::uint64_t>(byte & 127U) << shift;
            if (byte < 128)
                break;
        }
        return value;
    }
    bool atEnd() const { return m_at >= m_end; }

    int field = 0;
    std::uint64_t number = 0;
    QByteArray bytes;

private:
    void take(qsizetype size)
    {
        bytes = QByteArray(m_at, size);
        m_at += size;
    }

    const char *m_at;
    const char *m_end;
};

/// The tensor as a constant of a network; empty for types that a run does not know.
inline std::optional<NetworkConstant> constantFrom(const QByteArray &file)
{
    static const std::map<std::uint64_t, DType> kTypes{
        {1, DType::F32}, {2, DType::U8},   {3, DType::I8},   {4, DType::U16},  {5, DType::I16},  {6, DType::I32},
        {7, DType::I64}, {9, DType::Bool}, {10, DType::F16}, {11, DType::F64}, {12, DType::U32}, {13, DType::U64}};
    NetworkConstant result;
    std::vector<std::uint64_t> integers;
    QByteArray raw;
    std::uint64_t type = 0;
    for (ProtoReader reader(file); reader.next();) {
        const bool packed = !reader.bytes.isEmpty();
        if (reader.field == 1 || reader.field == 5 || reader.field == 7 || reader.field == 11) {
            auto &target = reader.field == 1 ? result.shape : integers;
            if (!packed) {
                target.push_back(reader.number);
                continue;
            }
            for (ProtoReader list(reader.bytes); !list.atEnd();)
                target.push_back(list.varint());
        } else if (reader.field == 2) {
            type = reader.number;
        } else if (reader.field == 4 || reader.field == 9 || reader.field == 10) {
            raw += reader.bytes;
        }
    }
    const auto known = kTypes.find(type);
    if (known == kTypes.end())
        return std::nullopt;
    result.dtype = known->second;
    for (const std::uint64_t number : integers)
        raw.append(reinterpret_cast<const char *>(&number), bitsOf(result.dtype) / 8);
    result.bytes.resize(static_cast<std::size_t>(raw.size()));
    std::ranges::copy(std::as_bytes(std::span(raw.constData(), result.bytes.size())), result.bytes.begin());
    return result;
}

} // namespace qs::test
