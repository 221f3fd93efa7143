// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/eval/operator.h"

#include "core/eval/ops/registry.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <set>

namespace qs {
namespace {

constexpr std::size_t kNamesShown = 5;

std::string_view standard(std::string_view domain)
{
    return domain == "ai.onnx" ? std::string_view() : domain;
}

std::string fullName(const NetworkNode &node)
{
    const std::string quoted = inQuotes(standard(node.domain).empty() ? node.op : node.domain + "." + node.op);
    return quoted.substr(1, quoted.size() - 2); // shortened, where a file has a book for a name
}

char kindLetter(const NetworkAttribute::Value &value)
{
    constexpr std::string_view kLetters = "ifstgIFSTGx"; // in the order of the variant
    return kLetters[value.index()];
}

/// Whether the row knows the attribute, with its kind.
bool knows(std::string_view list, const NetworkAttribute &attribute)
{
    const std::string entry = attribute.name + ":" + kindLetter(attribute.value);
    for (std::size_t at = list.find(entry); at != std::string_view::npos; at = list.find(entry, at + 1))
        if ((at == 0 || list[at - 1] == ' ') && (at + entry.size() == list.size() || list[at + entry.size()] == ' '))
            return true;
    return false;
}

/// The letter of input `index`, and whether it may be left out; 0 for inputs beyond the last one.
struct InputRule {
    char letter = 0;
    bool optional = false;
};

InputRule ruleOf(std::string_view inputs, std::size_t index)
{
    InputRule rule;
    std::size_t at = 0;
    bool optional = false;
    for (const char letter : inputs) {
        if (letter == '?') {
            optional = true;
        } else if (letter == '*') {
            return {rule.letter, true};
        } else {
            rule = {letter, optional};
            if (at++ == index)
                return rule;
        }
    }
    return {};
}

bool fits(char letter, ElementKind kind)
{
    switch (letter) {
    case 'f':
        return kind == ElementKind::Float;
    case 'i':
        return kind == ElementKind::Int;
    case 'b':
        return kind == ElementKind::Bool;
    case 'n':
        return kind != ElementKind::Bool;
    default:
        return true;
    }
}

std::string_view nameOf(ElementKind kind)
{
    switch (kind) {
    case ElementKind::Float:
        return "float";
    case ElementKind::Int:
        return "integer";
    default:
        return "bool";
    }
}

Result<void> checkNode(const NetworkNode &node, const Operator &entry)
{
    for (const NetworkAttribute &attribute : node.attributes)
        if (!knows(entry.attributes, attribute))
            return fail(ErrorCode::Work,
                        Text::of("node {} uses the attribute {} of operator {}, which is not supported",
                                 inQuotes(node.name), inQuotes(attribute.name), fullName(node)));
    for (std::size_t i = 0; i < node.inputs.size(); ++i)
        if (node.inputs[i] != kAbsent && ruleOf(entry.inputs, i).letter == 0)
            return fail(ErrorCode::Work, Text::of("node {} has {} inputs, more than operator {} has",
                                                  inQuotes(node.name), node.inputs.size(), fullName(node)));
    return {};
}

std::string joined(std::span<const std::string> names)
{
    std::string result;
    for (std::size_t i = 0; i < std::min(names.size(), kNamesShown); ++i)
        result += (i == 0 ? "" : ", ") + names[i];
    return result + (names.size() > kNamesShown ? ", …" : "");
}

Text missingText(const NetworkNode &first, const std::vector<std::string> &names)
{
    const std::string name = fullName(first);
    const Text sentence = Text::of("node {} uses operator {} (opset {}), which is not supported", inQuotes(first.name),
                                   name, first.version);
    if (names.size() == 1)
        return sentence;
    return Text::of("{}; {} more: {}", sentence, names.size() - 1, joined(std::span(names).subspan(1)));
}

Result<void> checkInputs(const NetworkNode &node, std::span<const ValuePtr> inputs, const Operator &entry)
{
    for (std::size_t i = 0;; ++i) {
        const InputRule rule = ruleOf(entry.inputs, i);
        const bool given = i < inputs.size() && inputs[i];
        if (rule.letter == 0)
            return {};
        if (!given && !rule.optional)
            return fail(ErrorCode::Work, Text::of("input {} is missing", i + 1));
        if (given && !fits(rule.letter, inputs[i]->kind()))
            return fail(ErrorCode::Work, Text::of("input {} is of type {}, which the operator does not take", i + 1,
                                                  nameOf(inputs[i]->kind())));
        if (i >= std::max(inputs.size(), node.inputs.size()) && rule.optional)
            return {};
    }
}

Text placeOf(const NetworkNode &node, std::span<const ValuePtr> inputs)
{
    constexpr std::size_t kShown = 6;
    std::string shapes;
    for (std::size_t i = 0; i < std::min(inputs.size(), kShown); ++i) {
        if (i > 0)
            shapes += ' ';
        shapes += inputs[i] ? shapeText(inputs[i]->shape()) : "–";
    }
    return Text::of("node {}, {}, inputs {}", inQuotes(node.name), fullName(node), shapes);
}

} // namespace

const Operator *findOperator(std::string_view domain, std::string_view name, std::int64_t version)
{
    static const auto kByName = [] {
        std::multimap<std::string_view, const Operator *> map;
        for (const std::span<const Operator> rows : operatorTables())
            for (const Operator &row : rows)
                map.emplace(row.name, &row);
        return map;
    }();
    const auto [from, to] = kByName.equal_range(name);
    const Operator *newest = nullptr;
    for (auto at = from; at != to; ++at) {
        const Operator *row = at->second;
        if (row->domain != standard(domain))
            continue;
        if (version != 0 && version >= row->since && version <= row->until)
            return row;
        if (version == 0 && (newest == nullptr || row->since > newest->since))
            newest = row;
    }
    return newest;
}

Result<void> checkOperators(const Network &network)
{
    const NetworkNode *first = nullptr;
    std::vector<std::string> names;
    std::set<std::string> seen;
    for (const NetworkGraph &graph : network.graphs) {
        for (const NetworkNode &node : graph.nodes) {
            if (findOperator(node.domain, node.op, node.version) != nullptr)
                continue;
            first = first == nullptr ? &node : first;
            if (seen.insert(fullName(node)).second)
                names.push_back(fullName(node));
        }
    }
    if (first != nullptr)
        return fail(ErrorCode::Work, missingText(*first, names));
    for (const NetworkGraph &graph : network.graphs)
        for (const NetworkNode &node : graph.nodes)
            QS_CHECK(checkNode(node, *findOperator(node.domain, node.op, node.version)));
    return {};
}

Result<Values> runNode(const NetworkNode &node, std::span<const ValuePtr> inputs, const RunContext &context)
{
    QS_CHECK(context.task.check());
    const Operator *entry = findOperator(node.domain, node.op, node.version);
    if (entry == nullptr)
        return fail(ErrorCode::Work, missingText(node, {fullName(node)}));
    QS_CHECK(checkNode(node, *entry));
    Result<void> given = checkInputs(node, inputs, *entry);
    Result<Values> outputs = given ? entry->run(node, inputs, context) : std::unexpected(std::move(given).error());
    if (!outputs) {
        if (outputs.error().where.empty() && outputs.error().code != ErrorCode::Cancelled)
            outputs.error().where = placeOf(node, inputs);
        return outputs;
    }
    if (outputs->size() < node.outputs.size()) {
        for (std::size_t i = outputs->size(); i < node.outputs.size(); ++i)
            if (node.outputs[i] != kAbsent)
                return fail(ErrorCode::Work, Text::of("output {} of the operator is not supported", i + 1),
                            placeOf(node, inputs));
        outputs->resize(node.outputs.size());
    }
    return outputs;
}

} // namespace qs
