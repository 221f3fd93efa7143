// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// list, analyze and compare: JSON and CSV to the letter, the table for people, and the story of the demo models.
#include "tests/cli/cli_program.h"
#include "tests/support/protobuf_writer.h"
#include "tests/support/safetensors_bytes.h"

#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using namespace qs::test;

class TestCliReport : public QObject
{
    Q_OBJECT

private slots:
    void listJson();
    void listOfAGraph();
    void analyzeJson();
    void fullJsonHoldsScales_data();
    void fullJsonHoldsScales();
    void keptLayerHasNoMetrics();
    void networkIsTold();
    void seedChangesRandomInputs();
    void layersOfNoChain();
    void modelWithoutLayers();
    void csv();
    void fullCsvHasOneRowPerChannel();
    void table_data();
    void table();
    void incompleteComparison();
    void mappedComparison();
    void digitsStory();
    void notebookStory();
};

namespace {

/// The keys of an object in their order, as one line.
std::string keys(const QByteArray &json, const char *pointer)
{
    const auto parsed = nlohmann::ordered_json::parse(json.constData(), json.constData() + json.size());
    std::string result;
    for (const auto &[key, value] : parsed.at(nlohmann::ordered_json::json_pointer(pointer)).items())
        result += (result.empty() ? "" : " ") + key;
    return result;
}

QList<QByteArrayList> csvRows(const QByteArray &text)
{
    QList<QByteArrayList> rows;
    for (const QByteArray &line : text.trimmed().split('\n')) {
        QByteArrayList fields;
        QByteArray field;
        bool quoted = false;
        for (char c : line) {
            if (c == '"')
                quoted = !quoted;
            else if (c == ',' && !quoted)
                fields << std::exchange(field, {});
            else
                field += c;
        }
        rows << (fields << field);
    }
    return rows;
}

} // namespace

void TestCliReport::listJson()
{
    const ProgramResult result = runCli({"list", "demo:notebook", "--json"});
    COMPARE_EXIT(result, 0);
    QCOMPARE(keys(result.out, ""), "schema quantoscope model layers tensors");
    const auto list = result.json();
    QCOMPARE(list["model"]["path"].get<std::string>(), "demo:notebook");
    QCOMPARE(list["model"]["tensors"].get<int>(), 10);
    QCOMPARE(list["model"]["parameters"].get<int>(), 74387);
    QCOMPARE(list["layers"].size(), 5U);
    QCOMPARE(list["tensors"].size(), 5U);
    QVERIFY(!list["layers"][0].contains("metrics"));
}

void TestCliReport::listOfAGraph()
{
    QTemporaryDir folder;
    const QString path = folder.filePath("a.onnx");
    writeFile(path, onnx::model(onnx::graph({onnx::node("MatMul", {"x", "w"}, {"y"}), onnx::node("Relu", {"y"}, {"z"})},
                                            {onnx::floats("w", {2, 3})}, {"x"}, {"z"})));
    const ProgramResult json = runCli({"list", path, "--json"});
    COMPARE_EXIT(json, 0);
    QCOMPARE(keys(json.out, ""), "schema quantoscope model layers tensors network");
    QCOMPARE(keys(json.out, "/network"),
             "source values nodes inputs outputs opset opsets operators layers can_run feed problem");
    const auto network = json.json()["network"];
    QCOMPARE(network["values"].get<int>(), 4);
    QCOMPARE(network["nodes"].get<int>(), 2);
    QCOMPARE(network["opset"].get<int>(), 17);
    QCOMPARE(network["operators"].dump(), std::string(R"({"MatMul":1,"Relu":1})"));
    QCOMPARE(network["layers"][0]["name"].get<std::string>(), "w");
    QCOMPARE(network["layers"][0]["nodes"].dump(), std::string(R"(["y"])"));
    const ProgramResult text = runCli({"list", path});
    QVERIFY2(
        text.out.contains("\nNetwork  2 nodes, opset 17, input 'x' of unknown shape, output 'z' of unknown shape\n"),
        text.out.constData());

    writeFile(path, onnx::model(onnx::graph({onnx::node("MatMul", {"x", "w"}, {"y"})}, {onnx::floats("w", {2, 3})})));
    const ProgramResult none = runCli({"list", path});
    COMPARE_EXIT(none, 0);
    QVERIFY2(none.out.contains("\nNetwork  none: nothing makes 'x', which the node 'y' takes"), none.out.constData());
    QCOMPARE(keys(runCli({"list", path, "--json"}).out, "/network"), "reason");
}

void TestCliReport::analyzeJson()
{
    const ProgramResult result = runCli({"analyze", "demo:notebook", "--json"});
    COMPARE_EXIT(result, 0);
    QCOMPARE(keys(result.out, ""), "schema quantoscope model layers tensors total output_error");
    QCOMPARE(keys(result.out, "/model"),
             "path format tensors parameters bytes warnings foreign_globals part parts structure_xxh128 codes");
    QCOMPARE(keys(result.out, "/layers/0"),
             "name module op shape dtype channel_axis channel_axis_reason action reason scheme channels scale metrics "
             "output_error bytes_before bytes_after notes");
    QCOMPARE(keys(result.out, "/layers/0/scheme"),
             "convention mode bits granularity range code_range scale_type codes");
    QCOMPARE(keys(result.out, "/layers/0/scale"), "min median max");
    QCOMPARE(keys(result.out, "/layers/0/metrics"),
             "sqnr_db exact relative_error mse rmse max_abs_error rmse_per_scale_median rmse_per_scale_max zero_share "
             "one_minus_cosine clipped_share excess_kurtosis");
    QCOMPARE(keys(result.out, "/tensors/0"), "name shape dtype bytes role role_reason");
    QCOMPARE(keys(result.out, "/total"), "layers quantized kept metrics bytes_before bytes_after bits_per_weight "
                                         "export_bytes worst_layer metrics_quantized_only");
    QCOMPARE(keys(result.out, "/total/export_bytes"), "format bytes");
    QCOMPARE(keys(result.out, "/output_error"),
             "kind reason inputs assumed relative_error sqnr_db exact max_abs_error mean_abs_error_x1000 "
             "top1_agreement accuracy_before accuracy_after fed outputs kl perplexity_before perplexity_after "
             "expected_seconds expected_bytes");

    const auto layer = result.json()["layers"][0];
    QCOMPARE(layer["name"].get<std::string>(), "layer1.weight");
    QCOMPARE(layer["module"].get<std::string>(), "layer1");
    QCOMPARE(layer["op"].get<std::string>(), "linear");
    QCOMPARE(layer["shape"].dump(), "[128,64]");
    QCOMPARE(layer["dtype"].get<std::string>(), "f32");
    QCOMPARE(layer["channels"].get<int>(), 128);
    QCOMPARE(layer["bytes_before"].get<int>(), 128 * 64 * 4);
    QCOMPARE(layer["bytes_after"].get<int>(), 128 * 64 + 128 * 4);
    const double sqnr = layer["metrics"]["sqnr_db"];
    const double relative = layer["metrics"]["relative_error"];
    QVERIFY(std::abs(relative - std::pow(10, -sqnr / 20)) < 1e-12);
}

void TestCliReport::fullJsonHoldsScales_data()
{
    QTest::addColumn<QStringList>("options");
    QTest::addColumn<int>("scales");
    QTest::newRow("channel") << QStringList{} << 128;
    QTest::newRow("tensor") << QStringList{"--granularity", "tensor"} << 1;
    QTest::newRow("groups") << QStringList{"--granularity", "group:32"} << 128 * 2;
    QTest::newRow("asymmetric") << QStringList{"--mode", "asymmetric"} << 128;
}

void TestCliReport::fullJsonHoldsScales()
{
    QFETCH(const QStringList, options);
    QFETCH(const int, scales);
    const auto report = cliJson(QStringList{"analyze", "demo:notebook", "--full"} + options);
    const auto &layer = report["layers"][0];
    QCOMPARE(int(layer["scales"].size()), scales);
    QCOMPARE(int(layer["zero_points"].size()), scales);
    double low = HUGE_VAL;
    double high = 0;
    bool allZero = true;
    for (int i = 0; i < scales; ++i) {
        const double scale = layer["scales"][i];
        QCOMPARE(double(float(scale)), scale); // a float32, to the last digit
        low = std::min(low, scale);
        high = std::max(high, scale);
        allZero = allZero && layer["zero_points"][i] == 0;
    }
    QCOMPARE(layer["scale"]["min"].get<double>(), low);
    QCOMPARE(layer["scale"]["max"].get<double>(), high);
    QCOMPARE(allZero, !options.contains("asymmetric"));
}

void TestCliReport::keptLayerHasNoMetrics()
{
    const auto report = cliJson({"analyze", "demo:notebook", "--exclude", "layer1"});
    const auto &layer = report["layers"][0];
    QCOMPARE(layer["action"].get<std::string>(), "keep");
    QCOMPARE(layer["reason"].get<std::string>(), "excluded by rule 'layer1'");
    QVERIFY(layer["metrics"].is_null());
    QVERIFY(layer["scale"].is_null());
    QVERIFY(layer["output_error"]["alone"].is_null());
    QVERIFY(layer["output_error"]["up_to_here"].is_null());
    QVERIFY(layer["bytes_after"] == layer["bytes_before"]);
    QCOMPARE(report["total"]["kept"].get<int>(), 1);
}

void TestCliReport::networkIsTold()
{
    const auto report = cliJson({"analyze", "demo:digits"});
    const auto &output = report["output_error"];
    QCOMPARE(output["kind"].get<std::string>(), "network");
    QVERIFY(output["reason"].is_null());
    QVERIFY(!output["inputs"].get<std::string>().empty());
    QVERIFY(!output["assumed"].is_null() || !output["inputs"].is_null());
    QVERIFY(report["layers"].back()["output_error"]["up_to_here"] == output["relative_error"]);
    const auto none = cliJson({"analyze", "demo:digits", "--output-error", "none"});
    QCOMPARE(none["output_error"]["kind"].get<std::string>(), "none");
    QVERIFY(!none["output_error"]["reason"].is_null());
    QVERIFY(none["output_error"]["relative_error"].is_null());
    const auto other = cliJson({"analyze", "demo:digits", "--activation", "tanh"});
    QVERIFY(other["output_error"]["relative_error"] != output["relative_error"]);
}

void TestCliReport::seedChangesRandomInputs()
{
    // The weights of digits without the metadata and the samples.
    const SafetensorsFile digits(QStringLiteral(QUANTOSCOPE_SOURCE_DIR "/resources/models/digits.safetensors"));
    std::vector<FloatTensor> tensors;
    for (const char *name : {"fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias", "fc3.weight", "fc3.bias"})
        tensors.push_back({name, digits.shape(name), digits.floats(name)});
    const QTemporaryDir folder;
    const QString model = folder.filePath("plain.safetensors");
    writeFile(model, safetensorsBytes(tensors));
    const auto inputs = cliJson({"analyze", model, "--seed", "7"})["output_error"]["inputs"].get<std::string>();
    QVERIFY2(inputs.find("256") != std::string::npos && inputs.find("7") != std::string::npos, inputs.c_str());
    const auto error = [&](const char *seed) {
        return cliJson({"analyze", model, "--bits", "4", "--seed", seed})["output_error"]["relative_error"];
    };
    QVERIFY(error("1") == error("1"));
    QVERIFY(error("1") != error("2"));
}

void TestCliReport::layersOfNoChain()
{
    const QTemporaryDir folder;
    const QString model = folder.filePath("branches.safetensors");
    writeFile(model, safetensorsBytes({{"left.weight", {2, 3}, {1, 2, 3, 4, 5, 6}},
                                       {"right.weight", {2, 3}, {-1, 2, -3, 4, -5, 6}}}));
    const QString inputs = folder.filePath("x.npy");
    std::string header = "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 3), }";
    header.append(117 - header.size(), ' ').append("\n");
    writeFile(inputs, QByteArray("\x93NUMPY\x01\x00\x76\x00", 10) + header.c_str() + floatBytes({1, 0.5, 0.25}));
    const auto report = cliJson({"analyze", model, "--inputs", inputs, "--bits", "3"});
    QCOMPARE(report["output_error"]["kind"].get<std::string>(), "layer");
    QVERIFY(!report["output_error"]["reason"].is_null());
    QVERIFY(report["layers"][0]["output_error"]["layer_output"].get<double>() > 0);
    QVERIFY(report["layers"][0]["output_error"]["alone"].is_null());
    const ProgramResult table = runCli({"analyze", model, "--inputs", inputs, "--bits", "3"});
    QVERIFY2(table.out.contains("Layer output") && table.out.contains("no network was run"), table.out.constData());
}

void TestCliReport::modelWithoutLayers()
{
    const QTemporaryDir folder;
    const QString model = folder.filePath("biases.safetensors");
    writeFile(model, safetensorsBytes({{"a.bias", {3}, {1, 2, 3}}}));
    const auto report = cliJson({"analyze", model});
    QVERIFY(report["layers"].empty());
    QVERIFY(report["total"]["bits_per_weight"].is_null());
    COMPARE_EXIT(runCli({"analyze", model}), 0);
    COMPARE_EXIT(runCli({"list", model}), 0);
}

void TestCliReport::csv()
{
    const ProgramResult result = runCli({"analyze", "demo:notebook", "--exclude", "layer2", "--csv"});
    COMPARE_EXIT(result, 0);
    const auto rows = csvRows(result.out);
    QCOMPARE(rows.size(), 6);
    const auto report = cliJson({"analyze", "demo:notebook", "--exclude", "layer2"});
    for (qsizetype i = 1; i < rows.size(); ++i) {
        QCOMPARE(rows[i].size(), rows[0].size());
        const auto field = [&](const char *name) { return rows[i][rows[0].indexOf(name)]; };
        const auto &layer = report["layers"][std::size_t(i - 1)];
        QCOMPARE(field("name").toStdString(), layer["name"].get<std::string>());
        QCOMPARE(field("shape").toStdString(), i == 1 ? "[128, 64]" : field("shape").toStdString());
        if (i == 2) {
            QCOMPARE(field("sqnr_db"), QByteArray());
            QCOMPARE(field("reason"), QByteArray("excluded by rule 'layer2'"));
        } else {
            QCOMPARE(field("sqnr_db").toDouble(), layer["metrics"]["sqnr_db"].get<double>());
            QCOMPARE(field("scale_max").toDouble(), layer["scale"]["max"].get<double>());
            QCOMPARE(field("output_error_alone").toDouble(), layer["output_error"]["alone"].get<double>());
        }
    }
}

void TestCliReport::fullCsvHasOneRowPerChannel()
{
    const ProgramResult result = runCli({"analyze", "demo:notebook", "--only", "layer1", "--csv", "--full"});
    COMPARE_EXIT(result, 0);
    const auto rows = csvRows(result.out);
    QCOMPARE(rows.size(), 1 + 128 + 4); // title, channels of layer1, kept layers with their reason
    const auto report = cliJson({"analyze", "demo:notebook", "--only", "layer1", "--full"});
    for (int i = 0; i < 128; ++i) {
        const auto &row = rows[1 + i];
        QCOMPARE(row[rows[0].indexOf("channel")].toInt(), i);
        QCOMPARE(row[rows[0].indexOf("scale")].toDouble(), report["layers"][0]["scales"][std::size_t(i)].get<double>());
    }
}

void TestCliReport::table_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QByteArrayList>("says");
    QTest::newRow("list") << QStringList{"list", "demo:digits"} << QByteArrayList{"fc1.weight", "128×64", "75,530"};
    QTest::newRow("analyze") << QStringList{"analyze", "demo:digits"}
                             << QByteArrayList{"fc1.weight", "128×64",       "Accuracy",   "KiB",     "Weight error",
                                               "Alone",      "Size, packed", " smaller, ", "bytes as"};
    QTest::newRow("kept") << QStringList{"analyze", "demo:digits", "--exclude", "fc1"}
                          << QByteArrayList{"kept: excluded by rule 'fc1'"};
    QTest::newRow("asymmetric groups") << QStringList{"analyze",       "demo:digits", "--mode",       "asymmetric",
                                                      "--granularity", "group:32",    "--scale-type", "bf16"}
                                       << QByteArrayList{"asym 8 group:32"};
    QTest::newRow("network not run") << QStringList{"analyze", "demo:digits", "--output-error", "none"}
                                     << QByteArrayList{"not run"};
    QTest::newRow("full") << QStringList{"analyze", "demo:notebook", "--full"} << QByteArrayList{"Zero point"};
    QTest::newRow("compare") << QStringList{"compare", "demo:digits", "demo:digits"} << QByteArrayList{"exact"};
}

void TestCliReport::table()
{
    QFETCH(const QStringList, arguments);
    QFETCH(const QByteArrayList, says);
    const ProgramResult result = runCli(arguments);
    COMPARE_EXIT(result, 0);
    for (const QByteArray &text : says)
        QVERIFY2(result.out.contains(text), result.out.constData());
    bool inTable = false; // free text below may be longer
    for (const QString &line : QString::fromUtf8(result.out).split(QLatin1Char('\n'))) {
        inTable = (inTable || line.startsWith(QStringLiteral("─"))) && !line.isEmpty();
        QVERIFY2(!inTable || !line.contains(QStringLiteral("…  ")), qPrintable(line)); // nothing is left out
        QVERIFY(!line.endsWith(QLatin1Char(' ')));
    }
}

/// What could not be compared is said in every form, and by the exit code.
void TestCliReport::incompleteComparison()
{
    const QStringList models{"demo:digits", "demo:notebook"};
    const ProgramResult table = runCli(QStringList{"compare"} + models);
    COMPARE_EXIT(table, 4);
    for (const char *text : {"only in reference:", "only in candidate:", "incomplete"})
        QVERIFY2(table.out.contains(text), table.out.constData());
    QVERIFY(!table.out.contains("exact"));
    const ProgramResult result = runCli(QStringList{"compare"} + models + QStringList{"--json"});
    COMPARE_EXIT(result, 4);
    const auto json = nlohmann::json::parse(result.out.toStdString());
    QCOMPARE(json["incomplete"].get<bool>(), true);
    QVERIFY(json["coverage"].get<double>() < 1);
    QVERIFY(json["total"]["metrics"]["relative_error"].is_null());
    const auto &weight = named(json["unmatched"], "fc1.weight");
    QVERIFY(weight["counts"].get<bool>() && !weight["reason"].get<std::string>().empty());
    QCOMPARE(weight["side"].get<std::string>(), "reference");
    QVERIFY(!named(json["unmatched"], "samples.labels")["counts"].get<bool>());
    const ProgramResult csv = runCli(QStringList{"compare"} + models + QStringList{"--csv"});
    COMPARE_EXIT(csv, 4);
    QVERIFY(csv.out.contains("reference,the candidate holds no tensor"));
    const auto same = cliJson({"compare", "demo:digits", "demo:digits"});
    QCOMPARE(same["coverage"].get<double>(), 1.0);
    QCOMPARE(same["incomplete"].get<bool>(), false);
}

/// A map tells which names mean the same weight.
void TestCliReport::mappedComparison()
{
    const QTemporaryDir folder;
    const QString reference = folder.filePath("a.safetensors");
    const QString candidate = folder.filePath("b.safetensors");
    const QString map = folder.filePath("names.txt");
    writeFile(reference, safetensorsBytes({{"in.weight", {2, 2}, {1, 2, 3, 4}}, {"out.weight", {2, 2}, {1, 2, 3, 4}}}));
    writeFile(candidate, safetensorsBytes({{"x.weight", {2, 2}, {1, 2, 3, 4}}, {"y.weight", {2, 2}, {1, 2, 3, 5}}}));
    COMPARE_EXIT(runCli({"compare", reference, candidate}), 4);
    writeFile(map, "# reference = candidate\nin.weight = x.weight\nout.weight = y.weight\n");
    const auto found = cliJson({"compare", reference, candidate, "--map", map});
    QCOMPARE(named(found["tensors"], "in.weight")["candidate"].get<std::string>(), "x.weight");
    QCOMPARE(named(found["tensors"], "in.weight")["matched_by"].get<std::string>(), "map");
    QVERIFY(named(found["tensors"], "in.weight")["metrics"]["exact"].get<bool>());
    QVERIFY(!named(found["tensors"], "out.weight")["metrics"]["exact"].get<bool>());
    const ProgramResult text = runCli({"compare", reference, candidate, "--map", map});
    COMPARE_EXIT(text, 0);
    QVERIFY(text.out.contains("in.weight = x.weight"));
    writeFile(map, "in.weight = nobody\n");
    const ProgramResult wrong = runCli({"compare", reference, candidate, "--map", map});
    COMPARE_EXIT(wrong, 2);
    QVERIFY(wrong.isOneError() && wrong.err.contains("nobody"));
    COMPARE_EXIT(runCli({"compare", reference, candidate, "--map", folder.filePath("none")}), 3);
}

/// 8 bits cost nothing worth mentioning, 2 bits do, and leaving out the layer that hurts most brings some of it back.
void TestCliReport::digitsStory()
{
    const auto eight = cliJson({"analyze", "demo:digits", "--bits", "8"});
    const double before = eight["output_error"]["accuracy_before"];
    QVERIFY(before >= 0.97);
    QVERIFY(before - eight["output_error"]["accuracy_after"].get<double>() < 0.01);

    const auto two = cliJson({"analyze", "demo:digits", "--bits", "2"});
    const double lossy = two["output_error"]["accuracy_after"];
    QVERIFY(before - lossy > 0.02);

    std::string worst;
    double largest = 0;
    for (const auto &layer : two["layers"]) {
        const double alone = layer["output_error"]["alone"];
        if (alone > largest) {
            largest = alone;
            worst = layer["module"];
        }
    }
    QCOMPARE(two["total"]["worst_layer"].get<std::string>(), worst + ".weight");
    const auto repaired = cliJson({"analyze", "demo:digits", "--bits", "2", "--exclude", worst.c_str()});
    QVERIFY(repaired["output_error"]["accuracy_after"].get<double>() > lossy);
    QVERIFY(repaired["output_error"]["relative_error"].get<double>() <
            two["output_error"]["relative_error"].get<double>());
}

void TestCliReport::notebookStory()
{
    const auto report = cliJson({"analyze", "demo:notebook"});
    QCOMPARE(report["output_error"]["kind"].get<std::string>(), "network");
    QVERIFY(report["output_error"]["mean_abs_error_x1000"].get<double>() > 0);
    QVERIFY(runCli({"analyze", "demo:notebook"}).out.contains("× 1000"));
}

QTEST_GUILESS_MAIN(TestCliReport)
#include "tst_cli_report.moc"
