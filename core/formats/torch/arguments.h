// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Arguments of the functions that rebuild tensors: checked numbers, shapes and types.
#pragma once

#include "core/base/text.h"
#include "core/formats/torch/globals.h"

#include <vector>

namespace qs::torch {

/// Reads arguments of one tensor after the other. Errors name the tensor and the byte of the value.
class Arguments
{
protected:
    using Index = pickle::Index;
    using Kind = pickle::Kind;

    Arguments(const pickle::Content &content, const std::string &where)
        : m_content(content)
        , m_where(where)
    {}

    std::unexpected<Error> wrong(Index value, Text message) const;
    /// Argument `index` of a list, or None.
    static Index argument(std::span<const Index> arguments, std::size_t index);
    /// True for what numbers() may read: a tuple, a list or torch.Size.
    bool isSizes(Index value) const;
    /// The last such item of a tuple, or None.
    Index lastSizes(Index value) const;
    /// Whole numbers from 0 on, 32 at most.
    Result<std::vector<std::uint64_t>> numbers(Index value, const char *field) const;
    Result<std::uint64_t> wholeNumber(Index value, const char *field) const;
    Result<ElementType> elementFrom(Index value) const;
    /// Product of the dimensions; those beside a zero must make sense as well.
    Result<std::uint64_t> elementsOf(const std::vector<std::uint64_t> &shape) const;

    const pickle::Content &m_content;
    const std::string &m_where;
    std::string m_name; ///< of the tensor that is being read
    Index m_value = pickle::kNone;
};

} // namespace qs::torch
