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
    explicit GgufBytes(bool bigEndian = false) : m_bigEndian(bigEndian) {}

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
    std::vector<QByteArray> keys; ///< each a whole key-value pair
    std::vector<GgufTensorSpec> tensors;
    QByteArray data;
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

} // namespace qs::test
