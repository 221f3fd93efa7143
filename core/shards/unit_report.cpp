// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/shards/unit_report.h"

#include "core/base/input_file.h"

#include <cmath>
#include <limits>
#include <unordered_map>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace qs {

namespace {

using Json = nlohmann::json;

constexpr std::uint64_t kMostReportBytes = std::uint64_t{1} << 30U;
constexpr int kReportVersion = 1;

/// Writes fields into an object, or reads them from it: one list of them serves both.
class Fields
{
public:
    explicit Fields(Json &json, bool reads)
        : m_json(json)
        , m_reads(reads)
    {}

    template <class T>
        requires(!std::is_floating_point_v<T>)
    void field(const char *key, T &value)
    {
        if (m_reads)
            m_json.at(key).get_to(value);
        else
            m_json[key] = value;
    }

    /// JSON has no infinite numbers and no NaN: they are words.
    template <std::floating_point T> void field(const char *key, T &value)
    {
        if (m_reads)
            value = static_cast<T>(realOf(m_json.at(key)));
        else
            m_json[key] = jsonOf(value);
    }

    void field(const char *key, std::vector<double> &values)
    {
        if (!m_reads) {
            Json list = Json::array();
            for (const double value : values)
                list.push_back(jsonOf(value));
            m_json[key] = std::move(list);
            return;
        }
        values.clear();
        for (const Json &entry : m_json.at(key))
            values.push_back(realOf(entry));
    }

    void field(const char *key, std::optional<double> &value)
    {
        if (!m_reads)
            m_json[key] = value ? jsonOf(*value) : Json();
        else if (const Json &entry = m_json.at(key); !entry.is_null())
            value = realOf(entry);
    }

private:
    static Json jsonOf(double value)
    {
        if (std::isfinite(value))
            return value; // in the shortest form that reads back as the same number
        return std::isnan(value) ? "nan" : value > 0 ? "inf" : "-inf";
    }

    static double realOf(const Json &json)
    {
        if (!json.is_string())
            return json.get<double>();
        constexpr double kInfinite = std::numeric_limits<double>::infinity();
        const auto &word = json.get_ref<const std::string &>();
        return word == "inf" ? kInfinite : word == "-inf" ? -kInfinite : std::numeric_limits<double>::quiet_NaN();
    }

    Json &m_json;
    bool m_reads;
};

void statisticsFields(Fields &&fields, WeightStatistics &statistics)
{
    fields.field("min", statistics.min);
    fields.field("max", statistics.max);
    fields.field("excess_kurtosis", statistics.excessKurtosis);
    fields.field("signal_energy", statistics.signalEnergy);
    fields.field("nan_count", statistics.nanCount);
    fields.field("inf_count", statistics.infCount);
    fields.field("first_non_finite", statistics.firstNonFinite);
    fields.field("count", statistics.count);
}

void sumFields(Fields &&fields, ErrorSums &sums)
{
    fields.field("error_energy", sums.errorEnergy);
    fields.field("signal_energy", sums.signalEnergy);
    fields.field("xx", sums.angle.xx);
    fields.field("yy", sums.angle.yy);
    fields.field("xy", sums.angle.xy);
    fields.field("ee", sums.angle.ee);
    fields.field("xe", sums.angle.xe);
    fields.field("max_abs_error", sums.maxAbsError);
    fields.field("count", sums.count);
    fields.field("non_zero", sums.nonZero);
    fields.field("zero_codes", sums.zeroCodes);
    fields.field("clipped", sums.clipped);
}

/// What is there without the vectors of each channel (Keep::Summary); the scheme is known.
void summaryFields(Fields &&fields, LayerQuantization &quantization)
{
    fields.field("channel_axis", quantization.channelAxis);
    fields.field("channels", quantization.shape.channels);
    fields.field("weights", quantization.shape.weights);
    fields.field("groups_per_channel", quantization.groupsPerChannel);
    fields.field("matrix_errors", quantization.matrixErrors);
    fields.field("rmse_per_scale_median", quantization.rmsePerScaleMedian);
    fields.field("rmse_per_scale_max", quantization.rmsePerScaleMax);
    fields.field("scale_min", quantization.scaleMin);
    fields.field("scale_median", quantization.scaleMedian);
    fields.field("scale_max", quantization.scaleMax);
    fields.field("whole_layer_scale", quantization.wholeLayerScale);
    fields.field("raised_scales", quantization.raisedScales);
    fields.field("underflown_scales", quantization.underflownScales);
    fields.field("lost_weights", quantization.lostWeights);
    fields.field("zero_scales", quantization.zeroScales);
    fields.field("negative_scales", quantization.negativeScales);
    fields.field("scales_finite", quantization.scalesFinite);
    fields.field("values_finite", quantization.valuesFinite);
}

Json layerJson(const Work &work, std::size_t index, AnalysisCache &cache)
{
    const Layer &layer = work.model->layers[index];
    Json json{{"layer", work.numberOf(index)}};
    if (const auto known = cache.statistics(layer)) {
        WeightStatistics statistics = *known;
        statisticsFields(Fields(json["statistics"], false), statistics);
    }
    if (const auto known = cache.quantization(layer, work.file.plan.decisions[index], Keep::Summary)) {
        LayerQuantization quantization = *known;
        Json &target = json["quantization"];
        summaryFields(Fields(target, false), quantization);
        sumFields(Fields(target["sums"], false), quantization.sums);
    }
    return json;
}

/// Throws what the library throws.
void takeLayer(Json &json, const Work &work, const std::unordered_map<std::size_t, std::size_t> &layers,
               AnalysisCache &cache)
{
    const auto found = layers.find(json.at("layer").get<std::size_t>());
    if (found == layers.end())
        return;
    const std::size_t index = found->second;
    const Layer &layer = work.model->layers[index];
    if (json.contains("statistics")) {
        WeightStatistics statistics;
        statisticsFields(Fields(json["statistics"], true), statistics);
        cache.keepStatistics(layer, std::move(statistics));
    }
    if (json.contains("quantization")) {
        const Decision &decision = work.file.plan.decisions[index];
        LayerQuantization quantization;
        quantization.scheme = layer.stored ? layer.stored->scheme : decision.scheme;
        Json &source = json["quantization"];
        summaryFields(Fields(source, true), quantization);
        sumFields(Fields(source.at("sums"), true), quantization.sums);
        cache.keepQuantization(layer, decision, Keep::Summary, std::move(quantization));
    }
}

std::filesystem::path fileOf(const std::filesystem::path &folder, std::size_t unit, std::string_view suffix)
{
    return folder / fmt::format("unit-{:05}{}", unit, suffix);
}

} // namespace

std::filesystem::path partPath(const std::filesystem::path &folder, std::size_t unit)
{
    return fileOf(folder, unit, ".part");
}

std::filesystem::path reportPath(const std::filesystem::path &folder, std::size_t unit)
{
    return fileOf(folder, unit, ".json");
}

std::string unitReportJson(const UnitReport &report, const Work &work, std::size_t unit, AnalysisCache &cache)
{
    Json json{{"quantoscope_part", kReportVersion},
              {"plan", work.identity},
              {"unit", unit},
              {"bytes", report.bytes},
              {"xxh128", report.checksum}};
    Json &layers = json["layers"] = Json::array();
    for (const std::size_t layer : work.shares[unit].layers)
        layers.push_back(layerJson(work, layer, cache));
    return json.dump() + "\n";
}

Result<std::optional<UnitReport>> takeUnitReport(const std::filesystem::path &folder, const Work &work,
                                                 std::size_t unit, AnalysisCache &cache)
{
    const std::filesystem::path path = reportPath(folder, unit);
    const auto damaged = [&](Text what) {
        return fail(ErrorCode::Input, Text::of("the report of unit {} is damaged, do the unit again: {}", unit, what),
                    inQuotes(path.native()));
    };
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored))
        return std::nullopt;
    QS_ASSIGN(const std::shared_ptr<const InputFile> file, InputFile::open(path));
    if (file->size() > kMostReportBytes)
        return damaged(Text::of("it has {} bytes, the limit is {}", file->size(), kMostReportBytes));
    QS_ASSIGN(const std::string text, file->text());
    try {
        Json json = Json::parse(text);
        if (json.at("quantoscope_part") != kReportVersion || json.at("plan") != work.identity ||
            json.at("unit") != unit)
            return std::nullopt;
        std::unordered_map<std::size_t, std::size_t> layers; // by their numbers in the whole model
        for (const std::size_t layer : work.shares[unit].layers)
            layers.emplace(work.numberOf(layer), layer);
        for (Json &layer : json.at("layers"))
            takeLayer(layer, work, layers, cache);
        return UnitReport{json.at("bytes").get<std::uint64_t>(), json.at("xxh128").get<std::string>()};
    } catch (const Json::parse_error &error) {
        return damaged(Text::of("it is no JSON from byte {} on", error.byte));
    } catch (const Json::exception &exception) {
        return damaged(Text::asIs(troubleOf(exception.what())));
    }
}

} // namespace qs
