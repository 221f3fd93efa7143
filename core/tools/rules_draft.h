// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// RulesDraft: what rules for a tool are made of, and what the tools share.
#pragma once

#include "core/tools/tool_rules.h"

#include <optional>

namespace qs {

/// The decisions of a recipe, of which a tool takes some. The model must outlive it.
class RulesDraft
{
public:
    RulesDraft(const Model &model, std::span<const Decision> decisions)
        : m_model(model)
        , m_decisions(decisions.begin(), decisions.end())
    {}

    const Model &model() const { return m_model; }
    const std::vector<Decision> &decisions() const { return m_decisions; }
    const Decision &decision(std::size_t layer) const { return m_decisions[layer]; }
    const Scheme &scheme(std::size_t layer) const { return m_decisions[layer].scheme; }
    const Layer &layer(std::size_t layer) const { return m_model.layers[layer]; }
    bool quantizes(std::size_t layer) const { return m_decisions[layer].quantize; }
    /// Layers that are quantized, ascending.
    std::vector<std::size_t> quantized() const;

    /// Leaves a layer in float, and says why.
    void keep(std::size_t layer, Text reason);
    void remark(std::size_t layer, Text reason) { m_remarks.push_back({layer, std::move(reason), false}); }
    void note(Text note) { m_notes.push_back(std::move(note)); }
    const std::vector<RulesRemark> &remarks() const { return m_remarks; }
    const std::vector<Text> &notes() const { return m_notes; }

    /// A layer with the scheme that most layers have; empty when none is quantized.
    std::optional<std::size_t> mostCommon() const;
    /// Remarks on the layers whose range or codes are chosen by a method that the tool is not told. `told`: the one
    /// that it is told, besides the usual one.
    void remarkOnMethods(std::optional<RangeMethod> told = {});

private:
    const Model &m_model;
    std::vector<Decision> m_decisions;
    std::vector<RulesRemark> m_remarks;
    std::vector<Text> m_notes;
};

/// Whether two layers have the same bits, mode and granularity: what tools can be told.
bool sameForTools(const Scheme &a, const Scheme &b);
/// "32" of groups, "-1" of one scale per channel.
std::string groupSizeText(const Scheme &scheme);
/// In double quotes, as JSON, YAML and Python read it.
std::string stringLiteral(std::string_view name);
/// A regular expression of C++, Python and PCRE that matches just the characters of `name`.
std::string escapedForRegex(std::string_view name);
/// True and False of Python.
std::string_view pythonBool(bool value);

} // namespace qs
