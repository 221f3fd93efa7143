// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// LayerQueue: which layer is worked on next, and which of them side by side.
#pragma once

#include "core/model/model.h"

#include <cstddef>
#include <functional>
#include <mutex>
#include <optional>
#include <vector>

namespace qs {

/// The layers of a model, each to be taken once. Those with few blocks of weights are to be worked on side by side; a
/// large one alone, its blocks side by side, so that no thread waits at its end. Safe to use from several threads.
class LayerQueue
{
public:
    /// Layers that somebody waits for; may be null. Asked by one thread at a time.
    using Wanted = std::function<std::vector<std::size_t>()>;

    /// `wanted` must outlive this.
    LayerQueue(const Model &model, const Wanted &wanted);

    /// How many are left.
    std::size_t left();
    /// Takes the next layer: a wanted one, else the first that is left. Empty when none is left, and from a large layer
    /// on until that was taken with takeLarge().
    std::optional<std::size_t> takeSmall();
    /// The large layer at which takeSmall() stopped; empty when it did not.
    std::optional<std::size_t> takeLarge();

private:
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
