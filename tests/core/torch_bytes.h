// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// PyTorch files as bytes, both forms.
#pragma once

#include "core/base/input_file.h"
#include "core/formats/open_model.h"
#include "core/formats/torch/torch.h"
#include "tests/support/pickle_bytes.h"

#include <QFile>
#include <QTemporaryDir>

namespace qs::test {

inline const QByteArray kMagic("\x80\x02\x8A\x0A\x6C\xFC\x9C\x46\xF9\x20\x6A\xA8\x50\x19\x2E", 15);

/// Little-endian floats 1, 2, 3 …
inline QByteArray floats(int count)
{
    QByteArray bytes;
    for (int i = 1; i <= count; ++i) {
        const auto value = static_cast<float>(i);
        bytes += QByteArray(reinterpret_cast<const char *>(&value), sizeof value);
    }
    return bytes;
}

/// An archive as PyTorch writes it, with one storage "0" unless more are given.
inline QByteArray archive(const QByteArray &value,
                          const QList<ZipEntry> &more = {ZipEntry::stored("m/data/0", floats(12))},
                          const QByteArray &version = "3\n")
{
    QList<ZipEntry> entries{ZipEntry::stored("m/data.pkl", pickled(value))};
    entries += more;
    entries += ZipEntry::stored("m/version", version);
    for (ZipEntry &entry : entries)
        entry.late = entry.method == 0;
    return zipBytes(entries, true);
}

/// A state dict with one tensor "w" over storage "0" of 12 floats.
inline QByteArray one(const QByteArray &value)
{
    return archive(dictionary({{"w", value}}));
}

inline QByteArray legacy(const QByteArray &value, const QByteArray &keys, const QByteArray &storages,
                         const QByteArray &protocol = "M\xe9\x03",
                         const QByteArray &system = dictionary({{"little_endian", "\x88"}}))
{
    return kMagic + pickled(protocol) + pickled(system) + pickled(value) + pickled(keys) + storages;
}

inline QByteArray oldStorage(const QByteArray &key, std::int64_t count, const QByteArray &view = "N")
{
    return tuple({unicode("storage"), global("torch", "FloatStorage"), unicode(key), unicode("cpu"), integer(count),
                  view}) +
           "Q";
}

inline const QByteArray kWhole = tensor(storage("0", 12), 0, {3, 4}, {4, 1});

inline QByteArray object(const QByteArray &module, const QByteArray &name, const QByteArray &state)
{
    return global(module, name) + ")\x81" + state + "b";
}

/// Opens `bytes` as the file x.pt in `folder`.
inline Result<std::shared_ptr<const Model>> openTorch(const QTemporaryDir &folder, const QByteArray &bytes)
{
    QFile target(folder.filePath("x.pt"));
    if (!target.open(QIODevice::WriteOnly) || target.write(bytes) != bytes.size())
        qFatal("cannot write");
    target.close();
    return openModel(target.fileName().toStdString(), {});
}

} // namespace qs::test
