// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/onnx/folded_sums.h"

#include "core/base/text.h"
#include "core/formats/onnx/axis_trace.h"
#include "core/tensor/small_floats.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace qs::onnx {
namespace {

constexpr std::uint64_t kProductsPerElement = 16; // of a MatMul, that take as long as one element

/// Sums run in double; `finish` takes the sum and the number of entries.
struct Reduction {
    std::string_view name;
    double start;
    double (*add)(double sum, double value);
    double (*finish)(double sum, double count);
};
constexpr double kInfinite = std::numeric_limits<double>::infinity();
constexpr std::array kReductions{
    Reduction{"ReduceSum", 0, [](double s, double x) { return s + x; }, [](double s, double) { return s; }},
    Reduction{"ReduceMean", 0, [](double s, double x) { return s + x; }, [](double s, double n) { return s / n; }},
    Reduction{"ReduceL1", 0, [](double s, double x) { return s + std::fabs(x); }, [](double s, double) { return s; }},
    Reduction{"ReduceL2", 0, [](double s, double x) { return s + x * x; },
              [](double s, double) { return std::sqrt(s); }},
    Reduction{"ReduceSumSquare", 0, [](double s, double x) { return s + x * x; }, [](double s, double) { return s; }},
    Reduction{"ReduceProd", 1, [](double s, double x) { return s * x; }, [](double s, double) { return s; }},
    Reduction{"ReduceMax", -kInfinite, [](double s, double x) { return std::max(s, x); },
              [](double s, double) { return s; }},
    Reduction{"ReduceMin", kInfinite, [](double s, double x) { return std::min(s, x); },
              [](double s, double) { return s; }},
};

/// Which axes are summed up: an input, an attribute in old versions, or all.
Result<std::vector<bool>> reducedAxes(const FoldCall &call, std::size_t rank)
{
    const auto axes = call.has(1) ? call.numbers(1) : call.view.integers("axes");
    if (call.has(1) && !axes)
        return notComputed(Text::of("the axes of {} are not known", call.op()));
    if ((!axes || axes->empty()) && call.view.integer("noop_with_empty_axes", 0) != 0)
        return notComputed(Text::of("{} has no axes", call.op()));
    std::vector<bool> result(rank, !axes || axes->empty());
    for (const std::int64_t given : axes.value_or(std::vector<std::int64_t>())) {
        const auto axis = normalizedAxis(given, rank);
        if (!axis)
            return notComputed(Text::of("{} reduces axis {}", call.op(), given));
        result[*axis] = true;
    }
    return result;
}

Result<FoldedValue> reduce(FoldCall &call)
{
    if (!call.has(0))
        return call.wrongInputs();
    const FoldedValue &value = call[0];
    const Reduction &reduction = *findOperator(kReductions, call.op());
    if (value.isWhole())
        return call.wrongType(value.dtype);
    QS_ASSIGN(const std::vector<bool> isReduced, reducedAxes(call, value.shape.size()));
    QS_CHECK(call.spend(value.count()));
    Shape kept = value.shape;
    std::uint64_t entries = 1;
    const bool keepsAxes = call.view.integer("keepdims", 1) != 0;
    FoldedValue result{.dtype = value.dtype, .known = value.known};
    for (std::size_t i = 0; i < kept.size(); ++i) {
        if (isReduced[i]) {
            entries *= kept[i];
            kept[i] = 1;
        }
        if (keepsAxes || !isReduced[i])
            result.shape.push_back(kept[i]);
    }
    QS_CHECK(call.take(result.shape));
    if (!value.known)
        return result;
    Shape steps = stepsOf(kept);
    for (std::size_t i = 0; i < kept.size(); ++i)
        steps[i] = isReduced[i] ? 0 : steps[i];
    std::vector<double> sums(result.count(), reduction.start);
    const float *element = value.floats.data();
    forEachOffset(value.shape, steps, 0, [&](std::uint64_t offset) {
        sums[offset] = reduction.add(sums[offset], static_cast<double>(*element++));
    });
    for (const double sum : sums)
        result.floats.push_back(
            roundTo(value.dtype, static_cast<float>(reduction.finish(sum, static_cast<double>(entries)))));
    return result;
}

/// One matrix as its place in the values, with the steps from row to row and from column to column.
struct Matrix {
    const float *values = nullptr;
    std::uint64_t rows = 0;
    std::uint64_t columns = 0;
    std::uint64_t rowStep = 0;
    std::uint64_t columnStep = 0;
};

/// Appends left · right · factor to the result; sums run in double.
Result<void> multiply(const FoldCall &call, const Matrix &left, const Matrix &right, double factor, FoldedValue &result)
{
    std::vector<double> sums(right.columns);
    for (std::uint64_t row = 0; row < left.rows; ++row) {
        QS_CHECK(call.spend(right.columns + right.columns * left.columns / kProductsPerElement));
        std::ranges::fill(sums, 0.0);
        for (std::uint64_t k = 0; k < left.columns; ++k) {
            const double scale = left.values[row * left.rowStep + k * left.columnStep];
            const float *other = right.values + k * right.rowStep;
            for (std::uint64_t column = 0; column < right.columns; ++column)
                sums[column] += scale * static_cast<double>(other[column * right.columnStep]);
        }
        for (const double sum : sums)
            result.floats.push_back(roundTo(result.dtype, static_cast<float>(sum * factor)));
    }
    return {};
}

/// Both operands of a product: floats of one type with two axes or more.
Result<void> checkOperands(const FoldCall &call)
{
    if (call.inputs.size() < 2 || !call.has(0) || !call.has(1))
        return call.wrongInputs();
    for (const std::size_t i : {std::size_t{0}, std::size_t{1}})
        if (call[i].isWhole() || call[i].dtype != call[0].dtype)
            return call.wrongType(call[i].dtype);
    if (call[0].shape.size() < 2 || call[0].shape.size() != call[1].shape.size())
        return notComputed(Text::of("{} multiplies {} by {}", inQuotes(call.view.node().label()),
                                    shapeText(call[0].shape), shapeText(call[1].shape)));
    return {};
}

/// Matrices, or stacks of equally many.
Result<FoldedValue> matMul(FoldCall &call)
{
    QS_CHECK(checkOperands(call));
    const FoldedValue &left = call[0];
    const FoldedValue &right = call[1];
    const std::size_t rank = left.shape.size();
    const std::uint64_t inner = left.shape[rank - 1];
    Shape shape = left.shape;
    shape[rank - 1] = right.shape[rank - 1];
    Shape expected = left.shape;
    expected[rank - 2] = inner;
    expected[rank - 1] = right.shape[rank - 1];
    if (right.shape != expected)
        return notComputed(Text::of("{} multiplies {} by {}", inQuotes(call.view.node().label()), shapeText(left.shape),
                                    shapeText(right.shape)));
    QS_CHECK(call.take(shape));
    FoldedValue result{.dtype = left.dtype, .shape = shape, .known = call.allKnown()};
    if (!result.known || result.count() == 0)
        return result;
    const std::uint64_t rows = left.shape[rank - 2];
    const std::uint64_t columns = shape[rank - 1];
    result.floats.reserve(result.count());
    for (std::uint64_t i = 0; i < result.count() / (rows * columns); ++i)
        QS_CHECK(multiply(call, {left.floats.data() + i * rows * inner, rows, inner, inner, 1},
                          {right.floats.data() + i * inner * columns, inner, columns, columns, 1}, 1, result));
    return result;
}

/// alpha · A · B without a third operand.
Result<FoldedValue> gemm(FoldCall &call)
{
    QS_CHECK(checkOperands(call));
    if (call.has(2) || call[0].shape.size() != 2)
        return call.wrongInputs();
    const auto matrix = [&](std::size_t input, bool isTurned) {
        const FoldedValue &value = call[input];
        const std::uint64_t columns = value.shape[1];
        return isTurned ? Matrix{value.floats.data(), columns, value.shape[0], 1, columns}
                        : Matrix{value.floats.data(), value.shape[0], columns, columns, 1};
    };
    const Matrix left = matrix(0, call.view.integer("transA", 0) != 0);
    const Matrix right = matrix(1, call.view.integer("transB", 0) != 0);
    if (left.columns != right.rows)
        return notComputed(Text::of("{} multiplies {} by {}", inQuotes(call.view.node().label()),
                                    shapeText(call[0].shape), shapeText(call[1].shape)));
    FoldedValue result{.dtype = call[0].dtype, .shape = {left.rows, right.columns}, .known = call.allKnown()};
    QS_CHECK(call.take(result.shape));
    if (result.known)
        QS_CHECK(multiply(call, left, right, static_cast<double>(call.view.number("alpha").value_or(1.0F)), result));
    return result;
}

/// For each element of `shape` the place of its scale: one in all, one per entry of an axis, or one per block along it.
/// use(element, place).
template <class Use>
Result<void> forEachScale(const FoldCall &call, const Shape &shape, const FoldedValue &scales, Use use)
{
    if (scales.count() == 1) {
        forEachOffset(shape, stepsOf(shape), 0, [&](std::uint64_t element) { use(element, std::uint64_t{0}); });
        return {};
    }
    const auto axis = normalizedAxis(call.view.integer("axis", 1), shape.size());
    const std::int64_t block = call.view.integer("block_size", 0);
    Shape blocks = shape;
    if (axis && block > 0)
        blocks[*axis] = (shape[*axis] + static_cast<std::uint64_t>(block) - 1) / static_cast<std::uint64_t>(block);
    const bool fits = axis && block >= 0 && (block > 0 ? scales.shape == blocks : scales.shape == Shape{shape[*axis]});
    if (!fits)
        return notComputed(
            Text::of("{} has scales of shape {} for {}", call.op(), shapeText(scales.shape), shapeText(shape)));
    Shape steps = block > 0 ? stepsOf(blocks) : Shape(shape.size(), 0);
    const std::uint64_t along = block > 0 ? steps[*axis] : 1;
    steps[*axis] = 0;
    const std::uint64_t inner = stepsOf(shape)[*axis];
    std::uint64_t element = 0;
    forEachOffset(shape, steps, 0, [&](std::uint64_t place) {
        const std::uint64_t entry = element / inner % shape[*axis];
        use(element++, place + (block > 0 ? entry / static_cast<std::uint64_t>(block) : entry) * along);
    });
    return {};
}

Result<void> checkScales(const FoldCall &call)
{
    if (call.inputs.size() < 2 || call.inputs.size() > 3 || !call.has(0) || !call.has(1) || call[0].shape.empty())
        return call.wrongInputs();
    if (call[1].isWhole())
        return call.wrongType(call[1].dtype);
    if (call.has(2) && (!call[2].isWhole() || call[2].count() != call[1].count()))
        return call.wrongType(call[2].dtype);
    return {};
}

Result<FoldedValue> dequantize(FoldCall &call)
{
    QS_CHECK(checkScales(call));
    const FoldedValue &codes = call[0];
    const FoldedValue &scales = call[1];
    if (!codes.isWhole())
        return call.wrongType(codes.dtype);
    QS_CHECK(call.take(codes.shape));
    FoldedValue result{.dtype = scales.dtype, .shape = codes.shape, .known = call.allKnown()};
    if (!result.known)
        return result;
    result.floats.resize(codes.integers.size());
    QS_CHECK(forEachScale(call, codes.shape, scales, [&](std::uint64_t element, std::uint64_t place) {
        const std::int64_t zero = call.has(2) ? call[2].integers[place] : 0;
        const auto steps = static_cast<float>(codes.integers[element] - zero);
        result.floats[element] = roundTo(result.dtype, steps * scales.floats[place]);
    }));
    return result;
}

/// To codes of 8 bits, whose type is that of the zero point.
Result<FoldedValue> quantize(FoldCall &call)
{
    QS_CHECK(checkScales(call));
    const FoldedValue &value = call[0];
    const DType type = call.has(2) ? call[2].dtype : DType::U8;
    if (value.isWhole() || value.dtype != call[1].dtype || (type != DType::I8 && type != DType::U8))
        return call.wrongType(value.isWhole() ? value.dtype : type);
    if (!call.has(2) && call.view.integer("output_dtype", 0) != 0)
        return call.wrongInputs();
    QS_CHECK(call.take(value.shape));
    FoldedValue result{.dtype = type, .shape = value.shape, .known = call.allKnown()};
    if (!result.known)
        return result;
    result.integers.resize(value.floats.size());
    const float lowest = type == DType::I8 ? -128.0F : 0.0F;
    QS_CHECK(forEachScale(call, value.shape, call[1], [&](std::uint64_t element, std::uint64_t place) {
        const float zero = call.has(2) ? static_cast<float>(call[2].integers[place]) : 0.0F;
        const float code = std::nearbyint(value.floats[element] / call[1].floats[place]) + zero;
        result.integers[element] =
            std::isnan(code) ? 0 : static_cast<std::int64_t>(std::clamp(code, lowest, lowest + 255.0F));
    }));
    return result;
}

} // namespace

FoldOperator sumOperator(std::string_view name)
{
    if (findOperator(kReductions, name) != nullptr)
        return reduce;
    return name == "MatMul"             ? matMul
           : name == "Gemm"             ? gemm
           : name == "DequantizeLinear" ? dequantize
           : name == "QuantizeLinear"   ? quantize
                                        : nullptr;
}

} // namespace qs::onnx
