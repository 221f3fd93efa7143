// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Models for tests: written to a temporary folder and opened through the public door.
#pragma once

#include "core/formats/open_model.h"
#include "tests/support/safetensors_bytes.h"

#include <QTemporaryDir>
#include <QTest>

#include <memory>
#include <random>

namespace qs::test {

/// Fails the running test with the error's text when `result` is one.
#define QS_VERIFY(result) QVERIFY2((result).has_value(), (result) ? "" : (result).error().text().c_str())

inline std::string writeFile(const QTemporaryDir &folder, const QString &name, const QByteArray &bytes)
{
    QFile file(folder.filePath(name));
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        qFatal("cannot write %s", qPrintable(file.fileName()));
    return file.fileName().toStdString();
}

inline std::shared_ptr<const Model> openBytes(const QTemporaryDir &folder, const QString &name, const QByteArray &bytes)
{
    auto model = openModel(writeFile(folder, name, bytes), {});
    if (!model)
        qFatal("%s", model.error().text().c_str());
    return *model;
}

/// The same numbers for the same seed, on any standard library.
inline std::vector<float> randomValues(std::size_t count, std::uint32_t seed, float size = 0.1F)
{
    std::mt19937 random(seed);
    std::vector<float> values(count);
    for (float &value : values)
        value = size * (static_cast<float>(random() >> 8) / 8388608.0F - 1.0F);
    return values;
}

} // namespace qs::test
