// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// An AttributeProto with all that it holds, for making networks; attributes.h reads as much as layers need.
#pragma once

#include "core/formats/onnx/graph.h"
#include "core/network/network.h"

#include <optional>

namespace qs::onnx {

inline constexpr std::uint64_t kMaxConstantBytes = std::uint64_t{64}
                                                   << 20; ///< of all tensors in a network's attributes

/// What AttributeProto.type says the value is.
enum class AttributeKind : std::uint8_t {
    None,
    Float,
    Int,
    String,
    Tensor,
    Graph,
    Floats,
    Ints,
    Strings,
    Tensors,
    Graphs,
    SparseTensor,
    SparseTensors,
    Type,
    Types,
};

struct WholeAttribute {
    std::string_view name;
    std::string_view reference; ///< attribute of the calling node that stands here, inside functions
    AttributeKind kind = AttributeKind::None;
    std::int64_t integer = 0;
    float number = 0;
    std::string_view text;
    std::vector<std::int64_t> integers;
    std::vector<float> numbers;
    std::vector<std::string_view> texts;
    std::vector<Range> tensors; ///< of `t`, then of `tensors`
    std::size_t graphs = 0;     ///< number of graphs in it; they are Node::subgraphs in the order of the file
};

/// Charges the memory of what it keeps. Error{Input} with field and byte.
Result<WholeAttribute> readWholeAttribute(Source &source, const Range &bytes);

/// A TensorProto's values as a constant. Empty for what is not kept: values in external files, complex numbers, entries
/// that share bytes. Error{Input} above `limit` bytes, and when values and shape do not fit each other.
Result<std::optional<NetworkConstant>> readConstant(Source &source, const Range &bytes, std::uint64_t limit);

} // namespace qs::onnx
