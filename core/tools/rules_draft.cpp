// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tools/rules_draft.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace qs {

std::vector<std::size_t> RulesDraft::quantized() const
{
    std::vector<std::size_t> layers;
    for (std::size_t i = 0; i < m_decisions.size(); ++i)
        if (m_decisions[i].quantize)
            layers.push_back(i);
    return layers;
}

void RulesDraft::keep(std::size_t layer, Text reason)
{
    m_decisions[layer].quantize = false;
    m_decisions[layer].reason = reason;
    m_remarks.push_back({layer, std::move(reason), true});
}

std::optional<std::size_t> RulesDraft::mostCommon() const
{
    // Few schemes for many layers: each is counted once.
    std::vector<std::pair<std::size_t, std::size_t>> counts; // first layer, how many
    for (const std::size_t layer : quantized()) {
        const auto found = std::ranges::find_if(
            counts, [&](const auto &count) { return sameForTools(scheme(count.first), scheme(layer)); });
        if (found == counts.end())
            counts.emplace_back(layer, 1);
        else
            ++found->second;
    }
    const auto most = std::ranges::max_element(counts, {}, &std::pair<std::size_t, std::size_t>::second);
    return most == counts.end() ? std::nullopt : std::optional(most->first);
}

void RulesDraft::remarkOnMethods(std::optional<RangeMethod> told)
{
    for (const std::size_t layer : quantized()) {
        const Scheme &scheme = this->scheme(layer);
        if (scheme.range != RangeMethod::minMax() && scheme.range != told)
            remark(layer, Text::of("the range method {} is not passed on; the tool has its own", textOf(scheme.range)));
        if (scheme.compensates())
            remark(layer, Text::of("that codes make up for each other is not passed on"));
    }
}

bool sameForTools(const Scheme &a, const Scheme &b)
{
    return a.bits == b.bits && a.mode == b.mode && a.granularity == b.granularity;
}

std::string groupSizeText(const Scheme &scheme)
{
    return scheme.granularity.kind == Granularity::Kind::Group ? std::to_string(scheme.granularity.groupSize) : "-1";
}

std::string stringLiteral(std::string_view name)
{
    return nlohmann::json(name).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string escapedForRegex(std::string_view name)
{
    constexpr std::string_view kSpecial{R"(\^$.|?*+()[]{})"};
    std::string result;
    for (const char c : name) {
        if (kSpecial.contains(c))
            result += '\\';
        result += c;
    }
    return result;
}

std::string_view pythonBool(bool value)
{
    return value ? "True" : "False";
}

} // namespace qs
