// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// LayerQueue: in which order layers are worked on, and which of them side by side.
#pragma once

#include "core/base/task_context.h"
#include "core/model/model.h"

#include <cstddef>
#include <functional>
#include <mutex>
#include <optional>
#include <vector>

namespace qs {

/// The layers of a model, each to be worked on once. Those with few blocks of weights are worked on side by side; a
/// large one alone, its blocks side by side, so that no thread waits at its end.
class LayerQueue
{
public:
    /// Layers that somebody waits for; may be null. Asked by one thread at a time.
    using Wanted = std::function<std::vector<std::size_t>()>;

    /// `wanted` must outlive this.
    LayerQueue(const Model &model, const Wanted &wanted);

    /// Calls work(layer) for all layers, from several threads. Ends with the first error, or as `context` asks.
    Result<void> forEach(const TaskContext &context, const std::function<Result<void>(std::size_t)> &work);
    /// How many are left. May be asked while forEach() works.
    std::size_t left();

private:
    /// Takes the next layer: a wanted one, else the first that is left. Empty when none is left, and from a large layer
    /// on until that was taken with takeLarge().
    std::optional<std::size_t> takeSmall();
    /// The large layer at which takeSmall() stopped; empty when it did not.
    std::optional<std::size_t> takeLarge();
    std::optional<std::size_t> next();

    const Wanted &m_wanted;
    std::vector<bool> m_large;
    std::mutex m_mutex; ///< guards what follows
    std::vector<bool> m_taken;
    std::size_t m_first = 0; ///< all before it are taken
    std::size_t m_left;
    std::optional<std::size_t> m_held; ///< a large layer that comes next
};

} // namespace qs
