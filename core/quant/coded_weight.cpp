// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quant/coded_weight.h"

#include "core/base/checked_math.h"
#include "core/base/text.h"
#include "core/tensor/small_floats.h"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

namespace qs {
namespace {

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
                        fmt::format("{} does not reach over all codes", inQuotes(grid.part().info.name)));
        QS_CHECK(checkReach(operand));
    }
    return {};
}

Result<void> checkFiles(const CodedNumbers &numbers)
{
    QS_CHECK(numbers.grid.part().check());
    if (numbers.rowOf)
        QS_CHECK(numbers.rowOf->check());
    for (const ValueStep &step : numbers.steps)
        if (step.operand)
            QS_CHECK(checkFiles(*step.operand));
    return {};
}

} // namespace

Result<std::shared_ptr<const CodedValues>> CodedWeight::make(CodedNumbers codes, bool transposed)
{
    QS_CHECK(checkReach(codes));
    return std::shared_ptr<const CodedValues>(new CodedWeight(std::move(codes), transposed));
}

Result<void> CodedWeight::floats(std::uint64_t first, std::uint64_t count, float *values) const
{
    const NumberGrid &grid = m_codes.grid;
    // Lines and positions are those of the weight.
    const std::uint64_t lines = m_transposed ? grid.columns() : grid.rows();
    const std::uint64_t length = m_transposed ? grid.rows() : grid.columns();
    std::vector<float> turned;
    while (count > 0) {
        const std::uint64_t line = first / length;
        const std::uint64_t position = first % length;
        const std::uint64_t most = std::min(count / length, lines - line % lines);
        const std::uint64_t some = position == 0 && most > 0 ? most : 1;
        const std::uint64_t width = position == 0 && most > 0 ? length : std::min(count, length - position);
        if (!m_transposed) {
            QS_CHECK(evaluate(m_codes, {line / lines, line % lines, some, position, width}, values));
        } else {
            const GridRange range{line / lines, position, width, line % lines, some};
            turned.resize(range.size());
            QS_CHECK(evaluate(m_codes, range, turned.data()));
            for (std::uint64_t i = 0; i < some; ++i)
                for (std::uint64_t k = 0; k < width; ++k)
                    values[i * width + k] = turned[k * some + i];
        }
        first += some * width;
        count -= some * width;
        values += some * width;
    }
    return check();
}

Result<void> CodedWeight::check() const
{
    return checkFiles(m_codes);
}

} // namespace qs
