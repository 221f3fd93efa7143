// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Node data for Model Explorer: the structure that its node_data_builder describes, with the errors of the report.
#include "core/analysis/analyze.h"
#include "core/analysis/shown_error.h"
#include "core/formats/open_model.h"
#include "core/recipe/bulk_edit.h"
#include "core/reports/node_data.h"
#include "tests/support/onnx_networks.h"
#include "tests/support/test_model.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

using namespace qs;

class TestReportsNodeData : public QObject
{
    Q_OBJECT
private slots:
    void nodesOfLayers()
    {
        QTemporaryDir folder;
        const auto model = openModel(test::writeFile(folder, "net.onnx", test::onnx::branchingNetwork()), {});
        QS_VERIFY(model);
        Recipe recipe = defaultRecipe(**model);
        recipe.scheme.bits = 4;
        const auto kept = (*model)->layerOf(*(*model)->findTensor("fc2.weight"));
        setQuantized(recipe, **model, {}, {*kept});
        AnalysisCache cache;
        const auto report = analyze(**model, recipe, {}, cache, {});
        QS_VERIFY(report);
        const auto text = nodeDataJson(**model, **report, std::nullopt, {});
        QS_VERIFY(text);
        const QJsonObject json = QJsonDocument::fromJson(QByteArray::fromStdString(*text)).object();
        QCOMPARE(json.keys(), QStringList({"gradient", "results"}));
        const QJsonObject results = json["results"].toObject();
        // By what the node gives out that works with the weights; a layer that is kept has no error.
        for (const auto &[layer, output] : {std::pair{"fc1.weight", "a"}, std::pair{"shared.weight", "s1"}}) {
            const auto index = (*model)->layerOf(*(*model)->findTensor(layer));
            QVERIFY2(results.contains(output), text->c_str());
            QCOMPARE(results[output].toObject()["value"].toDouble(), *shownError(**report, *index).value);
        }
        QVERIFY(!results.contains("d"));
        const QJsonArray gradient = json["gradient"].toArray();
        QCOMPARE(gradient.size(), 2);
        QCOMPARE(gradient[0].toObject()["stop"].toDouble(), 0.0);
        QCOMPARE(gradient[1].toObject()["stop"].toDouble(), 1.0);
        for (const QJsonValue &item : gradient)
            QVERIFY(item.toObject()["bgColor"].toString().startsWith("#"));
    }

    void withoutGraph()
    {
        const auto model = openModel("demo:digits", {});
        AnalysisCache cache;
        const auto report = analyze(**model, defaultRecipe(**model), {}, cache, {});
        const auto text = nodeDataJson(**model, **report, std::nullopt, {});
        QVERIFY(!text);
        QVERIFY(text.error().text().find("graph") != std::string::npos);
    }
};

QTEST_APPLESS_MAIN(TestReportsNodeData)
#include "tst_reports_node_data.moc"
