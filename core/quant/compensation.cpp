// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quant/compensation.h"

#include "core/base/parallel.h"
#include "core/quant/symmetric_matrix.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace qs {
namespace {

constexpr double kDamping = 0.01;              // of the mean of the diagonal, as the paper's own code has it
constexpr std::uint64_t kRowsAtOnce = 16;      // share what is read of the factor
constexpr std::uint64_t kWeightsPerLook = 128; // at the task
constexpr std::size_t kSerialRows = 256;       // a thread is not worth less
constexpr std::size_t kRowsPerThread = 64;

/// H[i, j] of a lower triangle.
double elementOf(std::span<const double> matrix, std::size_t i, std::size_t j)
{
    return i >= j ? matrix[triangleRow(i) + j] : matrix[triangleRow(j) + i];
}

/// 1 % of the mean of what is not 0; 1 when nothing is.
double dampingOf(const InputMoments &moments, std::span<const double> matrix)
{
    double sum = 0;
    std::size_t live = 0;
    for (std::size_t i = 0; i < moments.weights; ++i) {
        const double value = moments.diagonal(matrix, i);
        sum += value;
        live += value > 0 ? 1 : 0;
    }
    return live == 0 ? 1 : kDamping * sum / static_cast<double>(live);
}

/// Turns a damped H, the lower triangle row by row, into the lower triangular L with H = Lᵀ·L.
Result<void> factorise(double *matrix, std::size_t size, const TaskContext &context)
{
    for (std::size_t k = size; k-- > 0;) {
        QS_CHECK(context.check());
        double *const row = matrix + triangleRow(k);
        const double pivot = std::sqrt(std::max(row[k], 1e-300)); // damping keeps it far above 0
        for (std::size_t j = 0; j < k; ++j)
            row[j] /= pivot;
        row[k] = pivot;
        const auto update = [&](std::size_t from, std::size_t to) {
            for (std::size_t a = from; a < to; ++a)
                addScaled(-row[a], row, matrix + triangleRow(a), a + 1);
        };
        if (k < kSerialRows) {
            update(0, k);
            continue;
        }
        QS_CHECK(parallelFor(ceilDiv(k, kRowsPerThread), context, [&](std::size_t part) -> Result<void> {
            update(part * kRowsPerThread, std::min(k, (part + 1) * kRowsPerThread));
            return {};
        }));
    }
    return {};
}

} // namespace

Result<Compensation> Compensation::make(const InputMoments &moments, bool byActivity, const TaskContext &context)
{
    Compensation result;
    result.m_weights = moments.weights;
    result.m_matrices = moments.matrices;
    const std::size_t size = moments.weights;
    result.m_factors.resize(moments.matrices * moments.size());
    if (byActivity)
        result.m_order.resize(moments.matrices * size);
    for (std::uint64_t m = 0; m < moments.matrices; ++m) {
        const std::span<const double> matrix = std::span(moments.values).subspan(m * moments.size(), moments.size());
        if (byActivity) {
            const auto order = std::span(result.m_order).subspan(m * size, size);
            std::iota(order.begin(), order.end(), 0U);
            std::ranges::sort(order, [&](std::uint32_t a, std::uint32_t b) {
                const double one = moments.diagonal(matrix, a);
                const double other = moments.diagonal(matrix, b);
                return one != other ? one > other : a < b;
            });
        }
        const double damping = dampingOf(moments, matrix);
        double *const factor = result.m_factors.data() + m * moments.size();
        for (std::size_t i = 0; i < size; ++i) {
            const std::uint64_t weight = result.weightAt(m, i);
            double *const row = factor + triangleRow(i);
            for (std::size_t j = 0; j <= i; ++j)
                row[j] = elementOf(matrix, weight, result.weightAt(m, j));
            row[i] = (row[i] > 0 ? row[i] : 1) + damping;
        }
        QS_CHECK(factorise(factor, size, context));
    }
    return result;
}

/// One weight of each of some rows at a time.
struct Compensation::Work {
    std::vector<float> targets, scales, stored, offsets, codeOffsets, values;
    std::vector<std::int8_t> zeroPoints, codes;
    std::vector<double> errors; ///< [rows, places]

    void resize(std::size_t rows, std::size_t weights)
    {
        for (std::vector<float> *each : {&targets, &scales, &stored, &offsets, &codeOffsets, &values})
            each->resize(rows);
        zeroPoints.resize(rows);
        codes.resize(rows);
        errors.resize(rows * weights);
    }
};

Result<void> Compensation::round(Rows &rows, const TaskContext &context) const
{
    const std::uint64_t perMatrix = rows.scales.geometry.shape.channels / m_matrices;
    for (std::uint64_t done = 0; done < rows.channels;) {
        const std::uint64_t channel = rows.channel + done;
        const std::uint64_t left = perMatrix - channel % perMatrix;
        const std::uint64_t count = std::min({kRowsAtOnce, left, rows.channels - done});
        QS_CHECK(roundMatrix(channel / perMatrix, rows, done, count, context));
        done += count;
    }
    return {};
}

Result<void> Compensation::roundMatrix(std::uint64_t matrix, Rows &rows, std::uint64_t first, std::uint64_t count,
                                       const TaskContext &context) const
{
    thread_local Work work;
    work.resize(count, m_weights);
    const double *const factor = m_factors.data() + matrix * triangleRow(m_weights);
    QuantizePiece piece;
    piece.coding = rows.coding;
    piece.count = count;
    piece.x = work.targets.data();
    piece.codes = work.codes.data();
    piece.values = work.values.data();
    piece.counted = true;
    piece.scale = {.scales = work.scales.data(),
                   .stored = work.stored.data(),
                   .zeroPoints = work.zeroPoints.data(),
                   .offsets = rows.coding.hasOffsets() ? work.offsets.data() : nullptr,
                   .groupSize = 1,
                   .codeOffsets = rows.coding.hasOffsets() ? work.codeOffsets.data() : nullptr};
    for (std::uint64_t i = 0; i < m_weights; ++i) {
        if (i % kWeightsPerLook == 0)
            QS_CHECK(context.check());
        const std::uint64_t weight = weightAt(matrix, i);
        const double *const row = factor + triangleRow(i);
        for (std::uint64_t r = 0; r < count; ++r) {
            const ScaleRun run = rows.scales.run(rows.channel + first + r, weight);
            const std::uint64_t group = weight / run.groupSize;
            work.scales[r] = run.scales[group];
            work.stored[r] = run.stored[group];
            work.zeroPoints[r] = run.zeroPoints != nullptr ? run.zeroPoints[group] : std::int8_t{0};
            if (rows.coding.hasOffsets()) {
                work.offsets[r] = run.offsets[group];
                work.codeOffsets[r] = run.codeOffsets != nullptr ? run.codeOffsets[group] : run.offsets[group];
            }
            const double moved = dotProduct(row, work.errors.data() + r * m_weights, i) / row[i];
            const float own = rows.weights[(first + r) * m_weights + weight];
            work.targets[r] = static_cast<float>(static_cast<double>(own) - moved);
        }
        kernels().quantize(&piece);
        for (std::uint64_t r = 0; r < count; ++r) {
            const std::uint64_t at = (first + r) * m_weights + weight;
            rows.codes[at] = work.codes[r];
            rows.values[at] = work.values[r];
            work.errors[r * m_weights + i] =
                static_cast<double>(work.values[r]) - static_cast<double>(rows.weights[at]);
        }
    }
    rows.clipped += piece.clipped;
    return {};
}

} // namespace qs
