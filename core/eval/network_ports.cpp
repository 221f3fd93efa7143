// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/eval/network_ports.h"

#include <algorithm>
#include <cctype>

namespace qs {
namespace {

constexpr std::size_t kNumbersPerCheck = std::size_t{1} << 16U;

std::string lowerCase(std::string text)
{
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

/// Rows of the table that a Gather takes with these indices; empty for other nodes.
std::optional<std::uint64_t> rowsOf(const Network &network, const NetworkNode &node)
{
    if (node.op != "Gather" || node.inputs[0] == kAbsent)
        return std::nullopt;
    constexpr std::string_view kAxis{"axis"};
    const auto found = std::ranges::find(node.attributes, kAxis, &NetworkAttribute::name);
    const auto *axis = found == node.attributes.end() ? nullptr : std::get_if<std::int64_t>(&found->value);
    if (axis != nullptr && *axis != 0)
        return std::nullopt;
    const auto &shape = network.values[node.inputs[0]].shape;
    return shape && !shape->empty() && shape->front().size.value_or(0) > 0 ? shape->front().size : std::nullopt;
}

/// Rows of the table that whole numbers choose from; empty when they reach none.
std::optional<std::uint64_t> tableRows(const NetworkLinks &links, std::uint32_t from)
{
    std::vector<std::uint32_t> open{from};
    while (!open.empty()) {
        const std::uint32_t value = open.back();
        open.pop_back();
        for (const ValueUse &use : links.usesOf(value)) {
            if (use.node.node == kAbsent || !links.nodeAt(use.node).domain.empty())
                continue;
            const NetworkNode &node = links.nodeAt(use.node);
            if (use.input == 1)
                if (const auto rows = rowsOf(links.network(), node))
                    return rows;
            if (passesElements(node.op) && use.input == 0 && !node.outputs.empty() && node.outputs[0] != kAbsent)
                open.push_back(node.outputs[0]);
        }
    }
    return std::nullopt;
}

std::int64_t numberFor(const Port &port, std::size_t index, std::uint64_t bits)
{
    switch (port.content) {
    case Content::Tokens:
        return static_cast<std::int64_t>(bits % port.tableRows);
    case Content::Positions:
        return static_cast<std::int64_t>(index) %
               (port.shape.empty() ? 1 : std::max<std::int64_t>(port.shape.back(), 1));
    case Content::Zeros:
        return 0;
    default:
        return 1;
    }
}

/// A shape that the input could have takes sizes of the free dimensions from the array.
bool fits(const Port &port, const Shape &shape, Sizes &sizes)
{
    if (!port.about->shape)
        return true;
    const std::vector<NetworkDim> &dims = *port.about->shape;
    if (dims.size() != shape.size())
        return false;
    for (std::size_t a = 0; a < dims.size(); ++a)
        if (dims[a].size && *dims[a].size != static_cast<std::uint64_t>(shape[a]))
            return false;
    for (std::size_t a = 0; a < dims.size(); ++a)
        if (!dims[a].size && !dims[a].name.empty())
            sizes[dims[a].name] = static_cast<std::uint64_t>(shape[a]);
    return true;
}

/// A matrix whose rows are samples of a fixed shape, element after element.
bool fitsFlat(Port &port)
{
    if (!port.about->shape)
        return false;
    Shape shape;
    for (std::size_t a = 0; a < port.about->shape->size(); ++a) {
        const NetworkDim &dim = (*port.about->shape)[a];
        if (!dim.size && a > 0)
            return false;
        shape.push_back(static_cast<std::int64_t>(dim.size.value_or(1)));
    }
    if (elementCount(shape) != port.given->value->shape()[1])
        return false;
    port.shape = std::move(shape);
    return true;
}

} // namespace

Port portOf(const NetworkLinks &links, std::uint32_t value)
{
    Port port{.value = value, .about = &links.network().values[value], .shape = {}};
    const std::string name = lowerCase(port.about->name);
    const auto has = [&name](std::string_view word) { return name.find(word) != std::string::npos; };
    if (has("mask") || port.about->dtype == DType::Bool)
        port.content = Content::Ones;
    else if (port.isFloat())
        port.content = Content::Normal;
    else if (has("type") || has("segment"))
        port.content = Content::Zeros;
    else if (has("position"))
        port.content = Content::Positions;
    else if (const auto rows = tableRows(links, value)) {
        port.content = Content::Tokens;
        port.tableRows = *rows;
    }
    return port;
}

Text sourceOf(const Port &port, std::uint64_t seed)
{
    if (port.given != nullptr)
        return Text::asIs(port.given->file);
    switch (port.content) {
    case Content::Tokens:
        return Text::of("random tokens below {}, seed {}", port.tableRows, seed);
    case Content::Positions:
        return Text::of("positions in order");
    case Content::Zeros:
        return Text::of("zeros");
    case Content::Normal:
        return Text::of("N(0, 1), seed {}", seed);
    default:
        return Text::of("ones");
    }
}

ElementKind kindOf(const Port &port)
{
    if (port.given != nullptr)
        return port.given->value->kind();
    if (port.isFloat())
        return ElementKind::Float;
    return port.about->dtype == DType::Bool ? ElementKind::Bool : ElementKind::Int;
}

Result<ValuePtr> randomValue(const Port &port, std::uint64_t sample, std::uint64_t seed, MemoryBudget &budget,
                             const TaskContext &context)
{
    QS_ASSIGN(const auto value, Value::make(kindOf(port), port.shape, budget));
    const std::uint64_t first = sample * value->size();
    for (std::size_t i = 0; i < value->size(); ++i) {
        if (i % kNumbersPerCheck == 0)
            QS_CHECK(context.check());
        if (port.isFloat())
            value->floats()[i] = port.content == Content::Ones ? 1.F : randomNormal(seed, first + i);
        else
            value->ints()[i] = numberFor(port, i, randomBits(seed, first + i));
    }
    return value;
}

Result<ValuePtr> givenValue(const Port &port, std::uint64_t sample, MemoryBudget &budget)
{
    const Value &array = *port.given->value;
    QS_ASSIGN(const auto value, Value::make(array.kind(), port.shape, budget));
    if (array.isFloat())
        std::ranges::copy(array.floats().subspan(sample * value->size(), value->size()), value->floats().begin());
    else
        std::ranges::copy(array.ints().subspan(sample * value->size(), value->size()), value->ints().begin());
    return value;
}

Result<void> fitArray(Port &port, Sizes &sizes)
{
    const Value &array = *port.given->value;
    if (port.isFloat() != array.isFloat())
        return fail(ErrorCode::Input,
                    port.isFloat() ? Text::of("input {} takes floats, and the array holds whole numbers", port.name())
                                   : Text::of("input {} takes whole numbers, and the array holds floats", port.name()),
                    port.given->file);
    port.shape = array.shape();
    if (!port.shape.empty()) {
        Shape single = port.shape;
        single[0] = 1;
        Shape inner(port.shape.begin() + 1, port.shape.end());
        port.samplesGiven = static_cast<std::uint64_t>(port.shape[0]);
        for (Shape *shape : {&single, &inner}) {
            if (port.samplesGiven > 0 && port.about->shape && fits(port, *shape, sizes)) {
                port.shape = std::move(*shape);
                return {};
            }
        }
        if (port.samplesGiven > 0 && array.rank() == 2 && array.isFloat() && fitsFlat(port))
            return {};
        port.samplesGiven = 1;
    }
    if (fits(port, array.shape(), sizes))
        return {};
    return fail(ErrorCode::Input,
                Text::of("input {} takes the shape {}, and the array has {}", port.name(), shapeText(*port.about),
                         shapeText(array.shape())),
                port.given->file);
}

} // namespace qs
