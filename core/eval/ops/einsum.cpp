// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/eval/ops/einsum.h"

#include "core/eval/ops/products.h"
#include "core/eval/ops/registry.h"
#include "core/eval/ops/tools.h"

#include <array>
#include <map>

namespace qs {
namespace {

/// A letter, or, below 0, an axis of an ellipsis: −1 is the last one.
using Label = int;
using Labels = std::vector<Label>;

bool has(const Labels &labels, Label label)
{
    return std::ranges::find(labels, label) != labels.end();
}

/// What an input, or what was made of several, has for axes: no label twice.
struct Term {
    ValuePtr value;
    Labels labels = {};
    Shape strides = {}; ///< by label
};

class Einsum
{
public:
    Einsum(std::span<const ValuePtr> inputs, const RunContext &context)
        : m_inputs(inputs)
        , m_context(context)
    {}

    Result<Values> run(std::string_view equation)
    {
        QS_CHECK(read(equation));
        Term made = m_terms.front();
        for (std::size_t next = 1; next < m_terms.size(); ++next) {
            QS_ASSIGN(made, product(made, m_terms[next], wantedBehind(next)));
        }
        QS_ASSIGN(made, summed(made, m_output));
        return one(arranged(made, m_output));
    }

private:
    Result<void> read(std::string_view equation)
    {
        std::string text;
        std::ranges::copy_if(equation, std::back_inserter(text), [](char c) { return c != ' '; });
        const std::size_t arrow = text.find("->");
        std::string_view left = std::string_view(text).substr(0, arrow);
        for (const ValuePtr &input : m_inputs) {
            const std::size_t end = left.find(',');
            QS_ASSIGN(const Labels labels, labelsOf(left.substr(0, end), input->rank()));
            QS_CHECK(addTerm(input, labels));
            const bool last = &input == &m_inputs.back();
            if (last != (end == std::string_view::npos))
                return wrong(Text::of("the equation is not for {} inputs", m_inputs.size()));
            left.remove_prefix(last ? left.size() : end + 1);
        }
        return readOutput(arrow == std::string::npos ? std::nullopt : std::optional(text.substr(arrow + 2)));
    }

    /// Of one term of the equation; with as many axes for an ellipsis as letters leave of `rank`.
    static Result<Labels> labelsOf(std::string_view term, std::size_t rank)
    {
        Labels labels;
        const std::size_t dots = term.find("...");
        const std::size_t letters = term.size() - (dots == std::string_view::npos ? 0 : 3);
        if (letters > rank || (letters < rank && dots == std::string_view::npos))
            return wrong(Text::of("{} has not the axes of an input of rank {}", inQuotes(term), rank));
        for (std::size_t i = 0; i < term.size(); ++i) {
            if (i == dots) {
                for (auto axis = static_cast<Label>(rank - letters); axis > 0; --axis)
                    labels.push_back(-axis);
                i += 2;
            } else if ((term[i] >= 'a' && term[i] <= 'z') || (term[i] >= 'A' && term[i] <= 'Z')) {
                labels.push_back(term[i]);
            } else {
                return wrong(Text::of("{} in the equation is no letter", inQuotes(term.substr(i, 1))));
            }
        }
        return labels;
    }

    /// A letter that stands twice is a diagonal.
    Result<void> addTerm(const ValuePtr &value, const Labels &labels)
    {
        Term term{.value = value};
        const Shape strides = stridesOf(value->shape());
        for (std::size_t axis = 0; axis < labels.size(); ++axis) {
            const Label label = labels[axis];
            const std::int64_t size = value->shape()[axis];
            const auto [known, isNew] = m_sizes.emplace(label, size);
            const bool fits = known->second == size || (label < 0 && (size == 1 || known->second == 1));
            if (!fits)
                return wrong(Text::of("axes of {} and {} elements have the same name", known->second, size));
            if (known->second == 1)
                known->second = size;
            if (!has(term.labels, label)) {
                term.labels.push_back(label);
                term.strides.push_back(0);
            }
            const auto at = std::ranges::find(term.labels, label) - term.labels.begin();
            term.strides[static_cast<std::size_t>(at)] += size == 1 ? 0 : strides[axis];
            ++m_uses[label];
        }
        m_terms.push_back(std::move(term));
        return {};
    }

    /// What stands behind the arrow; without one axes of ellipses, and letters that stand once in the order of the
    /// alphabet.
    Result<void> readOutput(const std::optional<std::string> &text)
    {
        Label dots = 0;
        for (const auto &[label, size] : m_sizes)
            dots = std::min(dots, label);
        if (!text) {
            for (const auto &[label, uses] : m_uses)
                if (label < 0 || uses == 1)
                    m_output.push_back(label);
            return {};
        }
        const bool withDots = text->find("...") != std::string::npos;
        const std::size_t letters = text->size() - (withDots ? 3 : 0);
        QS_ASSIGN(m_output, labelsOf(*text, letters + (withDots ? static_cast<std::size_t>(-dots) : 0)));
        for (std::size_t i = 0; i < m_output.size(); ++i)
            if (!m_sizes.contains(m_output[i]) || std::ranges::count(m_output, m_output[i]) > 1)
                return wrong(Text::of("the output of the equation has an axis twice, or one that no input has"));
        return {};
    }

    /// Labels that the output or a term behind `term` needs.
    Labels wantedBehind(std::size_t term) const
    {
        Labels wanted = m_output;
        for (std::size_t i = term + 1; i < m_terms.size(); ++i)
            wanted.insert(wanted.end(), m_terms[i].labels.begin(), m_terms[i].labels.end());
        return wanted;
    }

    Shape shapeOf(const Labels &labels) const
    {
        Shape shape;
        for (const Label label : labels)
            shape.push_back(m_sizes.at(label));
        return shape;
    }

    /// Its elements row by row, with these axes; those that it has not, or has once, are broadcast.
    Result<ValuePtr> arranged(const Term &term, const Labels &labels) const
    {
        Shape strides;
        for (const Label label : labels) {
            const auto at = std::ranges::find(term.labels, label) - term.labels.begin();
            strides.push_back(has(term.labels, label) ? term.strides[static_cast<std::size_t>(at)] : 0);
        }
        return gatherStrided(*term.value, shapeOf(labels), strides, 0, m_context);
    }

    Term termOf(ValuePtr value, Labels labels) const
    {
        Shape strides = stridesOf(value->shape());
        return {.value = std::move(value), .labels = std::move(labels), .strides = std::move(strides)};
    }

    /// Without the axes that nobody wants any more.
    Result<Term> summed(const Term &term, const Labels &wanted) const
    {
        Labels kept;
        std::ranges::copy_if(term.labels, std::back_inserter(kept), [&](Label label) { return has(wanted, label); });
        if (kept.size() == term.labels.size())
            return term;
        Labels all = kept;
        std::ranges::copy_if(term.labels, std::back_inserter(all), [&](Label label) { return !has(wanted, label); });
        QS_ASSIGN(const ValuePtr rows, arranged(term, all));
        QS_ASSIGN(const auto sums, makeValue(ElementKind::Float, shapeOf(kept), m_context));
        const std::size_t length = sums->size() == 0 ? 0 : rows->size() / sums->size();
        for (std::size_t i = 0; i < sums->size(); ++i) {
            double sum = 0;
            for (std::size_t k = 0; k < length; ++k)
                sum += static_cast<double>(rows->floats()[i * length + k]);
            sums->floats()[i] = static_cast<float>(sum);
            if (i % 1024 == 0)
                QS_CHECK(m_context.task.check());
        }
        return termOf(sums, kept);
    }

    /// As products of matrices: axes that both have and somebody wants count the matrices, others that both have are
    /// summed over.
    Result<Term> product(const Term &left, const Term &right, const Labels &wanted) const
    {
        Labels wantedLeft = wanted;
        wantedLeft.insert(wantedLeft.end(), right.labels.begin(), right.labels.end());
        Labels wantedRight = wanted;
        wantedRight.insert(wantedRight.end(), left.labels.begin(), left.labels.end());
        QS_ASSIGN(const Term a, summed(left, wantedLeft));
        QS_ASSIGN(const Term b, summed(right, wantedRight));
        Labels batch;
        Labels rows;
        Labels depth;
        Labels columns;
        for (const Label label : a.labels)
            (!has(b.labels, label) ? rows : has(wanted, label) ? batch : depth).push_back(label);
        std::ranges::copy_if(b.labels, std::back_inserter(columns), [&](Label label) { return !has(a.labels, label); });
        const auto joined = [](const Labels &x, const Labels &y, const Labels &z) {
            Labels all = x;
            all.insert(all.end(), y.begin(), y.end());
            all.insert(all.end(), z.begin(), z.end());
            return all;
        };
        QS_ASSIGN(const ValuePtr x, arranged(a, joined(batch, rows, depth)));
        QS_ASSIGN(const ValuePtr w, arranged(b, joined(batch, depth, columns)));
        Labels made = joined(batch, rows, columns);
        QS_ASSIGN(const auto y, makeValue(ElementKind::Float, shapeOf(made), m_context));
        const std::array<std::size_t, 4> sizes{countOf(batch), countOf(rows), countOf(depth), countOf(columns)};
        if (y->size() > 0)
            QS_CHECK(multiply(*x, *w, *y, sizes));
        return termOf(y, std::move(made));
    }

    std::size_t countOf(const Labels &labels) const
    {
        std::size_t count = 1;
        for (const Label label : labels)
            count *= static_cast<std::size_t>(m_sizes.at(label));
        return count;
    }

    /// Sizes are batch, rows, depth, columns.
    Result<void> multiply(const Value &x, const Value &w, Value &y, const std::array<std::size_t, 4> &sizes) const
    {
        const auto [batch, rows, depth, columns] = sizes;
        Multiplier multiplier(m_context);
        ProductPiece piece;
        piece.aRow = depth;
        piece.bRow = columns;
        piece.cRow = columns;
        piece.rows = rows;
        piece.columns = columns;
        piece.depth = depth;
        for (std::size_t i = 0; i < batch; ++i) {
            piece.a = x.floats().data() + i * rows * depth;
            piece.b = w.floats().data() + i * depth * columns;
            piece.c = y.floats().data() + i * rows * columns;
            QS_CHECK(multiplier.multiply(piece));
        }
        return {};
    }

    const std::span<const ValuePtr> m_inputs;
    const RunContext &m_context;
    std::vector<Term> m_terms;
    Labels m_output;
    std::map<Label, std::int64_t> m_sizes; ///< of axes
    std::map<Label, int> m_uses;           ///< how often each stands in the terms
};

Result<Values> einsum(const NetworkNode &node, std::span<const ValuePtr> inputs, const RunContext &context)
{
    return Einsum(inputs, context).run(textAttribute(node, "equation", ""));
}

} // namespace

std::span<const Operator> einsumOperators()
{
    static constexpr std::array kRows{
        Operator{"Einsum", 12, kNewestOpset, "f*", "equation:s", einsum},
    };
    return kRows;
}

} // namespace qs
