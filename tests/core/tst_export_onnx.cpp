// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// ONNX files written from ONNX files: what stands in place of weights, and that nothing else changes.
#include "core/analysis/compare.h"
#include "core/export/preview.h"
#include "core/scheme/convention.h"
#include "core/tensor/small_floats.h"
#include "tests/support/protobuf_writer.h"
#include "tests/support/test_model.h"
#include "tests/support/written_export.h"

#include <QDir>

using namespace qs;
using namespace qs::test;
using namespace qs::test::onnx;

namespace {

/// Fields that no reader knows.
const QByteArray kUnknown = bytesField(999, "of a later version");

QByteArray weights(const QByteArray &name, const Shape &shape)
{
    std::size_t count = 1;
    for (const std::int64_t dim : shape)
        count *= static_cast<std::size_t>(dim);
    return tensor(name, 1, shape, rawData(raw(randomValues(count, 7))));
}

QByteArray modelWith(std::int64_t ir, std::int64_t version, const QByteArray &graph, const QByteArray &rest = {})
{
    return kUnknown + number(1, ir) + bytesField(7, graph + kUnknown) + opset(version) + rest;
}

/// x · w, w [8, 6], and a bias.
QByteArray product(std::int64_t ir, std::int64_t version, const QByteArrayList &inputs = {"x"})
{
    return modelWith(ir, version,
                     graph({node("MatMul", {"x", "w"}, {"a"}, kUnknown), node("Add", {"a", "b"}, {"y"})},
                           {weights("w", {8, 6}), weights("b", {6})}, inputs, {"y"}));
}

/// The same product by w · k, which the graph computes.
QByteArray scaledProduct(std::int64_t version)
{
    return modelWith(8, version,
                     graph({node("Mul", {"w", "k"}, {"v"}), node("MatMul", {"x", "v"}, {"y"})},
                           {weights("w", {8, 6}), weights("k", {6})}, {"x"}, {"y"}));
}

QByteArray convolution(std::int64_t version)
{
    return modelWith(8, version, graph({node("Conv", {"x", "w"}, {"y"})}, {weights("w", {4, 3, 3, 3})}, {"x"}, {"y"}));
}

QByteArray constantWeight(std::int64_t version)
{
    return modelWith(
        8, version,
        graph({node("Relu", {"x"}, {"r"}), node("Constant", {}, {"w"}, tensorAttribute("value", weights("t", {8, 6}))),
               node("MatMul", {"r", "w"}, {"y"})},
              {}, {"x"}, {"y"}));
}

/// The weight belongs to a branch.
QByteArray branch(std::int64_t version)
{
    const QByteArray inner = graph({node("MatMul", {"x", "w"}, {"t"})}, {weights("w", {8, 6})}, {}, {"t"});
    const QByteArray other = graph({node("Identity", {"x"}, {"e"})}, {}, {}, {"e"});
    return modelWith(
        8, version,
        graph({node("If", {"c"}, {"y"}, graphAttribute("then_branch", inner) + graphAttribute("else_branch", other))},
              {}, {"x", "c"}, {"y"}));
}

/// The weight belongs to a function, which says itself which operators it uses.
QByteArray function(std::int64_t version)
{
    const QByteArray body = bytesField(1, "f") + bytesField(4, "x") + bytesField(5, "y") +
                            bytesField(7, node("Constant", {}, {"w"}, tensorAttribute("value", weights("t", {8, 6})))) +
                            bytesField(7, node("MatMul", {"x", "w"}, {"y"})) +
                            bytesField(9, bytesField(1, "") + number(2, version)) + bytesField(10, "own");
    return modelWith(8, version, graph({node("f", {"x"}, {"y"}, bytesField(7, "own"))}, {}, {"x"}, {"y"}),
                     opset(1, "own") + bytesField(25, body));
}

QByteArray halfWeight(std::int64_t version)
{
    QByteArray halves;
    for (const float value : randomValues(48, 3)) {
        const std::uint16_t bits = toF16(value);
        halves.append(reinterpret_cast<const char *>(&bits), 2);
    }
    return modelWith(
        8, version,
        graph({node("MatMul", {"x", "w"}, {"y"})}, {tensor("w", 10, {8, 6}, rawData(halves))}, {"x"}, {"y"}));
}

Scheme scheme(Mode mode, Granularity granularity = Granularity::channel())
{
    Scheme result;
    result.mode = mode;
    result.granularity = granularity;
    return result;
}

/// Op types of all nodes named in a file, in the order of its bytes.
QByteArrayList opsIn(const QByteArray &bytes)
{
    static const QByteArrayList kOps{"DequantizeLinear", "Cast", "Sub", "Mul", "Constant"};
    QMap<qsizetype, QByteArray> found;
    for (const QByteArray &op : kOps) {
        const QByteArray field = bytesField(4, op);
        for (qsizetype at = bytes.indexOf(field); at >= 0; at = bytes.indexOf(field, at + 1))
            found[at] = op;
    }
    return found.values();
}

} // namespace

class TestExportOnnx : public QObject
{
    Q_OBJECT

private slots:
    void forms_data();
    void forms();
    void listsInputsOfOldVersions_data();
    void listsInputsOfOldVersions();
    void keepsEveryOtherByte();
    void takesExternalDataIn();
    void namesStayUnique();
    void floatsAgain();
    void floatsOfComputedWeights();
    void refusals_data();
    void refusals();

private:
    QByteArray bytesOf(const std::string &path) const
    {
        QFile file(QString::fromStdString(path));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    std::string out(const char *name = "out.onnx") const { return m_folder.filePath(name).toStdString(); }

    QTemporaryDir m_folder;
    const ExportOptions m_replace{.overwrite = true};
};

void TestExportOnnx::forms_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<Scheme>("scheme");
    QTest::addColumn<QByteArrayList>("ops");
    const Scheme symmetric = scheme(Mode::Symmetric);
    const Scheme asymmetric = scheme(Mode::Asymmetric);
    const QByteArrayList linear{"DequantizeLinear"};
    const QByteArrayList arithmetic{"Cast", "Mul"};
    const QByteArrayList shifted{"Cast", "Sub", "Mul"};
    QTest::newRow("product, 13") << product(8, 13) << symmetric << linear;
    QTest::newRow("product, 13, zero points") << product(8, 13) << asymmetric << linear;
    QTest::newRow("product, 13, one scale")
        << product(8, 13) << scheme(Mode::Symmetric, Granularity::tensor()) << linear;
    QTest::newRow("product, 12") << product(7, 12) << symmetric << arithmetic;
    QTest::newRow("product, 12, zero points") << product(7, 12) << asymmetric << shifted;
    QTest::newRow("product, 7, one scale, zero points")
        << product(3, 7) << scheme(Mode::Asymmetric, Granularity::tensor()) << shifted;
    QTest::newRow("convolution, 11") << convolution(11) << symmetric << arithmetic;
    QTest::newRow("convolution, 11, zero points") << convolution(11) << asymmetric << shifted;
    QTest::newRow("convolution, 21") << convolution(21) << asymmetric << linear;
    QTest::newRow("Constant node, 13") << constantWeight(13) << symmetric
                                       << QByteArrayList{"Constant", "Constant", "DequantizeLinear"};
    QTest::newRow("Constant node, 9") << constantWeight(9) << symmetric
                                      << QByteArrayList{"Constant", "Constant", "Cast", "Mul"};
    QTest::newRow("computed weight, 13") << scaledProduct(13) << symmetric << linear;
    QTest::newRow("computed weight, 12") << scaledProduct(12) << asymmetric << shifted;
    QTest::newRow("branch, 13") << branch(13) << symmetric << linear;
    QTest::newRow("branch, 11") << branch(11) << asymmetric << shifted;
    QTest::newRow("function, 17") << function(17) << symmetric << QByteArrayList{"Constant", "Constant", "Cast", "Mul"};
    QTest::newRow("f16, 13") << halfWeight(13) << symmetric << QByteArrayList{"DequantizeLinear", "Cast"};
    QTest::newRow("f16, 12") << halfWeight(12) << asymmetric << QByteArrayList{"Cast", "Sub", "Mul", "Cast"};
}

void TestExportOnnx::forms()
{
    QFETCH(const QByteArray, bytes);
    QFETCH(const Scheme, scheme);
    QFETCH(const QByteArrayList, ops);
    const auto model = openBytes(m_folder, "in.onnx", bytes);
    QCOMPARE(model->layers.size(), std::size_t(1));
    Recipe recipe = defaultRecipe(*model);
    recipe.scheme = scheme;
    AnalysisCache cache;
    const auto before = preview(*findExportFormat("onnx"), *model, recipe, out(), m_replace, cache, {}, {});
    QS_VERIFY(before);
    QCOMPARE(before->plan.refusals, std::vector<Text>{});
    QS_VERIFY(writeAs("onnx", *model, recipe, out(), m_replace));
    const QByteArray written = bytesOf(out());
    QCOMPARE(static_cast<std::uint64_t>(written.size()), before->plan.bytes);
    QCOMPARE(opsIn(written), ops);
    const auto again = openModel(out(), {});
    QS_VERIFY(again);
    QCOMPARE((*again)->warnings, model->warnings);
    QCOMPARE((*again)->metadata, model->metadata);
    QCOMPARE((*again)->layers.size(), std::size_t(1));
    const Layer &layer = (*again)->layers[0];
    QCOMPARE(layer.name, model->layers[0].name);
    QCOMPARE(layer.op, model->layers[0].op);
    QCOMPARE(layer.channelAxis, model->layers[0].channelAxis);
    QVERIFY(layer.hasCodes());
    QCOMPARE(layer.stored->sourceDType, model->tensorOf(model->layers[0]).dtype);
    QCOMPARE(layer.stored->scheme.mode, scheme.mode);
    QCOMPARE(layer.stored->scheme.granularity, scheme.granularity);
    const auto comparison = compare(*model, **again, {});
    QS_VERIFY(comparison);
    const Metrics &predicted = before->report->layers[0]->metrics;
    const auto measured = std::ranges::find(comparison->tensors, layer.name, &TensorComparison::name);
    QVERIFY(measured != comparison->tensors.end());
    QCOMPARE(measured->metrics.mse, predicted.mse);
    QCOMPARE(measured->metrics.relativeError, predicted.relativeError);
    QCOMPARE(measured->metrics.zeroShare, predicted.zeroShare);
}

void TestExportOnnx::listsInputsOfOldVersions_data()
{
    QTest::addColumn<int>("ir");
    QTest::addColumn<QByteArrayList>("inputs");
    QTest::newRow("version 3") << 3 << QByteArrayList{"x", "w_quantized", "w_scale", "b"};
    QTest::newRow("version 4") << 4 << QByteArrayList{"x", "b"};
}

/// An initializer that was an input is none any more; in versions below 4 what stands in its place has to be one.
void TestExportOnnx::listsInputsOfOldVersions()
{
    QFETCH(const int, ir);
    QFETCH(const QByteArrayList, inputs);
    const auto model = openBytes(m_folder, "in.onnx", product(ir, 8, {"x", "w", "b"}));
    QS_VERIFY(writeAs("onnx", *model, defaultRecipe(*model), out(), m_replace));
    const QByteArray written = bytesOf(out());
    for (const char *name : {"x", "w", "b", "w_quantized", "w_scale"}) {
        // ValueInfoProto: a name at its beginning; initializers have theirs behind type and shape.
        const QByteArray head = bytesField(1, name);
        int count = 0;
        for (qsizetype at = written.indexOf(head); at >= 0; at = written.indexOf(head, at + 1)) {
            const QByteArray before = written.mid(std::max<qsizetype>(at - 2, 0), 2);
            count += before.startsWith(static_cast<char>(11 << 3 | 2)) ? 1 : 0;
        }
        QCOMPARE(count, inputs.contains(name) ? 1 : 0);
    }
}

void TestExportOnnx::keepsEveryOtherByte()
{
    const QByteArrayList sources{product(3, 8, {"x", "w", "b"}), branch(13), function(17), constantWeight(11),
                                 scaledProduct(13)};
    for (const QByteArray &bytes : sources) {
        const auto model = openBytes(m_folder, "in.onnx", bytes);
        Recipe recipe = defaultRecipe(*model);
        recipe.rules = {{"*", Rule::Action::Exclude, {}, {}, {}}};
        QS_VERIFY(writeAs("onnx", *model, recipe, out(), m_replace));
        QVERIFY(bytesOf(out()) == bytes);
    }
    // With a weight replaced, everything before, between and behind what is new stands there in the same order.
    const auto model = openBytes(m_folder, "in.onnx", product(8, 13));
    QS_VERIFY(writeAs("onnx", *model, defaultRecipe(*model), out(), m_replace));
    const QByteArray written = bytesOf(out());
    qsizetype at = 0;
    for (const QByteArray &part : {kUnknown + number(1, 8), node("MatMul", {"x", "w"}, {"a"}, kUnknown),
                                   node("Add", {"a", "b"}, {"y"}), weights("b", {6}), kUnknown, opset(13)}) {
        const qsizetype found = written.indexOf(part, at);
        QVERIFY2(found >= at, part.toHex());
        at = found + part.size();
    }
    QCOMPARE(at, written.size());
}

void TestExportOnnx::takesExternalDataIn()
{
    QDir(m_folder.path()).mkpath("elsewhere");
    writeFile(m_folder, "w.bin", raw(randomValues(48, 1)));
    writeFile(m_folder, "b.bin", raw(randomValues(6, 2)));
    const auto external = [](const QByteArray &name, const Shape &shape, const QByteArray &location) {
        return tensor(name, 1, shape,
                      bytesField(13, bytesField(1, "location") + bytesField(2, location)) + number(14, 1));
    };
    const auto model =
        openBytes(m_folder, "in.onnx",
                  modelWith(8, 13,
                            graph({node("Gemm", {"x", "w", "b"}, {"y"})},
                                  {external("w", {8, 6}, "w.bin"), external("b", {6}, "b.bin")}, {"x"}, {"y"})));
    QS_VERIFY(writeAs("onnx", *model, defaultRecipe(*model), out("elsewhere/out.onnx"), m_replace));
    const auto again = openModel(out("elsewhere/out.onnx"), {});
    QS_VERIFY(again);
    QCOMPARE((*again)->files.size(), std::size_t(1));
    const auto comparison = compare(*model, **again, {});
    QS_VERIFY(comparison);
    QCOMPARE(comparison->tensors.size(), std::size_t(2));
    QVERIFY(bytesOf(out("elsewhere/out.onnx")).contains(raw(randomValues(6, 2))));
}

void TestExportOnnx::namesStayUnique()
{
    const auto model =
        openBytes(m_folder, "in.onnx",
                  modelWith(8, 13,
                            graph({node("MatMul", {"x", "w"}, {"w_quantized"}), node("Relu", {"w_quantized"}, {"y"})},
                                  {weights("w", {8, 6}), weights("w_scale", {3})}, {"x"}, {"y"})));
    QS_VERIFY(writeAs("onnx", *model, defaultRecipe(*model), out(), m_replace));
    const auto again = openModel(out(), {});
    QS_VERIFY(again);
    QCOMPARE((*again)->layers.size(), std::size_t(1));
    QCOMPARE((*again)->layers[0].name, std::string("w"));
    QVERIFY(bytesOf(out()).contains(bytesField(8, "w_quantized_1")));
    QVERIFY(bytesOf(out()).contains(bytesField(8, "w_scale_1")));
}

void TestExportOnnx::floatsAgain()
{
    const auto model = openBytes(m_folder, "in.onnx", product(3, 8, {"x", "w", "b"}));
    const Recipe recipe = defaultRecipe(*model);
    QS_VERIFY(writeAs("float", *model, recipe, out(), m_replace));
    const auto again = openModel(out(), {});
    QS_VERIFY(again);
    AnalysisCache cache;
    const auto report = analyze(*model, recipe, {}, cache, {});
    QS_VERIFY(report);
    const auto comparison = compare(*model, **again, {});
    QS_VERIFY(comparison);
    const auto measured = std::ranges::find(comparison->tensors, "w", &TensorComparison::name);
    QVERIFY(measured != comparison->tensors.end());
    QCOMPARE(measured->metrics.mse, (*report)->layers[0]->metrics.mse);
    QCOMPARE(bytesOf(out()).size(), product(3, 8, {"x", "w", "b"}).size());
}

/// What the graph did to the weight must not be done again to the values that stand in its place.
void TestExportOnnx::floatsOfComputedWeights()
{
    const auto model = openBytes(m_folder, "in.onnx", scaledProduct(13));
    QS_VERIFY(writeAs("float", *model, defaultRecipe(*model), out(), m_replace));
    const auto again = openModel(out(), {});
    QS_VERIFY(again);
    QVERIFY((*again)->computed.empty());
    const auto comparison = compare(*model, **again, {});
    QS_VERIFY(comparison);
    const auto measured = std::ranges::find(comparison->tensors, "w", &TensorComparison::name);
    QVERIFY(measured != comparison->tensors.end());
    QVERIFY(measured->metrics.relativeError.value() < 0.01);
}

void TestExportOnnx::refusals_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<Scheme>("scheme");
    QTest::addColumn<QString>("refusal");
    QTest::newRow("operators of version 6")
        << product(3, 6) << Scheme{} << "uses version 6 of the operators, quantized weights need 7 or newer";
    QTest::newRow("groups")
        << product(8, 13) << scheme(Mode::Symmetric, Granularity::group(4))
        << "groups need version 21 of the operators, the model of layer 'w' uses 13; use one scale per channel";
    QTest::newRow("offsets") << product(8, 13) << findConvention("gguf-q4_1")->scheme()
                             << "ONNX has zero points, no offsets; layer 'w' is";
}

void TestExportOnnx::refusals()
{
    QFETCH(const QByteArray, bytes);
    QFETCH(const Scheme, scheme);
    QFETCH(const QString, refusal);
    const auto model = openBytes(m_folder, "in.onnx", bytes);
    Recipe recipe = defaultRecipe(*model);
    recipe.scheme = scheme;
    QFile::remove(QString::fromStdString(out()));
    const auto result = writeAs("onnx", *model, recipe, out());
    QVERIFY(!result);
    QVERIFY2(result.error().text().find(refusal.toStdString()) != std::string::npos, result.error().text().c_str());
    QVERIFY(!QFile::exists(QString::fromStdString(out())));
}

QTEST_GUILESS_MAIN(TestExportOnnx)
#include "tst_export_onnx.moc"
