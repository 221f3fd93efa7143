// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/compared_network.h"

#include "core/analysis/compared_model.h"
#include "core/analysis/output_errors.h"
#include "core/analysis/shown_error.h"
#include "core/base/guarded.h"
#include "core/network/chain.h"
#include "core/tensor/float_blocks.h"

#include <algorithm>
#include <utility>

namespace qs {

namespace {

/// The candidate's values for layers of the reference, in the shapes of the reference.
class OtherWeights
{
public:
    OtherWeights(const Model &reference, const Model &candidate)
        : m_reference(reference)
        , m_candidate(candidate)
        , m_matches(reference.layers.size())
    {}

    Result<void> match(const TaskContext &context)
    {
        QS_ASSIGN(std::vector<WeightMatch> matches, matchWeights(m_reference.model, m_candidate.model, {}, context));
        for (WeightMatch &match : matches) {
            const auto layer = m_reference.model.layerOf(match.reference.front().tensor);
            if (layer && isWhole(match) && unreadable(m_reference, m_candidate, match).empty())
                m_matches[*layer] = std::move(match);
        }
        return {};
    }

    bool has(std::size_t layer) const { return m_matches[layer].has_value(); }

    Result<ValuePtr> read(std::size_t layer, MemoryBudget &budget, const TaskContext &context) const
    {
        const WeightMatch &match = *m_matches[layer];
        const auto [own, other] = viewsOf(m_reference, m_candidate, match);
        QS_ASSIGN(const ValueRows rows, ValueRows::open(m_candidate.model, match.candidate, other, context));
        TensorInfo info = m_reference.model.tensors[match.reference.front().tensor];
        const Shape shape(info.shape.begin(), info.shape.end());
        info.stackAxes = own.stackAxes;
        if (!own.shape.empty())
            info.shape = own.shape;
        const AxisLayout axis = AxisLayout::of(info, own.axis);
        QS_ASSIGN(const auto values, Value::make(ElementKind::Float, shape, budget));
        if (rows.shape().channels * rows.shape().weights != values->size())
            return fail(ErrorCode::Work, Text::of("the rows differ in number or length"));
        const BlockLayout layout = rows.layout();
        std::vector<float> block;
        for (std::uint64_t i = 0; i < layout.count(); ++i) {
            QS_CHECK(context.check());
            const BlockRange range = layout.block(i);
            QS_CHECK(rows.read(range, block));
            forEachRun(axis, range, [&](std::uint64_t to, std::uint64_t from, std::uint64_t length) {
                std::copy_n(block.data() + from, length, values->floats().data() + to);
            });
        }
        return values;
    }

private:
    /// One whole tensor of the reference, of a shape that fits.
    bool isWhole(const WeightMatch &match) const
    {
        const RowPiece &piece = match.reference.front();
        if (match.reference.size() != 1 || piece.rows != 0 || piece.order != RowOrder::AsIs)
            return false;
        const TensorInfo &own = m_reference.model.tensors[piece.tensor];
        return match.candidate.size() > 1 ||
               fitOf(own, m_candidate.model.tensors[match.candidate.front().tensor]) != Fit::No;
    }

    ComparedModel m_reference;
    ComparedModel m_candidate;
    std::vector<std::optional<WeightMatch>> m_matches; ///< by layer
};

Result<std::shared_ptr<const Report>> run(const Model &reference, const Model &candidate,
                                          const ComparedReport &compared, AnalyzeOptions options,
                                          std::optional<Activation> activation, const TaskContext &context)
{
    OtherWeights weights(reference, candidate);
    QS_CHECK(weights.match(context.part(0, 0.1)));
    auto report = std::make_shared<Report>(*compared.report);
    std::vector<Decision> decisions;
    std::vector<std::shared_ptr<LayerReport>> layers;
    std::size_t missing = 0;
    for (std::size_t i = 0; i < report->layers.size(); ++i) {
        layers.push_back(std::make_shared<LayerReport>(*report->layers[i]));
        decisions.push_back(layers.back()->decision);
        decisions.back().quantize = weights.has(i);
        missing += weights.has(i) ? 0 : 1;
    }
    if (missing > 0) {
        // With floats in their place the total would be too good.
        report->outputError.reason = Text::of("{} of {} layers have no tensor of their own in the other file, so the "
                                              "network was not run with it",
                                              missing, layers.size());
        return std::shared_ptr<const Report>(std::move(report));
    }
    AnalysisCache cache; // the other file's weights must not be taken for those of a recipe
    options.otherWeights = [&](std::size_t layer, const TaskContext &inner) {
        return weights.read(layer, cache.budget(), inner);
    };
    report->chain = std::make_shared<const ChainSearch>(findChain(reference, activation));
    const LayerCallback nobody;
    const OutputErrors::TotalCallback nobodyHears = [](const OutputErrorReport &) {};
    OutputErrors errors(reference, decisions, options, cache, layers, nobody);
    QS_ASSIGN(report->outputError, errors.measure(*report->chain, activation, nobodyHears, context.part(0.1, 1)));
    for (std::size_t i = 0; i < layers.size(); ++i)
        report->layers[i] = std::move(layers[i]);
    report->total.worstLayer = worstLayer(*report);
    return std::shared_ptr<const Report>(std::move(report));
}

} // namespace

Result<std::shared_ptr<const Report>> comparedNetwork(const Model &reference, const Model &candidate,
                                                      const ComparedReport &compared, const AnalyzeOptions &options,
                                                      std::optional<Activation> activation, const TaskContext &context)
{
    return guarded([&] { return run(reference, candidate, compared, options, activation, context); });
}

} // namespace qs
