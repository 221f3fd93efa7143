// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/export/planner.h"

#include "core/analysis/calibration.h"
#include "core/analysis/layer_queue.h"
#include "core/base/atomic_file.h"
#include "core/base/guarded.h"
#include "core/base/text.h"
#include "core/export/registry.h"
#include "core/export/weight_check.h"
#include "core/formats/open_model.h"

#include <algorithm>
#include <iterator>
#include <unordered_set>

#include <fmt/format.h>

namespace qs {

namespace {

constexpr std::size_t kMostNameBytes = 65536; // as our own reader allows

std::string fileSuffix(const std::filesystem::path &path)
{
    std::string suffix = path.extension().string();
    std::transform(suffix.begin(), suffix.end(), suffix.begin(), [](unsigned char c) { return std::tolower(c); });
    return suffix;
}

/// ".pth, .pt or .safetensors" of "*.pth *.pt *.safetensors".
Text suffixesText(std::string_view suffixes)
{
    std::string first;
    while (true) {
        const std::size_t end = suffixes.find(' ');
        const std::string word(suffixes.substr(1, end - 1)); // without the '*'
        if (end == std::string_view::npos)
            return first.empty() ? Text::asIs(word) : Text::of("{} or {}", first, word);
        first += (first.empty() ? "" : ", ") + word;
        suffixes.remove_prefix(end + 1);
    }
}

std::string formatNames()
{
    std::string names;
    for (const ExportFormat *format : exportFormats())
        names += fmt::format("{}{}", names.empty() ? "" : ", ", format->name);
    return names;
}

Result<const Container *> containerFor(const ExportFormat &format, const std::filesystem::path &target)
{
    const std::string suffix = fileSuffix(target);
    if (const Container *container = format.container(suffix))
        return container;
    if (format.folder)
        return fail(ErrorCode::Usage,
                    Text::of("format {} writes a folder, expected a name without {}", format.name, suffix),
                    inQuotes(target.native()));
    Text text = Text::of("format {} writes {} files", format.name, suffixesText(format.suffixes));
    const auto other = std::ranges::find_if(
        exportFormats(), [&](const ExportFormat *each) { return hasSuffix(each->suffixes, suffix); });
    if (other != exportFormats().end())
        text = Text::of("{}, format {} writes {} files", text, (*other)->name, suffix);
    else
        text = Text::of("{}, and no format writes {} files; there are {}", text, suffix, formatNames());
    return fail(ErrorCode::Usage, std::move(text), inQuotes(target.native()));
}

/// Error{Work} for names that no reader takes, or that two tensors have.
Result<void> checkNames(const std::vector<OutputTensor> &tensors, const Container &container)
{
    std::unordered_set<std::string_view> names;
    for (const OutputTensor &tensor : tensors) {
        if (tensor.name.empty())
            return fail(ErrorCode::Work,
                        Text::of("a tensor has an empty name, which no file can hold; give it a name"));
        if (tensor.name == container.takenName)
            return fail(ErrorCode::Work,
                        Text::of("a tensor is called {}, which stands for something else in this kind of file",
                                 inQuotes(tensor.name)));
        if (tensor.name.size() > kMostNameBytes)
            return fail(ErrorCode::Work,
                        Text::of("the name of a tensor would have {} bytes, the limit is {}", tensor.name.size(),
                                 kMostNameBytes),
                        Text::of("tensor {}", inQuotes(tensor.name)));
        if (!names.insert(tensor.name).second)
            return fail(ErrorCode::Work, Text::of("the name is taken by a tensor of the model already"),
                        Text::of("tensor '{}'", tensor.name));
    }
    return {};
}

class Planner
{
public:
    Planner(const ExportFormat &format, const Model &model, const Recipe &recipe, const ExportOptions &options,
            AnalysisCache &cache)
        : m_format(format)
        , m_model(model)
        , m_recipe(recipe)
        , m_options(options)
        , m_cache(cache)
    {}

    Result<PlannedFile> run(const std::filesystem::path &target, const TaskContext &context)
    {
        ExportPlan &plan = m_file.plan;
        QS_ASSIGN(m_file.container, containerFor(m_format, target));
        plan.reopens = m_file.container->reopens || m_format.folder;
        QS_ASSIGN(plan.decisions, resolve(m_recipe, m_model, m_options.allowUnmatched));
        if (m_format.whyNot != nullptr)
            if (Text reason = m_format.whyNot(m_model); !reason.empty()) {
                plan.refuse({std::move(reason), otherFormat()});
                return std::move(m_file);
            }
        if (!m_options.tokenizer.empty() && !m_format.tokenizer)
            return fail(ErrorCode::Usage,
                        Text::of("format {} writes no tokenizer that could be chosen", m_format.name));
        m_refusals.resize(m_model.layers.size());
        for (std::size_t i = 0; i < m_model.layers.size(); ++i) {
            QS_CHECK(context.check());
            fitLayer(i);
        }
        const std::optional<Activation> activation =
            m_options.feed.activation ? m_options.feed.activation : m_recipe.activation;
        QS_CHECK(addInputMoments(m_model, activation, plan.decisions, m_options.feed, m_cache, context));
        QS_CHECK(decideLayers(context));
        for (std::size_t i = 0; i < m_refusals.size(); ++i)
            for (Refusal &refusal : m_refusals[i]) {
                if (refusal.remedy.empty())
                    refusal.remedy = otherFormat();
                plan.refuse(refusal, m_model.layers[i].name);
            }
        const ExportInput input{m_format,           *m_file.container,  m_model, m_recipe, plan.decisions,
                                m_options.unpacked, m_options.tokenizer};
        if (m_format.together != nullptr)
            for (const LayerRefusal &each : m_format.together(input))
                plan.refuse(each.refusal, m_model.layers[each.layer].name);
        // What the format cannot hold is a refusal with everything else known, not the end of planning.
        if (const Result<void> laidOut = layOut(input); !laidOut)
            plan.refuse({laidOut.error().sentence()});
        plan.bytes = m_file.layout.bytes;
        plan.notes = m_format.notes(input);
        const auto stored =
            std::ranges::count_if(m_model.layers, [](const Layer &layer) { return layer.stored != nullptr; });
        if (stored > 0 && plan.quantized() == 0 && !m_format.decodes)
            plan.notes.push_back(Text::of("nothing is quantized: {} of {} layers hold codes already, and are copied",
                                          stored, m_model.layers.size()));
        addToPreflight();
        return std::move(m_file);
    }

private:
    /// A remedy where nothing about the recipe helps; empty when there is none. Looked for once: it takes the planning
    /// of other files.
    const Text &otherFormat()
    {
        if (!m_otherFormat) {
            const ExportFormat *other = formatThatHolds(m_model, m_file.plan.decisions);
            m_otherFormat = other ? Text::of("use the format {} instead", other->name) : Text();
        }
        return *m_otherFormat;
    }

    /// Small layers side by side, as analyze() does: the command line plans before it analyses.
    Result<void> decideLayers(const TaskContext &context)
    {
        const LayerQueue::Wanted nobodyWaits;
        LayerQueue queue(m_model, nobodyWaits);
        return queue.forEach(context, [&](std::size_t layer) {
            const std::size_t done = m_model.layers.size() - queue.left();
            context.report(static_cast<double>(done) / static_cast<double>(m_model.layers.size()),
                           Text::asIs(m_model.layers[layer].module));
            return decideLayer(layer, context);
        });
    }

    void fitLayer(std::size_t index)
    {
        Decision &decision = m_file.plan.decisions[index];
        LayerFit fit = m_format.fit(m_model, index, decision);
        if (decision.quantize && !fit.decision.quantize)
            fit.decision.by = DecidedBy::Format;
        decision = std::move(fit.decision);
        m_refusals[index] = std::move(fit.refusals);
    }

    Result<void> decideLayer(std::size_t index, const TaskContext &context)
    {
        Decision &decision = m_file.plan.decisions[index];
        if (m_options.unseen && takeUnseen(index, decision))
            return {};
        QS_ASSIGN(WeightCheck check,
                  checkWeights(m_format, m_model, index, std::move(decision), m_options, m_cache, context));
        decision = std::move(check.decision);
        std::ranges::move(check.refusals, std::back_inserter(m_refusals[index]));
        return {};
    }

    /// False when the layer has to be looked at.
    bool takeUnseen(std::size_t index, Decision &decision) const
    {
        if (!decision.quantize)
            return true;
        const TensorInfo &tensor = m_model.tensorOf(m_model.layers[index]);
        const auto kept = m_options.unseen->find(index);
        if (kept == m_options.unseen->end())
            return tensor.elements() > 0 && schemeProblem(tensor, decision.channelAxis, decision.scheme).empty();
        decision.quantize = false;
        decision.by = DecidedBy::Data;
        decision.reason = kept->second;
        return true;
    }

    /// What is no refusal.
    void addToPreflight()
    {
        ExportPlan &plan = m_file.plan;
        for (std::size_t i = 0; i < plan.decisions.size(); ++i) {
            const Decision &decision = plan.decisions[i];
            if (!decision.quantize && decision.by == DecidedBy::Format)
                plan.preflight.push_back({PreflightLine::Level::Kept, m_model.layers[i].name, decision.reason, Text()});
        }
        for (const Text &note : plan.notes)
            plan.preflight.push_back({PreflightLine::Level::Note, {}, note, Text()});
    }

    Result<void> layOut(const ExportInput &input)
    {
        QS_ASSIGN(FileContents contents, m_format.contents(input));
        QS_CHECK(checkNames(contents.tensors, *m_file.container));
        contents.ties = tiesOf(input, contents.tensors);
        m_file.sideFiles = std::move(contents.sideFiles);
        if (m_format.folder) {
            QS_ASSIGN(m_file.folder, layOutFolder(std::move(contents), *m_file.container));
            m_file.layout = summaryOf(m_file.folder);
            return {};
        }
        QS_ASSIGN(m_file.layout, m_file.container->layOut(std::move(contents)));
        return {};
    }

    std::vector<std::vector<Refusal>> m_refusals; ///< by layer
    std::optional<Text> m_otherFormat;
    const ExportFormat &m_format;
    const Model &m_model;
    const Recipe &m_recipe;
    const ExportOptions &m_options;
    AnalysisCache &m_cache;
    PlannedFile m_file;
};

} // namespace

std::size_t ExportPlan::quantized() const
{
    return static_cast<std::size_t>(std::ranges::count_if(decisions, &Decision::quantize));
}

void ExportPlan::refuse(const Refusal &refusal, const std::string &tensor)
{
    refusals.push_back(refusal.sentence());
    preflight.push_back({PreflightLine::Level::Refused, tensor, refusal.reason, refusal.remedy, refusal.edit});
}

std::vector<Text> targetRefusals(const ExportFormat &format, const Model &model, const std::filesystem::path &target,
                                 const ExportOptions &options)
{
    std::error_code error; // what cannot be looked at is found out when writing
    const std::filesystem::path whole = format.folder ? withoutSlash(target) : target;
    const std::filesystem::path folder = whole.has_parent_path() ? whole.parent_path() : ".";
    const std::string name = inQuotes(target.native());
    if (target.empty())
        return {Text::of("the output has no name, expected the name of a file")};
    if (const auto writable = writableTarget(target); !writable)
        return {Text::of("the output {}: {}", name, writable.error().message)};
    if (model.readsFrom(target))
        return {Text::of("the output {} is the input, choose another name", name)};
    if (!format.folder && std::filesystem::is_directory(target, error))
        return {Text::of("the output {} is a folder, expected the name of a file", name)};
    if (!format.folder && std::filesystem::exists(target, error) && !std::filesystem::is_regular_file(target, error))
        return {Text::of("the output {} exists and is not a regular file", name)};
    if (!format.folder && !options.overwrite && std::filesystem::exists(std::filesystem::symlink_status(target, error)))
        return {Text::of("the output {} exists already, expected a new name or permission to replace it", name)};
    if (!std::filesystem::is_directory(folder, error))
        return {Text::of("the folder {} of the output does not exist", inQuotes(folder.native()))};
    const bool isSource = std::ranges::any_of(model.files, [&](const auto &file) {
        return std::filesystem::equivalent(file->path().parent_path(), target, error);
    });
    if (format.folder && isSource)
        return {Text::of("the output {} is the folder of the input, choose another name", name)};
    if (format.folder && !options.overwrite && std::filesystem::is_directory(target, error) &&
        !std::filesystem::is_empty(target, error))
        return {Text::of("the output {} exists already, expected a new name or permission to replace it", name)};
    return {};
}

bool quantizesNothing(const Model &model, const ExportPlan &plan)
{
    return plan.quantized() == 0 &&
           std::ranges::none_of(model.layers, [](const Layer &layer) { return layer.stored != nullptr; });
}

std::optional<std::size_t> layerThatSaysWhy(const ExportPlan &plan, const std::function<bool(std::size_t)> &wanted)
{
    for (std::size_t i = 0; i < plan.decisions.size(); ++i)
        if (wanted(i))
            return i;
    return plan.decisions.empty() ? std::nullopt : std::optional<std::size_t>(0);
}

Result<PlannedFile> planFile(const ExportFormat &format, const Model &model, const Recipe &recipe,
                             const std::filesystem::path &target, const ExportOptions &options, AnalysisCache &cache,
                             const TaskContext &context)
{
    return guarded([&]() -> Result<PlannedFile> {
        QS_CHECK(requireComplete(model));
        return Planner(format, model, recipe, options, cache).run(target, context);
    });
}

Result<ExportPlan> planExport(const ExportFormat &format, const Model &model, const Recipe &recipe,
                              const std::filesystem::path &target, const ExportOptions &options, AnalysisCache &cache,
                              const TaskContext &context)
{
    QS_ASSIGN(PlannedFile file, planFile(format, model, recipe, target, options, cache, context));
    return std::move(file.plan);
}

} // namespace qs
