// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// ListedNetwork: the network of a model, and whether it can be run, without running it.
#pragma once

#include "core/base/task_context.h"
#include "core/network/makers.h"

namespace qs {

struct ListedNetwork {
    NetworkSearch search;
    Text feed;    ///< what it would be fed when nobody gives inputs; empty when it cannot be run
    Text problem; ///< why it cannot be run, with all operators that are missing; empty when it can
};

/// Error{Cancelled} only.
Result<ListedNetwork> listNetwork(const Model &model, std::optional<Activation> activation, const TaskContext &context);

} // namespace qs
