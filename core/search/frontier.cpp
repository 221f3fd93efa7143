// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/frontier.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

namespace qs {
namespace {

constexpr std::size_t kStatesOfAll = std::size_t{2} << 20U; // of all items together
constexpr std::size_t kFewestStates = 512;
constexpr std::size_t kMostStates = std::size_t{1} << 17U;

struct State {
    FrontierPoint point;
    std::uint32_t before = 0;
    std::uint16_t choice = 0;
};

bool isBefore(const State &a, const State &b)
{
    return std::tie(a.point.bytes, a.point.cost, a.choice, a.before) <
           std::tie(b.point.bytes, b.point.cost, b.choice, b.before);
}

/// Leaves the states of which no other one has less bytes and less cost. They come in order.
void prune(std::vector<State> &states)
{
    double least = std::numeric_limits<double>::infinity();
    std::erase_if(states, [&](const State &state) {
        if (!(state.point.cost < least))
            return true;
        least = state.point.cost;
        return false;
    });
}

/// What the choices of an item make of the states before it.
std::vector<State> statesBehind(std::span<const FrontierPoint> points, const FrontierItem &item)
{
    std::vector<State> states;
    for (std::size_t choice = 0; choice < item.bytes.size(); ++choice) {
        const auto middle = static_cast<std::ptrdiff_t>(states.size());
        for (std::size_t before = 0; before < points.size(); ++before)
            states.push_back({{points[before].bytes + item.bytes[choice], points[before].cost + item.costs[choice]},
                              static_cast<std::uint32_t>(before),
                              static_cast<std::uint16_t>(choice)});
        std::inplace_merge(states.begin(), states.begin() + middle, states.end(), isBefore);
        prune(states);
    }
    return states;
}

/// The last state of each piece of the byte range, which is the cheapest of it, and the very first.
void thin(std::vector<State> &states, std::size_t most)
{
    const std::uint64_t first = states.front().point.bytes;
    const double width = static_cast<double>(states.back().point.bytes - first + 1) / static_cast<double>(most - 1);
    const auto pieceOf = [&](const State &state) {
        return static_cast<std::uint64_t>(static_cast<double>(state.point.bytes - first) / width);
    };
    std::vector<State> kept{states.front()};
    for (std::size_t i = 1; i < states.size(); ++i)
        if (i + 1 == states.size() || pieceOf(states[i]) != pieceOf(states[i + 1]))
            kept.push_back(states[i]);
    states = std::move(kept);
}

} // namespace

Result<Frontier> Frontier::make(std::vector<FrontierItem> items, const TaskContext &context)
{
    Frontier result;
    result.m_items = std::move(items);
    const std::size_t count = std::max<std::size_t>(result.m_items.size(), 1);
    const std::size_t most = std::clamp(kStatesOfAll / count, kFewestStates, kMostStates);
    std::vector<FrontierPoint> points{{0, 0}};
    for (const FrontierItem &item : result.m_items) {
        QS_CHECK(context.check());
        std::vector<State> states = statesBehind(points, item);
        if (states.size() > most) {
            thin(states, most);
            result.m_exact = false;
        }
        points.clear();
        auto &steps = result.m_steps.emplace_back();
        for (const State &state : states) {
            points.push_back(state.point);
            steps.push_back({state.before, state.choice});
        }
    }
    result.m_points = std::move(points);
    return result;
}

std::vector<std::size_t> Frontier::choicesAt(std::size_t point) const
{
    std::vector<std::size_t> choices(m_items.size());
    for (std::size_t i = m_items.size(); i-- > 0;) {
        choices[i] = m_steps[i][point].choice;
        point = m_steps[i][point].before;
    }
    return choices;
}

std::optional<std::size_t> Frontier::within(std::uint64_t bytes) const
{
    const auto end = std::ranges::upper_bound(m_points, bytes, {}, &FrontierPoint::bytes);
    if (end == m_points.begin())
        return std::nullopt;
    return static_cast<std::size_t>(end - m_points.begin() - 1);
}

std::optional<std::size_t> Frontier::cheapEnough(double cost) const
{
    const auto found = std::ranges::find_if(m_points, [&](const FrontierPoint &point) { return point.cost <= cost; });
    if (found == m_points.end())
        return std::nullopt;
    return static_cast<std::size_t>(found - m_points.begin());
}

double Frontier::lowerBound(std::uint64_t bytes) const
{
    // Bytes count from the smallest choices on: else two large numbers would leave nothing of the costs.
    std::uint64_t smallest = 0;
    for (const FrontierItem &item : m_items)
        smallest += *std::ranges::min_element(item.bytes);
    const double spare = bytes > smallest ? static_cast<double>(bytes - smallest) : 0;
    const auto dual = [&](double lambda) {
        double sum = -lambda * spare;
        for (const FrontierItem &item : m_items) {
            const std::uint64_t base = *std::ranges::min_element(item.bytes);
            double least = std::numeric_limits<double>::infinity();
            for (std::size_t c = 0; c < item.bytes.size(); ++c)
                least = std::min(least, item.costs[c] + lambda * static_cast<double>(item.bytes[c] - base));
            sum += least;
        }
        return sum;
    };
    // Concave in λ: thirds of a range that ends where a byte is worth all costs together.
    double low = 0;
    double high = 1e-300;
    for (const FrontierItem &item : m_items)
        high += *std::ranges::max_element(item.costs);
    for (int step = 0; step < 200; ++step) {
        const double first = low + (high - low) / 3;
        const double second = high - (high - low) / 3;
        (dual(first) < dual(second) ? low : high) = dual(first) < dual(second) ? first : second;
    }
    return std::max({0.0, dual(low), dual(high)});
}

} // namespace qs
