// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// ONNX models read from bytes, and their values as text, for tests.
#pragma once

#include "core/base/input_file.h"
#include "core/base/text.h"
#include "core/formats/onnx/onnx.h"
#include "core/layers/layer_rules.h"
#include "core/tensor/small_floats.h"
#include "tests/support/protobuf_writer.h"
#include "tests/support/tensor_content.h"

#include <QString>
#include <QStringList>

#include <memory>
#include <vector>

namespace qs::test {

/// A model together with the bytes that it reads from.
struct OnnxModel {
    QByteArray bytes;
    Model model;

    const TensorInfo &tensor(const char *name) const
    {
        const auto index = model.findTensor(name);
        if (!index)
            qFatal("there is no tensor %s", name);
        return model.tensors[*index];
    }
    const TensorRole *role(const char *name) const
    {
        const auto index = model.findTensor(name);
        const auto found = index ? model.roles.find(*index) : model.roles.end();
        return found == model.roles.end() ? nullptr : &found->second;
    }
    QByteArray values(const char *name) const
    {
        return contentOf(model.view(static_cast<std::size_t>(&tensor(name) - model.tensors.data())));
    }
    QString warnings() const
    {
        QStringList list;
        for (const Text &warning : model.warnings)
            list << QString::fromStdString(warning.str());
        return list.join('\n');
    }
};

inline Result<std::unique_ptr<OnnxModel>> readOnnx(const QByteArray &bytes)
{
    auto result = std::make_unique<OnnxModel>();
    result->bytes = bytes;
    result->bytes.detach();
    const auto span =
        std::as_bytes(std::span(result->bytes.constData(), static_cast<std::size_t>(result->bytes.size())));
    result->model.path = "x.onnx";
    QS_CHECK(kOnnxReader.read(InputFile::fromMemory(span, "x.onnx"), result->model, {}));
    findLayers(result->model);
    return result;
}

/// A model whose only layer must be "w".
inline std::unique_ptr<OnnxModel> readLayerW(const QByteArray &bytes)
{
    auto read = readOnnx(bytes);
    if (!read)
        qFatal("%s", read.error().text().c_str());
    const std::vector<Layer> &layers = (*read)->model.layers;
    if (layers.size() != 1 || layers[0].name != "w")
        qFatal("there are %zu layers instead of one, 'w'", layers.size());
    return std::move(*read);
}

} // namespace qs::test
