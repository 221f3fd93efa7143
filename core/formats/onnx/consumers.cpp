// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/onnx/consumers.h"

#include "core/base/text.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace qs::onnx {
namespace {

enum class Layout : std::uint8_t {
    Conv,
    ConvTranspose,
    GemmRight,
    GemmLeft,
    Right,
    Left,
    Rows,
    Recurrent,
    Columns,
    OutFirst
};
enum class Domain : std::uint8_t { Standard, Microsoft };

struct Rule {
    std::string_view opType;
    Domain domain = Domain::Standard;
    std::uint32_t input = 1;
    Layout layout = Layout::Right;
    std::uint32_t biasInput = 0; ///< 0: none
    Codes codes = Codes::None;
    std::uint32_t scaleInput = 0;
    std::uint32_t zeroPointInput = 0;
};

using enum Domain;
constexpr std::array kRules{
    Rule{"Conv", Standard, 1, Layout::Conv, 2},
    Rule{"FusedConv", Microsoft, 1, Layout::Conv, 2},
    Rule{"ConvInteger", Standard, 1, Layout::Conv, 0, Codes::Unscaled},
    Rule{"QLinearConv", Standard, 3, Layout::Conv, 0, Codes::Scaled, 4, 5},
    Rule{"ConvTranspose", Standard, 1, Layout::ConvTranspose, 2},
    Rule{"Gemm", Standard, 1, Layout::GemmRight, 2},
    Rule{"Gemm", Standard, 0, Layout::GemmLeft},
    Rule{"FusedGemm", Microsoft, 1, Layout::GemmRight, 2},
    Rule{"FusedGemm", Microsoft, 0, Layout::GemmLeft},
    Rule{"QGemm", Microsoft, 3, Layout::GemmRight, 0, Codes::Scaled, 4, 5},
    Rule{"MatMul", Standard, 1, Layout::Right},
    Rule{"MatMul", Standard, 0, Layout::Left},
    Rule{"FusedMatMul", Microsoft, 1, Layout::Right},
    Rule{"FusedMatMul", Microsoft, 0, Layout::Left},
    Rule{"MatMulInteger", Standard, 1, Layout::Right, 0, Codes::Unscaled},
    Rule{"MatMulInteger", Standard, 0, Layout::Left, 0, Codes::Unscaled},
    Rule{"QLinearMatMul", Standard, 3, Layout::Right, 0, Codes::Scaled, 4, 5},
    Rule{"QLinearMatMul", Standard, 0, Layout::Left, 0, Codes::Scaled, 1, 2},
    Rule{"MatMulIntegerToFloat", Microsoft, 1, Layout::Right, 6, Codes::Scaled, 3, 5},
    Rule{"DynamicQuantizeMatMul", Microsoft, 1, Layout::Right, 4, Codes::Scaled, 2, 3},
    Rule{"MatMulNBits", Microsoft, 1, Layout::OutFirst, 5, Codes::Packed},
    Rule{"MatMulBnb4", Microsoft, 1, Layout::OutFirst, 0, Codes::Packed},
    Rule{"GatherBlockQuantized", Microsoft, 0, Layout::Rows, 0, Codes::Packed},
    Rule{"Gather", Standard, 0, Layout::Rows},
    Rule{"LSTM", Standard, 1, Layout::Recurrent},
    Rule{"LSTM", Standard, 2, Layout::Recurrent},
    Rule{"GRU", Standard, 1, Layout::Recurrent},
    Rule{"GRU", Standard, 2, Layout::Recurrent},
    Rule{"RNN", Standard, 1, Layout::Recurrent},
    Rule{"RNN", Standard, 2, Layout::Recurrent},
    Rule{"DynamicQuantizeLSTM", Microsoft, 1, Layout::Recurrent, 0, Codes::Packed},
    Rule{"DynamicQuantizeLSTM", Microsoft, 2, Layout::Recurrent, 0, Codes::Packed},
    Rule{"Attention", Microsoft, 1, Layout::Columns, 2},
    Rule{"QAttention", Microsoft, 1, Layout::Columns, 2, Codes::Scaled, 4, 7},
};

const Rule *ruleFor(const Node &node, std::uint32_t input)
{
    for (const Rule &rule : kRules)
        if (rule.opType == node.opType && rule.input == input &&
            (rule.domain == Standard ? node.isStandard() : node.domain == "com.microsoft"))
            return &rule;
    return nullptr;
}

/// Sets axis and reason from the layout that the node expects.
class AxisChoice
{
public:
    AxisChoice(const NodeView &view, const AxisTrace *trace, Consumption &result)
        : m_view(view)
        , m_op(view.node().opType)
        , m_trace(trace)
        , m_result(result)
    {}

    void choose(Layout layout)
    {
        switch (layout) {
        case Layout::Conv:
            m_result.op = Op::Conv;
            set(0, 2, Text::of("{} weights are [out, in, kernel]: outputs are axis 0", m_op));
            checkGroup();
            return;
        case Layout::ConvTranspose:
            return chooseConvTranspose();
        case Layout::GemmRight:
            m_result.op = Op::Linear;
            return chooseMatrix("transB", true);
        case Layout::GemmLeft:
            m_result.op = Op::Linear;
            return chooseMatrix("transA", false);
        case Layout::Right:
        case Layout::Left:
            m_result.op = Op::MatMul;
            return chooseMatrix(layout == Layout::Right ? "transB" : "transA", layout == Layout::Right);
        case Layout::Rows:
            return chooseRows();
        case Layout::Recurrent:
            m_result.op = Op::Recurrent;
            set(1, 3,
                m_trace != nullptr && m_trace->rank() == 3 && m_trace->size(0) > 1
                    ? Text::of("{} weights are [directions, gates × hidden, in]: outputs are axis 1, whose scales both "
                               "directions share",
                               m_op)
                    : Text::of("{} weights are [directions, gates × hidden, in]: outputs are axis 1", m_op));
            return;
        case Layout::Columns:
            m_result.op = Op::MatMul;
            set(1, 2, Text::of("{} weights are [in, out]: outputs are axis 1", m_op));
            return;
        case Layout::OutFirst:
            m_result.op = Op::MatMul;
            set(0, 2, Text::of("{} weights are [out, blocks of codes]: outputs are axis 0", m_op));
            return;
        }
    }

private:
    /// The axis, when the tensor has at least `rank` axes.
    void set(std::size_t axis, std::size_t rank, Text reason)
    {
        if (m_trace != nullptr && m_trace->rank() < rank) {
            m_result.reason = Text::of("{} uses it with {} axes, expected {} or more", m_op, m_trace->rank(), rank);
            return;
        }
        m_result.axis = axis;
        m_result.reason = std::move(reason);
    }

    void chooseMatrix(std::string_view attribute, bool right)
    {
        const std::size_t rank = m_trace == nullptr ? 2 : m_trace->rank();
        const bool transposed = m_op != "MatMul" && m_view.integer(attribute, 0) != 0;
        const bool outLast = right != transposed;
        const std::size_t axis = rank < 2 ? 0 : outLast ? rank - 1 : rank - 2;
        m_result.batchAxes = rank < 2 ? 0 : rank - 2;
        const std::string shape = fmt::format("[{}{}]", rank > 2 ? "…, " : "", outLast ? "in, out" : "out, in");
        if (transposed)
            set(axis, 2,
                right ? Text::of("{} multiplies by it from the right with {} = 1: {}, outputs are axis {}", m_op,
                                 attribute, shape, axis)
                      : Text::of("{} multiplies by it from the left with {} = 1: {}, outputs are axis {}", m_op,
                                 attribute, shape, axis));
        else
            set(axis, 2,
                right ? Text::of("{} multiplies by it from the right: {}, outputs are axis {}", m_op, shape, axis)
                      : Text::of("{} multiplies by it from the left: {}, outputs are axis {}", m_op, shape, axis));
    }

    void chooseConvTranspose()
    {
        m_result.op = Op::ConvTranspose;
        const std::int64_t groups = m_view.integer("group", 1);
        set(1, 2,
            groups > 1
                ? Text::of("{} weights are [in, out, kernel]: outputs are axis 1, whose scales its {} groups share",
                           m_op, groups)
                : Text::of("{} weights are [in, out, kernel]: outputs are axis 1", m_op));
        checkGroup();
    }

    void checkGroup()
    {
        const std::int64_t groups = m_view.integer("group", 1);
        const bool known = m_trace != nullptr && m_trace->rank() > 0;
        m_result.wrongGroup = groups < 1 || (known && m_trace->size(0) % static_cast<std::uint64_t>(groups) != 0);
        if (!m_result.wrongGroup)
            return;
        m_result.axis.reset();
        m_result.reason =
            Text::of("the attribute 'group' of {} is {}, which does not divide the first axis", m_op, groups);
    }

    void chooseRows()
    {
        m_result.op = Op::Embedding;
        const std::int64_t given = m_view.integer("axis", 0);
        const auto axis = normalizedAxis(given, m_trace == nullptr ? 2 : m_trace->rank());
        if (axis)
            set(*axis, 2, Text::of("{} picks entries along axis {}: one row per entry", m_op, *axis));
        else
            m_result.reason = Text::of("the attribute 'axis' of {} is {}, which the tensor does not have", m_op, given);
    }

    const NodeView &m_view;
    const std::string_view m_op;
    const AxisTrace *m_trace;
    Consumption &m_result;
};

/// Labels of the operands and of the result: "bij,jk->bik". Empty for forms with "…" and without "->".
struct Equation {
    std::vector<std::string> operands;
    std::string result;
};

std::optional<Equation> parseEquation(std::string_view text)
{
    Equation equation;
    std::string compact;
    std::ranges::copy_if(text.substr(0, 1024), std::back_inserter(compact), [](char c) { return c != ' '; });
    const std::size_t arrow = compact.find("->");
    if (arrow == std::string::npos || compact.find('.') != std::string::npos)
        return std::nullopt;
    equation.result = compact.substr(arrow + 2);
    for (std::size_t begin = 0; begin <= arrow;) {
        const std::size_t end = std::min(compact.find(',', begin), arrow);
        equation.operands.push_back(compact.substr(begin, end - begin));
        begin = end + 1;
    }
    return equation;
}

/// The outputs are the label that the result has and that no other operand has.
Consumption einsum(const NodeView &view, std::uint32_t input, const AxisTrace *trace)
{
    Consumption result;
    result.op = Op::MatMul;
    const std::string_view text = view.text("equation");
    const auto equation = parseEquation(text);
    const bool fits = equation && input < equation->operands.size() && equation->operands[input].size() <= kMaxDims &&
                      (trace == nullptr || equation->operands[input].size() == trace->rank());
    std::vector<std::size_t> outputs;
    for (std::size_t i = 0; fits && i < equation->operands[input].size(); ++i) {
        const char label = equation->operands[input][i];
        bool isOutput = equation->result.find(label) != std::string::npos;
        for (std::size_t other = 0; other < equation->operands.size(); ++other)
            isOutput = isOutput && (other == input || equation->operands[other].find(label) == std::string::npos);
        if (isOutput)
            outputs.push_back(i);
    }
    if (outputs.size() == 1) {
        result.axis = outputs[0];
        result.reason = Text::of("Einsum {} has its outputs on axis {}", inQuotes(text), outputs[0]);
        const std::string &labels = equation->operands[input];
        while (result.batchAxes < outputs[0] && equation->result.find(labels[result.batchAxes]) != std::string::npos)
            ++result.batchAxes;
    } else {
        result.reason =
            fits ? Text::of("Einsum {} has {} axes of outputs, so there is no one axis for scales", inQuotes(text),
                            outputs.size())
                 : Text::of("Einsum {} has an unknown number of axes of outputs, so there is no one axis for scales",
                            inQuotes(text));
    }
    return result;
}

} // namespace

std::optional<Consumption> consumptionOf(const NodeView &view, std::uint32_t input, const AxisTrace *trace)
{
    if (view.node().opType == "Einsum" && view.node().isStandard())
        return einsum(view, input, trace);
    const Rule *rule = ruleFor(view.node(), input);
    if (rule == nullptr)
        return std::nullopt;
    Consumption result;
    AxisChoice(view, trace, result).choose(rule->layout);
    if (rule->biasInput > 0)
        result.biasInput = rule->biasInput;
    result.addsBiasLater = view.node().opType == "MatMul" && rule->layout == Layout::Right;
    result.codes = rule->codes;
    result.scaleInput = rule->scaleInput;
    result.zeroPointInput = rule->zeroPointInput;
    return result;
}

} // namespace qs::onnx
