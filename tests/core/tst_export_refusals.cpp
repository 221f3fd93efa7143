// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What exports refuse before anything is written, and what their previews foretell of values that are rounded or lost.
#include "core/analysis/analyze.h"
#include "core/analysis/compare.h"
#include "core/scheme/convention.h"
#include "core/tensor/small_floats.h"
#include "tests/support/protobuf_writer.h"
#include "tests/support/test_model.h"
#include "tests/support/written_export.h"
#include "tests/support/zip_bytes.h"

#include "core/export/preview.h"

#include <cmath>

using namespace qs;
using qs::test::FloatTensor;

namespace {

QByteArray contents(const std::string &path)
{
    QFile file(QString::fromStdString(path));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// A NumPy array of float32.
QByteArray npyBytes(const QByteArray &shape, const std::vector<float> &values)
{
    QByteArray header = "{'descr': '<f4', 'fortran_order': False, 'shape': " + shape + ", }";
    header = header.leftJustified(117, ' ') + "\n";
    return QByteArray("\x93NUMPY\1\0", 8) + QByteArray("\x76\0", 2) + header + test::floatBytes(values);
}

} // namespace

class TestExportRefusals : public QObject
{
    Q_OBJECT

private slots:
    /// Names and suffixes that would make a file that says something else than it holds.
    void refusesNames_data()
    {
        QTest::addColumn<QString>("tensor");
        QTest::addColumn<QString>("target");
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("words");
        const int work = static_cast<int>(ErrorCode::Work);
        const int usage = static_cast<int>(ErrorCode::Usage);
        QTest::newRow("metadata") << "__metadata__"
                                  << "out.safetensors" << work << "is called '__metadata__'";
        QTest::newRow("empty") << ""
                               << "out.safetensors" << work << "a tensor has an empty name";
        QTest::newRow("zero points") << "l.zero_points"
                                     << "out.safetensors" << work << "zero points of a quantized layer";
        QTest::newRow("GGUF") << "x"
                              << "out.gguf" << usage << "format gguf writes .gguf files";
        QTest::newRow("ONNX, capital") << "x"
                                       << "out.ONNX" << usage << "format onnx writes .onnx files";
        QTest::newRow("NumPy") << "x"
                               << "out.npy" << usage << "no format writes .npy files";
        QTest::newRow("PyTorch's other name") << "x"
                                              << "out.bin" << usage << "no format writes .bin files";
        QTest::newRow("HDF5") << "x"
                              << "out.h5" << usage << "no format writes .h5 files";
        QTest::newRow("nobody's suffix") << "x"
                                         << "out.q8" << 0 << "";
        QTest::newRow("no suffix") << "x"
                                   << "out" << 0 << "";
    }

    void refusesNames()
    {
        QFETCH(QString, tensor);
        QFETCH(QString, target);
        QFETCH(int, code);
        QFETCH(QString, words);
        const auto model = openNamed(tensor);
        test::writeFile(m_folder, target, "a good file");
        ExportOptions options;
        options.overwrite = true;
        AnalysisCache cache;
        const ExportFormat &format = *findExportFormat("safetensors");
        const auto plan = planExport(format, *model, {}, path(target.toStdString()), options, cache, {});
        QCOMPARE(plan.has_value(), code != static_cast<int>(ErrorCode::Usage));
        if (plan)
            QCOMPARE(plan->refusals.empty(), words.isEmpty());
        const auto written = test::writeAs("safetensors", *model, {}, path(target.toStdString()), options);
        QCOMPARE(written.has_value(), words.isEmpty());
        if (written) {
            QS_VERIFY(openModel(path(target.toStdString()), {}));
            return;
        }
        QCOMPARE(static_cast<int>(written.error().code), code);
        QVERIFY2(written.error().text().find(words.toStdString()) != std::string::npos, written.error().text().c_str());
        QCOMPARE(contents(path(target.toStdString())), QByteArray("a good file"));
    }

    /// The last rounding, to the type that the file holds, is part of what is foretold.
    void floatExportIsForetold_data()
    {
        QTest::addColumn<int>("type");
        QTest::addColumn<int>("bits");
        for (const DType type : {DType::BF16, DType::F16, DType::F32})
            for (const int bits : {8, 4, 2})
                QTest::addRow("%s, %d bits", nameOf(type).data(), bits) << static_cast<int>(type) << bits;
    }

    void floatExportIsForetold()
    {
        QFETCH(int, type);
        QFETCH(int, bits);
        const auto dtype = static_cast<DType>(type);
        std::vector<std::byte> bytes;
        encodeFloats(dtype, test::randomValues(24 * 40, 7), bytes);
        const QByteArray data(reinterpret_cast<const char *>(bytes.data()), static_cast<qsizetype>(bytes.size()));
        const QByteArray name = QByteArray::fromStdString(std::string(safetensorsNameOf(dtype)));
        const auto model = test::openBytes(m_folder, "source.safetensors",
                                           test::safetensorsBytes(("{\"fc.weight\":{\"dtype\":\"" + name +
                                                                   "\",\"shape\":[24,40],\"data_offsets\":[0," +
                                                                   QByteArray::number(data.size()) + "]}}")
                                                                      .toStdString(),
                                                                  data));
        Recipe recipe;
        recipe.scheme.bits = bits;
        const std::string target = path("rounded.safetensors");
        ExportOptions options{.overwrite = true, .verifyAll = true};
        AnalysisCache cache;
        const auto file = preview(*findExportFormat("float"), *model, recipe, target, options, cache, {}, {});
        QS_VERIFY(file);
        QS_VERIFY(test::writeAs("float", *model, recipe, target, options));
        const auto written = openModel(target, {});
        QS_VERIFY(written);
        const auto comparison = compare(*model, **written, {});
        QS_VERIFY(comparison);
        QCOMPARE(comparison->tensors.size(), 1U);
        const Metrics &foretold = file->report->layers[0]->metrics;
        const Metrics &measured = comparison->tensors[0].metrics;
        QVERIFY(foretold.relativeError.has_value());
        QCOMPARE(measured.relativeError, foretold.relativeError);
        QCOMPARE(measured.maxAbsError, foretold.maxAbsError);
    }

    /// Codes whose scale is no number are not decoded into weights that are none.
    void storedScalesThatAreNoNumbers()
    {
        const QByteArray codes(8 * 4, '\3');
        std::vector<float> scales(8, 0.01F);
        scales[3] = std::nanf("");
        const auto model =
            test::openBytes(m_folder, "codes.safetensors",
                            test::safetensorsBytes(R"({"fc.weight":{"dtype":"I8","shape":[8,4],"data_offsets":[0,32]},)"
                                                   R"("fc.scales":{"dtype":"F32","shape":[8],"data_offsets":[32,64]}})",
                                                   codes + test::floatBytes(scales)));
        for (const char *format : {"float", "safetensors"}) {
            const std::string target = path("decoded.safetensors");
            const auto written = test::writeAs(format, *model, {}, target, {.overwrite = true});
            QVERIFY(!written);
            QVERIFY2(written.error().text().find("but a stored scale is not finite") != std::string::npos,
                     written.error().text().c_str());
            QVERIFY(!QFile::exists(QString::fromStdString(target)));
            AnalysisCache cache;
            const auto file =
                preview(*findExportFormat(format), *model, {}, target, {.keepNonFinite = true}, cache, {}, {});
            QS_VERIFY(file);
            QVERIFY(file->report->layers[0]->decision.reason.str().ends_with("but a stored scale is not finite"));
        }
    }

    /// Codes that the nodes of a graph give their meaning are no codes any more in another kind of file.
    void codesOfGraphsStayThere()
    {
        using namespace test::onnx;
        const QByteArray bytes = test::onnx::model(
            graph({node("DequantizeLinear", {"w_quantized", "s"}, {"w"}), node("MatMul", {"x", "w"}, {"y"})},
                  {tensor("w_quantized", 3, {4, 2}, rawData(QByteArray(8, '\3'))), floats("s", {})}, {"x"}));
        const auto model = test::openBytes(m_folder, "codes.onnx", bytes);
        QVERIFY(model->layers[0].hasCodes());
        for (const char *format : {"safetensors", "torch", "npz"}) {
            const auto written = test::writeAs(
                format, *model, {}, path(format) + findExportFormat(format)->suffix.data(), {.overwrite = true});
            QVERIFY(!written);
            QVERIFY2(written.error().text().find("only a file of its own kind") != std::string::npos,
                     written.error().text().c_str());
        }
        QS_VERIFY(test::writeAs("float", *model, {}, path("codes.safetensors"), {.overwrite = true}));
    }

    /// llama.cpp knows rows of whole blocks only.
    void blocksThatDoNotFit()
    {
        const auto model = test::openBytes(
            m_folder, "rows.safetensors",
            test::safetensorsBytes(std::vector<FloatTensor>{{"fc.weight", {4, 172}, test::randomValues(4 * 172, 1)},
                                                            {"ok.weight", {4, 160}, test::randomValues(4 * 160, 2)}}));
        Recipe recipe;
        recipe.scheme = findConvention("gguf-q8_0")->scheme();
        AnalysisCache cache;
        const auto report = analyze(*model, recipe, {}, cache, {});
        QS_VERIFY(report);
        QCOMPARE((*report)->layers[0]->decision.reason.str(),
                 std::string("has rows of 172 weights along its last axis, but gguf-q8_0 needs whole blocks of 32"));
        QVERIFY((*report)->layers[1]->decision.quantize);
        recipe.rules.push_back({"ok", Rule::Action::None, {}, {}, 1});
        const auto turned = analyze(*model, recipe, {}, cache, {});
        QS_VERIFY(turned);
        QVERIFY(!(*turned)->layers[1]->decision.quantize);
        const auto written = test::writeAs("safetensors", *model, recipe, path("rows-out.safetensors"));
        QS_VERIFY(written);
        QCOMPARE(written->quantized(), 0U);
    }

    /// Doubles below the range of float32 are lost where codes are formed, and are not called exact.
    void lostDoubles()
    {
        std::vector<double> values(32);
        for (std::size_t i = 0; i < values.size(); ++i)
            values[i] = (i < 16 ? 1.0 : 1e-200) * static_cast<double>(i + 1);
        const QByteArray data(reinterpret_cast<const char *>(values.data()), 256);
        const auto model = test::openBytes(
            m_folder, "doubles.safetensors",
            test::safetensorsBytes(R"({"a.weight":{"dtype":"F64","shape":[2,16],"data_offsets":[0,256]}})", data));
        AnalysisCache cache;
        const auto report = analyze(*model, {}, {}, cache, {});
        QS_VERIFY(report);
        const LayerReport &layer = *(*report)->layers[0];
        QVERIFY(!layer.metrics.exact);
        QCOMPARE(layer.notes.back().str(),
                 std::string("16 weights are too small for float32 and lost: they count as 0"));
    }

private:
    std::string path(const std::string &name) const
    {
        return m_folder.filePath(QString::fromStdString(name)).toStdString();
    }

    /// A layer and a tensor of that name, in a format that has no forbidden names.
    std::shared_ptr<const Model> openNamed(const QString &name) const
    {
        return test::openBytes(
            m_folder, "named.npz",
            test::zipBytes({test::ZipEntry::stored("l.weight.npy", npyBytes("(4, 8)", test::randomValues(32, 1))),
                            test::ZipEntry::stored(name.toUtf8() + ".npy", npyBytes("(4,)", {1, 2, 3, 4}))}));
    }

    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(TestExportRefusals)
#include "tst_export_refusals.moc"
