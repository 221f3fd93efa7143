// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/eval/ops/products.h"

#include "core/eval/ops/tools.h"

#include <cstring>

namespace qs {
namespace {

constexpr std::size_t kPackedFloats = std::size_t{1} << 20U; // of the left factor at a time
constexpr std::size_t kRowsPerProduct = 128;
constexpr std::size_t kOutputsPerProduct = 512;
constexpr std::size_t kFewRows = 32; // below, packing the weights costs more than it saves

/// A multiple of `unit` that is at least `unit`.
std::size_t stepOf(std::size_t most, std::size_t unit)
{
    return std::max(most / unit, std::size_t{1}) * unit;
}

} // namespace

Result<std::shared_ptr<Value>> scratchFloats(std::size_t count, const RunContext &context)
{
    return makeValue(ElementKind::Float, {static_cast<std::int64_t>(count)}, context);
}

Result<float *> Multiplier::scratch(std::size_t count)
{
    if (!m_scratch || m_scratch->size() < count) {
        m_scratch.reset();
        QS_ASSIGN(m_scratch, scratchFloats(count, m_context));
    }
    return m_scratch->floats().data();
}

Result<void> Multiplier::multiply(const ProductPiece &piece)
{
    if (piece.depth == 0) {
        for (std::size_t row = 0; row < piece.rows && !piece.add; ++row)
            std::fill_n(piece.c + row * piece.cRow, piece.columns, 0.0F);
        return {};
    }
    const std::size_t rows = std::min(piece.rows, stepOf(kPackedFloats / piece.depth, kProductRows));
    const std::size_t columns = stepOf(
        static_cast<std::size_t>(kProductsPerCall) / std::max<std::size_t>(rows * piece.depth, 1), kProductColumns);
    for (std::size_t row = 0; row < piece.rows; row += rows) {
        for (std::size_t column = 0; column < piece.columns; column += columns) {
            QS_CHECK(m_context.task.check());
            ProductPiece part = piece;
            part.a += row * piece.aRow;
            part.b += column * piece.bColumn;
            part.c += row * piece.cRow + column;
            part.rows = std::min(rows, piece.rows - row);
            part.columns = std::min(columns, piece.columns - column);
            QS_ASSIGN(float *const memory, scratch(part.scratch()));
            kernels().multiply(&part, memory);
        }
    }
    return {};
}

Result<void> multiplyLinear(const float *x, const float *w, float *y, std::size_t rows, std::size_t outputs,
                            std::size_t depth, const RunContext &context)
{
    if (rows < kFewRows)
        return Multiplier(context).multiply({x, depth, 1, w, 1, depth, y, outputs, rows, outputs, depth, false});
    for (std::size_t row = 0; row < rows; row += kRowsPerProduct) {
        for (std::size_t output = 0; output < outputs; output += kOutputsPerProduct) {
            QS_CHECK(context.task.check());
            kernels().product(x + row * depth, depth, w + output * depth, depth, y + row * outputs + output, outputs,
                              std::min(kRowsPerProduct, rows - row), std::min(kOutputsPerProduct, outputs - output),
                              depth);
        }
    }
    return {};
}

} // namespace qs
