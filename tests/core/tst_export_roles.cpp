// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What other formats say of their tensors outlives an export to safetensors; what safetensors cannot hold is refused.
#include "core/layers/layer_rules.h"
#include "tests/support/protobuf_writer.h"
#include "tests/support/test_model.h"
#include "tests/support/written_export.h"

#include <QDir>

using namespace qs;
using namespace qs::test;

namespace {

/// A recurrent layer whose bias has two axes, weights on other axes than the names would tell, one behind a node that
/// nobody knows, and one that is only added.
QByteArray manyRoles()
{
    using namespace qs::test::onnx;
    return onnx::model(
        graph({node("LSTM", {"x", "lstm.W", "lstm.R", "lstm.B"}, {"a"}),
               node("ConvTranspose", {"a", "up.weight"}, {"b"}), node("MatMul", {"b", "dense"}, {"c"}),
               node("Add", {"c", "dense_bias"}, {"d"}), node("Gather", {"table", "i"}, {"e"}),
               node("Mystery", {"e", "odd"}, {"f"}, bytesField(7, "somebody")), node("Add", {"f", "shift"}, {"g"})},
              {floats("lstm.W", {1, 12, 4}), floats("lstm.R", {1, 12, 3}), floats("lstm.B", {1, 24}),
               floats("up.weight", {3, 5, 2, 2}), floats("dense", {6, 7}), floats("dense_bias", {7}),
               floats("table", {9, 4}), floats("odd", {4, 4}), floats("shift", {2, 4})},
              {"x", "i"}, {"g"}),
        opset(1, "somebody"));
}

QStringList described(const Model &model, bool withAxes)
{
    QStringList result;
    for (const Layer &layer : model.layers) {
        const std::string bias = layer.bias ? model.tensors[*layer.bias].name : "none";
        QString text =
            QString("%1: %2, bias %3, %4")
                .arg(layer.name.c_str(), textOf(layer.op).data(), bias.c_str(), layer.keptReason.str().c_str());
        if (withAxes)
            text += QString(", axis %1, %2").arg(layer.channelAxis).arg(layer.channelAxisReason.str().c_str());
        result << text;
    }
    return result;
}

} // namespace

class TestExportRoles : public QObject
{
    Q_OBJECT

private slots:
    void roundTrip_data()
    {
        QTest::addColumn<QString>("format");
        QTest::addColumn<bool>("quantize");
        QTest::newRow("codes") << "safetensors" << true;
        QTest::newRow("all kept") << "safetensors" << false;
        QTest::newRow("dequantized") << "float" << true;
    }

    void roundTrip()
    {
        QFETCH(const QString, format);
        QFETCH(const bool, quantize);
        const auto model = openBytes(m_folder, "roles.onnx", manyRoles());
        Recipe recipe = defaultRecipe(*model);
        recipe.rules = {{"*", quantize ? Rule::Action::Include : Rule::Action::Exclude, {}, {}, {}}};
        const std::string target = m_folder.filePath(QString("roles.%1").arg(format)).toStdString() + ".safetensors";
        ExportOptions options;
        options.overwrite = true;
        const auto plan = test::writeAs(format.toStdString(), *model, recipe, target, options);
        QS_VERIFY(plan);
        const auto again = openModel(target, {});
        QS_VERIFY(again);
        QCOMPARE((*again)->warnings, std::vector<Text>{});
        QCOMPARE(model->layers.size(), std::size_t(6)); // neither the bias of the LSTM nor "shift"
        // The axis of codes is what the file says of them.
        const bool withAxes = format == "float" || !quantize;
        QCOMPARE(described(**again, withAxes), described(*model, withAxes));
        for (std::size_t i = 0; i < model->layers.size(); ++i)
            QCOMPARE((*again)->layers[i].channelAxis, model->layers[i].channelAxis);
        // And a second time, from safetensors.
        const auto second = test::writeAs("float", **again, defaultRecipe(**again), target + "2", options);
        QS_VERIFY(second);
        const auto last = openModel(target + "2", {});
        QS_VERIFY(last);
        QCOMPARE(described(**last, false), described(*model, false));
    }

    void damagedRoles_data()
    {
        QTest::addColumn<QByteArray>("roles");
        QTest::addColumn<QString>("warning"); // empty: none
        QTest::newRow("good") << QByteArray(R"({"w":{"op":"matmul","axis":1,"bias":"shift","reason":"so"}})") << "";
        QTest::newRow("unknown key") << QByteArray(R"({"w":{"op":"matmul","axis":1,"bias":"shift","new":[{}]}})") << "";
        QTest::newRow("no JSON") << QByteArray("{") << "is not used";
        QTest::newRow("array") << QByteArray("[]") << "it must be an object";
        QTest::newRow("no such tensor") << QByteArray(R"({"v":{}})") << "there is no such tensor";
        QTest::newRow("one axis") << QByteArray(R"({"shift":{"layer":false}})") << "two or more axes";
        QTest::newRow("entry is a list") << QByteArray(R"({"w":[]})") << "it must be an object";
        QTest::newRow("unknown op") << QByteArray(R"({"w":{"op":"Linear"}})") << "'op' must be linear, conv";
        QTest::newRow("op is a number") << QByteArray(R"({"w":{"op":1}})") << "'op' must be";
        for (const char *axis : {"2", "-1", "0.0", "\"0\"", "18446744073709551616"})
            QTest::addRow("axis %s", axis) << QByteArray(R"({"w":{"axis":)") + axis + "}}" << "from 0 to 1";
        QTest::newRow("layer is a number") << QByteArray(R"({"w":{"layer":0}})") << "'layer' must be true or false";
        QTest::newRow("quantizable") << QByteArray(R"({"w":{"quantizable":null}})") << "'quantizable' must be";
        QTest::newRow("reason") << QByteArray(R"({"w":{"reason":7}})") << "'reason' must be a string";
        QTest::newRow("no such bias") << QByteArray(R"({"w":{"bias":"c"}})") << "'bias' must name";
        QTest::newRow("bias with two axes") << QByteArray(R"({"w":{"bias":"w"}})") << "'bias' must name";
        QTest::newRow("bias of the other axis") << QByteArray(R"({"w":{"axis":0,"bias":"shift"}})") << "per output";
    }

    void damagedRoles()
    {
        QFETCH(const QByteArray, roles);
        QFETCH(const QString, warning);
        nlohmann::ordered_json header;
        header["__metadata__"] = {{"quantoscope.roles", roles.toStdString()}};
        header["w"] = {{"dtype", "F32"}, {"shape", {2, 3}}, {"data_offsets", {0, 24}}};
        header["shift"] = {{"dtype", "F32"}, {"shape", {3}}, {"data_offsets", {24, 36}}};
        const auto model = openBytes(m_folder, "w.safetensors", safetensorsBytes(header.dump(), QByteArray(36, '\0')));
        QCOMPARE(model->layers.size(), std::size_t(1));
        const Layer &layer = model->layers[0];
        QCOMPARE(model->warnings.size(), std::size_t(warning.isEmpty() ? 0 : 1));
        if (!warning.isEmpty())
            QVERIFY2(QString::fromStdString(model->warnings[0].str()).contains(warning),
                     model->warnings[0].str().c_str());
        QCOMPARE(layer.op, warning.isEmpty() ? Op::MatMul : Op::Linear);
        QCOMPARE(layer.channelAxis, warning.isEmpty() ? 1 : 0);
        QCOMPARE(layer.bias.has_value(), warning.isEmpty());
    }

    void partsOfBytesAreRefused_data()
    {
        QTest::addColumn<int>("type");
        QTest::addColumn<QString>("bytes");
        QTest::newRow("f4") << 23 << "2103";
        QTest::newRow("f6_e2m3") << 27 << "a1e203";
    }

    void partsOfBytesAreRefused()
    {
        QFETCH(const int, type);
        QFETCH(const QString, bytes);
        const QByteArray data = onnx::rawData(QByteArray::fromHex(bytes.toLatin1()));
        const auto model = openBytes(m_folder, "odd.onnx", onnx::one(type, {3}, data));
        const QString target = m_folder.filePath("odd.safetensors");
        const auto plan = test::writeAs("safetensors", *model, defaultRecipe(*model), target.toStdString());
        QVERIFY(!plan);
        QVERIFY2(plan.error().text().find("the shape [3]") != std::string::npos, plan.error().text().c_str());
        QVERIFY(!QFile::exists(target));
    }

private:
    const QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(TestExportRoles)
#include "tst_export_roles.moc"
