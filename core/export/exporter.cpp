// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/export/exporter.h"

#include "core/analysis/layer_analysis.h"
#include "core/base/guarded.h"
#include "core/base/text.h"
#include "core/export/containers/container.h"
#include "core/export/metadata.h"
#include "core/formats/reader.h"
#include "core/scheme/scale_table.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <set>

namespace qs {

namespace {

constexpr std::array kExporters{
    Exporter{"safetensors", "safetensors: int8 codes, scales and zero points; any scheme", "*.safetensors",
             ".safetensors"},
    Exporter{"gpt-fast", "gpt-fast: int8 weight-only state dict; symmetric, 8 bits, per channel",
             "*.pth *.pt *.safetensors", ".pth"},
    Exporter{"float", "float: dequantized weights in their own type, for any pipeline", "*.safetensors",
             ".safetensors"},
};
constexpr std::size_t kMostNameBytes = 65536; // as our own reader allows
constexpr std::string_view kArchiveRoot = "archive";

std::string fileSuffix(const std::filesystem::path &path)
{
    std::string suffix = path.extension().string();
    std::transform(suffix.begin(), suffix.end(), suffix.begin(), [](unsigned char c) { return std::tolower(c); });
    return suffix;
}

/// A plan with everything that writing needs.
struct FullPlan {
    ExportPlan plan;
    FileLayout layout;
    bool archive = false;
};

class Planner
{
public:
    Planner(const Exporter &exporter, const Model &model, const Recipe &recipe, const ExportOptions &options)
        : m_exporter(exporter)
        , m_model(model)
        , m_recipe(recipe)
        , m_options(options)
    {}

    Result<FullPlan> run(const std::filesystem::path &target, const TaskContext &context)
    {
        QS_CHECK(chooseContainer(target));
        QS_ASSIGN(m_full.plan.decisions, resolve(m_recipe, m_model, m_options.allowUnmatched));
        for (std::size_t i = 0; i < m_model.layers.size(); ++i) {
            QS_CHECK(context.check());
            context.report(static_cast<double>(i) / static_cast<double>(m_model.layers.size()),
                           m_model.layers[i].module);
            QS_CHECK(decideLayer(i, context));
        }
        // What the format cannot hold is a refusal with everything else known, not the end of planning.
        Result<void> laidOut = listTensors();
        if (laidOut)
            laidOut = layOut();
        if (!laidOut)
            m_full.plan.refusals.push_back(laidOut.error().text());
        m_full.plan.bytes = m_full.layout.bytes;
        addNotes();
        return std::move(m_full);
    }

private:
    bool gptFast() const { return m_exporter.name == "gpt-fast"; }
    bool dequantizes() const { return m_exporter.name == "float"; }

    /// Whether a layer that the file holds quantized is written as floats.
    bool decodes(const Layer &layer) const
    {
        return dequantizes() && layer.stored && withoutValues(m_model, layer).empty();
    }

    Result<void> chooseContainer(const std::filesystem::path &target)
    {
        const std::string suffix = fileSuffix(target);
        m_full.archive = gptFast() && (suffix == ".pth" || suffix == ".pt");
        if (gptFast() && !m_full.archive && suffix != ".safetensors")
            return fail(ErrorCode::Usage, "format gpt-fast writes .pth, .pt or .safetensors files",
                        inQuotes(target.native()));
        // The name would promise a PyTorch archive.
        if (!gptFast() && (suffix == ".pth" || suffix == ".pt"))
            return fail(ErrorCode::Usage,
                        fmt::format("format {} writes .safetensors files, --format gpt-fast writes {} files",
                                    m_exporter.name, suffix),
                        inQuotes(target.native()));
        return {};
    }

    /// Whether the layer's scales are finite for sure: no channel has a larger range than the layer.
    static bool scalesSurelyFinite(const WeightStatistics &statistics, const Scheme &scheme, DType source)
    {
        const WeightRange range{static_cast<float>(statistics.min), static_cast<float>(statistics.max), false};
        // Offsets lie in the range of the weights, or not far outside.
        const float reach = 4 * std::max(-range.min, range.max);
        return scaleFor(range, scheme, source).finite() &&
               (!scheme.hasOffsets() || std::isfinite(roundToScaleType(reach, scheme.scaleType)));
    }

    Result<void> decideLayer(std::size_t index, const TaskContext &context)
    {
        Decision &decision = m_full.plan.decisions[index];
        if (!decision.quantize)
            return gptFast() ? checkStored(index) : Result<void>{};
        if (gptFast())
            fitGptFast(index);
        if (!decision.quantize)
            return {};
        // Where statistics are known, the layer is quantized only if they leave a doubt; else both are found in one
        // look at the weights, for the report that goes with the plan.
        AnalysisCache &cache = m_options.cache ? *m_options.cache : m_ownCache;
        Decision asking = decision;
        asking.quantize = !cache.statistics(m_model.layers[index]);
        const Keep keep = m_options.keepChannels ? Keep::Everything : Keep::Summary;
        QS_ASSIGN(LayerOutcome outcome, analyseLayer(m_model, index, asking, false, keep, cache, context));
        const MatrixShape matrix = matrixShape(m_model.tensorOf(m_model.layers[index]), decision.channelAxis);
        if (outcome.canQuantize && outcome.statistics &&
            (!schemeProblem(matrix, decision.scheme).empty() ||
             !scalesSurelyFinite(*outcome.statistics, decision.scheme,
                                 m_model.tensorOf(m_model.layers[index]).dtype))) {
            QS_ASSIGN(outcome, analyseLayer(m_model, index, decision, false, keep, cache, context));
        }
        if (outcome.canQuantize)
            return {};
        const bool odd = outcome.statistics != nullptr; // not merely empty
        decision = outcome.decision;
        decision.quantize = false;
        if (odd && !m_options.keepNonFinite)
            m_full.plan.refusals.push_back(fmt::format("layer '{}' {}; exclude it, or keep such layers in float",
                                                       m_model.layers[index].name, decision.reason.text()));
        return {};
    }

    void fitGptFast(std::size_t index)
    {
        Decision &decision = m_full.plan.decisions[index];
        const Layer &layer = m_model.layers[index];
        const TensorInfo &tensor = m_model.tensorOf(layer);
        if (tensor.shape.size() != 2 || layer.op != Op::Linear || !layer.name.ends_with(".weight")) {
            decision.quantize = false;
            decision.reason = "gpt-fast holds Linear layers of rank 2 only";
            return;
        }
        Scheme wanted;
        wanted.convention = decision.scheme.convention;
        const ScaleType asked = decision.scheme.scaleType;
        // The layout stores scales in the weights' own type, whatever the scheme says.
        decision.scheme.scaleType = tensor.dtype == DType::F16    ? ScaleType::F16
                                    : tensor.dtype == DType::BF16 ? ScaleType::BF16
                                                                  : ScaleType::F32;
        wanted.scaleType = decision.scheme.scaleType;
        wanted.range = decision.scheme.range; // whatever the range, the codes and scales are of one kind
        if (asked != ScaleType::F32 && asked != wanted.scaleType)
            m_full.plan.refusals.push_back(
                fmt::format("gpt-fast stores scales in the weights' own type, {}, not in {}; layer '{}'",
                            tensor.typeName(), textOf(asked), layer.name));
        if (decision.scheme != wanted || decision.channelAxis != 0)
            m_full.plan.refusals.push_back(fmt::format(
                "gpt-fast holds symmetric 8-bit codes per channel on axis 0 only; layer '{}' is {} on axis {}",
                layer.name, decision.scheme.summary(), decision.channelAxis));
    }

    Result<void> checkStored(std::size_t index)
    {
        const Layer &layer = m_model.layers[index];
        if (!layer.stored)
            return {};
        const Scheme &scheme = layer.stored->scheme;
        const bool fits = scheme.mode == Mode::Symmetric && scheme.bits == 8 && layer.channelAxis == 0 &&
                          scheme.granularity == Granularity::channel() && m_model.tensorOf(layer).shape.size() == 2 &&
                          isOwnLayout(m_model, layer);
        if (!fits)
            m_full.plan.refusals.push_back(fmt::format("gpt-fast holds symmetric 8-bit codes per channel with its own "
                                                       "names only; layer '{}' is stored as {}, {}",
                                                       layer.name, m_model.tensorOf(layer).typeName(),
                                                       scheme.summary()));
        return {};
    }

    /// Adds a tensor; its name must be free.
    Result<void> add(OutputTensor tensor)
    {
        if (tensor.name.size() > kMostNameBytes)
            return fail(ErrorCode::Work,
                        fmt::format("the name of a tensor would have {} bytes, the limit is {}", tensor.name.size(),
                                    kMostNameBytes),
                        fmt::format("tensor {}", inQuotes(tensor.name)));
        if (!m_names.insert(tensor.name).second)
            return fail(ErrorCode::Work, "the name is taken by a tensor of the model already",
                        fmt::format("tensor '{}'", tensor.name));
        m_tensors.push_back(std::move(tensor));
        return {};
    }

    Result<void> listTensors()
    {
        std::set<std::size_t> replaced; // weights that are written anew, and scales that vanish with their codes
        for (std::size_t i = 0; i < m_model.layers.size(); ++i) {
            const Layer &layer = m_model.layers[i];
            const bool decoded = decodes(layer);
            if (m_full.plan.decisions[i].quantize || decoded)
                replaced.insert(layer.tensor);
            if (decoded) {
                for (const std::size_t part : layer.stored->parts())
                    replaced.insert(part);
            }
        }
        for (std::size_t i = 0; i < m_model.tensors.size(); ++i) {
            const TensorInfo &tensor = m_model.tensors[i];
            // A state dict cannot say that samples are no parameters, so they stay out of it.
            if (replaced.contains(i) || (m_full.archive && m_model.isSample(i)))
                continue;
            if (safetensorsNameOf(tensor.dtype).empty())
                return fail(ErrorCode::Work,
                            fmt::format("tensors of type {} cannot be stored in this format{}", tensor.typeName(),
                                        dequantizes() ? "" : "; the format float decodes quantized layers"),
                            fmt::format("tensor {}", inQuotes(tensor.name)));
            if (tensor.elements() * bitsOf(tensor.dtype) % 8 != 0)
                return fail(ErrorCode::Work,
                            fmt::format("the shape {} of {} is not a whole number of bytes, as this format wants",
                                        shapeText(tensor.shape), tensor.typeName()),
                            fmt::format("tensor {}", inQuotes(tensor.name)));
            QS_CHECK(add({tensor.name, tensor.dtype, tensor.shape, OutputTensor::Source::Copy, i, 0}));
        }
        for (std::size_t i = 0; i < m_model.layers.size(); ++i) {
            const Layer &layer = m_model.layers[i];
            if (m_full.plan.decisions[i].quantize || decodes(layer)) {
                QS_CHECK(addLayer(i));
            }
        }
        return {};
    }

    Result<void> addLayer(std::size_t index)
    {
        const Layer &layer = m_model.layers[index];
        const TensorInfo &tensor = m_model.tensorOf(layer);
        if (dequantizes()) {
            const DType type = layer.stored ? layer.stored->sourceDType : tensor.dtype;
            return add({layer.name, type, tensor.shape, OutputTensor::Source::Values, index, 0});
        }
        const Decision &decision = m_full.plan.decisions[index];
        const MatrixShape matrix = matrixShape(tensor, decision.channelAxis);
        const ScaleGeometry geometry{decision.scheme.granularity, matrix};
        std::vector<std::uint64_t> shape{geometry.count()};
        if (decision.scheme.granularity.kind == Granularity::Kind::Group)
            shape = {matrix.channels, geometry.groupsPerChannel()};
        const std::string prefix = layer.name.ends_with(".weight") ? layer.module : layer.name;
        const DType scaleType = gptFast() ? tensor.dtype : scaleDType(decision.scheme.scaleType);
        QS_CHECK(add({layer.name, DType::I8, tensor.shape, OutputTensor::Source::Codes, index, 0}));
        QS_CHECK(add({prefix + ".scales", scaleType, shape, OutputTensor::Source::Scales, index, 0}));
        if (decision.scheme.hasZeroPoints()) {
            QS_CHECK(add({prefix + ".zero_points", DType::I8, shape, OutputTensor::Source::ZeroPoints, index, 0}));
        }
        if (decision.scheme.hasOffsets()) {
            QS_CHECK(add({prefix + ".offsets", scaleType, shape, OutputTensor::Source::Offsets, index, 0}));
        }
        return {};
    }

    static DType scaleDType(ScaleType type)
    {
        return type == ScaleType::F16 ? DType::F16 : type == ScaleType::BF16 ? DType::BF16 : DType::F32;
    }

    Result<void> layOut()
    {
        if (m_full.archive) {
            QS_ASSIGN(m_full.layout, layoutTorchArchive(std::move(m_tensors), std::string(kArchiveRoot)));
            return {};
        }
        const auto metadata = exportMetadata(m_model, m_recipe, m_full.plan.decisions, !dequantizes());
        QS_ASSIGN(m_full.layout, layoutSafetensors(std::move(m_tensors), metadata));
        return {};
    }

    void addNotes()
    {
        const auto &decisions = m_full.plan.decisions;
        const bool below8 = std::any_of(decisions.begin(), decisions.end(),
                                        [](const Decision &d) { return d.quantize && d.scheme.bits < 8; });
        if (below8 && !dequantizes())
            m_full.plan.notes.emplace_back("codes below 8 bits take one byte each in this format");
        if (m_full.archive && m_model.network && m_model.network->samples)
            m_full.plan.notes.emplace_back("the model's samples are left out: a state dict holds parameters only");
        if (dequantizes())
            m_full.plan.notes.emplace_back("float weights again: this file is not smaller");
    }

    const Exporter &m_exporter;
    const Model &m_model;
    const Recipe &m_recipe;
    const ExportOptions &m_options;
    AnalysisCache m_ownCache;
    FullPlan m_full;
    std::set<std::string> m_names;
    std::vector<OutputTensor> m_tensors;
};

Result<void> refuse(const ExportPlan &plan, const std::string &target)
{
    if (plan.refusals.empty())
        return {};
    std::string message = plan.refusals.front();
    if (plan.refusals.size() > 1)
        message += fmt::format(" (and {} more)", plan.refusals.size() - 1);
    return fail(ErrorCode::Work, message, target);
}

/// Opens the written file with our own reader and compares its directory with what was planned.
Result<void> checkDirectory(const FileLayout &layout, const std::filesystem::path &target, const TaskContext &context)
{
    QS_ASSIGN(const auto model, openModel(target.string(), context));
    for (const OutputTensor &tensor : layout.tensors) {
        const auto index = model->findTensor(tensor.name);
        if (!index)
            return fail(ErrorCode::Work, fmt::format("tensor '{}' is missing in the written file", tensor.name),
                        target.string());
        const TensorInfo &found = model->tensors[*index];
        if (found.dtype != tensor.dtype || found.shape != tensor.shape || found.byteOffset != tensor.byteOffset)
            return fail(ErrorCode::Work, fmt::format("tensor '{}' differs in the written file", tensor.name),
                        target.string());
    }
    return {};
}

std::string shellQuoted(const std::string &text)
{
    const bool plain = !text.empty() && text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                                               "0123456789_-./:=,+@%") == std::string::npos;
    if (plain)
        return text;
    std::string result = "'";
    for (char c : text)
        result += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return result + "'";
}

} // namespace

std::span<const Exporter> exporters()
{
    return kExporters;
}

const Exporter *findExporter(std::string_view name)
{
    const auto found = std::find_if(kExporters.begin(), kExporters.end(),
                                    [name](const Exporter &exporter) { return exporter.name == name; });
    return found == kExporters.end() ? nullptr : &*found;
}

std::vector<std::string> targetRefusals(const Model &model, const std::filesystem::path &target,
                                        const ExportOptions &options)
{
    std::error_code error; // what cannot be looked at is found out when writing
    const std::filesystem::path folder = target.has_parent_path() ? target.parent_path() : ".";
    const std::string name = inQuotes(target.native());
    if (target.empty())
        return {"the output has no name, expected the name of a file"};
    if (model.readsFrom(target))
        return {fmt::format("the output {} is the input, choose another name", name)};
    if (std::filesystem::is_directory(target, error))
        return {fmt::format("the output {} is a folder, expected the name of a file", name)};
    if (std::filesystem::exists(target, error) && !std::filesystem::is_regular_file(target, error))
        return {fmt::format("the output {} exists and is not a regular file", name)};
    if (!options.overwrite && std::filesystem::exists(std::filesystem::symlink_status(target, error)))
        return {fmt::format("the output {} exists already, expected a new name or --force to replace it", name)};
    if (!std::filesystem::is_directory(folder, error))
        return {fmt::format("the folder {} of the output does not exist", inQuotes(folder.native()))};
    return {};
}

Result<ExportPlan> planExport(const Exporter &exporter, const Model &model, const Recipe &recipe,
                              const std::filesystem::path &target, const ExportOptions &options,
                              const TaskContext &context)
{
    return guarded([&]() -> Result<ExportPlan> {
        QS_CHECK(requireComplete(model));
        QS_ASSIGN(FullPlan full, Planner(exporter, model, recipe, options).run(target, context));
        return std::move(full.plan);
    });
}

namespace {

Result<ExportPlan> write(const Exporter &exporter, const Model &model, const Recipe &recipe,
                         const std::filesystem::path &target, const ExportOptions &options, const TaskContext &context)
{
    QS_CHECK(requireComplete(model));
    if (const auto refusals = targetRefusals(model, target, options); !refusals.empty())
        return fail(ErrorCode::Work, refusals.front());
    QS_ASSIGN(const FullPlan full, Planner(exporter, model, recipe, options).run(target, context.part(0, 0.2)));
    QS_CHECK(refuse(full.plan, target.string()));
    QS_ASSIGN(const auto file, AtomicFile::create(target, full.layout.bytes, options.overwrite));
    for (const FixedBytes &fixed : full.layout.fixed) {
        QS_CHECK(file->write(fixed.byteOffset, std::as_bytes(std::span(fixed.bytes))));
    }
    QS_CHECK(writePayload(model, full.plan.decisions, full.layout.tensors, *file, context.part(0.2, 0.9)));
    if (full.archive) {
        QS_CHECK(finishTorchArchive(full.layout, std::string(kArchiveRoot), *file, context));
    }
    QS_CHECK(context.check());
    QS_CHECK(file->commit());
    context.report(0.95, "checking");
    if (!full.archive) {
        QS_CHECK(checkDirectory(full.layout, target, TaskContext{}));
    }
    QS_CHECK(file->verify(options.verifyAll));
    context.report(1, "done");
    return full.plan;
}

} // namespace

Result<ExportPlan> writeExport(const Exporter &exporter, const Model &model, const Recipe &recipe,
                               const std::filesystem::path &target, const ExportOptions &options,
                               const TaskContext &context)
{
    return guarded([&] { return write(exporter, model, recipe, target, options, context); });
}

std::string exportCommand(const Exporter &exporter, const std::string &modelPath, const std::string &target,
                          const std::string &recipePath)
{
    std::string command = fmt::format("quantoscope-cli quantize {} --output {} --format {}", shellQuoted(modelPath),
                                      shellQuoted(target), exporter.name);
    if (!recipePath.empty())
        command += " --recipe " + shellQuoted(recipePath);
    return command;
}

} // namespace qs
