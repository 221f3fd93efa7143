// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Attributes of ONNX nodes, read from the file when somebody asks.
#pragma once

#include "core/formats/onnx/graph.h"

#include <optional>

namespace qs::onnx {

/// What an AttributeProto holds. Lists of numbers stay in the file.
struct Attribute {
    Range bytes; ///< the AttributeProto
    std::string_view name;
    std::optional<std::int64_t> integer;
    std::optional<Range> number; ///< the four bytes of `f`
    std::string_view text;
    std::optional<Range> tensor;
    std::vector<std::int64_t> integers; ///< the first kMaxIntegers of `ints`
    std::size_t integerCount = 0;       ///< of `ints`
    std::size_t numberCount = 0;        ///< of `floats`
    bool hasStrings = false;
    bool hasSparse = false;
    std::string_view reference; ///< attribute of the calling node that stands here, inside functions

    static constexpr std::size_t kMaxIntegers = 64; ///< more than a shape, a permutation or axes ever hold
};

Result<Attribute> readAttribute(const Source &source, const Range &bytes);

/// All attributes of a node, in the order of the file.
Result<std::vector<Attribute>> readAttributes(const Source &source, const Node &node);

/// The first attribute of that name. One that cannot be read is as good as none.
std::optional<Attribute> findAttribute(const Source &source, const Node &node, std::string_view name);

} // namespace qs::onnx
