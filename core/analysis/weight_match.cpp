// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/weight_match.h"

#include "core/analysis/family_match.h"
#include "core/analysis/match_sides.h"
#include "core/analysis/weight_content.h"
#include "core/layers/named_codes.h"
#include "core/layers/weight_names.h"
#include "core/model/names.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

namespace qs {
namespace {

constexpr std::array<std::string_view, 7> kMatchedBy{"name", "map", "tie", "decoration", "prefix", "family", "content"};

/// The shape without its axes of one element.
std::vector<std::uint64_t> withoutOnes(const std::vector<std::uint64_t> &shape)
{
    std::vector<std::uint64_t> result;
    std::ranges::copy_if(shape, std::back_inserter(result), [](std::uint64_t size) { return size != 1; });
    return result;
}

std::string_view trimmed(std::string_view text)
{
    const auto isSpace = [](char c) { return c == ' ' || c == '\t' || c == '\r'; };
    while (!text.empty() && isSpace(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && isSpace(text.back()))
        text.remove_suffix(1);
    return text;
}

/// By the name that a file gives it, or by that of the weight that its codes stand for.
std::optional<std::size_t> tensorNamed(const Model &model, std::string_view name)
{
    if (const auto found = model.findTensor(name))
        return found;
    for (std::size_t i = 0; i < model.tensors.size(); ++i)
        if (const auto &inFile = model.tensors[i].inFile; inFile && inFile->name == name)
            return i;
    return std::nullopt;
}

/// "_orig_mod.", "_quantized": what was taken away from both names.
Text decorationReason(const PlainName &x, const PlainName &y)
{
    std::vector<std::string> removed(x.removed.begin(), x.removed.end());
    removed.insert(removed.end(), y.removed.begin(), y.removed.end());
    std::ranges::sort(removed);
    removed.erase(std::ranges::unique(removed).begin(), removed.end());
    if (removed.empty())
        return Text::of("the same name without '.weight'");
    return Text::of("the same name without {}", listInQuotes(removed));
}

class Matcher
{
public:
    Matcher(const Model &reference, const Model &candidate, const TaskContext &context)
        : m_sides{MatchSide(reference), MatchSide(candidate)}
        , m_context(context)
    {}

    Result<std::vector<WeightMatch>> run(const NameMap &map)
    {
        QS_CHECK(matchMap(map));
        matchNames();
        matchTies();
        matchPlainNames();
        matchPrefixes();
        QS_CHECK(m_context.check());
        QS_CHECK(matchFamilies(m_sides, m_context));
        QS_CHECK(matchContent());
        matchBeside();
        settleSquares();
        std::ranges::stable_sort(m_sides.matches, naturalLess, [this](const WeightMatch &match) {
            return m_sides.reference.name(match.reference.front().tensor);
        });
        return std::move(m_sides.matches);
    }

private:
    Result<void> matchMap(const NameMap &map)
    {
        for (const auto &[left, right] : map) {
            const auto x = tensorNamed(reference(), left);
            const auto y = tensorNamed(candidate(), right);
            if (!x || !y)
                return fail(ErrorCode::Usage,
                            Text::of("the map names {}, which the {} does not hold", inQuotes(x ? right : left),
                                     x ? Text::of("candidate") : Text::of("reference")));
            if (!m_sides.reference.isOpen(*x) || !m_sides.candidate.isOpen(*y))
                return fail(ErrorCode::Usage, Text::of("the map names {} twice, or it is a part of other weights",
                                                       inQuotes(m_sides.reference.isOpen(*x) ? right : left)));
            add(*x, *y, MatchedBy::Map, Text::of("the map says so"));
        }
        return {};
    }

    void matchNames()
    {
        for (const std::size_t x : m_sides.reference.open()) {
            const auto y = candidate().findTensor(m_sides.reference.name(x));
            if (y && m_sides.candidate.isOpen(*y))
                add(x, *y, MatchedBy::Name, {});
        }
    }

    /// Names that only one of the files gives to weights that both hold.
    void matchTies()
    {
        for (const Layer &layer : candidate().layers)
            for (const std::string &name : layer.otherNames)
                if (const auto x = reference().findTensor(name); x && m_sides.reference.isOpen(*x))
                    m_sides.addPair(*x, layer.tensor, MatchedBy::Tie, tieReason());
        for (const Layer &layer : reference().layers)
            for (const std::string &name : layer.otherNames)
                if (const auto y = candidate().findTensor(name); y && m_sides.candidate.isOpen(*y))
                    m_sides.addPair(layer.tensor, *y, MatchedBy::Tie, tieReason());
    }

    static Text tieReason() { return Text::of("one of the files keeps these weights under another name"); }

    void matchPlainNames()
    {
        TensorKeys keys;
        std::map<std::size_t, PlainName> names;
        for (const std::size_t y : m_sides.candidate.open()) {
            PlainName &name = names[y] = withoutDecorations(m_sides.candidate.name(y));
            keys.add(name.name, y);
        }
        TensorKeys own;
        const std::vector<std::size_t> open = m_sides.reference.open();
        for (const std::size_t x : open)
            own.add(withoutDecorations(m_sides.reference.name(x)).name, x);
        for (const std::size_t x : open) {
            const PlainName name = withoutDecorations(m_sides.reference.name(x));
            const auto y = keys.find(name.name);
            if (y && own.find(name.name) == x)
                m_sides.addPair(x, *y, MatchedBy::Decoration, decorationReason(name, names[*y]));
        }
    }

    /// Finds the first segments that the names of one side have more than those of the other one.
    void matchPrefixes()
    {
        matchPrefix(m_sides.reference, m_sides.candidate, true);
        matchPrefix(m_sides.candidate, m_sides.reference, false);
    }

    void matchPrefix(const MatchSide &shorter, const MatchSide &longer, bool shorterIsReference)
    {
        TensorKeys keys;
        for (const std::size_t tensor : shorter.open())
            keys.add(withoutDecorations(shorter.name(tensor)).name, tensor);
        std::map<std::string, std::vector<std::pair<std::size_t, std::size_t>>> pairs; // by prefix
        for (const std::size_t tensor : longer.open()) {
            const std::string name = withoutDecorations(longer.name(tensor)).name;
            for (std::size_t dot = name.find('.'); dot != std::string::npos; dot = name.find('.', dot + 1))
                if (const auto found = keys.find(name.substr(dot + 1)))
                    pairs[name.substr(0, dot + 1)].emplace_back(*found, tensor);
        }
        const auto most = std::ranges::max_element(pairs, {}, [](const auto &entry) { return entry.second.size(); });
        if (most == pairs.end() || 2 * most->second.size() < shorter.open().size())
            return; // a few equal endings are chance
        for (const auto &[x, y] : most->second)
            if (shorter.isOpen(x) && longer.isOpen(y))
                m_sides.addPair(shorterIsReference ? x : y, shorterIsReference ? y : x, MatchedBy::Prefix,
                                Text::of("the same name behind {}", inQuotes(most->first)));
    }

    Result<void> matchContent()
    {
        const auto layers = [](const MatchSide &side) {
            std::vector<std::size_t> result = side.open();
            std::erase_if(result, [&](std::size_t tensor) { return !side.model().layerOf(tensor); });
            return result;
        };
        QS_ASSIGN(const auto pairs, pairsByContent(reference(), layers(m_sides.reference), candidate(),
                                                   layers(m_sides.candidate), m_context));
        for (const ContentPair &pair : pairs) {
            WeightMatch match{.reference = {{.tensor = pair.reference}},
                              .candidate = {{.tensor = pair.candidate}},
                              .by = MatchedBy::Content,
                              .transposed = pair.transposed,
                              .reason = Text::of("no other weights of this shape are like them")};
            m_sides.add(std::move(match));
        }
        return {};
    }

    /// Where a name ends that all tensors of a module share.
    static std::size_t endOfModule(std::string_view name)
    {
        const std::size_t at = name.find_last_of("./");
        return at == std::string_view::npos ? 0 : at + 1;
    }

    /// Biases and the like, that stand beside a weight which the user or its values have matched.
    void matchBeside()
    {
        struct Module {
            std::string_view candidate;
            std::size_t match;
        };
        std::map<std::string_view, Module> modules; // by what the names of the reference begin with
        for (std::size_t i = 0; i < m_sides.matches.size(); ++i) {
            const WeightMatch &match = m_sides.matches[i];
            if ((match.by != MatchedBy::Content && match.by != MatchedBy::Map) || match.reference.size() != 1 ||
                match.candidate.size() != 1)
                continue;
            const std::string_view x = m_sides.reference.name(match.reference[0].tensor);
            const std::string_view y = m_sides.candidate.name(match.candidate[0].tensor);
            modules.try_emplace(x.substr(0, endOfModule(x)), Module{y.substr(0, endOfModule(y)), i});
        }
        if (modules.empty())
            return;
        for (const std::size_t x : m_sides.reference.open()) {
            const std::string_view name = m_sides.reference.name(x);
            const std::size_t end = endOfModule(name);
            const auto found = modules.find(name.substr(0, end));
            if (found == modules.end())
                continue;
            const auto y = candidate().findTensor(fmt::format("{}{}", found->second.candidate, name.substr(end)));
            const WeightMatch &weight = m_sides.matches[found->second.match];
            if (y && m_sides.candidate.isOpen(*y))
                m_sides.addPair(x, *y, weight.by,
                                Text::of("it stands beside {}, which is matched",
                                         inQuotes(m_sides.reference.name(weight.reference[0].tensor))));
        }
    }

    void add(std::size_t x, std::size_t y, MatchedBy by, Text reason)
    {
        m_sides.add({.reference = {{.tensor = x}},
                     .candidate = {{.tensor = y}},
                     .by = by,
                     .transposed = fitOf(reference().tensors[x], candidate().tensors[y]) == Fit::Transposed,
                     .reason = std::move(reason)});
    }

    /// Of square weights the shape does not tell whether one of the sides stores them transposed.
    void settleSquares()
    {
        for (WeightMatch &match : m_sides.matches) {
            if (match.by == MatchedBy::Content || match.reference.size() != 1 || match.candidate.size() != 1)
                continue;
            const std::size_t x = match.reference.front().tensor;
            const std::size_t y = match.candidate.front().tensor;
            const std::vector<std::uint64_t> &shape = reference().tensors[x].shape;
            const auto layerX = reference().layerOf(x);
            const auto layerY = candidate().layerOf(y);
            if (shape.size() == 2 && shape[0] == shape[1] && shape == candidate().tensors[y].shape && layerX &&
                layerY && reference().layers[*layerX].channelAxis != candidate().layers[*layerY].channelAxis)
                match.transposed = isTransposed(reference(), candidate(), match, m_context);
        }
    }

    const Model &reference() const { return m_sides.reference.model(); }
    const Model &candidate() const { return m_sides.candidate.model(); }

    MatchSides m_sides;
    const TaskContext &m_context;
};

} // namespace

std::string_view textOf(MatchedBy by)
{
    return kMatchedBy[static_cast<std::size_t>(by)];
}

Result<NameMap> parseNameMap(std::string_view text, const std::string &where)
{
    NameMap map;
    std::size_t number = 0;
    while (!text.empty()) {
        ++number;
        const std::size_t end = std::min(text.find('\n'), text.size());
        const std::string_view line = trimmed(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.empty() || line.front() == '#')
            continue;
        // A name may hold '=' itself: with spaces around it the sign is sure.
        const std::size_t sure = line.find(" = ");
        const std::size_t at = sure == std::string_view::npos ? line.find('=') : sure + 1;
        const std::string_view left = trimmed(line.substr(0, std::min(at, line.size())));
        const std::string_view right = at == std::string_view::npos ? "" : trimmed(line.substr(at + 1));
        if (left.empty() || right.empty())
            return fail(ErrorCode::Usage, Text::of("line {} is no pair, expected 'reference = candidate'", number),
                        where);
        map.emplace_back(left, right);
    }
    return map;
}

Fit fitOf(const TensorInfo &a, const TensorInfo &b)
{
    if (a.shape == b.shape)
        return Fit::Same;
    const std::size_t rank = a.shape.size();
    if (rank >= 2 && rank == b.shape.size() && a.shape[rank - 1] == b.shape[rank - 2] &&
        a.shape[rank - 2] == b.shape[rank - 1] && std::equal(a.shape.begin(), a.shape.end() - 2, b.shape.begin()))
        return Fit::Transposed;
    const bool plain = a.strides.empty() && b.strides.empty();
    return plain && withoutOnes(a.shape) == withoutOnes(b.shape) ? Fit::Ones : Fit::No;
}

std::vector<bool> comparableTensors(const Model &model)
{
    std::vector<bool> result(model.tensors.size(), true);
    for (const Layer &layer : model.layers) {
        if (!layer.stored)
            continue;
        for (const std::size_t part : layer.stored->parts())
            result[part] = false;
    }
    for (std::size_t i = 0; i < result.size(); ++i)
        for (const std::size_t part : codesByName(model, i).parts)
            result[part] = false;
    return result;
}

Result<std::vector<WeightMatch>> matchWeights(const Model &reference, const Model &candidate, const NameMap &map,
                                              const TaskContext &context)
{
    return Matcher(reference, candidate, context).run(map);
}

} // namespace qs
