// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/eval/ops/products.h"

#include "core/base/checked_math.h"
#include "core/eval/ops/tools.h"

#include <cstring>

namespace qs {
namespace {

constexpr std::size_t kPackedFloats = std::size_t{1} << 20U; // of the left factor at a time
constexpr std::size_t kOutputsPerProduct = 512;
constexpr std::size_t kFewRows = 32; // below, padding costs more than it saves

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
    const std::size_t step = alignUp(ceilDiv(rows, ceilDiv(rows, 128)), 32);
    std::shared_ptr<Value> padded;
    for (std::size_t row = 0; row < rows; row += step) {
        const std::size_t count = std::min(step, rows - row);
        const float *source = x + row * depth;
        float *target = y + row * outputs;
        if (count < step) {
            QS_ASSIGN(padded, scratchFloats(step * (depth + outputs), context));
            float *const copy = padded->floats().data();
            std::copy_n(source, count * depth, copy);
            std::fill_n(copy + count * depth, (step - count) * depth, 0.0F);
            source = copy;
            target = copy + step * depth;
        }
        for (std::size_t output = 0; output < outputs; output += kOutputsPerProduct) {
            QS_CHECK(context.task.check());
            kernels().product(source, depth, w + output * depth, depth, target + output, outputs, step,
                              std::min(kOutputsPerProduct, outputs - output), depth);
        }
        if (count < step)
            std::copy_n(target, count * outputs, y + row * outputs);
    }
    return {};
}

} // namespace qs
