// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The curve of the error against the clipping point, for the channel that is selected.
#include "tests/support/tensor_content.h"
#include "tests/support/test_model.h"
#include "tests/ui/window_test.h"
#include "tests/ui/window_under_test.h"
#include "ui/pages/clipping/clipping_page.h"
#include "ui/pages/scheme/scheme_bar.h"
#include "ui/plots/clipping_plot.h"
#include "ui/selection/selection.h"
#include "ui/widgets/field_combo.h"

#include <QPushButton>
#include <QSpinBox>

#include <cmath>

using namespace qs;
using namespace qs::test;
using namespace qs::ui;

class TestClippingPage : public WindowTest
{
    Q_OBJECT
private slots:
    void emptyStates();
    void withoutAChannel();
    void followsTheSelection();
    void draggedPoint();
    void useTheLeast();
    void errorOfOutputs();
    void chosenPoint_data();
    void chosenPoint();
    void groups();
    void keyboard();
    void isIdleWhileHidden();
};

namespace {

/// Relative error of the first row's weights when the codes reach that share of its range: gpt-fast, `bits` bits.
double errorByHand(const Setup &setup, double share, int bits)
{
    const Model &model = *setup.model();
    const TensorView view = model.view(model.layers[0].tensor);
    const std::size_t count = static_cast<std::size_t>(view.info->shape[1]);
    std::vector<float> row = test::elementsOf<float>(view);
    row.resize(count);
    double largest = 0;
    for (const float weight : row)
        largest = std::max(largest, std::abs(double(weight)));
    const double half = std::pow(2.0, bits - 1);
    const double scale = largest * share / (half - 0.5);
    double noise = 0;
    double signal = 0;
    for (const float weight : row) {
        const double code = std::clamp(std::nearbyint(double(weight) / scale), -half, half - 1);
        noise += std::pow(code * scale - double(weight), 2);
        signal += double(weight) * double(weight);
    }
    return std::sqrt(noise / signal);
}

bool waitForCurve(const ClippingPlot *plot, const QString &subtitle)
{
    return QTest::qWaitFor([&] { return plot->message().isEmpty() && plot->subtitle() == subtitle; }, 20000);
}

} // namespace

void TestClippingPage::emptyStates()
{
    WindowUnderTest t("demo:digits");
    t.table()->setFocus();
    QTest::keyClick(t.table(), Qt::Key_7);
    const ClippingPlot *plot = t.find<ClippingPage>("clipping")->plot();
    QVERIFY(plot->isVisible());
    t.find<Selection>("selection")->setLayers({});
    showChanges();
    QVERIFY2(plot->message().startsWith("Select a layer"), qPrintable(plot->message()));
    QCOMPARE(plot->table().rows, qsizetype{0});
}

void TestClippingPage::withoutAChannel()
{
    WindowUnderTest t;
    // Channel 2 has the outermost weight, a negative one.
    std::vector<float> weights = randomValues(5 * 40, 3);
    weights[2 * 40 + 7] = -3;
    weights[4 * 40 + 9] = 2;
    const QByteArray file = safetensorsBytes({{"fc.weight", {5, 40}, weights}, {"one.weight", {1, 1}, {0.5F}}});
    QVERIFY(t.open(QString::fromStdString(writeFile(t.folder, "a.safetensors", file))));
    t.window->showTab("clipping");
    const ClippingPage *page = t.find<ClippingPage>("clipping");
    QVERIFY(waitForCurve(page->plot(), "fc, channel 2"));
    QVERIFY2(page->whose().startsWith("No channel is selected: channel 2 has"), qPrintable(page->whose()));
    t.find<Selection>("selection")->setCurrent(0, 1);
    QVERIFY(waitForCurve(page->plot(), "fc, channel 1"));
    QVERIFY(page->whose().isEmpty());
    t.find<Selection>("selection")->setCurrent(0);
    QVERIFY(waitForCurve(page->plot(), "fc, channel 2"));
    // One scale for the whole layer: the channel is still the one that decides it.
    choose(t.find<SchemeBar>("schemeBar")->combo(SchemeField::Scales), "Whole layer");
    QVERIFY(t.settle());
    QVERIFY(waitForCurve(page->plot(), "fc, channel 2"));
    t.find<Selection>("selection")->setCurrent(1);
    QTRY_VERIFY(page->plot()->subtitle() == "one, channel 0");
    quantizeLayers(*t.setup, {1}, false);
    QTRY_VERIFY(page->plot()->subtitle().isEmpty() || page->plot()->message().isEmpty());
    t.find<Selection>("selection")->setLayers({});
    showChanges();
    QVERIFY(page->whose().isEmpty());
    QVERIFY(t.settle());
}

void TestClippingPage::followsTheSelection()
{
    WindowUnderTest t("demo:digits");
    choose(t.find<SchemeBar>("schemeBar")->combo(SchemeField::Bits), "4 bits");
    t.window->showTab("clipping");
    t.find<Selection>("selection")->setCurrent(0, 0);
    const ClippingPlot *plot = t.find<ClippingPage>("clipping")->plot();
    QVERIFY(waitForCurve(plot, "fc1, channel 0"));
    QVERIFY(t.settle());
    const PlotTable table = plot->table();
    QVERIFY(table.rows > 50);
    for (const qsizetype row : {qsizetype{0}, qsizetype{20}, qsizetype{50}}) {
        const double expected = errorByHand(*t.setup, table.cell(row, 0).toDouble(), 4);
        QVERIFY2(std::abs(table.cell(row, 1).toDouble() - expected) < 1e-5 * expected,
                 qPrintable(QString("%1 %2").arg(table.cell(row, 1).toDouble()).arg(expected)));
    }
    t.find<Selection>("selection")->setCurrent(2, 7);
    QVERIFY(waitForCurve(plot, "fc3, channel 7"));
    // Another scheme, another curve.
    const double before = plot->table().cell(0, 1).toDouble();
    choose(t.find<SchemeBar>("schemeBar")->combo(SchemeField::Bits), "3 bits");
    QVERIFY(t.settle());
    QTRY_VERIFY(plot->table().cell(0, 1).toDouble() > before * 1.5);
}

/// What is let go of becomes a percentile that leaves out just those weights.
void TestClippingPage::draggedPoint()
{
    WindowUnderTest t("demo:digits");
    t.window->showTab("clipping");
    t.find<Selection>("selection")->setCurrent(0, 5);
    const auto *page = t.find<ClippingPage>("clipping");
    QVERIFY(waitForCurve(page->plot(), "fc1, channel 5"));
    QVERIFY(t.settle());
    QWidget *plot = page->plot()->plotWidget();
    const auto at = [&](double percent) {
        const double y = (page->plot()->yRange().lower + page->plot()->yRange().upper) / 2;
        return page->plot()->pixelOf(percent, y).toPoint();
    };
    QTest::mousePress(plot, Qt::LeftButton, {}, at(100));
    QTest::mouseMove(plot, at(80));
    QTest::mouseMove(plot, at(60));
    QVERIFY(t.setup->recipe().rules.empty());
    QTest::mouseRelease(plot, Qt::LeftButton, {}, at(60));
    QVERIFY(t.settle());
    const Scheme &scheme = t.setup->decision(0).scheme;
    QCOMPARE(scheme.range.kind, RangeMethod::Kind::Percentile);
    // By hand: the weights of that channel within 60 % of its largest one.
    const Model &model = *t.document->model();
    const std::vector<float> all = test::elementsOf<float>(model.view(model.layers[0].tensor));
    const std::vector<float> weights(all.begin() + 5 * 64, all.begin() + 6 * 64);
    double largest = 0;
    for (const float weight : weights)
        largest = std::max(largest, std::abs(static_cast<double>(weight)));
    const auto inside = std::ranges::count_if(
        weights, [&](float weight) { return std::abs(static_cast<double>(weight)) <= 0.6 * largest; });
    QVERIFY(inside < 64);
    QVERIFY2(std::abs(scheme.range.percent() - 100.0 * static_cast<double>(inside) / 64) < 1.7,
             qPrintable(QString::number(scheme.range.percent())));
    QCOMPARE(t.document->undoStack().count(), 1);
    QCOMPARE(t.setup->decision(1).scheme.range, RangeMethod::minMax());
}

void TestClippingPage::useTheLeast()
{
    WindowUnderTest t("demo:digits");
    choose(t.find<SchemeBar>("schemeBar")->combo(SchemeField::Bits), "3 bits");
    t.window->showTab("clipping");
    t.find<Selection>("selection")->setCurrent(1, 3);
    const auto *page = t.find<ClippingPage>("clipping");
    QVERIFY(waitForCurve(page->plot(), "fc2, channel 3"));
    QVERIFY(t.settle());
    const auto before = t.setup->report()->layers[1]->metrics.relativeError;
    QTest::mouseClick(page->leastButton(), Qt::LeftButton);
    QVERIFY(t.settle());
    QCOMPARE(t.setup->decision(1).scheme.range, RangeMethod::mse());
    QVERIFY(t.setup->report()->layers[1]->metrics.relativeError < before);
    QVERIFY(!page->leastButton()->isEnabled());
}

/// A second curve says what the channel's output loses for what the layer is fed, and its least point can be used.
void TestClippingPage::errorOfOutputs()
{
    WindowUnderTest t("demo:digits");
    choose(t.find<SchemeBar>("schemeBar")->combo(SchemeField::Bits), "3 bits");
    QVERIFY(t.settle());
    t.table()->setFocus();
    QTest::keyClick(t.table(), Qt::Key_7);
    t.find<Selection>("selection")->setCurrent(1, 3);
    auto *button = t.find<QPushButton>("leastOutput");
    ClippingPlot *plot = t.find<ClippingPage>("clipping")->plot();
    QTRY_VERIFY_WITH_TIMEOUT(button->isVisible(), 20000);
    const PlotTable table = plot->table();
    QCOMPARE(table.headers.size(), 4);
    double least = 1e9;
    for (qsizetype row = 0; row < table.rows; ++row) {
        const double error = table.cell(row, 3).toDouble();
        QVERIFY(error > 0 && std::isfinite(error));
        least = std::min(least, error);
    }
    QVERIFY(least < table.cell(0, 3).toDouble());
    QVERIFY(!plot->grab().isNull());
    QTest::mouseClick(button, Qt::LeftButton);
    QVERIFY(t.settle());
    QVERIFY(t.setup->decision(1).scheme.range == RangeMethod::output());
    QTRY_VERIFY_WITH_TIMEOUT(button->isVisible() && !button->isEnabled(), 20000);
    // Other inputs, another curve; how long there is none between the two is a matter of speed.
    const double own = plot->table().cell(10, 3).toDouble();
    const QByteArray names("{'descr': '<f4', 'fortran_order': False, 'shape': (3, 64), }");
    const QByteArray header = names + QByteArray(117 - names.size(), ' ') + '\n';
    const std::string fed =
        writeFile(t.folder, "x.npy",
                  QByteArray("\x93NUMPY\x01\x00\x76\x00", 10) + header + floatBytes(randomValues(3 * 64, 5, 1.0F)));
    t.document->inputs().set(QString::fromStdString(fed), {});
    const auto outputError = [&] {
        return plot->table().headers.size() == 4 ? plot->table().cell(10, 3).toDouble() : 0;
    };
    QTRY_VERIFY_WITH_TIMEOUT(outputError() > 0 && outputError() != own, 20000);
    QVERIFY(t.settle());
    t.document->inputs().set({}, {});
    QTRY_COMPARE_WITH_TIMEOUT(outputError(), own, 20000);
    QVERIFY(t.settle());
    // Without a network there is one curve.
    QVERIFY(t.open(QString::fromStdString(
        writeFile(t.folder, "a.safetensors", safetensorsBytes({{"conv.weight", {8, 4, 3}, randomValues(96, 1)}})))));
    t.find<Selection>("selection")->setCurrent(0, 1);
    QVERIFY(t.settle());
    QTRY_COMPARE(plot->table().headers.size(), 3);
    QVERIFY(!button->isVisible());
    // The page may be there before the network has been run.
    QVERIFY(t.open("demo:notebook"));
    t.find<Selection>("selection")->setCurrent(1, 2);
    QTRY_VERIFY_WITH_TIMEOUT(button->isVisible(), 20000);
}

void TestClippingPage::chosenPoint_data()
{
    QTest::addColumn<QString>("range");
    QTest::addColumn<bool>("isLeast");
    QTest::newRow("min-max") << "Min–max" << false;
    QTest::newRow("least squared error") << "Least squared error" << true;
}

void TestClippingPage::chosenPoint()
{
    QFETCH(QString, range);
    QFETCH(bool, isLeast);
    WindowUnderTest t("demo:digits");
    choose(t.find<SchemeBar>("schemeBar")->combo(SchemeField::Bits), "3 bits");
    choose(t.find<SchemeBar>("schemeBar")->combo(SchemeField::Range), range);
    QVERIFY(t.settle());
    t.window->showTab("clipping");
    t.find<Selection>("selection")->setCurrent(1, 20);
    const ClippingPlot *plot = t.find<ClippingPage>("clipping")->plot();
    QVERIFY(waitForCurve(plot, "fc2, channel 20"));
    QCOMPARE(plot->series().size(), 3);
    // The method tries shares down to 80 %: the least of those, or the whole range.
    const PlotTable table = plot->table();
    double least = table.cell(0, 1).toDouble();
    for (qsizetype row = 0; isLeast && row <= 20; ++row)
        least = std::min(least, table.cell(row, 1).toDouble());
    const QString error = QString::number(least * 100, 'g', 3);
    QVERIFY2(plot->summary().contains("with error " + error), qPrintable(plot->summary() + ' ' + error));
    QVERIFY(plot->best()->relativeError <= least);
}

void TestClippingPage::groups()
{
    WindowUnderTest t("demo:digits");
    ClippingPage *page = t.find<ClippingPage>("clipping");
    t.window->showTab("clipping");
    t.find<Selection>("selection")->setCurrent(1, 5);
    QVERIFY(waitForCurve(page->plot(), "fc2, channel 5"));
    auto *group = page->findChild<QSpinBox *>("group");
    QVERIFY(!group->isVisible());
    choose(t.find<SchemeBar>("schemeBar")->combo(SchemeField::Scales), "Groups of 32");
    QVERIFY(waitForCurve(page->plot(), "fc2, channel 5, group 1"));
    QVERIFY(group->isVisible());
    QCOMPARE(group->maximum(), 4);
    group->setFocus();
    QTest::keyClick(group, Qt::Key_Up);
    QVERIFY(waitForCurve(page->plot(), "fc2, channel 5, group 2"));
    QVERIFY(t.settle());
    // The histogram below it, and all other views, are about the same weights.
    QCOMPARE(t.find<Selection>("selection")->group(), 1);
    QCOMPARE(t.setup->distribution().shown().values->weights.total, std::uint64_t{32});
}

void TestClippingPage::keyboard()
{
    WindowUnderTest t("demo:digits");
    t.window->showTab("clipping");
    ClippingPlot *plot = t.find<ClippingPage>("clipping")->plot();
    plot->plotWidget()->setFocus();
    QTest::keyClick(plot->plotWidget(), Qt::Key_BracketRight);
    QVERIFY(waitForCurve(plot, "fc1, channel 0"));
    QTest::keyClick(plot->plotWidget(), Qt::Key_BracketRight);
    QVERIFY(waitForCurve(plot, "fc1, channel 1"));
    QVERIFY(plot->isLogarithmic());
    QTest::keyClick(plot->plotWidget(), Qt::Key_L);
    QVERIFY(!plot->isLogarithmic());
    // Keys of the pane and of the tabs lead here and away.
    QTest::keyClick(t.window.get(), Qt::Key_F6);
    QVERIFY(!plot->plotWidget()->hasFocus());
    QTest::keyClick(t.window.get(), Qt::Key_F6, Qt::ShiftModifier);
    QVERIFY(plot->plotWidget()->hasFocus());
    QTest::keyClick(plot->plotWidget(), Qt::Key_1);
    QVERIFY(!plot->isVisible());
    QVERIFY(plot->plotWidget()->accessibleDescription().contains("least error"));
    QVERIFY(t.settle());
}

void TestClippingPage::isIdleWhileHidden()
{
    WindowUnderTest t("demo:digits");
    QSignalSpy started(&t.document->tasks(), &TaskRunner::started);
    t.find<Selection>("selection")->setCurrent(1, 3);
    QVERIFY(t.settle());
    for (const QList<QVariant> &arguments : started)
        QVERIFY(!arguments[0].toString().startsWith("clipping"));
    t.window->showTab("clipping");
    QVERIFY(waitForCurve(t.find<ClippingPage>("clipping")->plot(), "fc2, channel 3"));
}

QTEST_MAIN(TestClippingPage)
#include "tst_clipping_page.moc"
