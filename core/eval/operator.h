// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Operators of networks: the table of those that can be run, and the one way to run a node.
#pragma once

#include "core/base/task_context.h"
#include "core/eval/value.h"
#include "core/network/network.h"

#include <functional>
#include <span>
#include <string_view>

namespace qs {

/// What operators see of the run around them.
struct RunContext {
    const Network &network;
    const TaskContext &task;
    MemoryBudget &budget;
    /// Runs a body: its inputs to its outputs. What it captures comes from the run.
    std::function<Result<Values>(std::uint32_t graph, std::span<const ValuePtr> inputs)> runBody = {};
};

/// Outputs of a node, at least as many as it names. Works on one thread, so that bits depend on the inputs alone; looks
/// at the task every 20 ms and takes memory from the budget before it uses it. Inputs are of the kinds that the
/// operator's row says.
using OperatorFunction = Result<Values> (*)(const NetworkNode &node, std::span<const ValuePtr> inputs,
                                            const RunContext &context);

/// One row of the table.
struct Operator {
    std::string_view name;
    std::int64_t since = 1;      ///< first version of the domain's operators that the row fits
    std::int64_t until = 0;      ///< the last one
    std::string_view inputs;     ///< a letter per input: f floats, i integers, b booleans, a any, n floats or integers;
                                 ///< behind '?' they may be left out; "n*": one or more
    std::string_view attributes; ///< "axis:i keepdims:i": those that it knows with their kinds: i, f, s, t(ensor),
                                 ///< g(raph), upper case for lists
    OperatorFunction run = nullptr;
    std::string_view domain = {}; ///< empty for the standard one
};

/// Null when the table has none that fits. Version 0, for files that do not say, stands for the newest.
const Operator *findOperator(std::string_view domain, std::string_view name, std::int64_t version);

/// Error{Work} that names all operators that the table lacks, with the first node: "node 'Loop_12' uses operator Loop
/// (opset 16), which is not supported; 3 more: Scan, NonMaxSuppression, TopK"; or the first node with an attribute or a
/// number of inputs that its operator does not know.
Result<void> checkOperators(const Network &network);

/// Runs one node. Errors name the node, its operator, and the shapes that it got.
Result<Values> runNode(const NetworkNode &node, std::span<const ValuePtr> inputs, const RunContext &context);

} // namespace qs
