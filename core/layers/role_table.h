// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The table that says what a tensor is. Add a row here to teach the program a new name.
#pragma once

#include "core/model/named_role.h"

#include <cstdint>
#include <span>
#include <string_view>

namespace qs {

/// What multiplies by the tensor, or looks rows of it up.
enum class Product : std::uint8_t {
    None,
    Matrix,
    Kernel,
    ByRank, ///< a matrix with two axes, a kernel with more
    Recurrent,
    Lookup,
};

/// How the axes of a layer are laid out.
enum class Layout : std::uint8_t {
    OutFirst,      ///< [out, in, …]
    OutLast,       ///< [in, out], [kernel, in, out]
    OutBeforeLast, ///< [kernel, channels, outputs of each]
    Stack,         ///< [matrices, out, in]
    StackLast,     ///< [matrices, in, out]
    FusedStack,    ///< one of the two, as the shapes of `gate_up_proj` and `down_proj` or a bias beside it say
};

enum class Types : std::uint8_t { Any, Integer, Bool, NoWeight };

enum class Condition : std::uint8_t {
    None,
    LeadingOne,   ///< the first axis has one element
    OneLongAxis,  ///< at most one axis has more than one element
    BesideOthers, ///< the model has weights that do not fit the row's `path`: this is a copy of them
};

/// Where the part of a name ends that a tensor shares with those that belong to it.
enum class Stem : std::uint8_t {
    Leaf, ///< before the last segment, or before the ending of it that a pattern like "*_scale" names
    Path, ///< before the first segment that fits `path`
};

/// One row. Patterns are lists of globs with spaces between them; '*' is any text, '#' any number of digits, none
/// included. Segments are what stands between dots or slashes and are compared in lower case. An empty list says
/// nothing. The first row that fits counts.
struct RoleRow {
    Role role = Role::Buffer;
    std::string_view leaf = {};   ///< the last segment
    std::string_view module = {}; ///< the last segment before it that is no number
    std::string_view path = {};   ///< any segment before the last one
    std::uint8_t minRank = 0;
    std::uint8_t maxRank = 0xff;
    Types types = Types::Any;
    Condition condition = Condition::None;
    Stem stem = Stem::Leaf;
    /// Endings; the model has to have a tensor named by the stem and one of them, "=" for the stem itself.
    std::string_view beside = {};
    std::string_view besideCodes = {}; ///< the same of a tensor whose type is not one that weights have
    std::string_view of = {};          ///< the same, but for finding the owner only
    Product product = Product::None;
    Layout layout = Layout::OutFirst;
    bool keptByDefault = false;
    TextLiteral<0> reason = "";
    TextLiteral<0> axisReason = ""; ///< of a layout that is not the usual one
};

std::span<const RoleRow> roleRows();

} // namespace qs
