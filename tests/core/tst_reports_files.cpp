// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Reports as JSON and CSV, read back by readers of the test's own: keys, their order, quoting, numbers to the bit.
#include "core/analysis/analyze.h"
#include "core/base/text.h"
#include "core/export/preview.h"
#include "core/export/registry.h"
#include "core/reports/report_csv.h"
#include "core/reports/report_json.h"
#include "tests/support/test_model.h"

using namespace qs;
using Json = nlohmann::ordered_json;

namespace {

using Rows = std::vector<std::vector<std::string>>;

/// RFC 4180, character by character.
Rows csvRows(const std::string &text)
{
    Rows rows(1, {""});
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        std::string &field = rows.back().back();
        if (quoted && text[i] == '"' && i + 1 < text.size() && text[i + 1] == '"')
            field += text[i++];
        else if (text[i] == '"')
            quoted = !quoted;
        else if (!quoted && text[i] == ',')
            rows.back().emplace_back();
        else if (!quoted && text[i] == '\n')
            rows.push_back({""});
        else
            field += text[i];
    }
    rows.pop_back(); // the last row ends with a line feed, too
    return rows;
}

std::vector<std::string> keysOf(const Json &json)
{
    std::vector<std::string> keys;
    for (const auto &item : json.items())
        keys.push_back(item.key());
    return keys;
}

std::vector<std::string> words(const char *text)
{
    std::vector<std::string> result;
    for (const QByteArray &word : QByteArray(text).simplified().split(' '))
        result.push_back(word.toStdString());
    return result;
}

/// A field of CSV stands for the same as the value of JSON.
bool same(const std::string &field, const Json &value)
{
    if (value.is_null())
        return field.empty();
    if (value.is_boolean())
        return field == (value.get<bool>() ? "true" : "false");
    if (value.is_number_float())
        return std::stod(field) == value.get<double>();
    return field == (value.is_string() ? value.get<std::string>() : value.dump());
}

constexpr auto kLayerKeys = "name module op shape dtype channel_axis channel_axis_reason action reason scheme channels "
                            "scale metrics output_error bytes_before bytes_after notes";
constexpr auto kSchemeKeys = "convention mode bits granularity range code_range scale_type codes";
constexpr auto kMetricKeys = "sqnr_db exact relative_error mse rmse max_abs_error rmse_per_scale_median "
                             "rmse_per_scale_max zero_share one_minus_cosine clipped_share excess_kurtosis";

} // namespace

class TestReportsFiles : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void jsonKeysAndOrder();
    void jsonOfAPlan();
    void csvSaysWhatJsonSays();
    void csvPerScale_data();
    void csvPerScale();
    void comparison();

private:
    std::shared_ptr<const Report> reportOf(const Recipe &recipe)
    {
        AnalysisCache cache;
        AnalyzeOptions options;
        options.keepChannels = true;
        const auto report = analyze(*m_model, recipe, options, cache, {});
        if (!report)
            qFatal("%s", report.error().text().c_str());
        return *report;
    }
    Json jsonOf(const Report &report, const JsonOptions &options = {}) const
    {
        return Json::parse(reportJson(*m_model, report, options));
    }

    QTemporaryDir m_folder;
    std::shared_ptr<const Model> m_model;
    Recipe m_recipe;
};

void TestReportsFiles::initTestCase()
{
    m_model = test::openBytes(m_folder, "model.safetensors",
                              test::safetensorsBytes({
                                  {"a,b.weight", {4, 6}, test::randomValues(24, 1)},
                                  {"kept \"here\".weight", {3, 6}, test::randomValues(18, 2)},
                                  {"two\nlines.weight", {5, 6}, test::randomValues(30, 3)},
                                  {"zero.weight", {2, 6}, std::vector<float>(12)},
                                  {"zero.bias", {2}, {0.5F, 1}},
                              }));
    QCOMPARE(m_model->layers.size(), 4U);
    m_recipe = defaultRecipe(*m_model);
    Rule rule;
    rule.match = "kept*";
    rule.action = Rule::Action::Exclude;
    m_recipe.rules.push_back(rule);
}

void TestReportsFiles::jsonKeysAndOrder()
{
    const auto report = reportOf(m_recipe);
    const Json json = jsonOf(*report);
    QCOMPARE(keysOf(json), words("schema quantoscope model layers tensors total output_error"));
    // One layer or tensor a line, and none above 2 KB: a model may have a million of them.
    std::size_t entries = 0;
    for (const QByteArray &line : QByteArray::fromStdString(reportJson(*m_model, *report, {})).split('\n')) {
        entries += line.startsWith("    {\"name\":") ? 1 : 0;
        QVERIFY(line.size() <= 2048);
    }
    QCOMPARE(entries, m_model->tensors.size());
    QCOMPARE(keysOf(json["model"]),
             words("path format tensors parameters bytes warnings foreign_globals part parts structure_xxh128 codes"));
    QCOMPARE(keysOf(json["total"]), words("layers quantized kept metrics bytes_before bytes_after bits_per_weight "
                                          "export_bytes worst_layer metrics_quantized_only"));
    QCOMPARE(keysOf(json["output_error"]),
             words("kind reason inputs assumed relative_error sqnr_db exact max_abs_error mean_abs_error_x1000 "
                   "top1_agreement accuracy_before accuracy_after fed outputs kl perplexity_before "
                   "perplexity_after expected_seconds expected_bytes"));
    QCOMPARE(json["layers"].size(), 4U);
    for (std::size_t i = 0; i < 4; ++i) {
        const Json &layer = json["layers"][i];
        QCOMPARE(keysOf(layer), words(kLayerKeys));
        QCOMPARE(keysOf(layer["scheme"]), words(kSchemeKeys));
        QCOMPARE(layer["name"].get<std::string>(), m_model->layers[i].name); // as it is in the file
        const bool quantized = layer["action"] == "quantize";
        QCOMPARE(quantized, report->layers[i]->decision.quantize);
        QCOMPARE(layer["reason"].is_null(), quantized);
        QCOMPARE(layer["scale"].is_null(), !quantized);
        if (quantized)
            QCOMPARE(keysOf(layer["metrics"]), words(kMetricKeys));
        else
            QVERIFY(layer["metrics"].is_null());
    }
    QCOMPARE(json["tensors"].size(), 1U);
    QCOMPARE(json["tensors"][0]["name"].get<std::string>(), "zero.bias");
    // A relative error of nothing does not exist.
    QVERIFY(json["layers"][3]["metrics"]["relative_error"].is_null());
    QCOMPARE(json["layers"][0]["metrics"]["relative_error"].get<double>(),
             *report->layers[0]->metrics.relativeError); // to the last bit
}

void TestReportsFiles::jsonOfAPlan()
{
    AnalysisCache cache;
    const ExportFormat &format = *exportFormats().front();
    AnalyzeOptions channels;
    channels.keepChannels = true;
    const auto file = preview(format, *m_model, m_recipe, "x.safetensors", {}, cache, channels, {});
    QS_VERIFY(file);
    JsonOptions options{.full = true, .plan = &file->plan, .planFormat = format.name, .output = "x.safetensors"};
    Json json = jsonOf(*file->report, options);
    QCOMPARE(keysOf(json), words("schema quantoscope model layers tensors total output_error output"));
    QCOMPARE(keysOf(json["output"]), words("path format bytes notes refusals preflight"));
    QCOMPARE(json["output"]["bytes"].get<std::uint64_t>(), file->plan.bytes);
    QVERIFY(json["total"]["export_bytes"]["bytes"] == json["output"]["bytes"]);
    QCOMPARE(keysOf(json["layers"][0]),
             words("name module op shape dtype channel_axis channel_axis_reason action reason scheme channels scale "
                   "scales zero_points offsets metrics output_error bytes_before bytes_after notes"));
    QCOMPARE(json["layers"][0]["scales"].size(), 4U);
    QVERIFY(json["layers"][1]["scales"].is_null()); // kept
    // A file that does not exist has no size.
    ExportPlan refused = file->plan;
    refused.bytes = 0;
    options.plan = &refused;
    QVERIFY(jsonOf(*file->report, options)["total"]["export_bytes"]["bytes"].is_null());
}

void TestReportsFiles::csvSaysWhatJsonSays()
{
    const auto report = reportOf(m_recipe);
    const Rows rows = csvRows(reportCsv(*report, false));
    const Json layers = jsonOf(*report)["layers"];
    const auto titles =
        words("name module op shape dtype channel_axis action reason convention mode bits granularity range code_range "
              "scale_type codes channels scale_min scale_median scale_max sqnr_db exact relative_error mse rmse "
              "max_abs_error rmse_per_scale_median rmse_per_scale_max zero_share one_minus_cosine clipped_share "
              "excess_kurtosis output_error_alone output_error_up_to_here output_error_layer_output bytes_before "
              "bytes_after");
    QCOMPARE(rows.size(), layers.size() + 1);
    QCOMPARE(rows[0], titles);
    for (std::size_t i = 0; i < layers.size(); ++i) {
        QCOMPARE(rows[i + 1].size(), titles.size());
        // Names from files cannot end a row or speak to a terminal.
        QCOMPARE(rows[i + 1][0], printable(layers[i]["name"].get<std::string>()));
        for (std::size_t column = 2; column < titles.size(); ++column) {
            const std::string &title = titles[column];
            const Json &layer = layers[i];
            const Json metrics = layer["metrics"].is_null() ? Json::object() : layer["metrics"];
            Json expected;
            if (title == "shape")
                continue; // compared in whole reports of the command line
            if (title.starts_with("scale_m"))
                expected = layer["scale"].is_null() ? Json() : layer["scale"][title.substr(6)];
            else if (title.starts_with("output_error_"))
                expected = layer["output_error"][title.substr(13)];
            else if (layer["scheme"].contains(title))
                expected = layer["scheme"][title];
            else
                expected = layer.contains(title) ? layer[title] : metrics.value(title, Json());
            QVERIFY2(same(rows[i + 1][column], expected), (title + ": " + rows[i + 1][column]).c_str());
        }
    }
}

void TestReportsFiles::csvPerScale_data()
{
    QTest::addColumn<Mode>("mode");
    QTest::addColumn<Granularity>("granularity");
    QTest::addColumn<std::uint64_t>("groups");
    QTest::newRow("symmetric, per channel") << Mode::Symmetric << Granularity::channel() << std::uint64_t{1};
    QTest::newRow("asymmetric, groups") << Mode::Asymmetric << Granularity::group(4) << std::uint64_t{2};
    QTest::newRow("asymmetric, whole tensor") << Mode::Asymmetric << Granularity::tensor() << std::uint64_t{1};
}

void TestReportsFiles::csvPerScale()
{
    QFETCH(Mode, mode);
    QFETCH(Granularity, granularity);
    QFETCH(std::uint64_t, groups);
    Recipe recipe = m_recipe;
    recipe.scheme.mode = mode;
    recipe.scheme.granularity = granularity;
    const auto report = reportOf(recipe);
    const Rows rows = csvRows(reportCsv(*report, true));
    QCOMPARE(rows[0], words("name action reason channel group scale zero_point min max rmse_per_scale offset"));
    std::size_t at = 1;
    for (const auto &layer : report->layers) {
        if (!layer->decision.quantize) {
            QCOMPARE(rows[at++], (std::vector<std::string>{printable(layer->name), "keep", layer->decision.reason.str(),
                                                           "", "", "", "", "", "", "", ""}));
            continue;
        }
        const LayerQuantization &known = *layer->quantization;
        for (std::uint64_t channel = 0; channel < layer->matrix.channels; ++channel) {
            for (std::uint64_t group = 0; group < groups; ++group, ++at) {
                const std::vector<std::string> &row = rows.at(at);
                QCOMPARE(row.size(), rows[0].size());
                const std::size_t scale = known.scales.size() == 1 ? 0 : channel * groups + group;
                QCOMPARE(row[0] + row[1] + row[2], printable(layer->name) + "quantize");
                QCOMPARE(row[3], std::to_string(channel));
                QCOMPARE(row[4], std::to_string(group));
                QCOMPARE(std::stof(row[5]), known.scales.at(scale));
                QCOMPARE(std::stoi(row[6]), known.zeroPoints.empty() ? 0 : int(known.zeroPoints.at(scale)));
                QCOMPARE(std::stof(row[7]), known.channelMin.at(channel));
                QCOMPARE(row[10], "");
            }
        }
    }
    QCOMPARE(at, rows.size());
}

void TestReportsFiles::comparison()
{
    const auto other = test::openBytes(m_folder, "other.safetensors",
                                       test::safetensorsBytes({
                                           {"a,b.weight", {4, 6}, test::randomValues(24, 7)},
                                           {"kept \"here\".weight", {3, 6}, test::randomValues(18, 2)},
                                           {"two\nlines.weight", {6, 4}, test::randomValues(24, 3)},
                                           {"new.weight", {2, 6}, std::vector<float>(12)},
                                       }));
    const auto result = compare(*m_model, *other, {});
    QS_VERIFY(result);
    const Json json = Json::parse(comparisonJson(*m_model, *other, *result));
    QCOMPARE(keysOf(json),
             words("schema reference candidate tensors shape_mismatch total only_in_reference only_in_candidate "
                   "not_compared others coverage incomplete unmatched"));
    QVERIFY(json["shape_mismatch"] == Json::array({"two\nlines.weight"}));
    QVERIFY(json["only_in_candidate"] == Json::array({"new.weight"}));
    const Rows rows = csvRows(comparisonCsv(*result));
    QCOMPARE(rows.size(), json["tensors"].size() + json["unmatched"].size() + 1);
    std::vector<std::string> titles = words(kMetricKeys);
    titles.insert(titles.begin(), {"name", "shape"});
    std::vector<std::string> allTitles = titles;
    allTitles.insert(allTitles.end(), {"candidate", "matched_by", "side", "reason"});
    QCOMPARE(rows[0], allTitles);
    for (std::size_t i = json["tensors"].size() + 1; i < rows.size(); ++i) {
        const Json &tensor = json["unmatched"][i - 1 - json["tensors"].size()];
        QCOMPARE(rows[i][0], printable(tensor["name"].get<std::string>()));
        QCOMPARE(rows[i][titles.size() + 2], tensor["side"].get<std::string>());
        QCOMPARE(rows[i][titles.size() + 3], tensor["reason"].get<std::string>());
    }
    for (std::size_t i = 1; i <= json["tensors"].size(); ++i) {
        const Json &tensor = json["tensors"][i - 1];
        QCOMPARE(rows[i][0], printable(tensor["name"].get<std::string>()));
        for (std::size_t column = 2; column < titles.size(); ++column)
            QVERIFY2(same(rows[i][column], tensor["metrics"][titles[column]]), titles[column].c_str());
    }
}

QTEST_GUILESS_MAIN(TestReportsFiles)
#include "tst_reports_files.moc"
