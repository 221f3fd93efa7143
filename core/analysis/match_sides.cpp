// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/match_sides.h"

#include "core/model/names.h"

#include <algorithm>

namespace qs {

MatchSide::MatchSide(const Model &model)
    : m_model(model)
    , m_open(comparableTensors(model))
{
    for (std::size_t i = 0; i < m_open.size(); ++i)
        if (m_open[i])
            m_order.push_back(i);
    std::ranges::sort(m_order, naturalLess, [&](std::size_t i) { return name(i); });
}

std::vector<std::size_t> MatchSide::open() const
{
    std::vector<std::size_t> result;
    std::ranges::copy_if(m_order, std::back_inserter(result), [&](std::size_t tensor) { return m_open[tensor]; });
    return result;
}

void MatchSides::add(WeightMatch match)
{
    for (const RowPiece &piece : match.reference)
        reference.take(piece.tensor);
    for (const RowPiece &piece : match.candidate)
        candidate.take(piece.tensor);
    matches.push_back(std::move(match));
}

bool MatchSides::addPair(std::size_t x, std::size_t y, MatchedBy by, Text reason)
{
    const Fit fit = fitOf(reference.model().tensors[x], candidate.model().tensors[y]);
    if (fit == Fit::No)
        return false;
    add({.reference = {{.tensor = x}},
         .candidate = {{.tensor = y}},
         .by = by,
         .transposed = fit == Fit::Transposed,
         .reason = std::move(reason)});
    return true;
}

void TensorKeys::add(std::string key, std::size_t tensor)
{
    const auto [found, added] = m_tensors.try_emplace(std::move(key), tensor);
    if (!added)
        found->second.reset();
}

std::optional<std::size_t> TensorKeys::find(const std::string &key) const
{
    const auto found = m_tensors.find(key);
    return found == m_tensors.end() ? std::nullopt : found->second;
}

} // namespace qs
