// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Calls of functions in an ONNX file, while their nodes become nodes of a network.
#pragma once

#include "core/formats/onnx/graph.h"

#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

namespace qs::onnx {

/// What the file says of a function beside its nodes.
struct NetworkFunction {
    std::map<std::string, std::int64_t> opsets;
    std::vector<Range> defaults; ///< AttributeProtos for calls that leave them out
};

/// Error{Input} with field and byte. `graph` is the function's.
Result<NetworkFunction> readNetworkFunction(Source &source, const Graph &graph);

/// The main graph, or one call of a function: what the values of its graphs are in the network.
struct NetworkFrame {
    const Node *call = nullptr;
    NetworkFrame *outer = nullptr; ///< that holds the call
    const NetworkFunction *function = nullptr;
    std::string prefix;                                      ///< of names
    std::unordered_map<std::uint32_t, std::uint32_t> values; ///< value of Scopes → value of the network
    std::vector<std::uint32_t> defined;                      ///< keys of `values`, in the order in which they came
};

} // namespace qs::onnx
