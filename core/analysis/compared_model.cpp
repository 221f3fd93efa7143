// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/compared_model.h"

#include "core/analysis/weight_content.h"
#include "core/layers/named_codes.h"

#include <fmt/format.h>

#include <algorithm>

namespace qs {
namespace {

/// Learned values, as far as the role tells.
bool isLearned(const Model &model, std::size_t tensor)
{
    if (model.layerOf(tensor))
        return true;
    const TensorInfo &info = model.tensors[tensor];
    if (info.dtype == DType::Encoded) // a weight, whoever can read it
        return true;
    switch (model.roleOf(tensor).role) {
    case Role::Linear:
    case Role::Convolution:
    case Role::Recurrent:
    case Role::Embedding:
    case Role::Stack:
    case Role::Codes:
        return true;
    case Role::Norm:
    case Role::Bias:
    case Role::Parameter:
    case Role::Adapter:
    case Role::WeightNorm:
        return info.elements() > 1; // constants of a graph are none
    case Role::Position:
        return info.shape.size() > 1;
    case Role::Mask:
    case Role::OptimizerState:
    case Role::Companion:
    case Role::Codebook:
    case Role::Buffer:
        return false;
    }
    return false;
}

/// An axis where the last two of `rank` are swapped.
int swapped(int axis, std::size_t rank)
{
    const int last = static_cast<int>(rank) - 1;
    return axis == last ? last - 1 : axis == last - 1 ? last : axis;
}

} // namespace

ComparedModel::ComparedModel(const Model &m)
    : model(m)
    , counts(comparableTensors(m))
    , covered(m.tensors.size())
    , matched(m.tensors.size())
{
    std::vector<bool> learned(m.tensors.size());
    for (std::size_t i = 0; i < m.tensors.size(); ++i) {
        counts[i] = counts[i] && !m.isSample(i) && !m.aliases.contains(i) && m.tensors[i].elements() > 0;
        learned[i] = counts[i] && isLearned(m, i);
    }
    if (std::ranges::find(learned, true) != learned.end())
        counts = std::move(learned); // else nothing tells what is what, so everything counts
}

Readable ComparedModel::readable(std::size_t tensor) const
{
    const TensorInfo &info = model.tensors[tensor];
    const Layer *layer = layerOf(tensor);
    if ((layer != nullptr && layer->hasCodes()) || info.hasFloatValues() || valuesByName(model, tensor) != nullptr)
        return Readable::Floats;
    return !info.encoding && isInteger(info.dtype) ? Readable::WholeNumbers : Readable::No;
}

std::string namesOf(const Model &model, const std::vector<RowPiece> &pieces)
{
    constexpr std::size_t kShown = 4;
    std::vector<std::string_view> names;
    for (const RowPiece &piece : pieces)
        if (std::ranges::find(names, std::string_view(model.tensors[piece.tensor].name)) == names.end())
            names.emplace_back(model.tensors[piece.tensor].name);
    if (names.size() > kShown)
        return fmt::format("{} … {}", names.front(), names.back());
    return fmt::format("{}", fmt::join(names, " + "));
}

Text unreadable(const ComparedModel &reference, const ComparedModel &candidate, const WeightMatch &match)
{
    for (const RowPiece &x : match.reference)
        for (const RowPiece &y : match.candidate) {
            const Readable left = reference.readable(x.tensor);
            if (left != Readable::No && left == candidate.readable(y.tensor))
                continue;
            const TensorInfo &infoX = reference.model.tensors[x.tensor];
            const TensorInfo &infoY = candidate.model.tensors[y.tensor];
            for (const Encoding *encoding : {infoX.encoding, infoY.encoding})
                if (encoding != nullptr && !encoding->withoutValues.empty())
                    return encoding->withoutValues;
            return Text::of("{} against {}", infoX.typeName(), infoY.typeName());
        }
    return {};
}

std::pair<RowView, RowView> viewsOf(const ComparedModel &reference, const ComparedModel &candidate,
                                    const WeightMatch &match)
{
    const std::size_t x = match.reference.front().tensor;
    const std::size_t y = match.candidate.front().tensor;
    const TensorInfo &infoX = reference.model.tensors[x];
    const TensorInfo &infoY = candidate.model.tensors[y];
    const bool several = match.reference.size() > 1 || match.candidate.size() > 1;
    if (several || match.candidate.front().order != RowOrder::AsIs)
        return {plainView(infoX), plainView(infoY)};
    // The candidate's codes say on which axis they were made; rows must be the same for sums to be the same.
    const Layer *layerX = reference.layerOf(x);
    const Layer *layerY = candidate.layerOf(y);
    const bool candidateSays = layerY != nullptr && (layerY->hasCodes() || layerX == nullptr);
    const TensorInfo &says = candidateSays ? infoY : infoX;
    const Layer *layer = candidateSays ? layerY : layerX;
    RowView own{.axis = layer != nullptr ? layer->channelAxis : kNoAxis, .stackAxes = says.stackAxes};
    RowView other = own;
    if (match.transposed) {
        own.axis = layer != nullptr ? own.axis : 0;
        other.axis = swapped(own.axis, says.shape.size());
    } else if (infoX.shape != infoY.shape) {
        other.shape = says.shape; // equal but for axes of one element
    }
    return candidateSays ? std::pair{other, own} : std::pair{own, other};
}

} // namespace qs
