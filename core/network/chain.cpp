// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/network/chain.h"

#include "core/model/names.h"

#include <algorithm>
#include <fmt/format.h>

namespace qs {

namespace {

/// The name with every run of digits replaced by '#'.
std::string withoutNumbers(std::string_view name)
{
    std::string result;
    bool digits = false;
    for (char c : name) {
        const bool digit = c >= '0' && c <= '9';
        if (!digit)
            result += c;
        else if (!digits)
            result += '#';
        digits = digit;
    }
    return result;
}

ChainSearch none(Text reason)
{
    return {std::nullopt, std::move(reason)};
}

/// Appends a layer when its input fits the chain's end; else says why not.
Text append(const Model &model, std::size_t index, Chain &chain)
{
    const Layer &layer = model.layers[index];
    const TensorInfo &tensor = model.tensorOf(layer);
    if (tensor.shape.size() != 2 || layer.op != Op::Linear)
        return Text::of("'{}' is no Linear layer (shape {})", layer.name, shapeText(tensor.shape));
    if (const Text reason = withoutValues(model, layer); !reason.empty())
        return Text::of("the values of '{}' are not known: {}", layer.name, reason);
    if (tensor.elements() == 0)
        return Text::of("'{}' is empty (shape {})", layer.name, shapeText(tensor.shape));
    if (!chain.layers.empty() && chain.layers.back().outputs != tensor.shape[1])
        return Text::of("'{}' takes {} inputs, but the layer before it gives {}", layer.name, tensor.shape[1],
                        chain.layers.back().outputs);
    chain.layers.push_back({index, tensor.shape[1], tensor.shape[0], layer.bias, Activation::None});
    return {};
}

ChainSearch declaredChain(const Model &model)
{
    Chain chain;
    for (std::size_t i = 0; i < model.network->layers.size(); ++i) {
        const std::string &module = model.network->layers[i];
        const std::optional<std::size_t> index = model.findLayer(module);
        if (!index)
            return none(Text::of("the file declares a network with a layer '{}' that it does not hold", module));
        if (Text problem = append(model, *index, chain); !problem.empty())
            return none(Text::of("the network that the file declares does not fit together: {}", problem));
        chain.layers.back().activation = model.network->activations[i];
    }
    if (chain.layers.empty())
        return none(Text::of("the network that the file declares has no layers"));
    return {std::move(chain), {}};
}

ChainSearch recognisedChain(const Model &model)
{
    if (model.layers.empty())
        return none(Text::of("the file holds no layers"));
    const std::string pattern = withoutNumbers(model.layers.front().module);
    Chain chain;
    std::vector<bool> used(model.tensors.size());
    for (std::size_t i = 0; i < model.layers.size(); ++i) { // layers are in natural order of names
        const Layer &layer = model.layers[i];
        if (withoutNumbers(layer.module) != pattern)
            return none(Text::of("no chain of layers recognised: '{}' and '{}' differ in more than numbers",
                                 model.layers.front().module, layer.module));
        if (Text problem = append(model, i, chain); !problem.empty())
            return none(Text::of("no chain of layers recognised: {}", problem));
        used[layer.tensor] = true;
        if (layer.bias)
            used[*layer.bias] = true;
        if (layer.stored) {
            for (const std::size_t part : layer.stored->parts())
                used[part] = true;
        }
    }
    for (std::size_t i = 0; i < used.size(); ++i) {
        if (!used[i] && !model.isSample(i) && !model.aliases.contains(i) && isWeightFloat(model.tensors[i].dtype))
            return none(
                Text::of("no chain of layers recognised: nobody knows where '{}' belongs", model.tensors[i].name));
    }
    for (std::size_t i = 0; i + 1 < chain.layers.size(); ++i)
        chain.layers[i].activation = Activation::Relu;
    return {std::move(chain), {}};
}

/// Names are the same in every language.
Text activationName(Activation activation, Text none)
{
    switch (activation) {
    case Activation::Relu:
        return Text::asIs("ReLU");
    case Activation::Gelu:
        return Text::asIs("GELU");
    case Activation::Silu:
        return Text::asIs("SiLU");
    case Activation::Tanh:
        return Text::asIs("tanh");
    case Activation::None:
        break;
    }
    return none;
}

/// "ReLU between layers, none after the last (declared by the file)".
Text describe(const Chain &chain, const Text &source)
{
    bool same = true;
    for (std::size_t i = 0; i + 1 < chain.layers.size(); ++i)
        same = same && chain.layers[i].activation == chain.layers.front().activation;
    const Activation first = chain.layers.front().activation;
    const Activation last = chain.layers.back().activation;
    if (chain.layers.size() < 2)
        return Text::of("one layer, {} after it ({})", activationName(last, Text::of("no activation")), source);
    if (!same)
        return Text::of("{} layers in order, each with its own activation ({})", chain.layers.size(), source);
    return Text::of("{} layers in order, {} between them, {} after the last ({})", chain.layers.size(),
                    activationName(first, Text::of("no activation")), activationName(last, Text::of("none")), source);
}

constexpr std::int64_t kOpset = 24; // the first one that has an operator for each activation

/// The operator; empty for none.
std::string_view operatorOf(Activation activation)
{
    switch (activation) {
    case Activation::Relu:
        return "Relu";
    case Activation::Gelu:
        return "Gelu";
    case Activation::Silu:
        return "Swish";
    case Activation::Tanh:
        return "Tanh";
    case Activation::None:
        break;
    }
    return {};
}

class ChainWriter
{
public:
    explicit ChainWriter(const Model &model)
        : m_model(model)
    {}

    Network write(const Chain &chain)
    {
        m_network.opsets["ai.onnx"] = kOpset;
        m_network.graphs.emplace_back();
        std::uint32_t x = addValue("input", {{.name = "samples"}, {.size = chain.layers.front().inputs}});
        m_network.graphs[0].inputs.push_back(x);
        for (const ChainLayer &layer : chain.layers) {
            const std::string &name = m_model.layers[layer.layer].module;
            std::vector<std::uint32_t> inputs{x, addTensor(m_model.layers[layer.layer].tensor)};
            if (layer.bias)
                inputs.push_back(addTensor(*layer.bias));
            x = addNode("Gemm", name, std::move(inputs), layer.outputs);
            m_network.graphs[0].nodes.back().attributes.push_back({"transB", std::int64_t{1}});
            if (const std::string_view op = operatorOf(layer.activation); !op.empty())
                x = addNode(op, fmt::format("{}/{}", name, op), {x}, layer.outputs);
        }
        m_network.graphs[0].outputs.push_back(x);
        return std::move(m_network);
    }

private:
    std::uint32_t addValue(std::string name, std::vector<NetworkDim> shape)
    {
        NetworkValue &value = m_network.values.emplace_back();
        value.name = std::move(name);
        value.dtype = DType::F32;
        value.shape = std::move(shape);
        return static_cast<std::uint32_t>(m_network.values.size() - 1);
    }

    std::uint32_t addTensor(std::size_t tensor)
    {
        std::vector<NetworkDim> shape;
        for (const std::uint64_t size : m_model.tensors[tensor].shape)
            shape.push_back({.size = size});
        const std::uint32_t value = addValue(m_model.tensors[tensor].name, std::move(shape));
        m_network.values[value].tensor = tensor;
        return value;
    }

    std::uint32_t addNode(std::string_view op, const std::string &name, std::vector<std::uint32_t> inputs,
                          std::uint64_t outputs)
    {
        const std::uint32_t value = addValue(name, {{.name = "samples"}, {.size = outputs}});
        NetworkNode &node = m_network.graphs[0].nodes.emplace_back();
        node.domain = kChainDomain;
        node.op = op;
        node.version = kOpset;
        node.name = name;
        node.inputs = std::move(inputs);
        node.outputs = {value};
        return value;
    }

    const Model &m_model;
    Network m_network;
};

} // namespace

ChainSearch findChain(const Model &model, std::optional<Activation> activation)
{
    ChainSearch result = model.network ? declaredChain(model) : recognisedChain(model);
    if (!result.chain)
        return result;
    Text source = model.network ? Text::of("declared by the file") : Text::of("assumed from names and shapes");
    if (activation) {
        for (std::size_t i = 0; i + 1 < result.chain->layers.size(); ++i)
            result.chain->layers[i].activation = *activation;
        source = Text::of("activation chosen by you");
    }
    result.chain->assumed = describe(*result.chain, source);
    return result;
}

Network networkOf(const Model &model, const Chain &chain)
{
    return ChainWriter(model).write(chain);
}

double gigaFlop(const ChainLayer &layer, std::uint64_t samples)
{
    return 2e-9 * static_cast<double>(samples) * static_cast<double>(layer.inputs) * static_cast<double>(layer.outputs);
}

} // namespace qs
