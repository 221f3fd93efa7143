// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What formats share that write a folder in the form of Hugging Face: config.json, files beside it, what fits a Linear.
#pragma once

#include "core/export/format.h"
#include "core/parse/json.h"

namespace qs {

/// Why no such folder can be made of the model: there is no config.json, or it says that weights are quantized
/// already. Empty when it can.
Text whyNoHuggingFaceFolder(const Model &model);

/// The container of such folders; null for suffixes that belong to files.
const Container *folderContainer(std::string_view suffix);

/// What stands beside the model's weights, but for the weights: tokenizer, templates, code; and config.json with the
/// members of `additions`, an object of JSON, in place of its own. Errors when a file cannot be read.
Result<std::vector<FolderFile>> folderFiles(const Model &model, const std::string &additions);
/// config.json of the model. Error{Input} when it cannot be read.
Result<json::Value> configOf(const Model &model);

/// What a layout holds of the weights of Linear layers.
struct LinearNeeds {
    std::string_view tool;                      ///< for people: "GPTQ"
    std::span<const int> bits;                  ///< widths that it has
    std::span<const std::uint32_t> groups = {}; ///< sizes that it has; empty: any
    bool grouped = true;                        ///< groups at all
    bool channels = true;                       ///< one scale per channel, too
    bool tensors = false;                       ///< one scale for all, too
    bool asymmetric = true;                     ///< zero points, too
    bool offsets = false;                       ///< float offsets in place of zero points, too
    bool embeddings = false;                    ///< embeddings, too
    std::uint64_t inputsOf = 1;                 ///< a row has a multiple of so many weights
    std::uint64_t outputsOf = 1;                ///< likewise of rows
    std::optional<ScaleType> scales = {};       ///< their type; empty: that of the weights
};
/// The decision with scales in the type that the layout has, or kept with the reason, or refused with a remedy.
LayerFit fitLinear(const LinearNeeds &needs, const Model &model, std::size_t layer, const Decision &decision);

/// Runtimes join q, k and v, and gate and up: of those that are split, one refusal each.
std::vector<LayerRefusal> splitSets(const ExportInput &input);
/// Modules with a weight of two axes that stay in float, embeddings apart; "lm_head" also when it has no weight of its
/// own.
std::vector<std::string> floatModules(const ExportInput &input);
/// "X" of a layer named "X.weight".
std::string linearModule(const Layer &layer);
/// Groups of one channel.
std::uint64_t groupsOf(const ExportInput &input, std::size_t layer);

} // namespace qs
