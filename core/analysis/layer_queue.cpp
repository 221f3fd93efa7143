// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/layer_queue.h"

#include "core/base/parallel.h"

#include <algorithm>
#include <atomic>
#include <utility>

namespace qs {
namespace {

// With four blocks of weights for each thread little time is lost when the last ones end.
constexpr std::uint64_t kLargePerThread = std::uint64_t{1} << 20U;

} // namespace

LayerQueue::LayerQueue(const Model &model, const Wanted &wanted)
    : m_wanted(wanted)
    , m_large(model.layers.size())
    , m_taken(model.layers.size())
    , m_left(model.layers.size())
{
    const std::uint64_t large = kLargePerThread * static_cast<std::uint64_t>(threadCount());
    for (std::size_t i = 0; i < m_large.size(); ++i)
        m_large[i] = model.tensorOf(model.layers[i]).elements() >= large;
}

Result<void> LayerQueue::forEach(const TaskContext &context, const std::function<Result<void>(std::size_t)> &work)
{
    while (const std::size_t most = left()) {
        std::atomic<bool> ended = false; // all that is left waits for a large layer
        QS_CHECK(parallelFor(most, context, [&](std::size_t) -> Result<void> {
            const auto layer = ended ? std::nullopt : takeSmall();
            ended = ended || !layer;
            return layer ? work(*layer) : Result<void>();
        }));
        if (const auto layer = takeLarge()) {
            QS_CHECK(context.check());
            QS_CHECK(work(*layer));
        }
    }
    return {};
}

std::size_t LayerQueue::left()
{
    const std::lock_guard lock(m_mutex);
    return m_left;
}

std::optional<std::size_t> LayerQueue::takeSmall()
{
    const std::lock_guard lock(m_mutex);
    if (m_held)
        return std::nullopt;
    const std::optional<std::size_t> layer = next();
    if (!layer)
        return std::nullopt;
    m_taken[*layer] = true;
    if (m_large[*layer]) {
        m_held = layer;
        return std::nullopt;
    }
    --m_left;
    return layer;
}

std::optional<std::size_t> LayerQueue::takeLarge()
{
    const std::lock_guard lock(m_mutex);
    m_left -= m_held ? 1 : 0;
    return std::exchange(m_held, std::nullopt);
}

std::optional<std::size_t> LayerQueue::next()
{
    const auto isLeft = [this](std::size_t layer) { return layer < m_taken.size() && !m_taken[layer]; };
    if (m_wanted) {
        const std::vector<std::size_t> wanted = m_wanted();
        if (const auto found = std::ranges::find_if(wanted, isLeft); found != wanted.end())
            return *found;
    }
    while (m_first < m_taken.size() && m_taken[m_first])
        ++m_first;
    return m_first < m_taken.size() ? std::optional(m_first) : std::nullopt;
}

} // namespace qs
