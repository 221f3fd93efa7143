// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The two models of a comparison while their weights are matched: what is taken already, and what is left.
#pragma once

#include "core/analysis/weight_match.h"

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace qs {

/// Tensors of one model, in natural order of their names.
class MatchSide
{
public:
    explicit MatchSide(const Model &model);

    const Model &model() const { return m_model; }
    std::string_view name(std::size_t tensor) const { return m_model.tensors[tensor].name; }
    bool isOpen(std::size_t tensor) const { return m_open[tensor]; }
    void take(std::size_t tensor) { m_open[tensor] = false; }
    /// Those that no match has taken yet.
    std::vector<std::size_t> open() const;

private:
    const Model &m_model;
    std::vector<bool> m_open;
    std::vector<std::size_t> m_order;
};

/// Both sides, and the matches so far.
struct MatchSides {
    MatchSide reference;
    MatchSide candidate;
    std::vector<WeightMatch> matches = {};

    /// Takes all tensors of the match.
    void add(WeightMatch match);
    /// Adds a pair if the shapes fit; says whether they do.
    bool addPair(std::size_t x, std::size_t y, MatchedBy by, Text reason);
};

/// Tensors by a key of their own; of two with the same key neither has one.
class TensorKeys
{
public:
    void add(std::string key, std::size_t tensor);
    std::optional<std::size_t> find(const std::string &key) const;

private:
    std::unordered_map<std::string, std::optional<std::size_t>> m_tensors;
};

} // namespace qs
