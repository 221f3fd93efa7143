// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/lessons/lesson_values.h"

#include "core/analysis/analyze.h"
#include "core/analysis/distribution.h"
#include "core/formats/open_model.h"
#include "core/quant/stored.h"
#include "core/reports/report_json.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <nlohmann/json.hpp>

namespace qs {

using Json = nlohmann::ordered_json;

struct LessonPlayer::Opened {
    std::shared_ptr<const Model> model;
    AnalysisCache cache;
};

struct LessonPlayer::Found {
    Json root = Json::object();
    std::uint64_t samples = 0;
};

LessonPlayer::~LessonPlayer() = default;

namespace {

Json walkJson(const LessonStep &step)
{
    const ScaleAndZeroPoint scale = scaleOf(*step.walk, step.slips);
    const ValueWalk walk = walkValue(step.walk->value, scale, codingOf(*step.walk), step.slips);
    return {{"value", walk.value},
            {"divided", walk.divided},
            {"rounded", walk.rounded},
            {"code", walk.code},
            {"back", walk.back},
            {"error", std::fabs(walk.error)},
            {"scale", static_cast<double>(scale.stored)},
            {"zero_point", scale.zeroPoint}};
}

std::optional<std::size_t> layerNamed(const Model &model, const std::string &module)
{
    const auto found = std::ranges::find(model.layers, module, &Layer::module);
    if (found == model.layers.end())
        return std::nullopt;
    return static_cast<std::size_t>(found - model.layers.begin());
}

Result<Json> channelJson(const Model &model, const Report &report, const LessonStep &step, const TaskContext &context)
{
    const auto index = layerNamed(model, step.layer);
    if (!index || !report.layers[*index]->quantization)
        return Json(nullptr);
    const LayerReport &layer = *report.layers[*index];
    const LayerQuantization &quantization = *layer.quantization;
    if (step.channel && *step.channel >= quantization.shape.channels)
        return Json(nullptr);
    QS_ASSIGN(const Distribution found, distribution(model, model.layers[*index], layer.decision.channelAxis,
                                                     quantization, {.channel = step.channel}, context));
    Json json = {{"clipped_share", found.clippedShare},
                 {"largest", std::max(std::fabs(found.min), std::fabs(found.max))}};
    if (step.channel) {
        const ScaleGeometry geometry{quantization.scheme.granularity, quantization.shape};
        json["scale"] = static_cast<double>(storedScale(quantization, geometry.firstOf(*step.channel)).stored);
    }
    const auto isUsed = [](std::uint64_t count) { return count > 0; };
    const auto first = std::ranges::find_if(found.codeCounts, isUsed);
    if (first == found.codeCounts.end())
        return json;
    const auto last = std::find_if(found.codeCounts.rbegin(), found.codeCounts.rend(), isUsed);
    json["codes_used"] = std::ranges::count_if(found.codeCounts, isUsed);
    json["lowest_code"] = found.codeMin + (first - found.codeCounts.begin());
    json["highest_code"] = found.codeMin + (found.codeCounts.rend() - last) - 1;
    return json;
}

/// One step down: a key, an index, or the name of a layer.
const Json *childOf(const Json &parent, std::string_view token)
{
    if (parent.is_object()) {
        const auto found = parent.find(std::string(token));
        return found == parent.end() ? nullptr : &*found;
    }
    if (!parent.is_array())
        return nullptr;
    std::size_t index = 0;
    const auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), index);
    if (error == std::errc() && end == token.data() + token.size())
        return index < parent.size() ? &parent[index] : nullptr;
    for (const Json &item : parent)
        if (item.is_object() && item.value("module", std::string()) == token)
            return &item;
    return nullptr;
}

std::optional<double> numberAt(const Json &root, std::string_view pointer)
{
    const Json *at = &root;
    pointer.remove_prefix(1);
    while (at != nullptr) {
        const std::size_t slash = pointer.find('/');
        at = childOf(*at, pointer.substr(0, slash));
        if (slash == std::string_view::npos)
            break;
        pointer.remove_prefix(slash + 1);
    }
    return at != nullptr && at->is_number() ? std::optional(at->get<double>()) : std::nullopt;
}

} // namespace

Result<std::shared_ptr<LessonPlayer::Opened>> LessonPlayer::open(const std::string &location,
                                                                 const TaskContext &context)
{
    auto &known = m_models[location];
    if (!known) {
        QS_ASSIGN(auto model, openModel(location, context));
        QS_CHECK(requireComplete(*model));
        auto opened = std::make_shared<Opened>();
        opened->model = std::move(model);
        known = std::move(opened);
    }
    return known;
}

Result<std::shared_ptr<const LessonPlayer::Found>> LessonPlayer::find(std::size_t index, const TaskContext &context)
{
    if (const auto known = m_found.find(index); known != m_found.end())
        return known->second;
    const LessonStep &step = m_lesson.steps[index];
    auto found = std::make_shared<Found>();
    if (const std::string location = modelLocation(m_lesson, index); !location.empty()) {
        QS_ASSIGN(const auto opened, open(location, context));
        AnalyzeOptions options;
        options.keepChannels = true;
        options.teaching = step.slips;
        QS_ASSIGN(const auto report, analyze(*opened->model, step.recipe, options, opened->cache, context));
        found->samples = report->outputError.samples;
        JsonOptions jsonOptions;
        jsonOptions.full = true;
        found->root = Json::parse(reportJson(*opened->model, *report, jsonOptions));
        QS_ASSIGN(found->root["channel"], channelJson(*opened->model, *report, step, context));
        std::size_t scales = 0;
        for (const auto &layer : report->layers)
            scales += layer->hasScales() ? layer->quantization->scales.size() : 0;
        found->root["lesson"] = {{"scales", scales}};
        if (step.channel)
            found->root["lesson"]["channel"] = *step.channel;
    }
    if (step.walk)
        found->root["walk"] = walkJson(step);
    m_found[index] = found;
    return found;
}

Result<LessonValues> LessonPlayer::values(std::size_t index, const TaskContext &context)
{
    constexpr std::string_view kBefore{"/before/"};
    const LessonStep &step = m_lesson.steps[index];
    const auto asks = [&](std::string_view prefix) {
        return std::ranges::any_of(step.numbers, [&](const LessonNumber &n) { return n.at.starts_with(prefix); });
    };
    QS_ASSIGN(const auto now, find(index, context));
    std::shared_ptr<const Found> before;
    if (index > 0 && asks(kBefore)) {
        QS_ASSIGN(before, find(index - 1, context));
    }
    const auto valueOf = [&](const LessonNumber &number) -> std::optional<double> {
        const bool isBefore = number.at.starts_with(kBefore);
        if (isBefore && !before)
            return std::nullopt;
        const Found &source = isBefore ? *before : *now;
        const std::string_view pointer(number.at);
        auto value = numberAt(source.root, isBefore ? pointer.substr(kBefore.size() - 1) : pointer);
        if (value && number.form == NumberForm::Right)
            value = std::round(*value * static_cast<double>(source.samples));
        return value;
    };
    LessonValues result;
    result.samples = now->samples;
    for (const LessonNumber &number : step.numbers)
        result.numbers.push_back(valueOf(number));
    if (step.question && step.question->number)
        result.answer = valueOf(*step.question->number);
    return result;
}

} // namespace qs
