// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The bytes of a tensor as they are in its file.
#pragma once

#include "core/base/input_file.h"
#include "core/tensor/tensor.h"

#include <QByteArray>

#include <cstring>
#include <vector>

namespace qs::test {

/// All bytes; empty when they cannot be read.
inline QByteArray contentOf(const TensorView &view)
{
    const auto bytes = view.bytes();
    return bytes ? QByteArray(reinterpret_cast<const char *>(bytes->data()), static_cast<qsizetype>(bytes->size()))
                 : QByteArray();
}

/// All elements, of a type of the same size.
template <class T> std::vector<T> elementsOf(const TensorView &view)
{
    const QByteArray bytes = contentOf(view);
    std::vector<T> values(static_cast<std::size_t>(bytes.size()) / sizeof(T));
    std::memcpy(values.data(), bytes.constData(), values.size() * sizeof(T));
    return values;
}

/// All bytes of a file; empty when they cannot be read.
inline QByteArray contentOf(const InputFile &file)
{
    QByteArray bytes(static_cast<qsizetype>(file.size()), '\0');
    return file.read(0, std::as_writable_bytes(std::span(bytes.data(), file.size()))) ? bytes : QByteArray();
}

} // namespace qs::test
