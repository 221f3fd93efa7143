// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/onnx/constant_folder.h"

#include "core/base/text.h"
#include "core/formats/onnx/axis_trace.h"
#include "core/formats/onnx/element_types.h"
#include "core/tensor/small_floats.h"
#include "core/tensor/tensor_bytes.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace qs::onnx {
namespace {

constexpr int kMaxSteps = 64;                 // of nodes behind each other
constexpr std::uint64_t kWorkPerElement = 64; // of the result
constexpr std::uint64_t kLeastWork = 1 << 20;
constexpr std::uint64_t kSmall = 1 << 16;                    // elements that any value may have
constexpr std::uint64_t kMostWork = std::uint64_t{1} << 32U; // elements, of one file
constexpr std::uint64_t kProductsPerElement = 16;            // of a MatMul, that take as long as one element
constexpr std::uint64_t kElementsPerRead = std::uint64_t{1} << 20U;

using Shape = std::vector<std::uint64_t>;

struct BinaryOp {
    std::string_view name;
    float (*compute)(float, float);
};
constexpr std::array kBinary{
    BinaryOp{"Add", [](float a, float b) { return a + b; }},
    BinaryOp{"Sub", [](float a, float b) { return a - b; }},
    BinaryOp{"Mul", [](float a, float b) { return a * b; }},
    BinaryOp{"Div", [](float a, float b) { return a / b; }},
    BinaryOp{"Pow", [](float a, float b) { return std::pow(a, b); }},
    BinaryOp{"Max", [](float a, float b) { return std::max(a, b); }},
    BinaryOp{"Min", [](float a, float b) { return std::min(a, b); }},
};

struct UnaryOp {
    std::string_view name;
    float (*compute)(float);
};
constexpr std::array kUnary{
    UnaryOp{"Neg", [](float a) { return -a; }},
    UnaryOp{"Abs", [](float a) { return std::fabs(a); }},
    UnaryOp{"Sqrt", [](float a) { return std::sqrt(a); }},
    UnaryOp{"Exp", [](float a) { return std::exp(a); }},
    UnaryOp{"Tanh", [](float a) { return std::tanh(a); }},
    UnaryOp{"Sigmoid", [](float a) { return 1.0F / (1.0F + std::exp(-a)); }},
    UnaryOp{"Reciprocal", [](float a) { return 1.0F / a; }},
};

/// Sums run in double; `finish` takes the sum and the number of entries.
struct Reduction {
    std::string_view name;
    double (*add)(double sum, double value);
    double (*finish)(double sum, double count);
};
constexpr std::array kReductions{
    Reduction{"ReduceSum", [](double s, double x) { return s + x; }, [](double s, double) { return s; }},
    Reduction{"ReduceMean", [](double s, double x) { return s + x; }, [](double s, double n) { return s / n; }},
    Reduction{"ReduceL1", [](double s, double x) { return s + std::fabs(x); }, [](double s, double) { return s; }},
    Reduction{"ReduceL2", [](double s, double x) { return s + x * x; }, [](double s, double) { return std::sqrt(s); }},
    Reduction{"ReduceSumSquare", [](double s, double x) { return s + x * x; }, [](double s, double) { return s; }},
};

template <class Table> auto findOp(const Table &table, std::string_view name)
{
    const auto found = std::ranges::find(table, name, [](const auto &row) { return row.name; });
    return found == table.end() ? nullptr : &*found;
}

std::unexpected<Error> no(Text why)
{
    return fail(ErrorCode::Work, std::move(why));
}

std::uint64_t elementsOf(const Shape &shape)
{
    std::uint64_t count = 1;
    for (const std::uint64_t size : shape)
        count *= size;
    return count;
}

/// Elements between neighbours of each axis in row-major order.
Shape stepsOf(const Shape &shape)
{
    Shape steps(shape.size(), 1);
    for (std::size_t i = shape.size(); i-- > 1;)
        steps[i - 1] = steps[i] * shape[i];
    return steps;
}

/// use(offset) for all elements of `shape` in row-major order; `steps` says how far the offset goes along each axis.
template <class Use> void forEachOffset(const Shape &shape, const Shape &steps, Use use)
{
    if (elementsOf(shape) == 0)
        return;
    Shape index(shape.size());
    std::uint64_t offset = 0;
    while (true) {
        use(offset);
        std::size_t axis = shape.size();
        for (; axis > 0; --axis) {
            offset += steps[axis - 1];
            if (++index[axis - 1] < shape[axis - 1])
                break;
            offset -= steps[axis - 1] * shape[axis - 1];
            index[axis - 1] = 0;
        }
        if (axis == 0)
            return;
    }
}

/// Shapes are aligned at their ends; empty where they do not fit each other.
std::optional<Shape> broadcast(const Shape &a, const Shape &b)
{
    Shape result = a.size() < b.size() ? b : a;
    const Shape &shorter = a.size() < b.size() ? a : b;
    for (std::size_t i = 0; i < shorter.size(); ++i) {
        std::uint64_t &size = result[result.size() - shorter.size() + i];
        if (size != shorter[i] && size != 1 && shorter[i] != 1)
            return std::nullopt;
        size = size == 1 ? shorter[i] : size;
    }
    return result;
}

FoldedValue roundedTo(DType type, FoldedValue value)
{
    value.dtype = type;
    for (float &element : value.floats)
        element = roundTo(type, element);
    return value;
}

} // namespace

ConstantFolder::ConstantFolder(FollowContext &context)
    : m_context(context)
{
    for (const Node &node : context.graphs.graphs[0].nodes)
        if (!node.outputs.empty() && context.constants.largestPart(node.firstOutput) > 0)
            m_makers.emplace(node.firstOutput, &node);
}

const Node *ConstantFolder::makerOf(std::uint32_t value) const
{
    const auto found = m_makers.find(value);
    return found == m_makers.end() ? nullptr : found->second;
}

Result<FoldedValue> ConstantFolder::evaluate(std::uint32_t value, std::uint64_t largest)
{
    m_largest = std::max(largest, kSmall);
    m_left = std::min(largest, kMostWork) * kWorkPerElement + kLeastWork;
    return valueOf(value, 0);
}

Result<void> ConstantFolder::spend(std::uint64_t elements)
{
    QS_CHECK(m_context.source.context.check());
    if (elements > m_left || elements > kMostWork - m_spent)
        return no(Text::of("it takes too much work"));
    m_left -= elements;
    m_spent += elements;
    return {};
}

Result<FoldedValue> ConstantFolder::valueOf(std::uint32_t value, int depth)
{
    if (value == kNone || depth == kMaxSteps)
        return no(Text::of("it is made in too many steps"));
    if (const std::uint32_t tensor = m_context.scopes.tensorOf(value); tensor != kNone)
        return load(tensor);
    const Node *node = makerOf(value);
    if (node == nullptr)
        return no(Text::of("it is made in another graph"));
    return made(*node, depth + 1);
}

Result<FoldedValue> ConstantFolder::load(std::uint32_t tensor)
{
    const TensorView view = m_context.model.view(tensor);
    const TensorInfo &info = *view.info;
    const bool isFloat = info.dtype == DType::F32 || info.dtype == DType::F16 || info.dtype == DType::BF16;
    const std::uint64_t count = info.elements();
    if ((!isFloat && !isInteger(info.dtype)) || bitsOf(info.dtype) < 8)
        return no(Text::of("{} has the type {}", inQuotes(info.name), info.typeName()));
    if (count > m_largest)
        return no(Text::of("{} is larger than the weight", inQuotes(info.name)));
    QS_CHECK(spend(count));
    FoldedValue result{info.dtype, info.shape, {}, {}};
    const TensorElements elements(view);
    std::vector<double> numbers(isFloat ? 0 : std::min(count, kElementsPerRead));
    (isFloat ? result.floats.resize(count) : result.integers.resize(count));
    for (std::uint64_t first = 0; first < count; first += kElementsPerRead) {
        QS_CHECK(m_context.source.context.check());
        const std::uint64_t piece = std::min(kElementsPerRead, count - first);
        if (isFloat) {
            QS_CHECK(elements.floats(first, piece, result.floats.data() + first));
            continue;
        }
        QS_CHECK(elements.wholeNumbers(first, piece, numbers.data()));
        for (std::uint64_t i = 0; i < piece; ++i) // far inside 64 bits for all that arithmetic with weights uses
            result.integers[first + i] = static_cast<std::int64_t>(std::clamp(numbers[i], -0x1p62, 0x1p62));
    }
    return result;
}

Result<FoldedValue> ConstantFolder::made(const Node &node, int depth)
{
    const NodeView view(m_context, node, nullptr);
    const std::string_view op = node.opType;
    const bool isKnown = node.isStandard() && m_context.graphs.functionOf(node) == kNone;
    const bool isArithmetic = findOp(kBinary, op) != nullptr || findOp(kUnary, op) != nullptr || op == "MatMul";
    const bool isOther = findOp(kReductions, op) != nullptr || op == "Cast" || op == "Identity" || op == "Transpose" ||
                         op == "Reshape" || op == "Squeeze" || op == "Unsqueeze" || op == "Flatten";
    if (!isKnown || (!isArithmetic && !isOther))
        return no(Text::of("{} is not computed", printable(op.substr(0, 64))));
    if (node.inputs.empty() || (isArithmetic && node.inputs.size() > 2))
        return no(Text::of("{} has {} inputs", op, node.inputs.size()));
    std::vector<FoldedValue> operands;
    for (std::size_t i = 0; i < (isArithmetic ? node.inputs.size() : 1); ++i) {
        QS_ASSIGN(FoldedValue operand, valueOf(m_context.scopes.input(node, i), depth));
        operands.push_back(std::move(operand));
    }
    if (isArithmetic)
        return arithmetic(view, std::move(operands));
    if (op == "Identity")
        return std::move(operands[0]);
    if (op == "Cast")
        return cast(view, std::move(operands[0]));
    if (op == "Transpose")
        return transpose(view, operands[0]);
    if (findOp(kReductions, op) != nullptr)
        return reduce(view, operands[0]);
    return reshape(view, std::move(operands[0]));
}

Result<FoldedValue> ConstantFolder::arithmetic(const NodeView &view, std::vector<FoldedValue> operands)
{
    const std::string_view op = view.node().opType;
    const DType type = operands[0].dtype;
    for (const FoldedValue &operand : operands)
        if (isInteger(operand.dtype) || operand.dtype != type)
            return no(Text::of("{} computes with {}", op, nameOf(operand.dtype)));
    if (const UnaryOp *unary = findOp(kUnary, op); unary != nullptr && operands.size() == 1) {
        QS_CHECK(spend(operands[0].floats.size()));
        std::ranges::transform(operands[0].floats, operands[0].floats.begin(), unary->compute);
        return roundedTo(type, std::move(operands[0]));
    }
    if (operands.size() != 2)
        return no(Text::of("{} has {} inputs", op, operands.size()));
    if (op == "MatMul")
        return matMul(view, operands[0], operands[1]);
    const BinaryOp *binary = findOp(kBinary, op);
    const auto shape = broadcast(operands[0].shape, operands[1].shape);
    if (binary == nullptr || !shape)
        return no(Text::of("the shapes {} and {} do not fit each other", shapeText(operands[0].shape),
                           shapeText(operands[1].shape)));
    QS_ASSIGN(FoldedValue result, stretched(std::move(operands[0]), *shape));
    QS_ASSIGN(const FoldedValue right, stretched(std::move(operands[1]), *shape));
    std::ranges::transform(result.floats, right.floats, result.floats.begin(), binary->compute);
    return roundedTo(type, std::move(result));
}

Result<FoldedValue> ConstantFolder::stretched(FoldedValue value, const Shape &shape)
{
    const std::uint64_t count = elementsOf(shape); // sizes of the file, none larger than both operands together
    if (count > m_largest)
        return no(Text::of("a value on the way has {} elements", count));
    QS_CHECK(spend(count));
    if (value.shape == shape)
        return value;
    Shape steps = stepsOf(value.shape);
    for (std::size_t i = 0; i < steps.size(); ++i)
        steps[i] = value.shape[i] == 1 ? 0 : steps[i];
    steps.insert(steps.begin(), shape.size() - steps.size(), 0);
    FoldedValue result{value.dtype, shape, {}, {}};
    result.floats.reserve(count);
    forEachOffset(shape, steps, [&](std::uint64_t offset) { result.floats.push_back(value.floats[offset]); });
    return result;
}

Result<FoldedValue> ConstantFolder::matMul(const NodeView &view, const FoldedValue &left, const FoldedValue &right)
{
    if (left.shape.size() != 2 || right.shape.size() != 2 || left.shape[1] != right.shape[0])
        return no(Text::of("{} multiplies {} by {}", inQuotes(view.node().label()), shapeText(left.shape),
                           shapeText(right.shape)));
    const std::uint64_t rows = left.shape[0];
    const std::uint64_t inner = left.shape[1];
    const std::uint64_t columns = right.shape[1];
    if (columns > 0 && rows > m_largest / columns)
        return no(Text::of("a value on the way has {} elements", rows * columns));
    FoldedValue result{left.dtype, {rows, columns}, {}, {}};
    result.floats.reserve(rows * columns);
    std::vector<double> sums(columns);
    for (std::uint64_t row = 0; row < rows; ++row) {
        QS_CHECK(spend(columns + columns * inner / kProductsPerElement));
        std::ranges::fill(sums, 0.0);
        for (std::uint64_t k = 0; k < inner; ++k) {
            const double factor = left.floats[row * inner + k];
            const float *other = right.floats.data() + k * columns;
            for (std::uint64_t column = 0; column < columns; ++column)
                sums[column] += factor * static_cast<double>(other[column]);
        }
        for (const double sum : sums)
            result.floats.push_back(roundTo(result.dtype, static_cast<float>(sum)));
    }
    return result;
}

Result<FoldedValue> ConstantFolder::reduce(const NodeView &view, const FoldedValue &value)
{
    const Reduction &reduction = *findOp(kReductions, view.node().opType);
    if (isInteger(value.dtype))
        return no(Text::of("{} computes with {}", reduction.name, nameOf(value.dtype)));
    const auto axes = view.hasInput(1) ? view.integersInput(1) : view.integers("axes");
    if (view.hasInput(1) && !axes)
        return no(Text::of("the axes of {} are computed", reduction.name));
    if ((!axes || axes->empty()) && view.integer("noop_with_empty_axes", 0) != 0)
        return no(Text::of("{} has no axes", reduction.name));
    std::vector<bool> isReduced(value.shape.size(), !axes || axes->empty());
    for (const std::int64_t given : axes.value_or(std::vector<std::int64_t>())) {
        const auto axis = normalizedAxis(given, value.shape.size());
        if (!axis)
            return no(Text::of("{} reduces axis {}", reduction.name, given));
        isReduced[*axis] = true;
    }
    QS_CHECK(spend(value.floats.size()));
    Shape kept = value.shape;
    std::uint64_t count = 1;
    for (std::size_t i = 0; i < kept.size(); ++i)
        if (isReduced[i]) {
            count *= kept[i];
            kept[i] = 1;
        }
    Shape steps = stepsOf(kept);
    for (std::size_t i = 0; i < kept.size(); ++i)
        steps[i] = isReduced[i] ? 0 : steps[i];
    std::vector<double> sums(elementsOf(kept));
    const float *element = value.floats.data();
    forEachOffset(value.shape, steps, [&](std::uint64_t offset) {
        sums[offset] = reduction.add(sums[offset], static_cast<double>(*element++));
    });
    FoldedValue result{value.dtype, {}, {}, {}};
    for (const double sum : sums)
        result.floats.push_back(
            roundTo(value.dtype, static_cast<float>(reduction.finish(sum, static_cast<double>(count)))));
    const bool keepsAxes = view.integer("keepdims", 1) != 0;
    for (std::size_t i = 0; i < kept.size(); ++i)
        if (keepsAxes || !isReduced[i])
            result.shape.push_back(kept[i]);
    return result;
}

Result<FoldedValue> ConstantFolder::cast(const NodeView &view, FoldedValue value)
{
    const ElementType *type = elementType(view.integer("to", 0));
    const bool isFloat =
        type != nullptr && (type->dtype == DType::F32 || type->dtype == DType::F16 || type->dtype == DType::BF16);
    if (!isFloat)
        return no(Text::of("Cast makes another type than floats of 16 or 32 bits"));
    QS_CHECK(spend(value.floats.size() + value.integers.size()));
    if (isInteger(value.dtype)) {
        value.floats.assign(value.integers.begin(), value.integers.end());
        value.integers = {};
    }
    return roundedTo(*type->dtype, std::move(value));
}

Result<FoldedValue> ConstantFolder::transpose(const NodeView &view, const FoldedValue &value)
{
    const std::size_t rank = value.shape.size();
    std::vector<std::int64_t> order = view.integers("perm").value_or(std::vector<std::int64_t>());
    if (order.empty())
        for (std::size_t i = rank; i-- > 0;)
            order.push_back(static_cast<std::int64_t>(i));
    std::vector<std::int64_t> sorted = order;
    std::ranges::sort(sorted);
    for (std::size_t i = 0; i < sorted.size(); ++i)
        if (sorted.size() != rank || sorted[i] != static_cast<std::int64_t>(i))
            return no(Text::of("{} is no order of axes", inQuotes(view.node().label())));
    QS_CHECK(spend(value.floats.size()));
    const Shape steps = stepsOf(value.shape);
    FoldedValue result{value.dtype, {}, {}, {}};
    Shape turned;
    for (const std::int64_t axis : order) {
        result.shape.push_back(value.shape[static_cast<std::size_t>(axis)]);
        turned.push_back(steps[static_cast<std::size_t>(axis)]);
    }
    if (isInteger(value.dtype))
        return no(Text::of("Transpose computes with {}", nameOf(value.dtype)));
    result.floats.reserve(value.floats.size());
    forEachOffset(result.shape, turned, [&](std::uint64_t offset) { result.floats.push_back(value.floats[offset]); });
    return result;
}

/// Reshape, Flatten, Squeeze and Unsqueeze: the same elements under another shape.
Result<FoldedValue> ConstantFolder::reshape(const NodeView &view, FoldedValue value)
{
    if (std::ranges::find(value.shape, 0) != value.shape.end())
        return no(Text::of("it has no elements"));
    const std::string_view op = view.node().opType;
    const auto list = view.hasInput(1) ? view.integersInput(1) : view.integers(op == "Reshape" ? "shape" : "axes");
    if (!list && (view.hasInput(1) || op == "Reshape" || op == "Unsqueeze"))
        return no(Text::of("the shape that {} makes is computed", op));
    const std::vector<std::int64_t> numbers = list.value_or(std::vector<std::int64_t>());
    AxisTrace trace(value.shape);
    const bool fits = op == "Reshape"   ? trace.reshape(numbers, view.integer("allowzero", 0) != 0)
                      : op == "Flatten" ? trace.flatten(view.integer("axis", 1))
                      : op == "Squeeze" ? trace.squeeze(numbers)
                                        : trace.unsqueeze(numbers);
    if (!fits)
        return no(Text::of("{} cannot be followed", inQuotes(view.node().label())));
    value.shape = trace.shape();
    return value;
}

} // namespace qs::onnx
