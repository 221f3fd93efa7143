// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// CodedValues: float values of a weight whose codes and scales are tensors of their own.
#pragma once

#include "core/base/result.h"

#include <cstdint>

namespace qs {

/// What Encoding::values points to. Safe to use from several threads.
class CodedValues
{
public:
    virtual ~CodedValues() = default;
    /// Values [first, first + count) in row-major order of the weight's shape. Errors as InputFile::read().
    virtual Result<void> floats(std::uint64_t first, std::uint64_t count, float *values) const = 0;
};

} // namespace qs
