// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Operators against ONNX' own tests (Debian's libonnx-testdata): every test whose operators are all in the table.
#include "core/formats/open_model.h"
#include "core/kernels/kernels.h"
#include "core/network/network_source.h"
#include "tests/support/graph_runner.h"
#include "tests/support/tensor_proto.h"
#include "tests/support/test_model.h"

#include <QDir>
#include <QTest>

#include <cmath>

using namespace qs;
using namespace qs::test;

namespace {

constexpr const char *kData = "/usr/share/libonnx-testdata/data";

/// Tests that do not pass, with the reason. The name may end in *.
struct Exception {
    const char *name;
    const char *reason;
};

constexpr Exception kExceptions[] = {
    {"test_batchnorm_epsilon_training_mode", "training: what is run is what users run"},
    {"test_batchnorm_example_training_mode", "training: what is run is what users run"},
    {"test_training_dropout*", "training: what is run is what users run"},
    {"test_cast_BFLOAT16_to_FLOAT", "the data holds bfloat16 as 16-bit integers"},
    {"test_cast_FLOAT_to_BFLOAT16", "the data holds bfloat16 as 16-bit integers"},
    {"test_castlike_BFLOAT16_to_FLOAT", "the data holds bfloat16 as 16-bit integers"},
    {"test_castlike_BFLOAT16_to_FLOAT_expanded", "the data holds bfloat16 as 16-bit integers"},
    {"test_castlike_FLOAT_to_BFLOAT16", "the data holds bfloat16 as 16-bit integers"},
    {"test_castlike_FLOAT_to_BFLOAT16_expanded", "the data holds bfloat16 as 16-bit integers"},
    {"test_cast_FLOAT_to_STRING", "strings are not computed with"},
    {"test_cast_STRING_to_FLOAT", "strings are not computed with"},
    {"test_castlike_FLOAT_to_STRING", "strings are not computed with"},
    {"test_castlike_FLOAT_to_STRING_expanded", "strings are not computed with"},
    {"test_castlike_STRING_to_FLOAT", "strings are not computed with"},
    {"test_castlike_STRING_to_FLOAT_expanded", "strings are not computed with"},
    {"test_gru_batchwise", "batches in front are a layout that no exporter writes"},
    {"test_lstm_batchwise", "batches in front are a layout that no exporter writes"},
    {"test_identity_opt", "sequences and optional values are not computed with"},
    {"test_identity_sequence", "sequences and optional values are not computed with"},
    {"test_maxpool_2d_uint8", "pools are of floats"},
    {"test_maxpool_with_argmax_2d_precomputed_pads", "pools have no indices"},
    {"test_maxpool_with_argmax_2d_precomputed_strides", "pools have no indices"},
    {"test_resize_downsample_scales_cubic_align_corners", "as in ONNX Runtime, corners are those of whole sizes"},
    {"test_resize_downsample_scales_linear_align_corners", "as in ONNX Runtime, corners are those of whole sizes"},
    {"test_resize_tf_crop_and_resize", "regions of interest are not supported"},
};

bool matches(const QString &name, const QString &pattern)
{
    return pattern.endsWith('*') ? name.startsWith(pattern.chopped(1)) : name == pattern;
}

const Exception *exceptionFor(const QString &name)
{
    for (const Exception &exception : kExceptions)
        if (matches(name, exception.name))
            return &exception;
    return nullptr;
}

QByteArray contents(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("cannot read %s", qPrintable(path));
    return file.readAll();
}

/// input_0.pb, input_1.pb …; null for optional ones that have no elements and no type.
Result<Values> valuesFrom(const QString &folder, const QString &kind, MemoryBudget &budget)
{
    Values values;
    for (int i = 0;; ++i) {
        const QString path = folder + QString("/%1_%2.pb").arg(kind).arg(i);
        if (!QFile::exists(path))
            return values;
        const auto constant = constantFrom(contents(path));
        if (!constant)
            return fail(ErrorCode::Input, Text::of("a type of the test's data is not known"));
        QS_ASSIGN(const ValuePtr value, constantValue(*constant, budget));
        values.push_back(value);
    }
}

bool isClose(double actual, double expected, double relative)
{
    if (std::isnan(expected) || std::isinf(expected))
        return std::isnan(expected) ? std::isnan(actual) : actual == expected;
    return std::abs(actual - expected) <= 1e-5 + relative * std::abs(expected);
}

QString difference(const Value &actual, const Value &expected)
{
    if (actual.shape() != expected.shape())
        return QString("shape %1 instead of %2")
            .arg(shapeText(actual.shape()).c_str(), shapeText(expected.shape()).c_str());
    if (actual.isFloat() != expected.isFloat())
        return "another type";
    for (std::size_t i = 0; i < actual.size(); ++i) {
        const double x =
            actual.isFloat() ? static_cast<double>(actual.floats()[i]) : static_cast<double>(actual.ints()[i]);
        const double y =
            expected.isFloat() ? static_cast<double>(expected.floats()[i]) : static_cast<double>(expected.ints()[i]);
        if (!isClose(x, y, 1e-3))
            return QString("element %1 is %2 instead of %3").arg(i).arg(x).arg(y);
    }
    return {};
}

/// What is wrong; empty when the test passes.
QString failureOf(const QString &folder)
{
    const auto model = openModel((folder + "/model.onnx").toStdString(), {});
    if (!model)
        return model.error().text().c_str();
    const auto network = (*model)->graph->network(**model, {});
    if (!network)
        return network.error().text().c_str();
    if (const auto checked = checkOperators(**network); !checked)
        return checked.error().text().c_str();
    MemoryBudget budget(std::uint64_t{1} << 30U);
    for (const QString &set : QDir(folder).entryList({"test_data_set_*"}, QDir::Dirs)) {
        const QString data = folder + "/" + set;
        const auto inputs = valuesFrom(data, "input", budget);
        const auto expected = valuesFrom(data, "output", budget);
        if (!inputs || !expected)
            return (inputs ? expected : inputs).error().text().c_str();
        const auto outputs = GraphRunner(**model, **network, budget).run(0, *inputs);
        if (!outputs)
            return outputs.error().text().c_str();
        for (std::size_t i = 0; i < expected->size(); ++i) {
            const QString found = difference(*outputs->at(i), *(*expected)[i]);
            if (!found.isEmpty())
                return QString("output %1: %2").arg(i).arg(found);
        }
    }
    return {};
}

/// Whether the table has all operators of the test.
bool isInTable(const QString &folder)
{
    const auto model = openModel((folder + "/model.onnx").toStdString(), {});
    if (!model)
        return false;
    const auto network = (*model)->graph->network(**model, {});
    if (!network)
        return false;
    for (const NetworkGraph &graph : (*network)->graphs)
        for (const NetworkNode &node : graph.nodes)
            if (findOperator(node.domain, node.op, node.version) == nullptr)
                return false;
    return true;
}

} // namespace

class TestEvalOperators : public QObject
{
    Q_OBJECT

private slots:
    void onnxTests_data();
    void onnxTests();
};

void TestEvalOperators::onnxTests_data()
{
    QTest::addColumn<QString>("folder");
    int rows = 0;
    for (const char *kind : {"node", "simple", "pytorch-operator", "pytorch-converted"}) {
        const QDir data(QString("%1/%2").arg(kData, kind));
        for (const QString &name : data.entryList({"test_*"}, QDir::Dirs)) {
            if (!isInTable(data.filePath(name)))
                continue;
            QTest::newRow(qPrintable(QString("%1/%2").arg(kind, name))) << data.filePath(name);
            ++rows;
        }
    }
    QVERIFY2(rows > 780, "install Debian's libonnx-testdata");
}

void TestEvalOperators::onnxTests()
{
    QFETCH(QString, folder);
    const QString failure = failureOf(folder);
    const Exception *exception = exceptionFor(QDir(folder).dirName());
    if (exception == nullptr)
        QVERIFY2(failure.isEmpty(), qPrintable(failure));
    else
        QVERIFY2(!failure.isEmpty(), qPrintable(QString("the test passes, though: %1").arg(exception->reason)));
}

QTEST_GUILESS_MAIN(TestEvalOperators)
#include "tst_eval_operators.moc"
