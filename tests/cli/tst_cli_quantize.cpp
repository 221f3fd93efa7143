// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// quantize and compare: the file holds what analyze predicted, the same bytes each time, and nothing else changed.
#include "tests/cli/cli_program.h"
#include "tests/support/safetensors_bytes.h"

#include <QDir>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

using namespace qs::test;

class TestCliQuantize : public QObject
{
    Q_OBJECT

private slots:
    void errorsAreThePredictedOnes_data();
    void errorsAreThePredictedOnes();
    void reopenedExportIsTheSameNetwork();
    void excludedLayersKeepEveryByte();
    void quantizedTensorsHoldCodesAndScales();
    void offsetsStandBesideScales();
    void floatFormatHoldsDequantizedWeights();
    void sizeIsExact_data();
    void sizeIsExact();
    void dryRunWritesNothing();
    void dryRunTellsRefusals_data();
    void dryRunTellsRefusals();
    void dryRunTellsWhatStaysInFloat();
    void suffixChoosesTheFormat();
    void formatsAreListed();
    void nothingToWrite_data();
    void nothingToWrite();
    void analyzeTellsWhatTheFormatKeeps();
    void scalesInTheTypeOfTheFormat();
    void verifyReadsEverythingBack();
    void sameBytesEachTime_data();
    void sameBytesEachTime();
    void sameOnEveryInstructionSet();
};

namespace {

struct SchemeRow {
    const char *name;
    QStringList options;
};

const std::vector<SchemeRow> &schemes()
{
    static const std::vector<SchemeRow> kRows = {
        {"8 bits", {}},
        {"4 bits, groups of 32", {"--bits", "4", "--granularity", "group:32"}},
        {"5 bits asymmetric", {"--bits", "5", "--mode", "asymmetric"}},
        {"per tensor", {"--granularity", "tensor"}},
        {"asymmetric per tensor, bf16 scales",
         {"--granularity", "tensor", "--mode", "asymmetric", "--scale-type", "bf16"}},
        {"2 bits narrow, f16 scales", {"--bits", "2", "--code-range", "narrow", "--scale-type", "f16"}},
        {"3 bits asymmetric, odd groups, best codes",
         {"--bits", "3", "--mode", "asymmetric", "--granularity", "group:7", "--scale-type", "bf16", "--codes",
          "best"}},
    };
    return kRows;
}

void addSchemeRows(const QStringList &models)
{
    QTest::addColumn<QString>("model");
    QTest::addColumn<QStringList>("options");
    for (const QString &model : models) {
        for (const SchemeRow &row : schemes())
            QTest::newRow(qPrintable(model.section(QLatin1Char('/'), -1) + QStringLiteral(", ") + row.name))
                << model << row.options;
    }
}

} // namespace

void TestCliQuantize::errorsAreThePredictedOnes_data()
{
    QStringList models = {"demo:digits", "demo:notebook"};
    if (const QString real = realModel("silero_vad_16k.safetensors"); !real.isEmpty())
        models << real;
    addSchemeRows(models);
}

void TestCliQuantize::errorsAreThePredictedOnes()
{
    QFETCH(const QString, model);
    QFETCH(const QStringList, options);
    const QTemporaryDir folder;
    const QString out = folder.filePath("out.safetensors");
    const auto predicted = cliJson(QStringList{"analyze", model} + options);
    const auto written = cliJson(QStringList{"quantize", model, "-o", out} + options);
    QVERIFY(written["layers"] == predicted["layers"]);
    const auto found = cliJson({"compare", model, out});

    QVERIFY(found["tensors"].size() >= predicted["layers"].size() + predicted["tensors"].size());
    for (const auto &tensor : predicted["tensors"])
        QVERIFY(named(found["tensors"], tensor["name"])["metrics"]["exact"].get<bool>());
    std::size_t quantized = 0;
    for (const auto &layer : predicted["layers"]) {
        const auto &tensor = named(found["tensors"], layer["name"]);
        if (layer["metrics"].is_null()) {
            QCOMPARE(tensor["metrics"]["exact"].get<bool>(), true);
            continue;
        }
        ++quantized;
        for (const char *key :
             {"sqnr_db", "exact", "relative_error", "mse", "rmse", "max_abs_error", "one_minus_cosine", "zero_share"})
            QVERIFY2(tensor["metrics"][key] == layer["metrics"][key],
                     qPrintable(QStringLiteral("%1 of %2").arg(key, layer["name"].get<std::string>().c_str())));
    }
    QVERIFY(quantized > 0);
    QVERIFY(found["shape_mismatch"].empty());
    QVERIFY(found["only_in_reference"].empty());
    QVERIFY(found["only_in_candidate"].empty());
}

void TestCliQuantize::reopenedExportIsTheSameNetwork()
{
    const QTemporaryDir folder;
    const QString out = folder.filePath("out.safetensors");
    cliJson({"quantize", "demo:digits", "-o", out, "--bits", "4", "--mode", "asymmetric", "--exclude", "fc2"});
    const auto reopened = cliJson({"analyze", out});
    QCOMPARE(reopened["output_error"]["kind"].get<std::string>(), "network");
    const auto &layer = named(reopened["layers"], "fc1.weight");
    QCOMPARE(layer["action"].get<std::string>(), "keep");
    QCOMPARE(layer["scheme"]["bits"].get<int>(), 4);
    QCOMPARE(layer["scheme"]["mode"].get<std::string>(), "asymmetric");
    QVERIFY(!layer["scale"].is_null());
}

void TestCliQuantize::excludedLayersKeepEveryByte()
{
    const QString source = QStringLiteral(QUANTOSCOPE_SOURCE_DIR "/resources/models/digits.safetensors");
    const QTemporaryDir folder;
    const QString out = folder.filePath("out.safetensors");
    COMPARE_EXIT(
        runCli({"quantize", source, "-o", out, "--unpacked", "--exclude", "fc1", "--exclude", "fc3", "--bits", "3"}),
        0);
    const SafetensorsFile before(source);
    const SafetensorsFile after(out);
    for (const auto &[name, entry] : before.header().items()) {
        if (name == "__metadata__" || !after.contains(name))
            continue;
        const bool quantized = name == "fc2.weight" || name == "fc4.weight";
        QCOMPARE(after.shape(name), before.shape(name));
        QCOMPARE(after.dtype(name), quantized ? std::string("I8") : before.dtype(name));
        if (!quantized)
            QCOMPARE(after.bytes(name), before.bytes(name));
    }
    for (const char *name : {"fc1.weight", "fc1.bias", "fc2.bias", "fc3.weight"})
        QVERIFY(after.contains(name));
}

void TestCliQuantize::quantizedTensorsHoldCodesAndScales()
{
    const QTemporaryDir folder;
    const QString out = folder.filePath("out.safetensors");
    cliJson({"quantize", "demo:digits", "-o", out, "--unpacked", "--bits", "5", "--mode", "asymmetric", "--granularity",
             "group:24"});
    const auto report = cliJson(
        {"analyze", "demo:digits", "--bits", "5", "--mode", "asymmetric", "--granularity", "group:24", "--full"});
    const SafetensorsFile file(out);
    const auto &layer = named(report["layers"], "fc1.weight"); // [128, 64]: groups of 24, 24 and 16
    QCOMPARE(file.dtype("fc1.weight"), "I8");
    QCOMPARE(file.dtype("fc1.zero_points"), "I8");
    QCOMPARE(file.shape("fc1.scales"), (std::vector<std::uint64_t>{128, 3}));
    QCOMPARE(file.shape("fc1.zero_points"), (std::vector<std::uint64_t>{128, 3}));
    const std::vector<float> scales = file.floats("fc1.scales");
    const QByteArray zeroPoints = file.bytes("fc1.zero_points");
    for (std::size_t i = 0; i < scales.size(); ++i) {
        QCOMPARE(double(scales[i]), layer["scales"][i].get<double>());
        QCOMPARE(int(static_cast<signed char>(zeroPoints[qsizetype(i)])), layer["zero_points"][i].get<int>());
    }
    for (char code : file.bytes("fc1.weight"))
        QVERIFY(code >= -16 && code <= 15);
}

/// ggml's Q4_1 without its blocks: value = (code + 8) · scale + offset.
void TestCliQuantize::offsetsStandBesideScales()
{
    const QTemporaryDir folder;
    const QString out = folder.filePath("out.safetensors");
    const QString floatPath = folder.filePath("float.safetensors");
    cliJson({"quantize", "demo:digits", "-o", out, "--unpacked", "--convention", "gguf-q4_1", "--scale-type", "f32",
             "--codes", "best"});
    cliJson({"quantize", "demo:digits", "-o", floatPath, "--convention", "gguf-q4_1", "--scale-type", "f32", "--codes",
             "best", "--format", "float"});
    const auto report = cliJson({"analyze", out, "--full"});
    const SafetensorsFile file(out);
    QVERIFY(!file.contains("fc1.zero_points"));
    QCOMPARE(file.dtype("fc1.offsets"), "F32");
    QCOMPARE(file.shape("fc1.offsets"), (std::vector<std::uint64_t>{128, 2})); // [128, 64] in groups of 32
    const QByteArray codes = file.bytes("fc1.weight");
    const std::vector<float> scales = file.floats("fc1.scales");
    const std::vector<float> offsets = file.floats("fc1.offsets");
    const std::vector<float> values = SafetensorsFile(floatPath).floats("fc1.weight");
    QCOMPARE(values.size(), std::size_t(codes.size()));
    for (std::size_t i = 0; i < values.size(); ++i) {
        const float code = static_cast<float>(static_cast<signed char>(codes[qsizetype(i)]));
        QVERIFY(values[i] == (code + 8) * scales[i / 32] + offsets[i / 32]);
    }
    const auto &layer = named(report["layers"], "fc1.weight");
    QVERIFY(layer["zero_points"].is_null());
    QCOMPARE(layer["offsets"].size(), offsets.size());
    for (std::size_t i = 0; i < offsets.size(); ++i)
        QCOMPARE(layer["offsets"][i].get<double>(), double(offsets[i]));
    const ProgramResult refused = runCli({"quantize", "demo:digits", "-o", folder.filePath("out.pth"), "--format",
                                          "gpt-fast", "--convention", "gguf-q4_1"});
    COMPARE_EXIT(refused, 1);
    QVERIFY2(refused.isOneError(), refused.err.constData());
}

void TestCliQuantize::floatFormatHoldsDequantizedWeights()
{
    const QTemporaryDir folder;
    const QString codesPath = folder.filePath("codes.safetensors");
    const QString floatPath = folder.filePath("float.safetensors");
    cliJson({"quantize", "demo:digits", "-o", codesPath, "--unpacked", "--bits", "4", "--mode", "asymmetric"});
    cliJson({"quantize", "demo:digits", "-o", floatPath, "--bits", "4", "--mode", "asymmetric", "--format", "float"});
    const SafetensorsFile codes(codesPath);
    const SafetensorsFile values(floatPath);
    QCOMPARE(values.dtype("fc2.weight"), "F32");
    const QByteArray code = codes.bytes("fc2.weight");
    const QByteArray zeroPoint = codes.bytes("fc2.zero_points");
    const std::vector<float> scale = codes.floats("fc2.scales");
    const std::vector<float> value = values.floats("fc2.weight");
    QCOMPARE(value.size(), std::size_t(code.size()));
    const std::size_t perChannel = value.size() / scale.size();
    for (std::size_t i = 0; i < value.size(); ++i) {
        const std::size_t channel = i / perChannel;
        QCOMPARE(value[i], float(code[qsizetype(i)] - zeroPoint[qsizetype(channel)]) * scale[channel]);
    }
}

void TestCliQuantize::sizeIsExact_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("format");
    QTest::newRow("safetensors") << "out.safetensors"
                                 << "safetensors";
    QTest::newRow("gpt-fast, PyTorch archive") << "out.pth"
                                               << "gpt-fast";
    QTest::newRow("gpt-fast, short suffix") << "out.pt"
                                            << "gpt-fast";
    QTest::newRow("gpt-fast, safetensors") << "out.safetensors"
                                           << "gpt-fast";
    QTest::newRow("float") << "out.safetensors"
                           << "float";
}

void TestCliQuantize::sizeIsExact()
{
    QFETCH(const QString, name);
    QFETCH(const QString, format);
    const QTemporaryDir folder;
    const QString out = folder.filePath(name);
    const auto planned = cliJson({"quantize", "demo:digits", "-o", out, "--format", format, "--dry-run"});
    QVERIFY(!QFileInfo::exists(out));
    const auto written = cliJson({"quantize", "demo:digits", "-o", out, "--format", format});
    QCOMPARE(written["output"]["path"].get<std::string>(), out.toStdString());
    QCOMPARE(written["output"]["format"].get<std::string>(), format.toStdString());
    QCOMPARE(written["output"]["bytes"].get<qint64>(), QFileInfo(out).size());
    QCOMPARE(planned["output"]["bytes"].get<qint64>(), QFileInfo(out).size());
    QVERIFY(written["total"]["export_bytes"]["bytes"] == written["output"]["bytes"]);
}

void TestCliQuantize::dryRunWritesNothing()
{
    const QTemporaryDir folder;
    const ProgramResult result =
        runCli({"quantize", "demo:digits", "-o", folder.filePath("x.safetensors"), "--dry-run"});
    COMPARE_EXIT(result, 0);
    QVERIFY(QDir(folder.path()).isEmpty());
}

void TestCliQuantize::dryRunTellsRefusals_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<bool>("sizeIsKnown");
    const QString existing = QStringLiteral(QUANTOSCOPE_SOURCE_DIR "/README.md");
    const QString source = QStringLiteral(QUANTOSCOPE_SOURCE_DIR "/resources/models/digits.safetensors");
    QTest::newRow("scheme that the format cannot hold")
        << QStringList{"demo:digits", "-o", "/nowhere.pth", "--format", "gpt-fast", "--bits", "4"} << false;
    QTest::newRow("output exists") << QStringList{"demo:digits", "-o", existing} << true;
    QTest::newRow("output is a folder") << QStringList{"demo:digits", "-o", "/tmp", "--force"} << true;
    QTest::newRow("output is the input") << QStringList{source, "-o", source, "--force"} << true;
    QTest::newRow("folder is missing") << QStringList{"demo:digits", "-o", "/nowhere/at/all.safetensors"} << true;
}

void TestCliQuantize::dryRunTellsRefusals()
{
    QFETCH(const QStringList, arguments);
    QFETCH(const bool, sizeIsKnown);
    const ProgramResult result = runCli(QStringList{"quantize", "--dry-run", "--json"} + arguments);
    COMPARE_EXIT(result, 1);
    QVERIFY2(result.isOneError(), result.err.constData());
    const auto report = result.json();
    QCOMPARE(report["output"]["refusals"].size(), 1U + (sizeIsKnown ? 0U : 3U)); // each layer is refused on its own
    QCOMPARE(report["output"]["bytes"].is_number(), sizeIsKnown);
    QCOMPARE(report["total"]["export_bytes"]["bytes"].is_number(), sizeIsKnown);
}

void TestCliQuantize::dryRunTellsWhatStaysInFloat()
{
    const QTemporaryDir folder;
    const ProgramResult result = runCli({"quantize", "demo:digits", "-o", folder.filePath("x.pth"), "--format",
                                         "gpt-fast", "--set", "fc1:axis=1", "--dry-run", "--json"});
    COMPARE_EXIT(result, 1);
    const auto report = result.json();
    const auto &lines = report["output"]["preflight"];
    QCOMPARE(lines.size(), std::size_t(2));
    QCOMPARE(lines[0]["level"].get<std::string>(), std::string("refused"));
    QCOMPARE(lines[0]["tensor"].get<std::string>(), std::string("fc1.weight"));
    QCOMPARE(lines[0]["remedy"].get<std::string>(), std::string("leave the layer in float"));
    QCOMPARE(lines[0]["edit"]["layers"][0].get<std::string>(), std::string("fc1.weight"));
    QCOMPARE(lines[1]["level"].get<std::string>(), std::string("note")); // the samples are left out
    QVERIFY(lines[1]["tensor"].is_null());
}

void TestCliQuantize::suffixChoosesTheFormat()
{
    const QTemporaryDir folder;
    for (const auto &[suffix, format] : {std::pair("safetensors", "safetensors"),
                                         {"pth", "torch"},
                                         {"pt", "torch"},
                                         {"PTH", "torch"},
                                         {"h", "c-header"}}) {
        const auto report = cliJson({"quantize", "demo:digits", "-o", folder.filePath(QString("%1.%1").arg(suffix))});
        QCOMPARE(report["output"]["format"].get<std::string>(), std::string(format));
    }
    // What is made of one kind of source only is refused with the reason.
    for (const auto &[suffix, reason] :
         {std::pair("gguf", "a GGUF file is made of a GGUF file or of a Hugging Face model"),
          {"onnx", "an ONNX file can be made of an ONNX file only"}}) {
        const QString target = folder.filePath(QString("x.%1").arg(suffix));
        for (const QStringList &more : {QStringList(), {"--dry-run"}, {"--resume"}}) {
            const ProgramResult result = runCli(QStringList{"quantize", "demo:digits", "-o", target} + more);
            COMPARE_EXIT(result, 2);
            QVERIFY2(result.err.contains(reason), result.err.constData());
        }
        const ProgramResult plan = runCli({"plan", "demo:digits", "-o", target, "--units", "2"});
        COMPARE_EXIT(plan, 2);
        QVERIFY(!QFileInfo::exists(target));
    }
}

void TestCliQuantize::formatsAreListed()
{
    const auto list = runCli({"formats", "--json"}).json();
    QStringList names;
    for (const auto &format : list["formats"]) {
        names << QString::fromStdString(format["name"]);
        QVERIFY(format["suffixes"].empty() == format["folder"].get<bool>() && !format["description"].empty() &&
                !format["runtimes"].empty());
    }
    QVERIFY(names.contains("safetensors") && names.contains("onnx") && names.contains("gguf"));
    const QByteArray text = runCli({"formats"}).out;
    for (const QString &name : names)
        QVERIFY(text.contains(name.toUtf8()));
}

void TestCliQuantize::nothingToWrite_data()
{
    QTest::addColumn<QByteArray>("model"); // empty: the built-in one
    QTest::addColumn<QStringList>("options");
    QTest::addColumn<QByteArrayList>("says");
    QTest::newRow("the format cannot hold the layers")
        << safetensorsBytes({{"conv.weight", {2, 2, 1}, {1, 2, 3, 4}}}) << QStringList{"--format", "gpt-fast"}
        << QByteArrayList{"0 of 1 layers", "'conv.weight' is kept: gpt-fast holds", "; use --format safetensors"};
    QTest::newRow("all layers are excluded") << QByteArray() << QStringList{"--exclude", "*"}
                                             << QByteArrayList{"0 of 4 layers", "'fc1.weight'", "excluded by rule '*'"};
    QTest::newRow("excluded, as floats") << QByteArray() << QStringList{"--exclude", "*", "--format", "float"}
                                         << QByteArrayList{"0 of 4 layers"};
    QTest::newRow("no layers") << safetensorsBytes({{"bias", {2}, {1, 2}}}) << QStringList()
                               << QByteArrayList{"the model has no layers"};
}

/// A file without a quantized layer is not what anybody asked for: as in the window, it is refused.
void TestCliQuantize::nothingToWrite()
{
    QFETCH(const QByteArray, model);
    QFETCH(const QStringList, options);
    QFETCH(const QByteArrayList, says);
    const QTemporaryDir folder;
    const QString source = model.isEmpty() ? "demo:digits" : folder.filePath("model.safetensors");
    if (!model.isEmpty())
        writeFile(source, model);
    const QString out = folder.filePath(options.contains("gpt-fast") ? "out.pth" : "out.safetensors");
    for (const bool dry : {false, true}) {
        const ProgramResult result = runCli(QStringList{"quantize", source, "-o", out} + options +
                                            (dry ? QStringList{"--dry-run"} : QStringList()));
        COMPARE_EXIT(result, 1);
        QVERIFY2(result.isOneError(), result.err.constData());
        for (const QByteArray &text : says)
            QVERIFY2(result.err.contains(text), result.err.constData());
        QVERIFY(!QFile::exists(out));
    }
}

void TestCliQuantize::analyzeTellsWhatTheFormatKeeps()
{
    const QTemporaryDir folder;
    const QString model = folder.filePath("mixed.safetensors");
    writeFile(model, safetensorsBytes({{"conv.weight", {2, 2, 1}, {1, 2, 3, 4}}, {"fc.weight", {2, 2}, {1, 2, 3, 4}}}));
    const auto report = cliJson({"analyze", model, "--format", "gpt-fast"});
    QCOMPARE(named(report["layers"], "conv.weight")["action"].get<std::string>(), "keep");
    QVERIFY(named(report["layers"], "conv.weight")["reason"].get<std::string>().find("gpt-fast") != std::string::npos);
    QCOMPARE(named(report["layers"], "fc.weight")["action"].get<std::string>(), "quantize");
    QCOMPARE(cliJson({"analyze", model})["total"]["quantized"].get<int>(), 2);
}

void TestCliQuantize::scalesInTheTypeOfTheFormat()
{
    // gpt-fast stores scales in the weights' type: the errors told are those of the stored scales.
    const QTemporaryDir folder;
    const QString model = folder.filePath("half.safetensors");
    const QString out = folder.filePath("out.safetensors");
    QByteArray data;
    for (int i = 0; i < 4 * 8; ++i) // f16 1.0, 1.0009765625 …
        data += QByteArray(1, char(i * 5)) + QByteArray(1, char(0x3c));
    writeFile(model, safetensorsBytes(R"({"fc.weight":{"dtype":"F16","shape":[4,8],"data_offsets":[0,64]}})", data));
    const auto written = cliJson({"quantize", model, "-o", out, "--format", "gpt-fast"});
    QCOMPARE(SafetensorsFile(out).dtype("fc.scales"), "F16");
    QCOMPARE(written["layers"][0]["scheme"]["scale_type"].get<std::string>(), "f16");
    const auto found = cliJson({"compare", model, out});
    QVERIFY(named(found["tensors"], "fc.weight")["metrics"]["rmse"] == written["layers"][0]["metrics"]["rmse"]);
}

void TestCliQuantize::verifyReadsEverythingBack()
{
    const QTemporaryDir folder;
    COMPARE_EXIT(runCli({"quantize", "demo:digits", "-o", folder.filePath("x.safetensors"), "--verify"}), 0);
}

void TestCliQuantize::sameBytesEachTime_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QStringList>("options");
    QTest::newRow("safetensors") << "a.safetensors" << QStringList{"--bits", "4", "--granularity", "group:32"};
    QTest::newRow("archive") << "a.pth" << QStringList{"--format", "gpt-fast"};
    QTest::newRow("float") << "a.safetensors" << QStringList{"--format", "float", "--mode", "asymmetric"};
}

void TestCliQuantize::sameBytesEachTime()
{
    QFETCH(const QString, name);
    QFETCH(const QStringList, options);
    const QTemporaryDir folder;
    const QString out = folder.filePath(name);
    QByteArray first;
    for (const char *threads : {"1", "1", "2", "5"}) {
        COMPARE_EXIT(
            runCli(QStringList{"quantize", "demo:digits", "-o", out, "--force", "--threads", threads} + options), 0);
        const QByteArray bytes = fileBytes(out);
        QVERIFY(!bytes.isEmpty());
        if (first.isEmpty())
            first = bytes;
        QVERIFY2(bytes == first, threads);
    }
}

void TestCliQuantize::sameOnEveryInstructionSet()
{
    const QStringList levels = instructionSets();
    if (levels.isEmpty())
        QSKIP("This build has the generic kernels only.");
    const QTemporaryDir folder;
    QStringList models = {"demo:digits"};
    if (const QString real = realModel("silero_vad_16k.safetensors"); !real.isEmpty())
        models << real;
    for (const QString &model : models) {
        for (const SchemeRow &row : schemes()) {
            QByteArray bytes;
            nlohmann::json layers;
            for (const QString &level : levels) {
                const QString out = folder.filePath("out.safetensors");
                const auto report = cliJson(
                    QStringList{"quantize", model, "-o", out, "--force", "--output-error", "none"} + row.options,
                    {"QUANTOSCOPE_ISA=" + level});
                const QByteArray now = fileBytes(out);
                if (bytes.isEmpty()) {
                    bytes = now;
                    layers = report["layers"];
                }
                QVERIFY2(now == bytes, qPrintable(level + ", " + row.name));
                QVERIFY2(report["layers"] == layers, qPrintable(level + ", " + row.name));
            }
        }
    }
    qInfo("levels: %s", qPrintable(levels.join(' ')));
}

QTEST_GUILESS_MAIN(TestCliQuantize)
#include "tst_cli_quantize.moc"
