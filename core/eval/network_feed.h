// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// NetworkFeed: the values that a network is run with, one set per sample.
#pragma once

#include "core/base/task_context.h"
#include "core/eval/network_inputs.h"
#include "core/eval/output_error_report.h"
#include "core/eval/run_plan.h"
#include "core/eval/value.h"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace qs {

/// What one run of the network is fed: values of the network, and what they are.
using FedSample = std::vector<std::pair<std::uint32_t, ValuePtr>>;

struct NetworkFeed {
    std::size_t samples = 0; ///< runs of the network
    /// Makes sample `index`, the same at each call: many samples need not be in memory at once. From any thread. The
    /// network of the feed has to be there still.
    std::function<Result<FedSample>(std::size_t index, const TaskContext &)> sample = {};
    std::vector<std::uint32_t> fedValues = {}; ///< values of the network that each sample has
    std::optional<std::uint64_t> rows = {};    ///< of the first axis of every output: how many count; empty for all
    std::vector<FedInput> inputs;              ///< empty for chains
    std::vector<std::int64_t> labels;          ///< none, or one per sample; of a chain one per row
    std::optional<std::uint32_t> tokens;       ///< the input that holds numbers of tokens
    std::uint64_t vocabulary = 0;              ///< how many tokens there are: rows of the table that they choose from
    bool givenTokens = false;                  ///< they are a user's
    Text about;                                ///< for people
    std::string assumedDims;                   ///< free dimensions that nobody gave: "height = 256, width = 256"
    std::uint64_t id = 0;                      ///< equal contents have equal ids
};

/// What a user may say of the inputs of a network.
struct FeedOptions {
    std::shared_ptr<const NetworkInputs> inputs = {};
    std::map<std::string, std::uint64_t> dims = {}; ///< sizes of free dimensions by name
    std::optional<std::uint64_t> samples = {};      ///< how many random ones
    std::uint64_t seed = 0;
};

/// All samples of a chain as one run, with rows of zeros up to whole products.
Result<NetworkFeed> chainFeed(const Network &network, const NetworkInputs &inputs, MemoryBudget &budget);

/// Given inputs where there are some, else random numbers from the seed: floats N(0, 1), tokens below the rows of the
/// table that they choose from, masks of ones, types of zeros, positions in order. Free dimensions are 1 on a first
/// axis or by the names of batches, else 256, or 128 for tokens. Error{Input} when a given array does not fit;
/// Error{Work} when an input needs to be given and is not.
Result<NetworkFeed> graphFeed(const Network &network, const FeedOptions &options, MemoryBudget &budget);

} // namespace qs
