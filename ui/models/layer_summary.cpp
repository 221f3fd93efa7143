// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/layer_summary.h"

#include "ui/text/format.h"

#include <QCoreApplication>
#include <QStringList>

namespace qs::ui {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("LayerSummary", text);
}

} // namespace

QString opName(Op op)
{
    switch (op) {
    case Op::Linear:
        return tr("Linear");
    case Op::Conv:
        return tr("Convolution");
    case Op::Recurrent:
        return tr("Recurrent");
    case Op::Embedding:
        return tr("Embedding");
    case Op::ConvTranspose:
        return tr("Transposed convolution");
    case Op::MatMul:
        return tr("Matrix product");
    }
    return {};
}

QString activationName(Activation activation)
{
    switch (activation) {
    case Activation::None:
        return tr("none");
    case Activation::Relu:
        return tr("ReLU");
    case Activation::Gelu:
        return tr("GELU");
    case Activation::Silu:
        return tr("SiLU");
    case Activation::Tanh:
        return tr("tanh");
    }
    return {};
}

QString layerSummary(const Model &model, const ChainSearch &chain, std::size_t layer, int channelAxis)
{
    const TensorInfo &tensor = model.tensorOf(model.layers[layer]);
    const MatrixShape shape = matrixShape(tensor, channelAxis);
    const auto weights = [](std::uint64_t count) {
        return count == 1 ? tr("1 weight") : tr("%1 weights").arg(text::count(count));
    };
    QStringList parts{opName(model.layers[layer].op)};
    if (tensor.shape.size() == 2)
        parts << tr("%1 → %2").arg(shape.weights).arg(shape.channels);
    else
        parts << (shape.channels == 1 ? tr("1 channel of %1").arg(weights(shape.weights))
                                      : tr("%1 channels of %2").arg(shape.channels).arg(weights(shape.weights)));
    if (chain.chain)
        for (const ChainLayer &step : chain.chain->layers)
            if (step.layer == layer && step.activation != Activation::None)
                parts << activationName(step.activation);
    parts << weights(tensor.elements());
    return parts.join(QStringLiteral(" · "));
}

} // namespace qs::ui
