// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/family_match.h"

#include "core/analysis/weight_content.h"
#include "core/layers/weight_names.h"

#include <algorithm>
#include <map>
#include <numeric>

namespace qs {
namespace {

constexpr double kSameWeights = 0.9; ///< likeness of an output layer to the table of tokens

/// Tensors that stand in one place of a model.
struct Place {
    std::vector<std::size_t> plain;
    std::map<std::uint64_t, std::size_t> experts; ///< one matrix each, by number
    bool repeated = false;                        ///< some expert stands there twice
};
using Places = std::map<std::string, Place>;

/// All that the open names of one side can mean.
struct FamilyIndex {
    std::map<std::size_t, Places> rows; ///< of the table of families
    Places all;                         ///< whatever the row
};

FamilyIndex indexOf(const MatchSide &side)
{
    FamilyIndex index;
    const auto add = [](Place &place, const FamilyName &name, std::size_t tensor) {
        if (!name.expert)
            place.plain.push_back(tensor);
        else if (!place.experts.try_emplace(*name.expert, tensor).second)
            place.repeated = true;
    };
    for (const std::size_t tensor : side.open())
        for (const FamilyName &name : familyNames(side.name(tensor))) {
            add(index.rows[name.row][name.key], name, tensor);
            add(index.all[name.key], name, tensor);
        }
    return index;
}

/// The only tensor of a place that is open.
std::optional<std::size_t> onlyOpen(const MatchSide &side, const Place &place)
{
    std::optional<std::size_t> only;
    for (const std::size_t tensor : place.plain) {
        if (!side.isOpen(tensor))
            continue;
        if (only)
            return std::nullopt;
        only = tensor;
    }
    return only;
}

Text familyReason()
{
    return Text::of("the same place in the model");
}

class FamilyMatcher
{
public:
    FamilyMatcher(MatchSides &sides, const TaskContext &context)
        : m_sides(sides)
        , m_context(context)
        , m_reference(indexOf(sides.reference))
        , m_candidate(indexOf(sides.candidate))
    {}

    Result<void> run()
    {
        for (const auto &[row, places] : m_reference.rows) {
            const auto other = m_candidate.rows.find(row);
            if (other == m_candidate.rows.end())
                continue;
            for (const auto &[key, place] : places) {
                QS_CHECK(m_context.check());
                if (const auto found = other->second.find(key); found != other->second.end())
                    matchPlaces(key, place, found->second);
            }
        }
        matchFused();
        matchTiedOutputs();
        return {};
    }

private:
    void matchPlaces(const std::string &key, const Place &x, const Place &y)
    {
        const auto reference = onlyOpen(m_sides.reference, x);
        const auto candidate = onlyOpen(m_sides.candidate, y);
        if (reference && candidate && m_sides.addPair(*reference, *candidate, MatchedBy::Family, familyReason())) {
            if (hasRotatedRows(key))
                settleRowOrder(m_sides.reference.model(), m_sides.candidate.model(), key, m_sides.matches.back(),
                               m_context);
            settleNormBase(m_sides.reference.model(), m_sides.candidate.model(), m_sides.matches.back(), m_context);
            return;
        }
        if (reference && !y.experts.empty())
            matchStack(*reference, y, false);
        else if (candidate && !x.experts.empty())
            matchStack(*candidate, x, true);
        else
            matchExperts(x, y);
    }

    void matchExperts(const Place &x, const Place &y)
    {
        if (x.repeated || y.repeated)
            return;
        for (const auto &[number, tensor] : x.experts)
            if (const auto found = y.experts.find(number);
                found != y.experts.end() && m_sides.reference.isOpen(tensor) && m_sides.candidate.isOpen(found->second))
                m_sides.addPair(tensor, found->second, MatchedBy::Family, familyReason());
    }

    /// A stack of one side and the single matrices of the other one.
    void matchStack(std::size_t stack, const Place &place, bool stackIsCandidate)
    {
        const MatchSide &of = stackIsCandidate ? m_sides.candidate : m_sides.reference;
        const MatchSide &other = stackIsCandidate ? m_sides.reference : m_sides.candidate;
        const TensorInfo &info = of.model().tensors[stack];
        if (place.repeated || info.shape.size() != 3 || info.stackAxes != 1 || info.shape[0] != place.experts.size() ||
            place.experts.rbegin()->first + 1 != place.experts.size())
            return;
        std::vector<RowPiece> pieces;
        for (const auto &[number, tensor] : place.experts) {
            const std::vector<std::uint64_t> &shape = other.model().tensors[tensor].shape;
            if (!other.isOpen(tensor) || shape.size() != 2 || shape[0] != info.shape[1] || shape[1] != info.shape[2])
                return;
            pieces.push_back({.tensor = tensor});
        }
        addPieces({{.tensor = stack}}, std::move(pieces), stackIsCandidate,
                  Text::of("the matrices of {} experts and their stack", info.shape[0]));
    }

    void addPieces(std::vector<RowPiece> whole, std::vector<RowPiece> parts, bool wholeIsCandidate, Text reason)
    {
        WeightMatch match;
        match.reference = wholeIsCandidate ? std::move(parts) : std::move(whole);
        match.candidate = wholeIsCandidate ? std::move(whole) : std::move(parts);
        match.by = MatchedBy::Family;
        match.reason = std::move(reason);
        m_sides.add(std::move(match));
    }

    void matchFused()
    {
        for (const bool fusedIsCandidate : {false, true}) {
            const FamilyIndex &of = fusedIsCandidate ? m_candidate : m_reference;
            const FamilyIndex &other = fusedIsCandidate ? m_reference : m_candidate;
            for (const auto &[key, place] : of.all)
                for (const FusedName &fused : fusedNames({0, key}))
                    matchFusedPlace(fused, place, other, fusedIsCandidate);
        }
    }

    void matchFusedPlace(const FusedName &name, const Place &place, const FamilyIndex &others, bool fusedIsCandidate)
    {
        const MatchSide &of = fusedIsCandidate ? m_sides.candidate : m_sides.reference;
        const MatchSide &other = fusedIsCandidate ? m_sides.reference : m_sides.candidate;
        const auto fused = onlyOpen(of, place);
        if (!fused || of.model().tensors[*fused].shape.empty())
            return;
        const std::vector<std::uint64_t> &whole = of.model().tensors[*fused].shape;
        std::vector<RowPiece> wholes;
        std::vector<RowPiece> parts;
        std::uint64_t rows = 0;
        for (const std::string &key : name.parts) {
            const auto found = others.all.find(key);
            const auto tensor = found == others.all.end() ? std::nullopt : onlyOpen(other, found->second);
            if (!tensor)
                return;
            const std::vector<std::uint64_t> &shape = other.model().tensors[*tensor].shape;
            if (shape.size() != whole.size() || !std::equal(shape.begin() + 1, shape.end(), whole.begin() + 1))
                return;
            wholes.push_back({.tensor = *fused, .firstRow = rows, .rows = shape[0]});
            parts.push_back({.tensor = *tensor});
            rows += shape[0];
        }
        if (rows != whole[0])
            return;
        for (std::size_t i = 0; i < parts.size(); ++i)
            if (hasRotatedRows(name.parts[i]))
                settleFusedRows(fusedIsCandidate, name.parts[i], wholes[i], parts[i]);
        addPieces(std::move(wholes), std::move(parts), fusedIsCandidate,
                  Text::of("the rows of {} tensors in one", name.parts.size()));
    }

    void settleFusedRows(bool fusedIsCandidate, std::string_view key, const RowPiece &whole, RowPiece &part)
    {
        // Either side may be read in the other's order; the parts are, so that each can have its own.
        const Model &of = fusedIsCandidate ? m_sides.candidate.model() : m_sides.reference.model();
        const Model &other = fusedIsCandidate ? m_sides.reference.model() : m_sides.candidate.model();
        WeightMatch match{.reference = {whole}, .candidate = {part}};
        settleRowOrder(of, other, key, match, m_context);
        part = match.candidate.front();
    }

    /// An output layer that the other file leaves out because it is the table of tokens, too.
    void matchTiedOutputs()
    {
        for (const bool tiedIsCandidate : {false, true}) {
            const MatchSide &tied = tiedIsCandidate ? m_sides.candidate : m_sides.reference;
            const MatchSide &other = tiedIsCandidate ? m_sides.reference : m_sides.candidate;
            const auto output = named(other, other.open(), isOutputName);
            if (!output)
                continue;
            std::vector<std::size_t> all(tied.model().tensors.size());
            std::iota(all.begin(), all.end(), std::size_t{0});
            const auto tokens = named(tied, all, isTokenName);
            if (!tokens || named(tied, all, isOutputName))
                continue;
            WeightMatch match{.reference = {{.tensor = tiedIsCandidate ? *output : *tokens}},
                              .candidate = {{.tensor = tiedIsCandidate ? *tokens : *output}},
                              .by = MatchedBy::Tie,
                              .reason = Text::of("the table of tokens is the output layer, too")};
            if (looksSame(match))
                m_sides.add(std::move(match));
        }
    }

    static std::optional<std::size_t> named(const MatchSide &side, const std::vector<std::size_t> &tensors,
                                            bool (*is)(const FamilyName &))
    {
        const auto found = std::ranges::find_if(
            tensors, [&](std::size_t i) { return std::ranges::any_of(familyNames(side.name(i)), is); });
        return found == tensors.end() ? std::nullopt : std::optional(*found);
    }

    bool looksSame(const WeightMatch &match) const
    {
        const Model &reference = m_sides.reference.model();
        const Model &candidate = m_sides.candidate.model();
        const TensorInfo &x = reference.tensors[match.reference.front().tensor];
        const TensorInfo &y = candidate.tensors[match.candidate.front().tensor];
        if (fitOf(x, y) != Fit::Same)
            return false;
        return likeness(sampleOf(reference, match.reference, plainView(x), false, m_context),
                        sampleOf(candidate, match.candidate, plainView(y), false, m_context)) > kSameWeights;
    }

    MatchSides &m_sides;
    const TaskContext &m_context;
    FamilyIndex m_reference;
    FamilyIndex m_candidate;
};

} // namespace

Result<void> matchFamilies(MatchSides &sides, const TaskContext &context)
{
    return FamilyMatcher(sides, context).run();
}

} // namespace qs
