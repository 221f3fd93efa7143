// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/eval/ops/reduce.h"

#include "core/eval/ops/registry.h"
#include "core/eval/ops/tools.h"

#include <array>
#include <cmath>
#include <limits>
#include <numeric>

namespace qs {
namespace {

/// The value with `axes` behind all others, and the shape of what is left.
struct Rows {
    ValuePtr value;
    std::int64_t count = 1;
    std::int64_t length = 1;
    Shape kept;    ///< without the axes
    Shape inPlace; ///< with 1 in their places
};

Result<Rows> rowsOf(const ValuePtr &value, std::span<const std::size_t> axes, const RunContext &context)
{
    Rows rows;
    rows.inPlace = value->shape();
    std::vector<bool> goes(value->rank(), false);
    for (const std::size_t axis : axes)
        goes[axis] = true;
    std::vector<std::size_t> order;
    for (std::size_t k = 0; k < goes.size(); ++k) {
        if (goes[k]) {
            rows.length *= value->shape()[k];
            rows.inPlace[k] = 1;
        } else {
            rows.count *= value->shape()[k];
            rows.kept.push_back(value->shape()[k]);
            order.push_back(k);
        }
    }
    for (std::size_t k = 0; k < goes.size(); ++k)
        if (goes[k])
            order.push_back(k);
    QS_ASSIGN(rows.value, transposed(value, order, context));
    return rows;
}

/// Calls use(row, first element) for every row.
template <class T, class Use> Result<void> forEachRow(const Rows &rows, const RunContext &context, Use use)
{
    const T *x = elementsOf<T>(*rows.value).data();
    std::int64_t sinceCheck = 0;
    for (std::int64_t row = 0; row < rows.count; ++row, x += rows.length) {
        use(row, x);
        sinceCheck += rows.length + 1;
        if (sinceCheck > 16 * kElementsPerStep) {
            QS_CHECK(context.task.check());
            sinceCheck = 0;
        }
    }
    return {};
}

/// Sums of function(x) in double, in eight lanes; of integers as integers.
template <class Function> double sumOf(const float *x, std::int64_t count, Function function)
{
    constexpr std::int64_t kLanes = 8;
    double lanes[kLanes] = {};
    std::int64_t i = 0;
    for (; i + kLanes <= count; i += kLanes)
        for (std::int64_t lane = 0; lane < kLanes; ++lane)
            lanes[lane] += function(static_cast<double>(x[i + lane]));
    double sum = std::accumulate(lanes, lanes + kLanes, 0.0);
    for (; i < count; ++i)
        sum += function(static_cast<double>(x[i]));
    return sum;
}
template <class Function> std::int64_t sumOf(const std::int64_t *x, std::int64_t count, Function function)
{
    std::uint64_t sum = 0;
    for (std::int64_t i = 0; i < count; ++i)
        sum += static_cast<std::uint64_t>(function(x[i]));
    return static_cast<std::int64_t>(sum);
}

template <class T> T square(T x)
{
    if constexpr (std::is_integral_v<T>)
        return static_cast<T>(static_cast<std::uint64_t>(x) * static_cast<std::uint64_t>(x));
    else
        return x * x;
}

struct SumOfRow {
    auto operator()(const auto *x, std::int64_t n) const
    {
        return sumOf(x, n, [](auto v) { return v; });
    }
};
struct MeanOfRow {
    auto operator()(const auto *x, std::int64_t n) const
    {
        const auto sum = SumOfRow()(x, n);
        if constexpr (std::is_integral_v<decltype(sum)>)
            return n == 0 ? sum : sum / n;
        else
            return sum / static_cast<double>(n);
    }
};
struct SquaresOfRow {
    auto operator()(const auto *x, std::int64_t n) const
    {
        return sumOf(x, n, [](auto v) { return square(v); });
    }
};
struct MagnitudesOfRow {
    auto operator()(const auto *x, std::int64_t n) const
    {
        return sumOf(x, n, [](auto v) { return v < 0 ? -v : v; });
    }
};
struct LengthOfRow {
    double operator()(const auto *x, std::int64_t n) const
    {
        return std::sqrt(static_cast<double>(SquaresOfRow()(x, n)));
    }
};
struct LogSumOfRow {
    double operator()(const auto *x, std::int64_t n) const { return std::log(static_cast<double>(SumOfRow()(x, n))); }
};
struct ProductOfRow {
    double operator()(const float *x, std::int64_t n) const
    {
        return std::accumulate(x, x + n, 1.0, [](double a, float b) { return a * static_cast<double>(b); });
    }
    std::int64_t operator()(const std::int64_t *x, std::int64_t n) const
    {
        return static_cast<std::int64_t>(std::accumulate(
            x, x + n, std::uint64_t{1}, [](std::uint64_t a, auto b) { return a * static_cast<std::uint64_t>(b); }));
    }
};

/// NaN when one is NaN.
template <bool largest> struct ExtremeOfRow {
    float operator()(const float *x, std::int64_t n) const
    {
        constexpr std::int64_t kLanes = 8;
        constexpr float kStart = std::numeric_limits<float>::infinity() * (largest ? -1.0F : 1.0F);
        float lanes[kLanes];
        std::fill_n(lanes, kLanes, kStart);
        bool numbers = true;
        const auto better = [](float a, float b) { return largest ? (a > b ? a : b) : (a < b ? a : b); };
        std::int64_t i = 0;
        for (; i + kLanes <= n; i += kLanes) {
            for (std::int64_t lane = 0; lane < kLanes; ++lane) {
                lanes[lane] = better(lanes[lane], x[i + lane]);
                numbers = numbers && x[i + lane] == x[i + lane];
            }
        }
        for (; i < n; ++i) {
            lanes[0] = better(lanes[0], x[i]);
            numbers = numbers && x[i] == x[i];
        }
        if (!numbers)
            return std::numeric_limits<float>::quiet_NaN();
        return std::accumulate(lanes, lanes + kLanes, kStart, better);
    }
    std::int64_t operator()(const std::int64_t *x, std::int64_t n) const
    {
        using Limits = std::numeric_limits<std::int64_t>;
        std::int64_t best = largest ? Limits::min() : Limits::max();
        for (std::int64_t i = 0; i < n; ++i)
            best = largest ? std::max(best, x[i]) : std::min(best, x[i]);
        return best;
    }
};
struct LogSumExpOfRow {
    double operator()(const float *x, std::int64_t n) const
    {
        const auto largest = static_cast<double>(ExtremeOfRow<true>()(x, n));
        if (!std::isfinite(largest))
            return largest;
        return largest + std::log(sumOf(x, n, [largest](double v) { return std::exp(v - largest); }));
    }
    double operator()(const std::int64_t *x, std::int64_t n) const
    {
        double sum = 0;
        for (std::int64_t i = 0; i < n; ++i)
            sum += std::exp(static_cast<double>(x[i]));
        return std::log(sum);
    }
};

template <class T, class OfRow>
Result<Values> reduceRows(const Rows &rows, Shape to, ElementKind kind, const RunContext &context)
{
    QS_ASSIGN(const auto result, makeValue(kind, std::move(to), context));
    T *const y = elementsOf<T>(*result).data();
    QS_CHECK(forEachRow<T>(rows, context,
                           [&](std::int64_t row, const T *x) { y[row] = static_cast<T>(OfRow()(x, rows.length)); }));
    return Values{result};
}

template <class OfRow>
Result<Values> reduce(const NetworkNode &node, std::span<const ValuePtr> inputs, const RunContext &context)
{
    QS_ASSIGN(const auto listed, listOf(node, inputs, 1, "axes"));
    const std::size_t rank = inputs[0]->rank();
    std::vector<std::size_t> axes;
    if (listed && !listed->empty()) {
        QS_ASSIGN(axes, axesIn(*listed, rank));
    } else if (intAttribute(node, "noop_with_empty_axes", 0) == 0) {
        axes.resize(rank);
        std::iota(axes.begin(), axes.end(), std::size_t{0});
    }
    QS_ASSIGN(const Rows rows, rowsOf(inputs[0], axes, context));
    const Shape &to = intAttribute(node, "keepdims", 1) != 0 ? rows.inPlace : rows.kept;
    if (inputs[0]->isFloat())
        return reduceRows<float, OfRow>(rows, to, ElementKind::Float, context);
    return reduceRows<std::int64_t, OfRow>(rows, to, inputs[0]->kind(), context);
}

template <class OfRow>
Result<Values> globalPool(const NetworkNode & /*node*/, std::span<const ValuePtr> inputs, const RunContext &context)
{
    if (inputs[0]->rank() < 2)
        return wrong(Text::of("a shape [batch, channels, …] is expected"));
    std::vector<std::size_t> axes(inputs[0]->rank() - 2);
    std::iota(axes.begin(), axes.end(), std::size_t{2});
    QS_ASSIGN(const Rows rows, rowsOf(inputs[0], axes, context));
    return reduceRows<float, OfRow>(rows, rows.inPlace, ElementKind::Float, context);
}

template <class T> std::int64_t bestOf(const T *x, std::int64_t count, bool largest, bool lastOne)
{
    std::int64_t best = 0;
    for (std::int64_t i = 1; i < count; ++i) {
        const bool better = largest ? x[i] > x[best] : x[i] < x[best];
        if (better || (lastOne && x[i] == x[best]))
            best = i;
    }
    return best;
}

template <bool largest>
Result<Values> argBest(const NetworkNode &node, std::span<const ValuePtr> inputs, const RunContext &context)
{
    QS_ASSIGN(const std::size_t axis, axisIn(intAttribute(node, "axis", 0), inputs[0]->rank()));
    if (inputs[0]->shape()[axis] == 0)
        return wrong(Text::of("an empty axis has no largest element"));
    const bool lastOne = intAttribute(node, "select_last_index", 0) != 0;
    QS_ASSIGN(const Rows rows, rowsOf(inputs[0], std::span(&axis, 1), context));
    QS_ASSIGN(const auto result,
              makeValue(ElementKind::Int, intAttribute(node, "keepdims", 1) != 0 ? rows.inPlace : rows.kept, context));
    std::int64_t *const y = result->ints().data();
    const auto use = [&](std::int64_t row, const auto *x) { y[row] = bestOf(x, rows.length, largest, lastOne); };
    QS_CHECK(inputs[0]->isFloat() ? forEachRow<float>(rows, context, use)
                                  : forEachRow<std::int64_t>(rows, context, use));
    return Values{result};
}

/// Brings rows back: the last axis goes to where `axis` was.
Result<ValuePtr> backInPlace(const ValuePtr &value, std::size_t axis, const RunContext &context)
{
    std::vector<std::size_t> order;
    for (std::size_t k = 0; k < value->rank(); ++k)
        order.push_back(k < axis ? k : k == axis ? value->rank() - 1 : k - 1);
    return transposed(value, order, context);
}

template <class T>
Result<void> topOfRows(const Rows &rows, std::int64_t count, bool largest, Value &values, Value &indices,
                       const RunContext &context)
{
    std::vector<std::int64_t> order(static_cast<std::size_t>(rows.length));
    return forEachRow<T>(rows, context, [&](std::int64_t row, const T *x) {
        std::iota(order.begin(), order.end(), std::int64_t{0});
        std::partial_sort(order.begin(), order.begin() + count, order.end(), [&](std::int64_t a, std::int64_t b) {
            if (x[a] != x[b] && x[a] == x[a] && x[b] == x[b])
                return largest ? x[a] > x[b] : x[a] < x[b];
            const bool numberA = x[a] == x[a]; // NaN stands behind all numbers
            const bool numberB = x[b] == x[b];
            return numberA != numberB ? numberA : a < b;
        });
        for (std::int64_t i = 0; i < count; ++i) {
            const auto at = static_cast<std::size_t>(row * count + i);
            indices.ints()[at] = order[static_cast<std::size_t>(i)];
            elementsOf<T>(values)[at] = x[order[static_cast<std::size_t>(i)]];
        }
    });
}

Result<Values> topK(const NetworkNode &node, std::span<const ValuePtr> inputs, const RunContext &context)
{
    QS_ASSIGN(const std::size_t axis, axisIn(intAttribute(node, "axis", -1), inputs[0]->rank()));
    std::int64_t count = intAttribute(node, "k", 0);
    if (const Value *k = inputAt(inputs, 1)) {
        QS_ASSIGN(count, onlyInt(*k));
    }
    if (count < 0 || count > inputs[0]->shape()[axis])
        return wrong(Text::of("an axis of {} has no {} elements", inputs[0]->shape()[axis], count));
    const bool largest = intAttribute(node, "largest", 1) != 0;
    QS_ASSIGN(const Rows rows, rowsOf(inputs[0], std::span(&axis, 1), context));
    Shape to = rows.kept;
    to.push_back(count);
    QS_ASSIGN(const auto values, makeValue(inputs[0]->kind(), to, context));
    QS_ASSIGN(const auto indices, makeValue(ElementKind::Int, to, context));
    QS_CHECK(inputs[0]->isFloat() ? topOfRows<float>(rows, count, largest, *values, *indices, context)
                                  : topOfRows<std::int64_t>(rows, count, largest, *values, *indices, context));
    QS_ASSIGN(ValuePtr best, backInPlace(values, axis, context));
    QS_ASSIGN(ValuePtr places, backInPlace(indices, axis, context));
    return Values{std::move(best), std::move(places)};
}

Result<Values> cumulativeSum(const NetworkNode &node, std::span<const ValuePtr> inputs, const RunContext &context)
{
    QS_ASSIGN(const std::int64_t wanted, onlyInt(*inputs[1]));
    QS_ASSIGN(const std::size_t axis, axisIn(wanted, inputs[0]->rank()));
    const bool exclusive = intAttribute(node, "exclusive", 0) != 0;
    const bool reverse = intAttribute(node, "reverse", 0) != 0;
    QS_ASSIGN(const Rows rows, rowsOf(inputs[0], std::span(&axis, 1), context));
    Shape to = rows.kept;
    to.push_back(rows.length);
    QS_ASSIGN(const auto sums, makeValue(inputs[0]->kind(), to, context));
    const auto use = [&]<class T>(std::int64_t row, const T *x) {
        T *const y = elementsOf<T>(*sums).data() + row * rows.length;
        T sum = 0;
        for (std::int64_t i = 0; i < rows.length; ++i) {
            const std::int64_t at = reverse ? rows.length - 1 - i : i;
            T next = sum;
            if constexpr (std::is_integral_v<T>)
                next = static_cast<T>(static_cast<std::uint64_t>(sum) + static_cast<std::uint64_t>(x[at]));
            else
                next = sum + x[at];
            y[at] = exclusive ? sum : next;
            sum = next;
        }
    };
    QS_CHECK(inputs[0]->isFloat() ? forEachRow<float>(rows, context, use)
                                  : forEachRow<std::int64_t>(rows, context, use));
    return one(backInPlace(sums, axis, context));
}

} // namespace

std::span<const Operator> reduceOperators()
{
    static constexpr std::string_view kAxes = "axes:I keepdims:i";
    static constexpr std::string_view kNoAxes = "keepdims:i noop_with_empty_axes:i";
    static constexpr std::array kRows{
        Operator{"ReduceSum", 1, 12, "n", kAxes, reduce<SumOfRow>},
        Operator{"ReduceSum", 13, kNewestOpset, "n?i", kNoAxes, reduce<SumOfRow>},
        Operator{"ReduceMean", 1, 17, "n", kAxes, reduce<MeanOfRow>},
        Operator{"ReduceMean", 18, kNewestOpset, "n?i", kNoAxes, reduce<MeanOfRow>},
        Operator{"ReduceMax", 1, 17, "n", kAxes, reduce<ExtremeOfRow<true>>},
        Operator{"ReduceMax", 18, kNewestOpset, "a?i", kNoAxes, reduce<ExtremeOfRow<true>>},
        Operator{"ReduceMin", 1, 17, "n", kAxes, reduce<ExtremeOfRow<false>>},
        Operator{"ReduceMin", 18, kNewestOpset, "a?i", kNoAxes, reduce<ExtremeOfRow<false>>},
        Operator{"ReduceProd", 1, 17, "n", kAxes, reduce<ProductOfRow>},
        Operator{"ReduceProd", 18, kNewestOpset, "n?i", kNoAxes, reduce<ProductOfRow>},
        Operator{"ReduceL1", 1, 17, "n", kAxes, reduce<MagnitudesOfRow>},
        Operator{"ReduceL1", 18, kNewestOpset, "n?i", kNoAxes, reduce<MagnitudesOfRow>},
        Operator{"ReduceL2", 1, 17, "n", kAxes, reduce<LengthOfRow>},
        Operator{"ReduceL2", 18, kNewestOpset, "n?i", kNoAxes, reduce<LengthOfRow>},
        Operator{"ReduceSumSquare", 1, 17, "n", kAxes, reduce<SquaresOfRow>},
        Operator{"ReduceSumSquare", 18, kNewestOpset, "n?i", kNoAxes, reduce<SquaresOfRow>},
        Operator{"ReduceLogSum", 1, 17, "n", kAxes, reduce<LogSumOfRow>},
        Operator{"ReduceLogSum", 18, kNewestOpset, "n?i", kNoAxes, reduce<LogSumOfRow>},
        Operator{"ReduceLogSumExp", 1, 17, "n", kAxes, reduce<LogSumExpOfRow>},
        Operator{"ReduceLogSumExp", 18, kNewestOpset, "n?i", kNoAxes, reduce<LogSumExpOfRow>},
        Operator{"GlobalAveragePool", 1, kNewestOpset, "f", "", globalPool<MeanOfRow>},
        Operator{"GlobalMaxPool", 1, kNewestOpset, "f", "", globalPool<ExtremeOfRow<true>>},
        Operator{"ArgMax", 1, kNewestOpset, "n", "axis:i keepdims:i select_last_index:i", argBest<true>},
        Operator{"ArgMin", 1, kNewestOpset, "n", "axis:i keepdims:i select_last_index:i", argBest<false>},
        Operator{"TopK", 1, 9, "f", "axis:i k:i", topK},
        Operator{"TopK", 10, kNewestOpset, "ni", "axis:i largest:i sorted:i", topK},
        Operator{"CumSum", 11, kNewestOpset, "ni", "exclusive:i reverse:i", cumulativeSum},
    };
    return kRows;
}

} // namespace qs
