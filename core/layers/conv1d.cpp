// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/layers/conv1d.h"

#include <algorithm>
#include <array>

namespace qs {
namespace {

constexpr std::array<std::string_view, 6> kNames{
    "attn.c_attn.weight",           "attn.c_proj.weight", "attn.q_attn.weight",
    "crossattention.c_attn.weight", "mlp.c_fc.weight",    "mlp.c_proj.weight",
};
constexpr std::array<std::string_view, 5> kFamilies{"gpt2", "openai-gpt", "imagegpt", "decision_transformer", "clvp"};

bool hasConv1dName(std::string_view name)
{
    return name.ends_with(".weight") && std::ranges::any_of(kNames, [&](std::string_view suffix) {
               return name.ends_with(suffix) &&
                      (name.size() == suffix.size() || name[name.size() - suffix.size() - 1] == '.');
           });
}

struct Candidate {
    std::size_t tensor = 0;
    std::optional<std::size_t> bias;
    std::optional<std::size_t> axis; ///< as the bias says
};

Candidate candidateOf(const Model &model, std::size_t tensor)
{
    const TensorInfo &info = model.tensors[tensor];
    Candidate candidate{.tensor = tensor, .bias = {}, .axis = {}};
    const std::string prefix = info.name.substr(0, info.name.size() - std::string_view("weight").size());
    candidate.bias = model.findTensor(prefix + "bias");
    if (!candidate.bias || info.shape[0] == info.shape[1])
        return candidate;
    for (const std::size_t axis : {0U, 1U})
        if (model.tensors[*candidate.bias].shape == std::vector{info.shape[axis]})
            candidate.axis = axis;
    return candidate;
}

} // namespace

void declareConv1d(Model &model)
{
    std::vector<Candidate> candidates;
    std::array<std::size_t, 2> votes{};
    for (std::size_t i = 0; i < model.tensors.size(); ++i) {
        const TensorInfo &info = model.tensors[i];
        if (info.shape.size() != 2 || !isWeightFloat(info.dtype) || !hasConv1dName(info.name) ||
            model.roles.contains(i))
            continue;
        candidates.push_back(candidateOf(model, i));
        if (candidates.back().axis)
            ++votes[*candidates.back().axis];
    }
    const auto type = model.metadata.find("config.model_type");
    const bool family = type != model.metadata.end() && std::ranges::find(kFamilies, type->second) != kFamilies.end();
    for (const Candidate &candidate : candidates) {
        TensorRole role{.op = Op::Linear, .channelAxis = 1, .bias = candidate.bias};
        if (candidate.axis == 1U) {
            role.reason = Text::of("Conv1D weights are stored [in, out]: there is one bias per column");
        } else if (candidate.axis == 0U) {
            continue; // a Linear layer of that name
        } else if (votes[0] == 0 && votes[1] > 0) {
            role.reason = Text::of("Conv1D weights are stored [in, out], as the biases of other layers show");
        } else if (family) {
            role.reason = Text::of("Conv1D weights are stored [in, out]: config.json names {}", type->second);
        } else {
            role.channelAxis = 0;
            role.reason = Text::of("taken for Linear, [out, in]; a Conv1D layer of this name would be [in, out]");
        }
        if (role.bias && model.tensors[*role.bias].shape !=
                             std::vector{model.tensors[candidate.tensor].shape[std::size_t(*role.channelAxis)]})
            role.bias.reset();
        model.roles[candidate.tensor] = std::move(role);
    }
}

} // namespace qs
