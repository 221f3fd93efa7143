// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Pickles as bytes: pieces of what PyTorch writes.
#pragma once

#include "tests/support/zip_bytes.h"

namespace qs::test {

inline QByteArray unicode(const QByteArray &text)
{
    return "X" + little(static_cast<std::uint64_t>(text.size()), 4) + text;
}

inline QByteArray global(const QByteArray &module, const QByteArray &name)
{
    return "c" + module + "\n" + name + "\n";
}

/// LONG1 of eight bytes.
inline QByteArray integer(std::int64_t value)
{
    return "\x8a\x08" + little(static_cast<std::uint64_t>(value), 8);
}

inline QByteArray tuple(const QList<QByteArray> &items)
{
    return "(" + items.join() + "t";
}

inline QByteArray integers(const QList<std::int64_t> &values)
{
    QList<QByteArray> items;
    for (std::int64_t value : values)
        items += integer(value);
    return tuple(items);
}

/// BINPERSID of a storage.
inline QByteArray storage(const QByteArray &key, std::int64_t count, const QByteArray &type = "FloatStorage")
{
    return tuple({unicode("storage"), global("torch", type), unicode(key), unicode("cpu"), integer(count)}) + "Q";
}

inline QByteArray rebuilt(const QByteArray &function, const QList<QByteArray> &arguments)
{
    return global("torch._utils", function) + tuple(arguments) + "R";
}

/// _rebuild_tensor_v2.
inline QByteArray tensor(const QByteArray &storage, std::int64_t offset, const QList<std::int64_t> &size,
                         const QList<std::int64_t> &stride)
{
    return rebuilt("_rebuild_tensor_v2", {storage, integer(offset), integers(size), integers(stride), "\x89",
                                          global("collections", "OrderedDict") + ")R"});
}

/// A whole pickle of protocol 2.
inline QByteArray pickled(const QByteArray &value)
{
    return "\x80\x02" + value + ".";
}

/// A dictionary of keys and values.
inline QByteArray dictionary(const QList<std::pair<QByteArray, QByteArray>> &items)
{
    QByteArray bytes = "}(";
    for (const auto &[key, value] : items)
        bytes += unicode(key) + value;
    return bytes + "u";
}

} // namespace qs::test
