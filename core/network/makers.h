// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The ways from a Model to a Network; the first one that fits counts.
#pragma once

#include "core/base/task_context.h"
#include "core/model/model.h"
#include "core/network/network.h"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace qs {

/// One way to a network. To add one: a function, and a line in makers.cpp.
struct NetworkMaker {
    TextLiteral<0> source; ///< for people, where the network comes from: "from the file"
    /// The network, or why this is no way to one. `activation` is what a user wants between layers; it counts where
    /// the model itself does not hold the nodes.
    Result<std::shared_ptr<const Network>> (*make)(const Model &model, std::optional<Activation> activation,
                                                   const TaskContext &context);
};

/// All of them, in the order in which they are tried.
std::span<const NetworkMaker> networkMakers();

/// A network, or why there is none.
struct NetworkSearch {
    std::shared_ptr<const Network> network; ///< null when there is none
    Text source;                            ///< of the maker that fits
    Text reason;                            ///< of all makers, when none fits
};

/// Error{Cancelled} only.
Result<NetworkSearch> findNetwork(const Model &model, std::optional<Activation> activation, const TaskContext &context);

} // namespace qs
