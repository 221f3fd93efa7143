// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/compare.h"

#include "core/analysis/compare_values.h"
#include "core/analysis/compared_model.h"
#include "core/base/guarded.h"
#include "core/model/names.h"

#include <algorithm>
#include <utility>

namespace qs {
namespace {

class Comparer
{
public:
    Comparer(const Model &reference, const Model &candidate)
        : m_reference(reference)
        , m_candidate(candidate)
    {}

    Result<Comparison> run(const NameMap &map, const TaskContext &context)
    {
        QS_ASSIGN(std::vector<WeightMatch> matches, matchWeights(m_reference.model, m_candidate.model, map, context));
        // Other names of weights come last: they count only where nothing else covers a side.
        std::ranges::stable_partition(matches, [this](const WeightMatch &match) { return !isTied(match); });
        for (std::size_t i = 0; i < matches.size(); ++i) {
            QS_CHECK(context.check());
            context.report(static_cast<double>(i) / static_cast<double>(matches.size()),
                           Text::asIs(namesOf(m_reference.model, matches[i].reference)));
            mark(matches[i], &ComparedModel::matched);
            QS_CHECK(compareMatch(matches[i], context));
        }
        std::ranges::stable_sort(m_result.tensors, naturalLess, &TensorComparison::name);
        listWithoutPartner(m_reference, ModelSide::Reference, m_result.onlyInReference);
        listWithoutPartner(m_candidate, ModelSide::Candidate, m_result.onlyInCandidate);
        m_result.reference = coverageOf(m_reference);
        m_result.candidate = coverageOf(m_candidate);
        m_result.total = totalOf(m_total);
        m_result.others = totalOf(m_others);
        return std::move(m_result);
    }

private:
    bool isTied(const WeightMatch &match) const
    {
        return match.by == MatchedBy::Tie || m_reference.model.aliases.contains(match.reference.front().tensor) ||
               m_candidate.model.aliases.contains(match.candidate.front().tensor);
    }

    static Coverage coverageOf(const ComparedModel &side)
    {
        Coverage coverage;
        for (std::size_t i = 0; i < side.counts.size(); ++i) {
            if (!side.counts[i])
                continue;
            const std::uint64_t values = side.model.tensors[i].elements();
            coverage.values += values;
            coverage.compared += side.covered[i] ? values : 0;
        }
        return coverage;
    }

    Metrics totalOf(const ErrorSums &sums) const
    {
        Metrics metrics = metricsFrom(sums);
        metrics.zeroShare.reset();
        metrics.clippedShare.reset();
        if (m_result.incomplete() && metrics.exact)
            return {}; // what is missing may differ
        return metrics;
    }

    void mark(const WeightMatch &match, std::vector<bool> ComparedModel::*flags)
    {
        for (const RowPiece &piece : match.reference)
            (m_reference.*flags)[piece.tensor] = true;
        for (const RowPiece &piece : match.candidate)
            (m_candidate.*flags)[piece.tensor] = true;
    }

    void listWithoutPartner(const ComparedModel &side, ModelSide which, std::vector<std::string> &only)
    {
        const std::vector<bool> comparable = comparableTensors(side.model);
        std::vector<std::size_t> left;
        for (std::size_t i = 0; i < comparable.size(); ++i) {
            const auto alias = side.model.aliases.find(i);
            const bool tied = alias != side.model.aliases.end() && side.matched[alias->second];
            if (comparable[i] && !side.matched[i] && !tied)
                left.push_back(i);
        }
        std::ranges::sort(left, naturalLess,
                          [&](std::size_t i) { return std::string_view(side.model.tensors[i].name); });
        for (const std::size_t tensor : left) {
            const std::string &name = side.model.tensors[tensor].name;
            only.push_back(name);
            m_result.unmatched.push_back({name, which,
                                          which == ModelSide::Reference
                                              ? Text::of("the candidate holds no tensor that matches it")
                                              : Text::of("the reference holds no tensor that matches it"),
                                          side.counts[tensor]});
        }
    }

    /// Says of both sides of a match why its values were not compared.
    void leaveOut(const WeightMatch &match, const Text &reason)
    {
        leaveOut(m_reference, ModelSide::Reference, match.reference, reason);
        leaveOut(m_candidate, ModelSide::Candidate, match.candidate, reason);
    }

    void leaveOut(const ComparedModel &side, ModelSide which, const std::vector<RowPiece> &pieces, const Text &reason)
    {
        std::vector<std::size_t> listed;
        for (const RowPiece &piece : pieces) {
            if (std::ranges::find(listed, piece.tensor) != listed.end())
                continue;
            listed.push_back(piece.tensor);
            m_result.unmatched.push_back(
                {side.model.tensors[piece.tensor].name, which, reason, side.counts[piece.tensor]});
        }
    }

    void notCompared(const WeightMatch &match, Text reason)
    {
        leaveOut(match, reason);
        m_result.notCompared.push_back(
            Text::of("{}: {}", namesOf(m_reference.model, match.reference), std::move(reason)));
    }

    Result<void> compareMatch(const WeightMatch &match, const TaskContext &context)
    {
        const std::size_t x = match.reference.front().tensor;
        const std::size_t y = match.candidate.front().tensor;
        const TensorInfo &reference = m_reference.model.tensors[x];
        const TensorInfo &candidate = m_candidate.model.tensors[y];
        const bool single = match.reference.size() == 1 && match.candidate.size() == 1;
        if (single && fitOf(reference, candidate) == Fit::No) {
            m_result.shapeMismatch.push_back(reference.name);
            leaveOut(match,
                     Text::of("the shapes are {} and {}", shapeText(reference.shape), shapeText(candidate.shape)));
            return {};
        }
        if (reference.elements() == 0) {
            add(match, {});
            return {};
        }
        if (const Text reason = unreadable(m_reference, m_candidate, match); !reason.empty()) {
            notCompared(match, reason);
            return {};
        }
        QS_ASSIGN(const auto compared, compareValues(match, context));
        if (!compared.has_value())
            return {};
        add(match, compared->finite ? compared->metrics : Metrics{});
        if (!compared->finite) {
            notCompared(match, Text::of("holds NaN or infinite values"));
            return {};
        }
        const bool codes = m_reference.readable(x) == Readable::WholeNumbers &&
                           (isCodes(m_reference.model, x) || isCodes(m_candidate.model, y));
        if (codes)
            notCompared(match, Text::of("its codes are not decoded"));
        else
            count(match, compared->sums);
        return {};
    }

    static bool isCodes(const Model &model, std::size_t tensor) { return model.roleOf(tensor).role == Role::Codes; }

    void add(const WeightMatch &match, const Metrics &metrics)
    {
        const TensorInfo &first = m_reference.model.tensors[match.reference.front().tensor];
        TensorComparison tensor{namesOf(m_reference.model, match.reference), first.shape, metrics};
        tensor.candidate = namesOf(m_candidate.model, match.candidate);
        tensor.matchedBy = match.by;
        tensor.matchReason = match.reason;
        if (match.transposed)
            tensor.matchReason =
                match.reason.empty() ? Text::of("transposed") : Text::of("{}, transposed", match.reason);
        tensor.layer = isLayer(match);
        m_result.tensors.push_back(std::move(tensor));
    }

    bool isLayer(const WeightMatch &match) const
    {
        return countsAsLayer(m_reference, match.reference.front().tensor, m_candidate,
                             match.candidate.front().tensor) ||
               countsAsLayer(m_candidate, match.candidate.front().tensor, m_reference, match.reference.front().tensor);
    }

    /// What a graph shows to be no weight is none, whatever its name says in a file without a graph.
    static bool countsAsLayer(const ComparedModel &side, std::size_t tensor, const ComparedModel &otherSide,
                              std::size_t other)
    {
        const Layer *layer = side.layerOf(tensor);
        const auto role = otherSide.model.roles.find(other);
        const bool isDenied = role != otherSide.model.roles.end() && !role->second.layer;
        return layer != nullptr && (layer->hasCodes() || !isDenied);
    }

    /// Adds a pair to the totals, unless both sides have been counted under other names.
    void count(const WeightMatch &match, const ErrorSums &sums)
    {
        const auto isNew = [](const ComparedModel &side, const std::vector<RowPiece> &pieces) {
            return std::ranges::any_of(pieces, [&](const RowPiece &piece) {
                return !side.covered[piece.tensor] && !side.model.aliases.contains(piece.tensor);
            });
        };
        const bool counted = isNew(m_reference, match.reference) || isNew(m_candidate, match.candidate);
        mark(match, &ComparedModel::covered);
        if (!counted || m_reference.readable(match.reference.front().tensor) == Readable::WholeNumbers)
            return; // one large index would drown all weights
        const bool anyLayers = !m_reference.model.layers.empty() || !m_candidate.model.layers.empty();
        (isLayer(match) || !anyLayers ? m_total : m_others).add(sums);
    }

    Result<std::optional<ValueErrors>> compareValues(const WeightMatch &match, const TaskContext &context)
    {
        const auto [viewX, viewY] = viewsOf(m_reference, m_candidate, match);
        auto x = ValueRows::open(m_reference.model, match.reference, viewX, context);
        auto y = ValueRows::open(m_candidate.model, match.candidate, viewY, context);
        for (const auto *rows : {&x, &y}) {
            if (*rows)
                continue;
            if (rows->error().code != ErrorCode::Work)
                return std::unexpected(rows->error());
            notCompared(match, rows->error().message);
            return std::optional<ValueErrors>();
        }
        const auto single = [](const ComparedModel &side, const std::vector<RowPiece> &pieces) {
            return pieces.size() == 1 ? side.layerOf(pieces.front().tensor) : nullptr;
        };
        const ComparedValues reference{m_reference.model, std::move(*x), single(m_reference, match.reference)};
        const ComparedValues candidate{m_candidate.model, std::move(*y), single(m_candidate, match.candidate)};
        if (reference.rows.shape() != candidate.rows.shape()) {
            notCompared(match, Text::of("the rows differ in number or length"));
            return std::optional<ValueErrors>();
        }
        const bool whole = m_reference.readable(match.reference.front().tensor) == Readable::WholeNumbers;
        const bool wide = isWide(m_reference, match.reference) || isWide(m_candidate, match.candidate);
        if (whole || (wide && candidate.rows.codes() == nullptr)) {
            QS_ASSIGN(auto result, compareNumbers(reference.rows, candidate.rows, context));
            return std::optional(result);
        }
        QS_ASSIGN(auto result, compareFloats(reference, candidate, context));
        if (wide && result.metrics.exact) { // as float32 numbers
            QS_ASSIGN(result, compareNumbers(reference.rows, candidate.rows, context));
        }
        return std::optional(result);
    }

    static bool isWide(const ComparedModel &side, const std::vector<RowPiece> &pieces)
    {
        return std::ranges::any_of(pieces, [&](const RowPiece &piece) { return side.isWide(piece.tensor); });
    }

    ComparedModel m_reference;
    ComparedModel m_candidate;
    Comparison m_result;
    ErrorSums m_total;  ///< of layers
    ErrorSums m_others; ///< of all other floats
};

double share(const Coverage &coverage)
{
    return coverage.values == 0 ? 0 : static_cast<double>(coverage.compared) / static_cast<double>(coverage.values);
}

} // namespace

double Comparison::coverage() const
{
    return std::min(share(reference), share(candidate));
}

bool Comparison::incomplete() const
{
    return reference.compared != reference.values || candidate.compared != candidate.values ||
           reference.values + candidate.values == 0;
}

Result<Comparison> compare(const Model &reference, const Model &candidate, const TaskContext &context,
                           const NameMap &map)
{
    return guarded([&] { return Comparer(reference, candidate).run(map, context); });
}

} // namespace qs
