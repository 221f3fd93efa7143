// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/export/named_producer.h"

#include "core/export/packed_codes.h"
#include "core/export/producers.h"
#include "core/export/tool_codes.h"

namespace qs {

namespace {

/// Takes the first word off.
std::string_view wordOff(std::string_view &rest)
{
    const std::size_t end = std::min(rest.find(' '), rest.size());
    const std::string_view word = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return word;
}

std::shared_ptr<const Producer> numbersOf(std::string_view rest, const Model &model,
                                          std::span<const Decision> decisions)
{
    std::vector<NumbersTensor> tensors;
    for (std::string_view word = wordOff(rest); word != "of"; word = wordOff(rest)) {
        tensors.push_back(findNumbersTensor(word));
        if (tensors.back() == nullptr)
            return nullptr;
    }
    const auto codes = producerOf(rest, model, decisions);
    return codes ? codesWithNumbers(model, decisions, codes, std::move(tensors)) : nullptr;
}

std::shared_ptr<const Producer> made(std::string_view rest, const Model &model, std::span<const Decision> decisions)
{
    const std::string_view kind = wordOff(rest);
    if (kind == "copies")
        return tensorCopies(model);
    if (kind == "values")
        return layerValues(model, decisions);
    if (kind == "bytes")
        return fixedBytesOf(rest);
    if (kind == "numbers")
        return numbersOf(rest, model, decisions);
    if (kind == "words") {
        const auto order = findWordOrder(rest);
        return order ? wordCodes(model, decisions, *order) : nullptr;
    }
    const CodePacker *packer = findCodePacker(wordOff(rest));
    if (packer == nullptr)
        return nullptr;
    if (kind == "codes")
        return layerCodes(model, decisions, *packer);
    if (kind != "packed")
        return nullptr;
    return packedCodes(model, decisions, *packer, rest == "whole" ? StreamRows::Whole : StreamRows::FirstAxis);
}

} // namespace

std::shared_ptr<const NamedProducer> producerOf(std::string_view name, const Model &model,
                                                std::span<const Decision> decisions)
{
    return std::dynamic_pointer_cast<const NamedProducer>(made(name, model, decisions));
}

} // namespace qs
