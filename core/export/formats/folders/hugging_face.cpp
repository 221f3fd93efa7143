// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/export/formats/folders/hugging_face.h"

#include "core/base/text.h"
#include "core/export/containers/safetensors.h"
#include "core/export/registry.h"
#include "core/export/remedies.h"
#include "core/formats/registry.h"
#include "core/parse/json_file.h"
#include "core/scheme/scale_table.h"

#include <algorithm>
#include <array>
#include <map>
#include <system_error>

#include <nlohmann/json.hpp>

namespace qs {

namespace {

constexpr std::string_view kConfig{"config.json"};
constexpr std::string_view kWeightEnd{".weight"};
constexpr std::uint64_t kMostBytesBeside = std::uint64_t{64} << 20U; // of one file
// Of files that belong to a model, and are no weights.
constexpr std::array<std::string_view, 7> kBesideSuffixes{".json",     ".txt", ".model", ".jinja",
                                                          ".tiktoken", ".py",  ".md"};
constexpr std::array<std::string_view, 2> kBesideNames{"LICENSE", "NOTICE"};
constexpr std::array<std::string_view, 2> kWrittenAnew{kConfig, "quantize_config.json"};

std::filesystem::path folderOf(const Model &model)
{
    return model.path.parent_path();
}

bool standsBeside(const std::filesystem::path &path)
{
    const std::string name = path.filename().native();
    if (name.starts_with('.') || name.ends_with(".index.json") ||
        std::ranges::find(kWrittenAnew, name) != kWrittenAnew.end())
        return false;
    const bool bySuffix =
        std::ranges::any_of(kBesideSuffixes, [&](std::string_view suffix) { return name.ends_with(suffix); });
    return bySuffix || std::ranges::find(kBesideNames, name) != kBesideNames.end();
}

/// The largest group that divides every row and that the layout has; 0 when there is none.
std::uint32_t groupThatFits(const LinearNeeds &needs, std::uint64_t weights)
{
    constexpr std::array<std::uint32_t, 3> kUsual{128, 64, 32};
    for (const std::uint32_t group : kUsual)
        if (needs.grouped && weights % group == 0 &&
            (needs.groups.empty() || std::ranges::find(needs.groups, group) != needs.groups.end()))
            return group;
    return 0;
}

/// Why the layout has no place for the layer, whatever its scheme.
Text whyKept(const LinearNeeds &needs, const Layer &layer, const TensorInfo &tensor, int axis)
{
    const bool rightOp = layer.op == Op::Linear || (needs.embeddings && layer.op == Op::Embedding);
    if (!rightOp || tensor.shape.size() != 2 || !layer.name.ends_with(kWeightEnd))
        return Text::of("{} holds {} of rank 2 only", needs.tool,
                        needs.embeddings ? "Linear and embedding weights" : "weights of Linear layers");
    if (axis != 0)
        return Text::of("{} holds weights [out, in]; the outputs of this one are on axis {}", needs.tool, axis);
    if (tensor.shape[1] % needs.inputsOf != 0)
        return Text::of("{} packs rows of a multiple of {} weights, not {}", needs.tool, needs.inputsOf,
                        tensor.shape[1]);
    if (tensor.shape[0] % needs.outputsOf != 0)
        return Text::of("{} packs a multiple of {} rows, not {}", needs.tool, needs.outputsOf, tensor.shape[0]);
    return {};
}

Text listText(std::span<const int> numbers)
{
    Text text;
    for (const int number : numbers)
        text = text.empty() ? Text::of("{}", number) : Text::of("{}, {}", text, number);
    return text;
}

/// Another granularity for the layer, or none of codes.
Refusal withGroupRemedy(Text reason, const LinearNeeds &needs, std::uint64_t weights, std::size_t layer)
{
    if (const std::uint32_t group = groupThatFits(needs, weights); group != 0)
        return helpedByScheme(std::move(reason), Text::of("use groups of {}", group), layer,
                              {.granularity = Granularity::group(group)});
    if (needs.channels)
        return helpedByScheme(std::move(reason), Text::of("use one scale per channel"), layer,
                              {.granularity = Granularity::channel()});
    return helpedByKeeping(std::move(reason), layer);
}

/// What about the scheme the layout does not hold.
std::vector<Refusal> schemeRefusals(const LinearNeeds &needs, const Model &model, std::size_t layer,
                                    const Scheme &scheme)
{
    std::vector<Refusal> refusals;
    const TensorInfo &tensor = model.tensorOf(model.layers[layer]);
    const std::string name = inQuotes(model.layers[layer].name);
    if (std::ranges::find(needs.bits, scheme.bits) == needs.bits.end())
        refusals.push_back(helpedByScheme(Text::of("{} holds codes of {} bits, not {}; layer {}", needs.tool,
                                                   listText(needs.bits), scheme.bits, name),
                                          Text::of("use {} bits", needs.bits.front()), layer,
                                          {.bits = needs.bits.front()}));
    if (scheme.hasOffsets() && !needs.offsets)
        refusals.push_back(
            helpedByScheme(Text::of("{} has no float offsets; layer {} is {}", needs.tool, name, scheme.summary()),
                           Text::of("use the symmetric mode"), layer, withoutOffsets(scheme)));
    if (scheme.hasZeroPoints() && !needs.asymmetric)
        refusals.push_back(
            helpedByScheme(Text::of("{} has no zero points; layer {} is {}", needs.tool, name, scheme.summary()),
                           Text::of("use the symmetric mode"), layer, {.mode = Mode::Symmetric}));
    const Granularity &grain = scheme.granularity;
    const std::uint64_t weights = tensor.shape[1];
    const bool isGroup = grain.kind == Granularity::Kind::Group;
    Text reason;
    if ((grain.kind == Granularity::Kind::Tensor && !needs.tensors) ||
        (grain.kind == Granularity::Kind::Channel && !needs.channels))
        reason = Text::of("{} holds no layer with {}; layer {}", needs.tool, scheme.summary(), name);
    else if (isGroup && !needs.groups.empty() && std::ranges::find(needs.groups, grain.groupSize) == needs.groups.end())
        reason = Text::of("{} has no groups of {}; layer {}", needs.tool, grain.groupSize, name);
    else if (isGroup && !needs.grouped)
        reason = Text::of("{} has one scale per channel, no groups; layer {}", needs.tool, name);
    else if (isGroup && weights % grain.groupSize != 0)
        reason =
            Text::of("groups of {} do not divide the {} weights of a row of layer {}", grain.groupSize, weights, name);
    if (!reason.empty())
        refusals.push_back(withGroupRemedy(std::move(reason), needs, weights, layer));
    return refusals;
}

struct FusedSet {
    std::array<std::string_view, 3> members;
    TextLiteral<0> remedy;
};

constexpr FusedSet kAttention{{"q_proj", "k_proj", "v_proj"}, Text::constant("keep q, k, v together")};
constexpr FusedSet kGate{{"gate_proj", "up_proj", ""}, Text::constant("keep gate and up together")};

bool sameCodes(const Decision &a, const Decision &b)
{
    return a.quantize == b.quantize &&
           (!a.quantize || (a.scheme.bits == b.scheme.bits && a.scheme.mode == b.scheme.mode &&
                            a.scheme.granularity == b.scheme.granularity));
}

/// All of the set get the scheme of the first one, or stay in float where one of them does.
RemedyEdit joined(const ExportInput &input, const FusedSet &set, const std::string &front)
{
    RemedyEdit edit;
    bool quantized = true;
    for (const std::string_view member : set.members)
        if (const auto layer = member.empty() ? std::nullopt : input.model.findLayer(front + std::string(member))) {
            edit.layers.push_back(*layer);
            quantized = quantized && input.decisions[*layer].quantize;
        }
    if (quantized && !edit.layers.empty()) {
        const Scheme &first = input.decisions[edit.layers.front()].scheme;
        edit.change = {.mode = first.mode, .bits = first.bits, .granularity = first.granularity};
    }
    return edit;
}

void findSplits(const ExportInput &input, const FusedSet &set, std::vector<LayerRefusal> &refusals)
{
    std::map<std::string, std::size_t> first; // by what stands before the member's name
    for (std::size_t i = 0; i < input.model.layers.size(); ++i) {
        const std::string &module = input.model.layers[i].module;
        for (const std::string_view member : set.members) {
            const bool isMember = !member.empty() && module.ends_with(member) &&
                                  (module.size() == member.size() || module[module.size() - member.size() - 1] == '.');
            if (!isMember)
                continue;
            const auto [found, isNew] = first.try_emplace(module.substr(0, module.size() - member.size()), i);
            if (!isNew && !sameCodes(input.decisions[found->second], input.decisions[i]))
                refusals.push_back(
                    {i,
                     {Text::of("runtimes join {} and {}, which need the same scheme, or both to be kept in float",
                               inQuotes(input.model.layers[found->second].module), inQuotes(module)),
                      Text::of(set.remedy), joined(input, set, found->first)}});
        }
    }
}

Result<nlohmann::ordered_json> readConfig(const Model &model)
{
    const std::filesystem::path path = folderOf(model) / kConfig;
    QS_CHECK(configOf(model)); // with its limits, and words for what is wrong
    QS_ASSIGN(const std::shared_ptr<const InputFile> file, InputFile::open(path));
    QS_ASSIGN(const std::string text, file->text());
    nlohmann::ordered_json config = nlohmann::ordered_json::parse(text, nullptr, false);
    if (!config.is_object())
        return fail(ErrorCode::Work, Text::of("this is no object of JSON"), inQuotes(path.native()));
    return config;
}

Result<std::vector<FolderFile>> filesBesideModel(const Model &model)
{
    std::vector<FolderFile> files;
    std::error_code error;
    for (auto entry = std::filesystem::directory_iterator(folderOf(model), error);
         !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
        std::error_code ignored;
        if (!standsBeside(entry->path()) || !entry->is_regular_file(ignored) ||
            entry->file_size(ignored) > kMostBytesBeside)
            continue;
        QS_ASSIGN(std::shared_ptr<const InputFile> file, InputFile::open(entry->path()));
        const std::uint64_t size = file->size();
        files.push_back({entry->path().filename().native(), FileRange{std::move(file), 0, size}});
    }
    if (error)
        return fail(ErrorCode::Work, Text::of("the folder cannot be read: {}", error.message()),
                    inQuotes(folderOf(model).native()));
    std::ranges::sort(files, {}, &FolderFile::name);
    return files;
}

} // namespace

Text whyNoHuggingFaceFolder(const Model &model)
{
    std::error_code error;
    if (model.path.empty() || !std::filesystem::is_regular_file(folderOf(model) / kConfig, error))
        return Text::of("there is no config.json beside the model, which programs need to know what its weights are");
    if (const auto found = model.metadata.find("config.quantization"); found != model.metadata.end())
        return Text::of("the model is quantized already: {}", printable(found->second));
    return {};
}

const Container *folderContainer(std::string_view suffix)
{
    const auto isTheirs = [&](const auto *each) { return hasSuffix(each->suffixes, suffix); };
    const bool known = std::ranges::any_of(exportFormats(), isTheirs) || std::ranges::any_of(formatReaders(), isTheirs);
    return known ? nullptr : &kForeignSafetensorsContainer;
}

Result<json::Value> configOf(const Model &model)
{
    return json::readObject(folderOf(model) / kConfig);
}

Result<std::vector<FolderFile>> folderFiles(const Model &model, const std::string &additions)
{
    QS_ASSIGN(nlohmann::ordered_json config, readConfig(model));
    const auto added = nlohmann::ordered_json::parse(additions);
    for (const auto &[name, value] : added.items())
        config[name] = value;
    QS_ASSIGN(std::vector<FolderFile> files, filesBesideModel(model));
    files.push_back({std::string(kConfig), config.dump(2) + "\n"});
    return files;
}

LayerFit fitLinear(const LinearNeeds &needs, const Model &model, std::size_t layer, const Decision &decision)
{
    LayerFit fit{decision};
    const Layer &what = model.layers[layer];
    const TensorInfo &tensor = model.tensorOf(what);
    if (!decision.quantize) {
        if (what.stored)
            fit.refusals.push_back({Text::of("{} cannot be mixed with codes that a model has already; layer {}",
                                             needs.tool, inQuotes(what.name))});
        return fit;
    }
    if (Text reason = whyKept(needs, what, tensor, decision.channelAxis); !reason.empty()) {
        fit.decision.quantize = false;
        fit.decision.reason = std::move(reason);
        return fit;
    }
    Scheme &scheme = fit.decision.scheme;
    const ScaleType ofWeights = tensor.dtype == DType::F16    ? ScaleType::F16
                                : tensor.dtype == DType::BF16 ? ScaleType::BF16
                                                              : ScaleType::F32;
    const ScaleType wanted = needs.scales.value_or(ofWeights);
    if (scheme.scaleType == ScaleType::F32 && wanted != ScaleType::F32) {
        scheme.scaleType = wanted;
        const Codes asked = std::exchange(scheme.codes, Codes::Best); // nearest for the scale that is stored
        if (!scheme.validate())
            scheme.codes = asked;
    }
    if (scheme.scaleType != wanted)
        fit.refusals.push_back(helpedByScheme(Text::of("{} stores the scales of layer {} in {}, not in {}", needs.tool,
                                                       inQuotes(what.name), textOf(wanted), textOf(scheme.scaleType)),
                                              Text::of("use scales of type {}", textOf(wanted)), layer,
                                              {.scaleType = wanted}));
    for (Refusal &refusal : schemeRefusals(needs, model, layer, scheme))
        fit.refusals.push_back(std::move(refusal));
    return fit;
}

std::vector<LayerRefusal> splitSets(const ExportInput &input)
{
    std::vector<LayerRefusal> refusals;
    findSplits(input, kAttention, refusals);
    findSplits(input, kGate, refusals);
    return refusals;
}

std::vector<std::string> floatModules(const ExportInput &input)
{
    const Model &model = input.model;
    std::vector<std::string> modules;
    for (std::size_t i = 0; i < model.tensors.size(); ++i) {
        const TensorInfo &tensor = model.tensors[i];
        if (tensor.shape.size() != 2 || !tensor.name.ends_with(kWeightEnd) || model.isSample(i))
            continue;
        const auto layer = model.layerOf(i);
        if (layer && (input.decisions[*layer].quantize || model.layers[*layer].op == Op::Embedding))
            continue;
        modules.push_back(tensor.name.substr(0, tensor.name.size() - kWeightEnd.size()));
    }
    const std::string head{"lm_head"};
    if (!model.findTensor(head + std::string(kWeightEnd)))
        modules.push_back(head);
    std::ranges::sort(modules);
    return modules;
}

std::string linearModule(const Layer &layer)
{
    return layer.name.substr(0, layer.name.size() - kWeightEnd.size());
}

std::uint64_t groupsOf(const ExportInput &input, std::size_t layer)
{
    const TensorInfo &tensor = input.model.tensorOf(input.model.layers[layer]);
    return ScaleGeometry{input.decisions[layer].scheme.granularity, matrixShape(tensor, 0)}.groupsPerChannel();
}

} // namespace qs
