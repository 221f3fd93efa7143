// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/layers/layer_rules.h"

#include "core/base/text.h"
#include "core/layers/coded_layers.h"
#include "core/layers/compressed_tensors.h"
#include "core/layers/conv1d.h"
#include "core/layers/declared_network.h"
#include "core/layers/declared_roles.h"
#include "core/layers/model_roles.h"
#include "core/layers/stored_tensors.h"
#include "core/layers/ties.h"
#include "core/model/names.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <unordered_map>

namespace qs {
namespace {

const Text &axisReason(Op op)
{
    static const std::array<Text, 6> kReasons{
        // in the order of Op
        Text::of("Linear weights are stored [out, in]"),
        Text::of("convolution weights are stored [out, in, kernel]"),
        Text::of("recurrent weights are stored [gates × hidden, in]"),
        Text::of("embeddings are stored one row per entry"),
        Text::of("transposed convolution weights are stored [in, out, kernel]"),
        Text::of("factors of matrix products are stored [in, out]"),
    };
    return kReasons[static_cast<std::size_t>(op)];
}

/// Whole numbers in the place of a weight, whose scales nothing tells.
bool areUnknownCodes(const NamedRole &named, const TensorInfo &info)
{
    return named.role == Role::Codes && isInteger(info.dtype) && bitsOf(info.dtype) <= 32;
}

/// Why a tensor that is a weight cannot be quantized; empty when it can.
Text keptReasonOf(const NamedRole &named, const TensorInfo &info)
{
    if (isWeightFloat(info.dtype))
        return {};
    if (areUnknownCodes(named, info))
        return Text::of("already quantized by a tool that is not known: {} numbers whose scales cannot be told",
                        info.typeName());
    return Text::of("weights of type {} are not quantized, only those of f64, f32, f16 and bf16", info.typeName());
}

const TensorRole *roleOf(const Model &model, std::size_t tensor)
{
    const auto found = model.roles.find(tensor);
    return found == model.roles.end() ? nullptr : &found->second;
}

/// One text for all layers of a reason.
class Reasons
{
public:
    const Text &of(TextLiteral<0> reason)
    {
        Text &text = m_texts[reason.text];
        if (text.empty())
            text = Text::of(reason);
        return text;
    }

private:
    std::unordered_map<const char *, Text> m_texts;
};

Op opOfRank(const TensorInfo &tensor)
{
    return tensor.shape.size() > 2 ? Op::Conv : Op::Linear;
}

Layer makeLayer(const Model &model, std::size_t tensor, Reasons &reasons)
{
    const TensorInfo &info = model.tensors[tensor];
    const TensorRole *role = roleOf(model, tensor);
    const NamedRole &named = model.namedRoles[tensor];
    Layer layer;
    layer.tensor = tensor;
    layer.name = info.name;
    layer.module = moduleName(info.name);
    layer.op = role && role->op ? *role->op : named.op.value_or(opOfRank(info));
    const bool saysAxis = role && role->channelAxis;
    const bool namesAxis = !saysAxis && named.op && (!role || !role->op);
    layer.channelAxis = saysAxis ? *role->channelAxis : namesAxis ? named.channelAxis : 0;
    if (saysAxis && !role->reason.empty())
        layer.channelAxisReason = role->reason;
    else if (namesAxis && *named.axisReason.text != 0)
        layer.channelAxisReason = reasons.of(named.axisReason);
    else
        layer.channelAxisReason = axisReason(layer.op);
    if (role && role->stored) {
        layer.keptReason = storedProblem(model, info, layer.channelAxis, *role->stored);
        if (layer.keptReason.empty())
            layer.stored = std::make_shared<const StoredQuantization>(*role->stored);
    } else if (role && !role->quantizable) {
        layer.keptReason = role->reason;
    } else {
        layer.keptReason = keptReasonOf(named, info);
    }
    return layer;
}

void attachBias(const Model &model, Layer &layer)
{
    const TensorRole *role = roleOf(model, layer.tensor);
    if (role && role->bias) {
        layer.bias = role->bias;
        return;
    }
    const auto bias = model.findTensor(layer.module + ".bias");
    // One value per output, whichever axis codes were made on.
    const int byRole = role ? role->channelAxis.value_or(0) : 0;
    const auto axis = static_cast<std::size_t>(role || layer.stored ? byRole : layer.channelAxis);
    const std::uint64_t outputs = model.tensorOf(layer).shape[axis];
    if (bias && isWeightFloat(model.tensors[*bias].dtype) && model.tensors[*bias].shape == std::vector{outputs})
        layer.bias = bias;
}

/// What a reader said decides; where it said nothing, the table of roles does.
bool isLayer(const Model &model, std::size_t tensor)
{
    const TensorInfo &info = model.tensors[tensor];
    if (info.shape.size() < 2 || model.aliases.contains(tensor))
        return false;
    if (const TensorRole *role = roleOf(model, tensor))
        return role->layer;
    if (model.isSample(tensor))
        return false;
    const NamedRole &named = model.namedRoles[tensor];
    return areUnknownCodes(named, info) || (isDecodedFloat(info.dtype) && named.op);
}

/// Sorts unless that has been done: a million names that stand in order in the file already are common.
template <class Range, class Less, class Projection> void bringInOrder(Range &range, Less less, Projection projection)
{
    if (!std::ranges::is_sorted(range, less, projection))
        std::ranges::sort(range, less, projection);
}

/// Adds what is not `taken` yet and brings all layers into natural order. Indices are sorted, not layers: a file may
/// have a million of them.
void addLayers(Model &model, const std::vector<bool> &taken, Reasons &reasons)
{
    std::vector<Layer> stored = std::move(model.layers);
    std::vector<std::pair<std::size_t, Layer *>> order; // tensor, and its layer where there is one already
    for (Layer &layer : stored)
        order.emplace_back(layer.tensor, &layer);
    for (std::size_t i = 0; i < model.tensors.size(); ++i)
        if (!taken[i] && isLayer(model, i))
            order.emplace_back(i, nullptr);
    bringInOrder(order, naturalLess,
                 [&](const auto &entry) -> std::string_view { return model.tensors[entry.first].name; });
    model.layers.clear();
    model.layers.reserve(order.size());
    for (const auto &[tensor, layer] : order)
        model.layers.push_back(layer ? std::move(*layer) : makeLayer(model, tensor, reasons));
}

void sortNames(Model &model)
{
    model.tensorsByName.resize(model.tensors.size());
    std::iota(model.tensorsByName.begin(), model.tensorsByName.end(), std::size_t{0});
    bringInOrder(model.tensorsByName, std::ranges::less(),
                 [&](std::size_t index) -> std::string_view { return model.tensors[index].name; });
}

void readTexts(Model &model)
{
    const auto text = [&](const char *key) {
        const auto found = model.metadata.find(key);
        return found == model.metadata.end() ? std::string() : found->second;
    };
    if (std::string title = text("quantoscope.title"); !title.empty())
        model.title = std::move(title);
    else if (model.title.empty())
        model.title = model.path.filename().string();
    model.about = text("quantoscope.about");
}

/// Says of a file whose codes nobody knows that its layers are not seen as they are.
void warnOfUnknownCodes(Model &model)
{
    std::size_t count = 0;
    const TensorInfo *first = nullptr;
    for (const Layer &layer : model.layers) {
        const TensorInfo &info = model.tensorOf(layer);
        if (layer.hasCodes() || roleOf(model, layer.tensor) || !isInteger(info.dtype))
            continue;
        if (count++ == 0)
            first = &info;
    }
    if (first != nullptr)
        model.warnings.push_back(
            Text::of("{} weights are codes of a tool that is not known, the first is {}: {} numbers "
                     "of shape {}",
                     count, inQuotes(first->name), first->typeName(), shapeText(first->shape)));
}

} // namespace

void findLayers(Model &model)
{
    const std::size_t warnings = model.warnings.size();
    sortNames(model);
    if (declareCodedLayers(model))
        sortNames(model);
    if (declareCompressedTensors(model))
        sortNames(model);
    readDeclaredRoles(model);
    declareConv1d(model);
    readTexts(model);
    readDeclaredNetwork(model);
    listLayers(model);
    if (model.warnings.size() == warnings) // or else it has been said
        warnOfUnknownCodes(model);
    checkDeclaredNetwork(model);
}

void listLayers(Model &model)
{
    model.layers.clear();
    assignRoles(model);
    chooseTiedNames(model);

    Reasons reasons;
    std::vector<bool> taken(model.tensors.size()); // listed already, or part of a quantized layer
    const auto take = [&](const StoredQuantization &stored) {
        for (std::size_t part : stored.parts())
            taken[part] = true;
    };
    for (const auto &[tensor, role] : model.roles)
        if (role.stored)
            take(*role.stored);
    for (StoredTensor &stored : findStoredTensors(model)) {
        taken[stored.tensor] = true;
        take(stored.quantization);
        Layer layer = makeLayer(model, stored.tensor, reasons);
        layer.channelAxis = stored.channelAxis;
        layer.channelAxisReason = std::move(stored.channelAxisReason);
        layer.stored = std::make_shared<const StoredQuantization>(std::move(stored.quantization));
        layer.keptReason = {};
        model.layers.push_back(std::move(layer));
    }
    addLayers(model, taken, reasons);
    model.indexLayers();
    nameTies(model);
    const bool hasBiases =
        std::ranges::any_of(model.tensors, [](const TensorInfo &tensor) { return tensor.name.ends_with(".bias"); });
    for (Layer &layer : model.layers)
        if (hasBiases || !model.roles.empty())
            attachBias(model, layer);
    settleRoles(model);
}

} // namespace qs
