// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Safetensors files built and taken apart in tests, so that their bytes are visible.
#pragma once

#include <nlohmann/json.hpp>

#include <QByteArray>
#include <QFile>
#include <QString>

#include <cstring>
#include <string>
#include <vector>

namespace qs::test {

inline QByteArray floatBytes(const std::vector<float> &values)
{
    return {reinterpret_cast<const char *>(values.data()), static_cast<qsizetype>(values.size() * sizeof(float))};
}

/// Length, header, data as they stand in the file.
inline QByteArray safetensorsBytes(const std::string &header, const QByteArray &data)
{
    const std::uint64_t size = header.size();
    QByteArray bytes(reinterpret_cast<const char *>(&size), sizeof(size));
    bytes.append(header.data(), static_cast<qsizetype>(header.size()));
    return bytes + data;
}

struct FloatTensor {
    std::string name;
    std::vector<std::uint64_t> shape;
    std::vector<float> values;
};

/// A whole file of F32 tensors, one behind the other.
inline QByteArray safetensorsBytes(const std::vector<FloatTensor> &tensors)
{
    nlohmann::ordered_json header;
    QByteArray data;
    for (const FloatTensor &tensor : tensors) {
        const qsizetype begin = data.size();
        data += floatBytes(tensor.values);
        header[tensor.name] = {{"dtype", "F32"}, {"shape", tensor.shape}, {"data_offsets", {begin, data.size()}}};
    }
    return safetensorsBytes(header.dump(), data);
}

/// A file taken apart; keeps no relation to core's reader.
class SafetensorsFile
{
public:
    explicit SafetensorsFile(const QString &path)
    {
        QFile file(path);
        if (!file.open(QIODevice::ReadOnly))
            qFatal("cannot open %s", qPrintable(path));
        m_bytes = file.readAll();
        std::uint64_t size = 0;
        std::memcpy(&size, m_bytes.constData(), sizeof(size));
        m_dataOffset = static_cast<qsizetype>(sizeof(size) + size);
        m_header = nlohmann::json::parse(m_bytes.constData() + sizeof(size), m_bytes.constData() + m_dataOffset);
    }

    const nlohmann::json &header() const { return m_header; }
    bool contains(const std::string &name) const { return m_header.contains(name); }
    std::string dtype(const std::string &name) const { return m_header.at(name).at("dtype"); }
    std::vector<std::uint64_t> shape(const std::string &name) const { return m_header.at(name).at("shape"); }
    QByteArray bytes(const std::string &name) const
    {
        const auto &offsets = m_header.at(name).at("data_offsets");
        const auto begin = offsets[0].get<qsizetype>();
        return m_bytes.mid(m_dataOffset + begin, offsets[1].get<qsizetype>() - begin);
    }
    std::vector<float> floats(const std::string &name) const
    {
        const QByteArray raw = bytes(name);
        std::vector<float> values(static_cast<std::size_t>(raw.size()) / sizeof(float));
        std::memcpy(values.data(), raw.constData(), values.size() * sizeof(float));
        return values;
    }

private:
    QByteArray m_bytes;
    nlohmann::json m_header;
    qsizetype m_dataOffset = 0;
};

} // namespace qs::test
