// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// ExportFormat: what a target format holds and how it says it. The mirror of FormatReader.
#pragma once

#include "core/export/containers/container.h"
#include "core/recipe/recipe.h"

#include <array>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace qs {

struct CodePacker;
struct ExportFormat;

/// What a remedy changes in a recipe: the schemes of some layers, or that they are quantized at all.
struct RemedyEdit {
    std::vector<std::size_t> layers = {}; ///< none: there is nothing that a program could change
    SchemePatch change = {};              ///< empty: they are left in float
};

/// Why no file can be written as long as something is as it is, and what helps where that is known.
struct Refusal {
    Text reason;
    Text remedy = {};     ///< "use groups of 32"
    RemedyEdit edit = {}; ///< what the remedy does, where a program can do it

    Text sentence() const { return remedy.empty() ? reason : Text::of("{}; {}", reason, remedy); }
};

/// ExportOptions::tokenizer: none, so that the file runs on numbers of tokens only.
inline constexpr std::string_view kNoTokenizer = "none";

/// What a format makes of one layer.
struct LayerFit {
    Decision decision;                  ///< as the file holds the layer; kept, with the reason, where it cannot
    std::vector<Refusal> refusals = {}; ///< why no file can be written as long as this layer is as it is
};

/// Why no file can be written as long as a layer is as it is.
struct LayerRefusal {
    std::size_t layer = 0;
    Refusal refusal;
};

/// What a file is made of.
struct ExportInput {
    const ExportFormat &format;
    const Container &container;
    const Model &model;
    const Recipe &recipe;
    const std::vector<Decision> &decisions; ///< as the file holds the layers; outlive the producers
    bool unpacked = false;                  ///< a byte for each code, where the format can pack them
    std::string tokenizer = {};             ///< ExportOptions::tokenizer
};

/// One entry of the registry (registry.cpp). To add a format: one file in formats/ that defines such an object, one
/// line in the registry.
struct ExportFormat {
    std::string_view name;      ///< "gpt-fast"
    TextLiteral<0> description; ///< one line for people
    std::string_view suffixes;  ///< for file dialogs: "*.pth *.pt *.safetensors"
    std::string_view suffix;    ///< proposed for new files: ".pth"
    TextLiteral<0> runtimes;    ///< what reads such files, for people: "ONNX Runtime, OpenVINO"
    /// Lines of a program, or a command, that load such a file; "{}" stands for its path, in quotes. May be empty.
    std::string_view usage = {};
    /// Schemes that suit it, as "bits=4,granularity=group:64" (presetOf()), on top of the usual convention.
    std::array<std::string_view, 4> presets = {};
    bool decodes = false;     ///< quantized layers are written as floats
    bool readable = false;    ///< our readers know its layers and codes again; checked before a file gets its name
    bool roundsParts = false; ///< the values' parts are rounded one by one, so that they are not ours to the last bit
    bool tokenizer = false;   ///< files made of other formats hold one that can be chosen (ExportOptions::tokenizer)
    bool folder = false;      ///< the target is a folder of shards and side files; it has no suffixes then
    /// Why no such file can be made of the model, whatever the recipe; null: of every model.
    Text (*whyNot)(const Model &model) = nullptr;
    /// The container of a file with this suffix (lower case, with the dot); null when the format writes no such file.
    const Container *(*container)(std::string_view suffix);
    /// Asked for every layer, quantized or not.
    LayerFit (*fit)(const Model &model, std::size_t layer, const Decision &decision);
    /// What does not fit because of several layers at once; null: nothing does.
    std::vector<LayerRefusal> (*together)(const ExportInput &input) = nullptr;
    /// Tensors with their producers, and texts. Error{Work} for what the format has no place for.
    Result<FileContents> (*contents)(const ExportInput &input);
    /// What the file keeps or changes, for people.
    std::vector<Text> (*notes)(const ExportInput &input);
};

/// The fields of a preset; empty for text that is none.
SchemePatch presetOf(std::string_view text);

// What formats share.

/// Safetensors, whatever the suffix: unless it is that of another format, whose content the name would promise.
const Container *safetensorsUnlessOther(std::string_view suffix);
/// `fit` of formats that hold any layer.
LayerFit fitAnything(const Model &model, std::size_t layer, const Decision &decision);
/// Tensors that stand for layer `layer` in place of its own; none when the layer stays as it is.
using LayerTensors = std::function<std::vector<OutputTensor>(std::size_t layer)>;
/// All tensors of the model, those of layers as `layerTensors` gives them, tied ones once. Error{Work} for types that
/// safetensors lacks.
Result<std::vector<OutputTensor>> modelTensors(const ExportInput &input, const LayerTensors &layerTensors);
/// Names of tied tensors that modelTensors() leaves out, and of their scales, each with the tensor that stands for it.
std::map<std::string, std::string> tiesOf(const ExportInput &input, const std::vector<OutputTensor> &tensors);
/// Codes under the layer's own name in the tensor's own order, in I8 or, with a packer, as streams of bits in U8;
/// ".scales", ".zero_points" and ".offsets" beside them.
std::vector<OutputTensor> codesAndScales(const ExportInput &input, std::size_t layer,
                                         const std::shared_ptr<const Producer> &codes, DType scaleType,
                                         const CodePacker *packer = nullptr);
/// How codes below 8 bits are packed; null for those that take a byte each.
const CodePacker *packerFor(const ExportInput &input, std::size_t layer);
/// What to say of codes that take a byte each although they have fewer bits.
std::vector<Text> byteNotes(std::span<const Decision> decisions);

} // namespace qs
