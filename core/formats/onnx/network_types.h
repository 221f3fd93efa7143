// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Types and shapes of values as an ONNX file declares them.
#pragma once

#include "core/formats/onnx/graph.h"
#include "core/network/network.h"

#include <string_view>
#include <unordered_map>

namespace qs::onnx {

/// Types and shapes that a graph says of its values by name; `names` leads to values of `network`. What is known
/// already stays.
Result<void> readValueTypes(Source &source, const Graph &graph,
                            const std::unordered_map<std::string_view, std::uint32_t> &names, Network &network);

} // namespace qs::onnx
