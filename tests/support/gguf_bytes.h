// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// GGUF files built in tests, so that their bytes are visible.
#pragma once

#include <QByteArray>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

namespace qs::test {

/// Numbers and texts one behind the other, in either byte order.
class GgufBytes
{
public:
    explicit GgufBytes(bool bigEndian = false)
        : m_bigEndian(bigEndian)
    {}

    template <class T> GgufBytes &add(T value)
    {
        QByteArray bytes(reinterpret_cast<const char *>(&value), sizeof value);
        if (m_bigEndian)
            std::reverse(bytes.begin(), bytes.end());
        m_bytes += bytes;
        return *this;
    }
    GgufBytes &u32(std::uint32_t value) { return add(value); }
    GgufBytes &u64(std::uint64_t value) { return add(value); }
    GgufBytes &text(const std::string &text)
    {
        u64(text.size());
        m_bytes.append(text.data(), static_cast<qsizetype>(text.size()));
        return *this;
    }
    GgufBytes &raw(const QByteArray &bytes)
    {
        m_bytes += bytes;
        return *this;
    }
    GgufBytes &pad(qsizetype alignment)
    {
        while (m_bytes.size() % alignment != 0)
            m_bytes += '\0';
        return *this;
    }
    const QByteArray &bytes() const { return m_bytes; }

private:
    QByteArray m_bytes;
    bool m_bigEndian;
};

struct GgufTensorSpec {
    std::string name;
    std::vector<std::uint64_t> dims; ///< fastest first, as in the file
    std::uint32_t type = 0;
    std::uint64_t offset = 0;
};

/// A file of these parts; every number can be wrong.
struct GgufFile {
    bool bigEndian = false;
    std::uint32_t version = 3;
    std::vector<QByteArray> keys = {}; ///< each a whole key-value pair
    std::vector<GgufTensorSpec> tensors = {};
    QByteArray data = {};
    qsizetype alignment = 32;
    std::uint64_t extraTensors = 0; ///< claimed and not there
    std::uint64_t extraKeys = 0;

    QByteArray bytes() const
    {
        GgufBytes out(bigEndian);
        out.raw("GGUF").u32(version).u64(tensors.size() + extraTensors).u64(keys.size() + extraKeys);
        for (const QByteArray &key : keys)
            out.raw(key);
        for (const GgufTensorSpec &tensor : tensors) {
            out.text(tensor.name).u32(static_cast<std::uint32_t>(tensor.dims.size()));
            for (std::uint64_t dim : tensor.dims)
                out.u64(dim);
            out.u32(tensor.type).u64(tensor.offset);
        }
        if (!data.isEmpty())
            out.pad(alignment).raw(data);
        return out.bytes();
    }
};

inline QByteArray textKey(const std::string &name, const std::string &value, bool bigEndian = false)
{
    return GgufBytes(bigEndian).text(name).u32(8).text(value).bytes();
}

inline QByteArray numberKey(const std::string &name, std::uint32_t value)
{
    return GgufBytes().text(name).u32(4).u32(value).bytes();
}

template <class T> QByteArray keyOf(const std::string &name, std::uint32_t type, T value)
{
    return GgufBytes().text(name).u32(type).add(value).bytes();
}

/// Two tensors: 24 F32 values and a row of Q8_0 blocks.
inline GgufFile smallFile(bool bigEndian = false)
{
    GgufFile file{.bigEndian = bigEndian, .keys = {}, .tensors = {}, .data = {}};
    file.keys = {textKey("general.name", "small", bigEndian)};
    file.tensors = {{"fc.weight", {6, 4}, 0, 0}, {"q.weight", {32, 2}, 8, 96}};
    GgufBytes data(bigEndian);
    for (int i = 0; i < 24; ++i)
        data.add(0.5F * float(i - 10));
    for (int row = 0; row < 2; ++row) {
        data.add(static_cast<std::uint16_t>(row == 0 ? 0x3800 : 0xC000)); // 0.5 and -2
        for (int i = 0; i < 32; ++i)
            data.add(static_cast<std::int8_t>(i - 16));
    }
    file.data = data.bytes();
    return file;
}

/// The small file with one thing changed.
template <class Change> QByteArray changed(Change change)
{
    GgufFile file = smallFile();
    change(file);
    return file.bytes();
}

inline QByteArray withKey(const QByteArray &key)
{
    return changed([&](GgufFile &file) { file.keys.push_back(key); });
}

inline QByteArray withTensor(std::size_t index, const GgufTensorSpec &tensor)
{
    return changed([&](GgufFile &file) { file.tensors[index] = tensor; });
}

/// An array of arrays of … of one byte.
inline QByteArray nestedKey(int depth)
{
    GgufBytes bytes;
    bytes.text("nested").u32(9);
    for (int i = 1; i < depth; ++i)
        bytes.u32(9).u64(1);
    return bytes.u32(0).u64(1).raw(QByteArray(1, '\7')).bytes();
}

} // namespace qs::test
