// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/weight_content.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <ranges>

namespace qs {
namespace {

constexpr std::uint64_t kSpreadRows = 16;
constexpr std::uint64_t kAdjoiningRows = 64;
constexpr std::uint64_t kColumns = 256;
constexpr double kAlike = 0.8;              ///< 2-bit codes are still this like their weights
constexpr double kOther = 0.5;              ///< weights of different layers are far below it
constexpr std::size_t kMostPairs = 250'000; ///< of one shape that are tried
constexpr std::uint64_t kMostHeadRows = 512;

std::optional<std::uint64_t> numberIn(const Model &model, const std::string &key)
{
    const auto found = model.metadata.find(key);
    if (found == model.metadata.end())
        return std::nullopt;
    const std::string &text = found->second;
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size() || number == 0)
        return std::nullopt;
    return number;
}

/// Heads of queries or keys, as GGUF or config.json tell.
std::optional<std::uint64_t> headsOf(const Model &model, bool keys)
{
    const auto architecture = model.metadata.find("general.architecture");
    const std::string prefix =
        architecture == model.metadata.end() ? "" : fmt::format("{}.attention.", architecture->second);
    const bool gguf = !prefix.empty();
    if (keys)
        if (const auto number = numberIn(model, gguf ? prefix + "head_count_kv" : "config.num_key_value_heads"))
            return number;
    return numberIn(model, gguf ? prefix + "head_count" : "config.num_attention_heads");
}

/// Rows that one head can have.
std::vector<std::uint64_t> headSizes(const Model &reference, const Model &candidate, bool keys, std::uint64_t rows)
{
    for (const Model *model : {&candidate, &reference})
        if (const auto heads = headsOf(*model, keys))
            return rows % (2 * *heads) == 0 ? std::vector{rows / *heads} : std::vector<std::uint64_t>();
    std::vector<std::uint64_t> sizes;
    for (std::uint64_t size = 4; size <= std::min(rows, kMostHeadRows); size += 2)
        if (rows % size == 0)
            sizes.push_back(size);
    return sizes;
}

bool hasValues(const Model &model, std::size_t tensor)
{
    const auto layer = model.layerOf(tensor);
    return (layer && model.layers[*layer].hasCodes()) || model.tensors[tensor].hasFloatValues();
}

RowView transposedView(const TensorInfo &info)
{
    RowView view = plainView(info);
    view.axis += 1;
    return view;
}

/// Samples of all tensors of one shape; those of the candidate also with rows and columns changed.
struct Group {
    std::vector<std::size_t> references;
    std::vector<std::size_t> candidates; ///< of the same shape
    std::vector<std::size_t> transposed; ///< of the shape with its last two axes swapped
};

struct Sample {
    std::size_t tensor;
    bool transposed;
    std::vector<float> values;
};

struct Best {
    double first = -1;
    double second = -1;
    std::size_t at = 0;

    void take(double value, std::size_t index)
    {
        if (value > first) {
            second = first;
            first = value;
            at = index;
        } else {
            second = std::max(second, value);
        }
    }
    bool isUnique() const { return first > kAlike && second < kOther; }
};

std::vector<ContentPair> uniquePairs(const std::vector<Sample> &references, const std::vector<Sample> &candidates)
{
    std::vector<Best> ofReference(references.size());
    std::vector<Best> ofCandidate(candidates.size());
    for (std::size_t i = 0; i < references.size(); ++i)
        for (std::size_t j = 0; j < candidates.size(); ++j) {
            const double value = likeness(references[i].values, candidates[j].values);
            ofReference[i].take(value, j);
            ofCandidate[j].take(value, i);
        }
    std::vector<ContentPair> pairs;
    for (std::size_t i = 0; i < references.size(); ++i) {
        const std::size_t j = ofReference[i].at;
        if (ofReference[i].isUnique() && ofCandidate[j].isUnique() && ofCandidate[j].at == i)
            pairs.push_back({references[i].tensor, candidates[j].tensor, candidates[j].transposed});
    }
    return pairs;
}

} // namespace

RowView plainView(const TensorInfo &info)
{
    if (info.shape.empty())
        return {.axis = kNoAxis};
    return {.axis = info.stackAxes, .stackAxes = info.stackAxes};
}

std::vector<float> sampleOf(const Model &model, const std::vector<RowPiece> &pieces, const RowView &view,
                            bool adjoining, const TaskContext &context)
{
    const auto rows = ValueRows::open(model, pieces, view, context);
    if (!rows)
        return {};
    const MatrixShape shape = rows->shape();
    const std::uint64_t count = std::min(adjoining ? kAdjoiningRows : kSpreadRows, shape.channels);
    const std::uint64_t columns = std::min(kColumns, shape.weights);
    std::vector<float> sample;
    std::vector<float> row;
    for (std::uint64_t i = 0; i < count; ++i) {
        const std::uint64_t at = adjoining ? i : shape.channels / count * i;
        if (!rows->read({at, 1, 0, columns}, row))
            return {};
        sample.insert(sample.end(), row.begin(), row.end());
    }
    if (!std::ranges::all_of(sample, [](float value) { return std::isfinite(value); }))
        return {};
    return sample;
}

double likeness(const std::vector<float> &x, const std::vector<float> &y)
{
    if (x.size() != y.size())
        return 0;
    double xx = 0;
    double yy = 0;
    double xy = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        xx += double(x[i]) * double(x[i]);
        yy += double(y[i]) * double(y[i]);
        xy += double(x[i]) * double(y[i]);
    }
    return xx > 0 && yy > 0 ? xy / (std::sqrt(xx) * std::sqrt(yy)) : 0;
}

bool isTransposed(const Model &reference, const Model &candidate, const WeightMatch &match, const TaskContext &context)
{
    const TensorInfo &x = reference.tensors[match.reference.front().tensor];
    const TensorInfo &y = candidate.tensors[match.candidate.front().tensor];
    const std::vector<float> values = sampleOf(reference, match.reference, plainView(x), false, context);
    const std::vector<float> straight = sampleOf(candidate, match.candidate, plainView(y), false, context);
    const std::vector<float> crossed = sampleOf(candidate, match.candidate, transposedView(y), false, context);
    return likeness(values, crossed) > likeness(values, straight);
}

void settleRowOrder(const Model &reference, const Model &candidate, std::string_view key, WeightMatch &match,
                    const TaskContext &context)
{
    const TensorInfo &x = reference.tensors[match.reference.front().tensor];
    RowPiece &piece = match.candidate.front();
    const TensorInfo &y = candidate.tensors[piece.tensor];
    if (y.shape.empty() || x.shape.size() != y.shape.size())
        return;
    const std::vector<float> values = sampleOf(reference, match.reference, plainView(x), true, context);
    const auto likenessOf = [&](const RowPiece &tried) {
        return likeness(values, sampleOf(candidate, {tried}, plainView(y), true, context));
    };
    double best = likenessOf(piece);
    const RowPiece asIs = piece;
    const bool keys = key.find("attn_k") != std::string_view::npos;
    for (const std::uint64_t size : headSizes(reference, candidate, keys, y.shape[0]))
        for (const RowOrder order : {RowOrder::HalvesFromPairs, RowOrder::PairsFromHalves}) {
            RowPiece tried = asIs;
            tried.order = order;
            tried.headRows = size;
            if (const double value = likenessOf(tried); value > best) {
                best = value;
                piece = tried;
            }
        }
    if (piece.order != RowOrder::AsIs)
        match.reason = Text::of("{}; the rows of each head of {} stand in another order", match.reason, piece.headRows);
}

void settleNormBase(const Model &reference, const Model &candidate, WeightMatch &match, const TaskContext &context)
{
    RowPiece &x = match.reference.front();
    RowPiece &y = match.candidate.front();
    const TensorInfo &xInfo = reference.tensors[x.tensor];
    const TensorInfo &yInfo = candidate.tensors[y.tensor];
    if (xInfo.shape.size() != 1 || yInfo.shape.size() != 1)
        return;
    const std::vector<float> xs = sampleOf(reference, match.reference, plainView(xInfo), true, context);
    const std::vector<float> ys = sampleOf(candidate, match.candidate, plainView(yInfo), true, context);
    const auto isOneMore = [](float less, float more) { return less + 1.0F == more; };
    if (xs.empty() || xs.size() != ys.size())
        return;
    if (std::ranges::equal(xs, ys, isOneMore))
        x.plusOne = true;
    else if (std::ranges::equal(ys, xs, isOneMore))
        y.plusOne = true;
    else
        return;
    match.reason = Text::of("{}; one of the files counts it from one", match.reason);
}

Result<std::vector<ContentPair>> pairsByContent(const Model &reference, const std::vector<std::size_t> &references,
                                                const Model &candidate, const std::vector<std::size_t> &candidates,
                                                const TaskContext &context)
{
    std::map<std::vector<std::uint64_t>, Group> groups;
    for (const std::size_t tensor : references)
        if (hasValues(reference, tensor))
            groups[reference.tensors[tensor].shape].references.push_back(tensor);
    for (const std::size_t tensor : candidates) {
        if (!hasValues(candidate, tensor))
            continue;
        std::vector<std::uint64_t> shape = candidate.tensors[tensor].shape;
        if (const auto found = groups.find(shape); found != groups.end())
            found->second.candidates.push_back(tensor);
        if (shape.size() != 2)
            continue;
        std::ranges::reverse(shape);
        if (const auto found = groups.find(shape); found != groups.end())
            found->second.transposed.push_back(tensor);
    }
    std::vector<ContentPair> pairs;
    for (const auto &[shape, group] : groups) {
        if (group.references.size() * (group.candidates.size() + group.transposed.size()) > kMostPairs)
            continue;
        std::vector<Sample> xs;
        std::vector<Sample> ys;
        const auto add = [&](const Model &model, std::size_t tensor, bool transposed, std::vector<Sample> &samples) {
            const TensorInfo &info = model.tensors[tensor];
            const RowView view = transposed ? transposedView(info) : plainView(info);
            samples.push_back({tensor, transposed, sampleOf(model, {{tensor}}, view, false, context)});
        };
        if (group.candidates.empty() && group.transposed.empty())
            continue;
        for (const std::size_t tensor : group.references) {
            QS_CHECK(context.check());
            add(reference, tensor, false, xs);
        }
        for (const std::size_t tensor : group.candidates) {
            QS_CHECK(context.check());
            add(candidate, tensor, false, ys);
        }
        for (const std::size_t tensor : group.transposed) {
            QS_CHECK(context.check());
            add(candidate, tensor, true, ys);
        }
        const std::vector<ContentPair> found = uniquePairs(xs, ys);
        pairs.insert(pairs.end(), found.begin(), found.end());
    }
    return pairs;
}

} // namespace qs
