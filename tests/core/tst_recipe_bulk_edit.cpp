// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Edits of many layers at once against the same edits one by one.
#include "core/recipe/bulk_edit.h"
#include "tests/core/scheme_patch.h"
#include "tests/support/test_model.h"

#include <QTest>

using namespace qs;

namespace {

Model layersNamed(int count)
{
    Model model;
    for (int i = 0; i < count; ++i) {
        TensorInfo tensor;
        tensor.name = "block." + std::to_string(i) + ".weight";
        tensor.shape = {2, 2};
        model.tensors.push_back(tensor);
        Layer layer;
        layer.tensor = static_cast<std::size_t>(i);
        layer.name = tensor.name;
        layer.module = "block." + std::to_string(i);
        model.layers.push_back(layer);
    }
    return model;
}

} // namespace

class TestBulkEdit : public QObject
{
    Q_OBJECT

private slots:
    void manyAtOnceEqualsOneByOne_data()
    {
        QTest::addColumn<int>("layers");
        QTest::newRow("few") << 14;
        QTest::newRow("many") << 40;
    }

    void manyAtOnceEqualsOneByOne()
    {
        QFETCH(const int, layers);
        const Model model = layersNamed(layers);
        const auto count = static_cast<std::size_t>(layers);
        Recipe start;
        SchemePatch bits;
        bits.bits = 4;
        // Own rules before and behind a pattern, some with more than a switch.
        start.rules = {{"block.3.weight", Rule::Action::Exclude, "mine", {}, {}},
                       {"block.4.weight", Rule::Action::Exclude, "", bits, {}},
                       {"block.1*", Rule::Action::Exclude, "the tens", {}, {}},
                       {"block.12.weight", Rule::Action::Include, "", {}, 1},
                       {"block.13.weight", Rule::Action::Include, "", {}, {}}};
        const auto before = resolve(start, model, false);
        QS_VERIFY(before);
        LayerIndices on;
        LayerIndices off;
        for (std::size_t i = 0; i < count; ++i)
            ((*before)[i].quantize ? off : on).push_back(i);

        Recipe many = start;
        setQuantized(many, model, on, off);
        Recipe single = start;
        for (const std::size_t i : on)
            setQuantized(single, model.layers[i], true);
        for (const std::size_t i : off)
            setQuantized(single, model.layers[i], false);
        const auto a = resolve(many, model, false);
        const auto b = resolve(single, model, false);
        QS_VERIFY(a);
        QS_VERIFY(b);
        for (std::size_t i = 0; i < count; ++i) {
            QCOMPARE((*a)[i].quantize, !(*before)[i].quantize);
            QCOMPARE((*a)[i].quantize, (*b)[i].quantize);
            QVERIFY((*a)[i].scheme == (*before)[i].scheme && (*b)[i].scheme == (*before)[i].scheme);
            QCOMPARE((*a)[i].channelAxis, (*before)[i].channelAxis);
        }
        const auto patches = overridesOfAll(many, model);
        for (std::size_t i = 0; i < count; ++i)
            QVERIFY(patches[i] == overridesOf(many, model.layers[i]));
    }

    void changesAndClearsOverrides()
    {
        const Model model = layersNamed(4);
        const Recipe start;
        Recipe recipe = start;
        changeOverrides(recipe, model, {1, 2}, [](SchemePatch &patch) { patch.bits = 4; });
        changeOverrides(recipe, model, {2, 3}, [](SchemePatch &patch) { patch.scaleType = ScaleType::F16; });
        const std::vector<SchemePatch> patches = overridesOfAll(recipe, model);
        QVERIFY(patches[0].empty());
        QVERIFY(patches[1] == test::patchOf([](SchemePatch &patch) { patch.bits = 4; }));
        QVERIFY(patches[2] == test::patchOf([](SchemePatch &patch) {
                    patch.bits = 4;
                    patch.scaleType = ScaleType::F16;
                }));
        QVERIFY(patches[3] == test::patchOf([](SchemePatch &patch) { patch.scaleType = ScaleType::F16; }));
        setAxis(recipe, model.layers[3], 1);
        clearOverrides(recipe, model, {1, 2, 3});
        QVERIFY(recipe == start);
    }

    void asymmetricOverridesUseTheFullRange_data()
    {
        QTest::addColumn<bool>("narrowScheme"); // else a narrow override
        QTest::newRow("narrow scheme") << true;
        QTest::newRow("narrow override") << false;
    }

    void asymmetricOverridesUseTheFullRange()
    {
        QFETCH(const bool, narrowScheme);
        const Model model = layersNamed(1);
        Recipe recipe;
        if (narrowScheme)
            recipe.scheme.codeRange = CodeRange::Narrow;
        else
            changeOverrides(recipe, model, {0}, [](SchemePatch &patch) { patch.codeRange = CodeRange::Narrow; });
        changeOverrides(recipe, model, {0}, [](SchemePatch &patch) { patch.mode = Mode::Asymmetric; });
        QVERIFY(overridesOf(recipe, model.layers[0]) == test::patchOf([](SchemePatch &patch) {
                    patch.mode = Mode::Asymmetric;
                    patch.codeRange = CodeRange::Full;
                }));
        QS_VERIFY(resolve(recipe, model, false));
    }
};

QTEST_GUILESS_MAIN(TestBulkEdit)
#include "tst_recipe_bulk_edit.moc"
