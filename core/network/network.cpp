// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/network/network.h"

#include "core/base/text.h"

#include <algorithm>
#include <bit>
#include <concepts>
#include <ranges>

namespace qs {
namespace {

constexpr std::size_t kPortsNamed = 4; // of inputs and of outputs in a summary

/// FNV-1a over numbers; everything of variable length goes in behind its length.
class Hasher
{
public:
    std::uint64_t result() const { return m_state; }

    template <std::integral T> void add(T number)
    {
        for (unsigned i = 0; i < sizeof number; ++i)
            addByte(static_cast<unsigned char>(static_cast<std::uint64_t>(number) >> (8 * i)));
    }
    void add(float number) { add(std::bit_cast<std::uint32_t>(number == 0 ? 0.F : number)); } // −0 equals 0
    void add(std::byte byte) { addByte(std::to_integer<unsigned char>(byte)); }
    void add(const std::string &text) { addRange(text); }
    void add(const ConstantRef &reference) { add(reference.index); }
    void add(const GraphRef &reference) { add(reference.index); }
    void add(const UnreadAttribute &attribute) { add(attribute.kind); }
    void add(const NetworkDim &dim)
    {
        add(dim.size);
        add(dim.name);
    }
    void add(DType dtype) { add(static_cast<std::uint8_t>(dtype)); }
    template <class T> void add(const std::vector<T> &values) { addRange(values); }
    template <class T> void add(const std::optional<T> &value)
    {
        add(value.has_value());
        if (value)
            add(*value);
    }
    void add(const NetworkAttribute &attribute)
    {
        add(attribute.name);
        add(attribute.value.index());
        std::visit([this](const auto &value) { add(value); }, attribute.value);
    }
    void add(const NetworkConstant &constant)
    {
        add(constant.dtype);
        add(constant.shape);
        add(constant.bytes);
        add(constant.texts);
    }
    void add(const NetworkValue &value)
    {
        add(value.name);
        add(value.graph);
        add(value.dtype);
        add(value.otherType);
        add(value.shape);
        add(value.tensor);
        add(value.constant);
    }
    void add(const NetworkNode &node)
    {
        add(node.domain);
        add(node.op);
        add(node.version);
        add(node.name);
        add(node.inputs);
        add(node.outputs);
        add(node.attributes);
    }
    void add(const NetworkGraph &graph)
    {
        add(graph.parent);
        add(graph.parentNode);
        add(graph.nodes);
        add(graph.inputs);
        add(graph.outputs);
        add(graph.captures);
    }

private:
    void addByte(unsigned char byte) { m_state = (m_state ^ byte) * 0x100000001b3ULL; }

    template <class Values> void addRange(const Values &values)
    {
        add(values.size());
        for (const auto &value : values)
            add(value);
    }

    std::uint64_t m_state = 0xcbf29ce484222325ULL;
};

/// "'x' [1, 8], 'y' [1]".
Text portsText(const Network &network, const std::vector<std::uint32_t> &ports)
{
    Text text;
    for (std::size_t i = 0; i < std::min(ports.size(), kPortsNamed); ++i) {
        const NetworkValue &value = network.values[ports[i]];
        const Text port = Text::of("{} {}", inQuotes(value.name), shapeText(value));
        text = i == 0 ? port : Text::of("{}, {}", text, port);
    }
    return ports.size() > kPortsNamed ? Text::of("{} … and {} more", text, ports.size() - kPortsNamed) : text;
}

Text inputsText(const Network &network)
{
    const std::vector<std::uint32_t> &inputs = network.graphs[0].inputs;
    if (inputs.empty())
        return Text::of("no inputs");
    const Text ports = portsText(network, inputs);
    return inputs.size() == 1 ? Text::of("input {}", ports) : Text::of("inputs {}", ports);
}

Text outputsText(const Network &network)
{
    const std::vector<std::uint32_t> &outputs = network.graphs[0].outputs;
    if (outputs.empty())
        return Text::of("no outputs");
    const Text ports = portsText(network, outputs);
    return outputs.size() == 1 ? Text::of("output {}", ports) : Text::of("outputs {}", ports);
}

} // namespace

std::uint64_t hashOf(const Network &network)
{
    Hasher hasher;
    hasher.add(network.values);
    hasher.add(network.constants);
    hasher.add(network.graphs);
    hasher.add(network.opsets.size());
    for (const auto &[domain, version] : network.opsets) {
        hasher.add(domain);
        hasher.add(version);
    }
    return hasher.result();
}

void findCaptures(Network &network)
{
    // A body stands behind the graph that holds it, so that its own captures are complete before they are handed on.
    for (std::size_t i = network.graphs.size(); i-- > 1;) {
        NetworkGraph &graph = network.graphs[i];
        const auto use = [&](std::uint32_t value) {
            if (value != kAbsent && network.values[value].graph != i)
                graph.captures.push_back(value);
        };
        for (const NetworkNode &node : graph.nodes)
            std::ranges::for_each(node.inputs, use);
        std::ranges::for_each(graph.outputs, use);
        std::ranges::sort(graph.captures);
        const auto repeats = std::ranges::unique(graph.captures);
        graph.captures.erase(repeats.begin(), repeats.end());
        if (graph.parent == 0)
            continue;
        NetworkGraph &outer = network.graphs[graph.parent];
        for (const std::uint32_t value : graph.captures)
            if (network.values[value].graph != graph.parent)
                outer.captures.push_back(value);
    }
}

Text shapeText(const NetworkValue &value)
{
    if (!value.shape)
        return value.otherType.empty() ? Text::of("of unknown shape") : Text::of("({})", value.otherType);
    std::string text = "[";
    for (const NetworkDim &dim : *value.shape) {
        text += text.size() > 1 ? ", " : "";
        text += dim.size ? std::to_string(*dim.size) : dim.name.empty() ? "?" : printable(dim.name);
    }
    return Text::asIs(text + "]");
}

Text summaryOf(const Network &network)
{
    std::size_t nodes = 0;
    for (const NetworkGraph &graph : network.graphs)
        nodes += graph.nodes.size();
    Text text = nodes == 1 ? Text::of("1 node") : Text::of("{} nodes", nodes);
    if (const auto opset = network.opsets.find("ai.onnx"); opset != network.opsets.end())
        text = Text::of("{}, opset {}", text, opset->second);
    return Text::of("{}, {}, {}", text, inputsText(network), outputsText(network));
}

} // namespace qs
