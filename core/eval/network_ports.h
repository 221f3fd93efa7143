// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Inputs of a network: what each is fed when nobody gives it, and how a given array is cut into samples.
#pragma once

#include "core/base/task_context.h"
#include "core/eval/network_inputs.h"
#include "core/eval/value.h"
#include "core/network/queries.h"

#include <map>
#include <string>

namespace qs {

/// What an input is fed when nobody gives it.
enum class Content : std::uint8_t { Normal, Ones, Zeros, Positions, Tokens, Unknown };

/// What one input of the network is going to be fed.
struct Port {
    std::uint32_t value = 0;
    const NetworkValue *about = nullptr;
    Content content = Content::Unknown;
    std::uint64_t tableRows = 0; ///< of tokens
    const InputArray *given = nullptr;
    std::uint64_t samplesGiven = 1; ///< how many samples the array holds
    Shape shape;                    ///< of one sample

    std::string name() const { return inQuotes(about->name); }
    bool isFloat() const { return !about->dtype || !isInteger(*about->dtype); }
};

/// Tells by type, name and use what the input holds.
Port portOf(const NetworkLinks &links, std::uint32_t value);

/// What its values are.
ElementKind kindOf(const Port &port);

/// Sizes of free dimensions by name.
using Sizes = std::map<std::string, std::uint64_t>;

/// Cuts `port.given` into samples: along an axis of their own, along the first axis, or one per row; or the array is
/// one sample. Free dimensions take their sizes from it. Error{Input} when it fits in no way.
Result<void> fitArray(Port &port, Sizes &sizes);

/// Where its values come from, for people.
Text sourceOf(const Port &port, std::uint64_t seed);

/// Sample `sample` of the input; `seed` is that of its own sequence.
Result<ValuePtr> randomValue(const Port &port, std::uint64_t sample, std::uint64_t seed, MemoryBudget &budget,
                             const TaskContext &context);
/// Sample `sample` of the given array.
Result<ValuePtr> givenValue(const Port &port, std::uint64_t sample, MemoryBudget &budget);

} // namespace qs
