// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Matrix products of operators, in steps that can be stopped.
#pragma once

#include "core/eval/operator.h"
#include "core/kernels/kernels.h"

namespace qs {

/// Multiplications of one call of a kernel: about 20 ms of a slow processor.
inline constexpr std::int64_t kProductsPerCall = std::int64_t{1} << 28U;

/// Memory of `count` floats for the time of an operator; from the budget.
Result<std::shared_ptr<Value>> scratchFloats(std::size_t count, const RunContext &context);

/// Does products one after the other, with one scratch memory for all.
class Multiplier
{
public:
    explicit Multiplier(const RunContext &context)
        : m_context(context)
    {}

    /// Cut into steps by its shape alone. A depth of 0 gives zeros.
    Result<void> multiply(const ProductPiece &piece);

private:
    Result<float *> scratch(std::size_t count);

    const RunContext &m_context;
    std::shared_ptr<Value> m_scratch;
};

/// y[m][n] = Σk x[m][k] · w[n][k], all row by row.
Result<void> multiplyLinear(const float *x, const float *w, float *y, std::size_t rows, std::size_t outputs,
                            std::size_t depth, const RunContext &context);

} // namespace qs
