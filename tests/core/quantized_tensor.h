// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// One tensor of a model quantized as tests need it: with all codes and values.
#pragma once

#include "core/quant/quantize.h"
#include "tests/support/tensor_content.h"
#include "tests/support/test_model.h"

#include <cstring>
#include <span>

namespace qs::test {

struct QuantizedTensor {
    LayerQuantization layer;
    std::vector<std::int8_t> codes; ///< in the order of the tensor
    std::vector<float> values;
};

/// A layer with all vectors; `sink` gets codes and values.
inline Result<LayerQuantization> quantizeWhole(const Model &model, const Layer &layer, int channelAxis,
                                               const Scheme &scheme, const CodeSink &sink = {})
{
    QS_ASSIGN(QuantizeResult result,
              quantizeLayer(
                  {.model = model, .layer = layer, .channelAxis = channelAxis, .scheme = scheme, .sink = sink}, {}));
    return std::move(result.quantization);
}

/// Channels on axis 0.
inline Result<QuantizedTensor> quantizeTensor(const Model &model, const std::string &name, const Scheme &scheme)
{
    Layer layer;
    layer.tensor = model.findTensor(name).value();
    layer.name = name;
    QuantizedTensor result;
    const std::uint64_t columns = matrixShape(model.tensorOf(layer), 0).weights;
    result.codes.resize(model.tensorOf(layer).elements());
    result.values.resize(result.codes.size());
    QS_ASSIGN(result.layer, quantizeWhole(model, layer, 0, scheme, [&](const CodeBlock &block) -> Result<void> {
                  const auto at = static_cast<std::ptrdiff_t>(block.channel * columns + block.weight);
                  std::copy_n(block.codes, block.channels * block.weights, result.codes.begin() + at);
                  std::copy_n(block.values, block.channels * block.weights, result.values.begin() + at);
                  return {};
              }));
    return result;
}

/// From "field=value field=value …"; must be valid.
inline Scheme schemeOf(const QString &text)
{
    Scheme scheme;
    SchemePatch patch;
    for (const QString &field : text.split(' ', Qt::SkipEmptyParts)) {
        if (!patch.set(field.section('=', 0, 0).toStdString(), field.section('=', 1).toStdString()))
            qFatal("%s", qPrintable(field));
    }
    patch.applyTo(scheme);
    if (const auto valid = scheme.validate(); !valid)
        qFatal("%s", valid.error().text().c_str());
    return scheme;
}

/// Elements of a tensor as they are in the file; empty when there is no such tensor.
template <class T> std::vector<T> elementsOf(const Model &model, const std::string &name)
{
    const auto index = model.findTensor(name);
    if (!index)
        return {};
    return elementsOf<T>(model.view(*index));
}

/// Normal-like weights with a few large ones.
inline std::vector<float> heavyValues(std::size_t count, std::uint32_t seed)
{
    std::vector<float> values = randomValues(count, seed);
    const std::vector<float> more = randomValues(count, seed + 1);
    for (std::size_t i = 0; i < count; ++i)
        values[i] += more[i] * (i % 61 == 7 ? 9.0F : 1.0F);
    return values;
}

/// A model of two tensors with heavy tails: "long", two channels of `longRow` weights, and "rows", [kRows, kColumns].
struct HeavyModel {
    static constexpr std::size_t kRows = 40;
    static constexpr std::size_t kColumns = 331;

    explicit HeavyModel(std::size_t longRow)
        : longColumns(longRow)
        , longValues(heavyValues(2 * longRow, 5))
        , rows(heavyValues(kRows * kColumns, 9))
        , model(openBytes(folder, "model.safetensors",
                          safetensorsBytes({{"long", {2, longRow}, longValues}, {"rows", {kRows, kColumns}, rows}})))
    {}

    const std::vector<float> &valuesOf(const QString &tensor) const { return tensor == "rows" ? rows : longValues; }
    std::size_t columnsOf(const QString &tensor) const { return tensor == "rows" ? kColumns : longColumns; }

    QTemporaryDir folder;
    std::size_t longColumns;
    std::vector<float> longValues;
    std::vector<float> rows;
    std::shared_ptr<const Model> model;
};

inline double squares(std::span<const float> x, std::span<const float> y)
{
    double sum = 0;
    for (std::size_t i = 0; i < x.size(); ++i)
        sum += (double(x[i]) - double(y[i])) * (double(x[i]) - double(y[i]));
    return sum;
}

} // namespace qs::test
