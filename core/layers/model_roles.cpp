// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/layers/model_roles.h"

#include "core/layers/roles.h"

namespace qs {
namespace {

Role roleOf(Op op)
{
    switch (op) {
    case Op::Linear:
    case Op::MatMul:
        return Role::Linear;
    case Op::Conv:
    case Op::ConvTranspose:
        return Role::Convolution;
    case Op::Recurrent:
        return Role::Recurrent;
    case Op::Embedding:
        return Role::Embedding;
    }
    return Role::Linear;
}

} // namespace

void assignRoles(Model &model)
{
    model.namedRoles = namedRoles(model.tensors, model.tensorsByName);
    for (std::size_t i = 0; i < model.tensors.size(); ++i) {
        TensorInfo &tensor = model.tensors[i];
        const auto declared = model.roles.find(i);
        if (declared != model.roles.end() && declared->second.channelAxis)
            tensor.stackAxes = declared->second.stackAxes;
        else if (tensor.encoding || isDecodedFloat(tensor.dtype)) // of other codes their metadata tells
            tensor.stackAxes = model.namedRoles[i].stackAxes;
    }
}

void settleRoles(Model &model)
{
    for (const auto &[tensor, declared] : model.roles) {
        NamedRole &role = model.namedRoles[tensor];
        if (!declared.layer && role.op)
            role = {.role = Role::Buffer, .reason = Text::constant("nothing multiplies by it")};
    }
    for (const Layer &layer : model.layers) {
        NamedRole &role = model.namedRoles[layer.tensor];
        const bool sameOp = role.op == layer.op || (role.op == Op::Linear && layer.op == Op::MatMul);
        const auto declared = model.roles.find(layer.tensor);
        const bool isGuess = role.role == Role::Convolution && role.keptByDefault; // by a shape that fits other things
        if (model.tensors[layer.tensor].stackAxes > 0)
            role.role = Role::Stack;
        else if (!sameOp || role.role == Role::Stack ||
                 (isGuess && declared != model.roles.end() && declared->second.op))
            role = {.role = roleOf(layer.op),
                    .op = layer.op,
                    .reason = Text::constant("weights of a layer, as the file says")};
        if (!layer.stored)
            continue;
        for (const std::size_t part : layer.stored->parts())
            model.namedRoles[part] = {.role = Role::Companion,
                                      .of = static_cast<std::uint32_t>(layer.tensor),
                                      .reason = Text::constant("belongs to the codes of a quantized weight")};
    }
}

} // namespace qs
