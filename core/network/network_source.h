// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// NetworkSource: the network that a model's file carries, made when somebody asks for it for the first time.
#pragma once

#include "core/base/task_context.h"
#include "core/network/network.h"

#include <memory>
#include <mutex>
#include <optional>

namespace qs {

struct Model;

/// Held by the Model that it belongs to. Copies of a Model share it.
class NetworkSource
{
public:
    /// Reads the network from the files of `model`. Error{Input} with the place when there is none that can be made.
    using Make = Result<Network> (*)(const Model &model, const TaskContext &context);

    explicit NetworkSource(Make make)
        : m_make(make)
    {}

    /// The network of `model`, or why there is none. Any thread may ask; the first one makes it and the others wait.
    /// The answer is kept, unless it is Error{Cancelled}.
    Result<std::shared_ptr<const Network>> network(const Model &model, const TaskContext &context) const;

private:
    const Make m_make;
    mutable std::mutex m_mutex;
    mutable std::optional<Result<std::shared_ptr<const Network>>> m_made;
};

} // namespace qs
