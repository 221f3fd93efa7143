// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What a network is fed: samples of the model, given ones, random ones.
#include "core/analysis/analyze.h"
#include "tests/support/test_model.h"

#include <array>
#include <cmath>

using namespace qs;
using qs::test::FloatTensor;

class TestEvalNetworkInputs : public QObject
{
    Q_OBJECT

private slots:
    void wrongInputs()
    {
        const auto model = openModel("demo:digits", {});
        AnalyzeOptions options;
        options.inputs = gaussianInputs(63, 0, {}).value();
        AnalysisCache cache;
        const auto report = analyze(**model, {}, options, cache, {});
        QVERIFY(!report);
        QVERIFY(report.error().code == ErrorCode::Input);
        QVERIFY(report.error().message.str().find("63") != std::string::npos);
    }

    /// Samples that a file brings along may be wrong in many ways; its weights are analysed all the same.
    void ownSamples_data()
    {
        QTest::addColumn<QByteArray>("type");
        QTest::addColumn<QByteArray>("labels");
        QTest::addColumn<QString>("reason");
        const auto bytes = [](auto... values) {
            return QByteArray(std::array{static_cast<char>(values)...}.data(), sizeof...(values));
        };
        QTest::newRow("u8 labels") << QByteArray("U8") << bytes(0, 1, 1) << "";
        QTest::newRow("i16 labels") << QByteArray("I16") << bytes(0, 0, 1, 0, 1, 0) << "";
        QTest::newRow("label out of range") << QByteArray("U8") << bytes(0, 1, 2) << "label 2 of sample 2";
        QTest::newRow("u64 beyond i64") << QByteArray("U64")
                                        << QByteArray(16, 0) + QByteArray(8, static_cast<char>(0xff)) << "above 2^63";
    }

    void ownSamples()
    {
        QFETCH(QByteArray, type);
        QFETCH(QByteArray, labels);
        QFETCH(QString, reason);
        // Two outputs that copy two inputs: sample k decides for the larger one.
        const QByteArray weights = test::floatBytes({1, 0, 0, 1});
        const QByteArray inputs = test::floatBytes({2, 1, 1, 2, 1, 3});
        nlohmann::ordered_json header;
        header["l.weight"] = {{"dtype", "F32"}, {"shape", {2, 2}}, {"data_offsets", {0, 16}}};
        header["x"] = {{"dtype", "F32"}, {"shape", {3, 2}}, {"data_offsets", {16, 40}}};
        header["y"] = {{"dtype", type.toStdString()}, {"shape", {3}}, {"data_offsets", {40, 40 + labels.size()}}};
        header["__metadata__"] = {
            {"quantoscope.network",
             "{\"layers\":[\"l\"],\"activations\":[\"none\"],\"samples\":{\"inputs\":\"x\",\"labels\":\"y\"}}"}};
        const auto model = test::openBytes(m_folder, "samples.safetensors",
                                           test::safetensorsBytes(header.dump(), weights + inputs + labels));
        AnalysisCache cache;
        const auto report = analyze(*model, {}, {}, cache, {});
        QS_VERIFY(report);
        QCOMPARE((*report)->total.quantized, 1U);
        if (reason.isEmpty())
            QCOMPARE((*report)->outputError.accuracyBefore, std::optional(1.0));
        else
            QVERIFY2((*report)->outputError.reason.str().find(reason.toStdString()) != std::string::npos,
                     (*report)->outputError.reason.str().c_str());
    }

    /// A network that is too large to be run unasked costs nothing: not even its inputs are made.
    void wideInputsAreNotMade()
    {
        const auto model = test::openBytes(
            m_folder, "wide.safetensors",
            test::safetensorsBytes(std::vector<FloatTensor>{{"l.weight", {1, 1 << 20}, std::vector<float>(1 << 20)}}));
        AnalysisCache cache;
        const auto report = analyze(*model, {}, {}, cache, {});
        QS_VERIFY(report);
        QVERIFY2((*report)->outputError.reason.str().find("MiB of activations") != std::string::npos,
                 (*report)->outputError.reason.str().c_str());
    }

    void gaussianNumbers()
    {
        const auto a = gaussianInputs(100, 7, {}).value();
        const auto b = gaussianInputs(100, 7, {}).value();
        const auto c = gaussianInputs(100, 8, {}).value();
        QVERIFY(a->values == b->values && a->id == b->id);
        QVERIFY(a->values != c->values && a->id != c->id);
        double mean = 0;
        double square = 0;
        for (float value : a->values) {
            mean += static_cast<double>(value) / static_cast<double>(a->values.size());
            square += static_cast<double>(value) * static_cast<double>(value) / static_cast<double>(a->values.size());
        }
        QVERIFY(std::abs(mean) < 0.03);
        QVERIFY(std::abs(square - 1) < 0.03);
    }

private:
    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(TestEvalNetworkInputs)
#include "tst_eval_network_inputs.moc"
