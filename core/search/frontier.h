// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Frontier: the best ways to take one choice of each item, for every budget at once (multiple-choice knapsack).
#pragma once

#include "core/base/task_context.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace qs {

/// One choice has to be taken: what each takes of the budget, and what it costs; costs add up, and are at least 0.
struct FrontierItem {
    std::vector<std::uint64_t> bytes;
    std::vector<double> costs;
};

struct FrontierPoint {
    std::uint64_t bytes = 0;
    double cost = 0;
};

/// States (bytes, cost) are kept item by item as long as no other one has less of both. Where that are too many, the
/// byte range is cut into as many pieces as are handled, and the cheapest state of each piece stays: what is found then
/// is feasible, and lowerBound() says how good. The answer for a larger budget never costs more.
class Frontier
{
public:
    /// Items must not be without choices. Error{Cancelled}.
    static Result<Frontier> make(std::vector<FrontierItem> items, const TaskContext &context);

    /// Ascending bytes, descending costs; at least one.
    std::span<const FrontierPoint> points() const { return m_points; }
    /// No state was left out: every point is the best for its bytes.
    bool exact() const { return m_exact; }
    /// The choice of each item.
    std::vector<std::size_t> choicesAt(std::size_t point) const;
    /// The point of least cost that takes at most so many bytes; empty when all take more.
    std::optional<std::size_t> within(std::uint64_t bytes) const;
    /// The smallest point that costs at most so much; empty when all cost more.
    std::optional<std::size_t> cheapEnough(double cost) const;
    /// No way within so many bytes costs less (Lagrange): the largest over λ of Σ min (cost + λ·bytes) − λ·budget.
    double lowerBound(std::uint64_t bytes) const;

private:
    struct Step {
        std::uint32_t before = 0; ///< state of the item before
        std::uint16_t choice = 0;
    };

    std::vector<FrontierItem> m_items;
    std::vector<FrontierPoint> m_points;
    std::vector<std::vector<Step>> m_steps; ///< by item and state
    bool m_exact = true;
};

} // namespace qs
