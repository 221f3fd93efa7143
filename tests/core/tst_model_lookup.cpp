// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What a model is asked: layers and tensors by index and by name, sizes.
#include "tests/core/model_builder.h"

#include <QTest>

using namespace qs;
using namespace qs::test;

class TestModelLookup : public QObject
{
    Q_OBJECT
private slots:
    void layerOfEachTensor();
    void byName();
    void sizes();
};

void TestModelLookup::layerOfEachTensor()
{
    const Model model = makeModel({{"b.weight"}, {"a.bias", {4}}, {"a.weight"}, {"norm.weight"}});
    QCOMPARE(model.layers.size(), std::size_t(2));
    for (std::size_t tensor = 0; tensor < model.tensors.size(); ++tensor) {
        std::optional<std::size_t> expected;
        for (std::size_t layer = 0; layer < model.layers.size(); ++layer)
            if (model.layers[layer].tensor == tensor)
                expected = layer;
        QCOMPARE(model.layerOf(tensor), expected);
    }
}

void TestModelLookup::byName()
{
    const Model model = makeModel({{"h.10.weight"}, {"h.2.weight"}});
    QCOMPARE(model.layers[0].module, std::string("h.2")); // natural order
    QCOMPARE(model.findLayer("h.10"), std::optional<std::size_t>(1));
    QVERIFY(!model.findLayer("h.1"));
    QVERIFY(!model.findLayer("h.10.weight"));
    QCOMPARE(model.findTensor("h.10.weight"), std::optional<std::size_t>(0));
    QVERIFY(!model.findTensor("h.10"));
}

void TestModelLookup::sizes()
{
    const Model model = makeModel({{"a.weight", {3, 5}, DType::F16}, {"a.bias", {3}}});
    QCOMPARE(model.parameters(), std::uint64_t(3 * 5 + 3));
    QCOMPARE(model.bytes(), std::uint64_t(3 * 5 * 2 + 3 * 4));
}

QTEST_GUILESS_MAIN(TestModelLookup)
#include "tst_model_lookup.moc"
