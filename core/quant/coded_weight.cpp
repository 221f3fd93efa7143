// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quant/coded_weight.h"

#include "core/base/checked_math.h"
#include "core/base/text.h"
#include "core/tensor/small_floats.h"

#include <algorithm>
#include <atomic>
#include <limits>

namespace qs {
namespace {

constexpr std::uint64_t kKeptValues = std::uint64_t{1} << 18U; // 1 MiB for each thread

float applied(ValueStep::Op op, float value, float operand)
{
    switch (op) {
    case ValueStep::Op::Add:
        return value + operand;
    case ValueStep::Op::Subtract:
        return value - operand;
    case ValueStep::Op::Multiply:
        return value * operand;
    case ValueStep::Op::Divide:
        break;
    }
    return value / operand;
}

void applyToRun(const ValueStep &step, float operand, std::span<float> values)
{
    for (float &value : values)
        value = applied(step.op, value, operand);
}

void roundAll(DType type, std::span<float> values)
{
    if (type == DType::F16 || type == DType::BF16)
        for (float &value : values)
            value = roundTo(type, value);
}

/// Row of the operand for each row of the owner's range.
Result<std::vector<std::uint64_t>> operandRows(const CodedNumbers &operand, const GridRange &range)
{
    std::vector<std::uint64_t> rows(range.rows);
    if (!operand.rowOf) {
        for (std::uint64_t i = 0; i < range.rows; ++i)
            rows[i] = (range.row + i) / operand.rowsEach;
        return rows;
    }
    std::vector<double> numbers(range.rows);
    QS_CHECK(operand.rowOf->wholeNumbers(range.row, range.rows, numbers.data()));
    const auto last = static_cast<double>(operand.grid.rows());
    std::ranges::transform(numbers, rows.begin(), [last](double number) {
        return number >= 0 && number < last ? static_cast<std::uint64_t>(number) : UINT64_MAX;
    });
    return rows;
}

Result<void> evaluate(const CodedNumbers &numbers, const GridRange &range, float *values);

Result<void> applyOperand(const ValueStep &step, const GridRange &range, float *values)
{
    const CodedNumbers &operand = *step.operand;
    QS_ASSIGN(const std::vector<std::uint64_t> rows, operandRows(operand, range));
    GridRange covered{operand.grid.matrices() == 1 ? 0 : range.matrix, UINT64_MAX, 0,
                      range.column / operand.columnsEach, 0};
    covered.columns = (range.column + range.columns - 1) / operand.columnsEach - covered.column + 1;
    std::uint64_t last = 0;
    for (const std::uint64_t row : rows) {
        if (row == UINT64_MAX)
            continue;
        covered.row = std::min(covered.row, row);
        last = std::max(last, row);
    }
    std::vector<float> operands;
    if (covered.row != UINT64_MAX) {
        covered.rows = last - covered.row + 1;
        operands.resize(covered.size());
        QS_CHECK(evaluate(operand, covered, operands.data()));
    }
    for (std::uint64_t i = 0; i < range.rows; ++i) {
        const std::span<float> line(values + i * range.columns, range.columns);
        if (rows[i] == UINT64_MAX) {
            std::ranges::fill(line, std::numeric_limits<float>::quiet_NaN());
            continue;
        }
        const float *from = operands.data() + (rows[i] - covered.row) * covered.columns;
        if (operand.columnsEach == 1) {
            for (std::uint64_t c = 0; c < range.columns; ++c)
                line[c] = applied(step.op, line[c], from[c]);
            continue;
        }
        std::uint64_t left = operand.columnsEach - range.column % operand.columnsEach;
        for (std::uint64_t done = 0; done < range.columns; ++from, left = operand.columnsEach) {
            const std::uint64_t count = std::min(left, range.columns - done);
            applyToRun(step, *from, line.subspan(done, count));
            done += count;
        }
    }
    return {};
}

Result<void> evaluate(const CodedNumbers &numbers, const GridRange &range, float *values)
{
    QS_CHECK(numbers.grid.read(range, values));
    for (const ValueStep &step : numbers.steps) {
        if (step.operand) {
            QS_CHECK(applyOperand(step, range, values));
        } else {
            applyToRun(step, step.constant, {values, range.size()});
        }
        roundAll(step.rounded, {values, range.size()});
    }
    return {};
}

Result<void> checkReach(const CodedNumbers &owner)
{
    for (const ValueStep &step : owner.steps) {
        if (!step.operand)
            continue;
        const CodedNumbers &operand = *step.operand;
        const NumberGrid &grid = operand.grid;
        const bool hasRows = operand.rowOf
                                 ? isInteger(operand.rowOf->info.dtype) && operand.rowOf->info.encoding == nullptr &&
                                       operand.rowOf->info.elements() == owner.grid.rows()
                                 : ceilDiv(owner.grid.rows(), operand.rowsEach) <= grid.rows();
        const bool hasMatrices = grid.matrices() == 1 || grid.matrices() == owner.grid.matrices();
        if (!hasRows || !hasMatrices || ceilDiv(owner.grid.columns(), operand.columnsEach) > grid.columns())
            return fail(ErrorCode::Input,
                        Text::of("{} does not reach over all codes", inQuotes(grid.part().info.name)));
        QS_CHECK(checkReach(operand));
    }
    return {};
}

} // namespace

Result<std::shared_ptr<const CodedValues>> CodedWeight::make(CodedNumbers codes, bool transposed)
{
    QS_CHECK(checkReach(codes));
    return std::shared_ptr<const CodedValues>(new CodedWeight(std::move(codes), transposed));
}

CodedWeight::CodedWeight(CodedNumbers codes, bool transposed)
    : m_codes(std::move(codes))
    , m_transposed(transposed)
{
    static std::atomic<std::uint64_t> count{0};
    m_number = ++count;
}

/// Values of a rectangle of the codes, column by column. Who wants single columns wants their neighbours next: these
/// are read together and kept for the thread.
Result<void> CodedWeight::readTurned(const GridRange &range, float *values) const
{
    struct Kept {
        std::uint64_t number = 0;
        GridRange range;
        std::vector<float> values;
    };
    thread_local Kept kept;
    const bool isThere = kept.number == m_number && kept.range.matrix == range.matrix && kept.range.row == range.row &&
                         kept.range.rows == range.rows && kept.range.column <= range.column &&
                         range.column + range.columns <= kept.range.column + kept.range.columns;
    if (!isThere) {
        kept.number = 0;
        kept.range = range;
        const std::uint64_t columns = std::max<std::uint64_t>(range.columns, kKeptValues / range.rows);
        kept.range.columns = std::min(columns, m_codes.grid.columns() - range.column);
        kept.values.resize(kept.range.size());
        QS_CHECK(evaluate(m_codes, kept.range, kept.values.data()));
        kept.number = m_number;
    }
    for (std::uint64_t c = 0; c < range.columns; ++c)
        for (std::uint64_t r = 0; r < range.rows; ++r)
            values[c * range.rows + r] = kept.values[r * kept.range.columns + range.column - kept.range.column + c];
    return {};
}

Result<void> CodedWeight::floats(std::uint64_t first, std::uint64_t count, float *values) const
{
    const NumberGrid &grid = m_codes.grid;
    // Lines and positions are those of the weight.
    const std::uint64_t lines = m_transposed ? grid.columns() : grid.rows();
    const std::uint64_t length = m_transposed ? grid.rows() : grid.columns();
    while (count > 0) {
        const std::uint64_t line = first / length;
        const std::uint64_t position = first % length;
        const std::uint64_t most = std::min(count / length, lines - line % lines);
        const std::uint64_t some = position == 0 && most > 0 ? most : 1;
        const std::uint64_t width = position == 0 && most > 0 ? length : std::min(count, length - position);
        if (m_transposed) {
            QS_CHECK(readTurned({line / lines, position, width, line % lines, some}, values));
        } else {
            QS_CHECK(evaluate(m_codes, {line / lines, line % lines, some, position, width}, values));
        }
        first += some * width;
        count -= some * width;
        values += some * width;
    }
    return {};
}

} // namespace qs
