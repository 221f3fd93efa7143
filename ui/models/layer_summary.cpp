// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/layer_summary.h"

#include "ui/document/setup.h"
#include "ui/text/format.h"

#include <QCoreApplication>
#include <QStringList>

namespace qs::ui {

namespace {

struct LayerSummary {
    Q_DECLARE_TR_FUNCTIONS(LayerSummary)
};

} // namespace

QString opName(Op op)
{
    switch (op) {
    case Op::Linear:
        return LayerSummary::tr("Linear");
    case Op::Conv:
        return LayerSummary::tr("Convolution");
    case Op::Recurrent:
        return LayerSummary::tr("Recurrent");
    case Op::Embedding:
        return LayerSummary::tr("Embedding");
    case Op::ConvTranspose:
        return LayerSummary::tr("Transposed convolution");
    case Op::MatMul:
        return LayerSummary::tr("Matrix product");
    }
    return {};
}

QString activationName(Activation activation)
{
    switch (activation) {
    case Activation::None:
        return LayerSummary::tr("none");
    case Activation::Relu:
        return LayerSummary::tr("ReLU");
    case Activation::Gelu:
        return LayerSummary::tr("GELU");
    case Activation::Silu:
        return LayerSummary::tr("SiLU");
    case Activation::Tanh:
        return LayerSummary::tr("tanh");
    }
    return {};
}

bool isDamaged(const Setup &setup, std::size_t layer)
{
    const LayerReport *report = setup.report() ? setup.report()->layers[layer].get() : nullptr;
    return setup.isStored(layer) && report && report->decision.by == DecidedBy::Data;
}

QString layerSummary(const Model &model, const ChainSearch &chain, std::size_t layer, int channelAxis)
{
    const TensorInfo &tensor = model.tensorOf(model.layers[layer]);
    const MatrixShape shape = matrixShape(tensor, channelAxis);
    const auto weights = [](std::uint64_t count) {
        return LayerSummary::tr("%1 weights", nullptr, text::plural(count)).arg(text::count(count));
    };
    QStringList parts{opName(model.layers[layer].op)};
    if (const std::uint64_t experts = matricesOf(tensor, channelAxis); experts > 1)
        parts
            << LayerSummary::tr("%1 experts of %2 → %3").arg(experts).arg(shape.weights).arg(shape.channels / experts);
    else if (tensor.shape.size() == 2)
        parts << LayerSummary::tr("%1 → %2").arg(shape.weights).arg(shape.channels);
    else
        parts << LayerSummary::tr("%1 channels of %2", nullptr, text::plural(shape.channels))
                     .arg(shape.channels)
                     .arg(weights(shape.weights));
    if (chain.chain)
        for (const ChainLayer &step : chain.chain->layers)
            if (step.layer == layer && step.activation != Activation::None)
                parts << activationName(step.activation);
    parts << weights(tensor.elements());
    return parts.join(QStringLiteral(" · "));
}

} // namespace qs::ui
