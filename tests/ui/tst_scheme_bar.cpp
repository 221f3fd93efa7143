// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Presets, range methods and what cannot be combined, in the tool bar and for single layers.
#include "core/scheme/convention.h"
#include "tests/ui/window_test.h"
#include "tests/ui/window_under_test.h"
#include "ui/pages/details/details_panel.h"
#include "ui/pages/details/override_field.h"
#include "ui/pages/scheme/scheme_bar.h"
#include "ui/selection/selection.h"
#include "ui/text/translation.h"
#include "ui/widgets/field_combo.h"
#include "ui/widgets/message_bar.h"
#include "ui/widgets/percent_field.h"
#include "ui/widgets/value_rows.h"

#include <QAbstractItemView>
#include <QStandardItemModel>
#include <QToolButton>

using namespace qs;
using namespace qs::test;
using namespace qs::ui;

namespace {

QString fromView(std::string_view text)
{
    return QString::fromUtf8(text.data(), qsizetype(text.size()));
}

bool canChoose(const QComboBox *combo, const QString &name)
{
    return combo->model()->flags(combo->model()->index(combo->findText(name), 0)).testFlag(Qt::ItemIsEnabled);
}

QString reasonAt(const QComboBox *combo, const QString &name)
{
    return combo->itemData(combo->findText(name), Qt::ToolTipRole).toString();
}

} // namespace

class TestSchemeBar : public WindowTest
{
    Q_OBJECT
private slots:
    void presets_data();
    void presets();
    void customLabel();
    void presetsByKeyboard();
    void rangeMethods_data();
    void rangeMethods();
    void percentile();
    void refusedCombinations_data();
    void refusedCombinations();
    void rangeOfOneLayer();
    void offsetsInPlaceOfZeroPoints();
};

void TestSchemeBar::presets_data()
{
    QTest::addColumn<QString>("name");
    for (const Convention &convention : conventions())
        QTest::newRow(std::string(convention.name).c_str()) << fromView(convention.name);
}

/// Fills all fields in one step of undo, and the layers are really quantized that way.
void TestSchemeBar::presets()
{
    QFETCH(QString, name);
    const Convention *convention = findConvention(name.toStdString());
    WindowUnderTest t("demo:digits");
    SchemeBar *bar = t.find<SchemeBar>("schemeBar");
    QCOMPARE(bar->presets()->currentText(), "gpt-fast");
    QCOMPARE(reasonAt(bar->presets(), name), text::words(Text::of(convention->description)));
    choose(bar->presets(), name);
    QVERIFY(t.setup->recipe().scheme == convention->scheme());
    QCOMPARE(bar->presets()->currentText(), name);
    QVERIFY(t.find<MessageBar>("messages")->sentence().isEmpty());
    QCOMPARE(t.document->undoStack().count(), name == "gpt-fast" ? 0 : 1);
    for (const SchemeField field : {SchemeField::Mode, SchemeField::Bits, SchemeField::Scales, SchemeField::Range,
                                    SchemeField::CodeRange, SchemeField::ScaleType, SchemeField::Codes})
        QCOMPARE(bar->combo(field)->currentData(), fieldValue(convention->scheme(), field));
    QVERIFY(t.settle());
    // Blocks of 256 weights do not fit into rows of 784.
    const auto &quantization = t.setup->report()->layers[0]->quantization;
    QCOMPARE(quantization == nullptr, name.endsWith("_k"));
    QVERIFY(!quantization || quantization->scheme == convention->scheme());
    t.document->undoStack().undo();
    showChanges();
    QCOMPARE(bar->presets()->currentText(), "gpt-fast");
    QVERIFY(t.setup->recipe().scheme == Scheme{});
    QVERIFY(t.settle());
}

void TestSchemeBar::customLabel()
{
    WindowUnderTest t("demo:digits");
    SchemeBar *bar = t.find<SchemeBar>("schemeBar");
    choose(bar->presets(), "torchao");
    choose(bar->combo(SchemeField::Bits), "4 bits");
    QCOMPARE(bar->presets()->currentIndex(), -1);
    QCOMPARE(bar->presets()->placeholderText(), "custom (from torchao)");
    // The preset itself is a way back.
    choose(bar->presets(), "torchao");
    QCOMPARE(t.setup->recipe().scheme.bits, 8);
    QCOMPARE(bar->presets()->currentText(), "torchao");
    QVERIFY(t.settle());
}

void TestSchemeBar::presetsByKeyboard()
{
    WindowUnderTest t("demo:digits");
    FieldCombo *presets = t.find<SchemeBar>("schemeBar")->presets();
    presets->setFocus();
    QTest::keyClick(presets, Qt::Key_Down);
    QTest::keyClick(presets, Qt::Key_Down);
    QCOMPARE(presets->currentText(), fromView(conventions()[2].name));
    // One gesture, one step.
    QCOMPARE(t.document->undoStack().count(), 1);
    QVERIFY(t.settle());
}

void TestSchemeBar::rangeMethods_data()
{
    QTest::addColumn<QString>("choice");
    QTest::addColumn<QString>("range");
    QTest::newRow("percentile") << "99.9\u202f% of weights"
                                << "percentile:99.9";
    QTest::newRow("percentile, finer") << "99.99\u202f% of weights"
                                       << "percentile:99.99";
    QTest::newRow("mse") << "Least squared error"
                         << "mse";
    QTest::newRow("mse-llmcompressor") << "As llm-compressor searches"
                                       << "mse-llmcompressor";
}

void TestSchemeBar::rangeMethods()
{
    QFETCH(QString, choice);
    QFETCH(QString, range);
    WindowUnderTest t("demo:digits");
    SchemeBar *bar = t.find<SchemeBar>("schemeBar");
    choose(bar->combo(SchemeField::Bits), "4 bits");
    // Over a channel's few weights, 99.9 % are all of them.
    choose(bar->combo(SchemeField::Scales), "Whole layer");
    QVERIFY(t.settle());
    const auto before = t.setup->report();
    QTest::mouseClick(bar->moreButton(), Qt::LeftButton);
    QVERIFY(bar->combo(SchemeField::Range)->isVisible());
    QVERIFY(bar->combo(SchemeField::Range)->hasFocus());
    choose(bar->combo(SchemeField::Range), choice);
    QCOMPARE(QString::fromStdString(textOf(t.setup->recipe().scheme.range)), range);
    QVERIFY(bar->moreButton()->toolTip().contains(choice));
    QVERIFY(t.settle());
    const auto after = t.setup->report();
    QVERIFY(after->layers[1]->quantization->scaleMax < before->layers[1]->quantization->scaleMax);
    if (range == "mse")
        QVERIFY(after->layers[0]->metrics.relativeError < before->layers[0]->metrics.relativeError);
    QCOMPARE(bar->percentile()->isEnabled(), range.startsWith("percentile"));
    bar->combo(SchemeField::Range)->window()->close();
}

void TestSchemeBar::percentile()
{
    WindowUnderTest t("demo:digits");
    SchemeBar *bar = t.find<SchemeBar>("schemeBar");
    QVERIFY(!bar->percentile()->isEnabled());
    QTest::mouseClick(bar->moreButton(), Qt::LeftButton);
    choose(bar->combo(SchemeField::Range), "99.9\u202f% of weights");
    PercentField *share = bar->percentile();
    QVERIFY(share->isEnabled());
    QCOMPARE(share->value(), 99.9);
    share->setFocus();
    share->selectAll();
    QTest::keyClicks(share, "97.5");
    QTest::keyClick(share, Qt::Key_Return);
    showChanges();
    QVERIFY(t.setup->recipe().scheme.range == RangeMethod::percentile(97'500'000));
    QCOMPARE(bar->combo(SchemeField::Range)->currentText(), "97.5\u202f% of weights");
    QCOMPARE(t.document->undoStack().count(), 2);
    // Steps are finer near 100 %, and of one gesture.
    QTest::keyClick(share, Qt::Key_Up);
    QCOMPARE(share->value(), 98.5);
    share->setValue(99.9);
    QTest::keyClick(share, Qt::Key_Up);
    QCOMPARE(share->value(), 99.91);
    QCOMPARE(t.document->undoStack().count(), 2);
    QTest::keyClick(share, Qt::Key_Down);
    QCOMPARE(share->value(), 99.9);
    // Back where the gesture began: nothing is left to undo of it.
    QCOMPARE(t.document->undoStack().count(), 1);
    bar->combo(SchemeField::Range)->window()->close();
    QVERIFY(t.settle());
}

void TestSchemeBar::refusedCombinations_data()
{
    QTest::addColumn<QString>("preset");
    QTest::addColumn<int>("field");
    QTest::addColumn<QString>("choice");
    QTest::addColumn<bool>("possible");
    QTest::newRow("signed scales") << "gguf-q4_0" << int(SchemeField::Mode) << "Asymmetric" << false;
    QTest::newRow("signed scales, narrow") << "gguf-q4_0" << int(SchemeField::CodeRange) << "Narrow" << false;
    QTest::newRow("smallest weight kept") << "gguf-q4_1" << int(SchemeField::Mode) << "Symmetric" << false;
    QTest::newRow("hqq without groups") << "torch.ao-affine" << int(SchemeField::Range) << "HQQ" << false;
    QTest::newRow("bits") << "gguf-q4_0" << int(SchemeField::Bits) << "5 bits" << true;
    // The other field gives way.
    QTest::newRow("narrow gives way") << "onnxruntime" << int(SchemeField::Mode) << "Asymmetric" << true;
}

void TestSchemeBar::refusedCombinations()
{
    QFETCH(QString, preset);
    QFETCH(int, field);
    QFETCH(QString, choice);
    QFETCH(bool, possible);
    WindowUnderTest t("demo:digits");
    SchemeBar *bar = t.find<SchemeBar>("schemeBar");
    choose(bar->presets(), preset);
    const auto which = static_cast<SchemeField>(field);
    for (const QComboBox *combo : {bar->combo(which), t.find<DetailsPanel>("details")->field(which)->combo()}) {
        QCOMPARE(canChoose(combo, choice), possible);
        QCOMPARE(reasonAt(combo, choice).isEmpty(), possible);
    }
    QCOMPARE(bar->limits().contains("“" + choice + "”"), !possible);
    QVERIFY(t.settle());
    QVERIFY(t.find<MessageBar>("messages")->sentence().isEmpty());
}

void TestSchemeBar::rangeOfOneLayer()
{
    WindowUnderTest t("demo:digits");
    OverrideField *range = t.find<DetailsPanel>("details")->field(SchemeField::Range);
    QCOMPARE(range->combo()->currentText(), "From scheme");
    choose(range->combo(), "Least squared error");
    QVERIFY(t.setup->decision(0).scheme.range == RangeMethod::mse());
    QVERIFY(t.setup->decision(1).scheme.range == RangeMethod::minMax());
    QVERIFY(t.settle());
    // What a recipe says and no list offers is shown by its name.
    Recipe recipe = t.setup->recipe();
    SchemePatch patch;
    patch.range = RangeMethod::percentile(98'765'432);
    setOverrides(recipe, t.document->model()->layers[0], patch);
    QVERIFY(t.setup->edit("by recipe", recipe));
    showChanges();
    QCOMPARE(range->combo()->currentText(), "98.765432\u202f% of weights");
    range->clearButton()->click();
    QVERIFY(t.setup->decision(0).scheme.range == RangeMethod::minMax());
    QVERIFY(t.settle());
}

void TestSchemeBar::offsetsInPlaceOfZeroPoints()
{
    WindowUnderTest t("demo:digits");
    choose(t.find<SchemeBar>("schemeBar")->presets(), "gguf-q4_1");
    t.find<Selection>("selection")->setCurrent(0, 3);
    QVERIFY(t.settle());
    const DetailsPanel *details = t.find<DetailsPanel>("details");
    QVERIFY(!details->layerValues()->valueOf("Offsets").isEmpty());
    QVERIFY(details->layerValues()->valueOf("Zero points").isEmpty());
    QVERIFY(!details->channelValues()->valueOf("Offsets of 2 groups").isEmpty());
    QVERIFY(details->channelValues()->valueOf("Zero point").isEmpty());
}

QTEST_MAIN(TestSchemeBar)
#include "tst_scheme_bar.moc"
