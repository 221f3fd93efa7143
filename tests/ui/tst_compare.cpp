// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// A and B: two recipes over one model, another file, the Compare page, blinking, swapping, undo.
#include "core/analysis/compare.h"
#include "core/formats/open_model.h"
#include "core/reports/report_json.h"
#include "tests/ui/window_test.h"
#include "tests/ui/window_under_test.h"
#include "ui/models/layer_model.h"
#include "ui/pages/compare/compare_page.h"
#include "ui/pages/overview/cards.h"
#include "ui/pages/overview/overview_page.h"
#include "ui/plots/error_plot.h"
#include "ui/plots/scale_plot.h"
#include "ui/text/format.h"
#include "ui/widgets/message_bar.h"
#include "ui/widgets/text_list.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QPushButton>

using namespace qs;
using namespace qs::test;
using namespace qs::ui;

class TestCompare : public WindowTest
{
    Q_OBJECT
private slots:
    void copyOfAStaysWhenAChanges();
    void swapIsOneStep();
    void floatsAsB();
    void otherFile();
    void tableEqualsTheComparison();
    void incompleteIsSaid();
    void fileThatCannotBeRead();
    void blink();
    void droppedOnTheRight();
    void anotherModelEndsIt();
    void sharedAxes();
};

namespace {

bool settledWithB(WindowUnderTest &t)
{
    return t.settle() && QTest::qWaitFor([&] { return !t.document->sideB().isPending(); }, 20000) && t.settle();
}

void setBits(Setup &setup, int bits)
{
    Scheme scheme = setup.recipe().scheme;
    scheme.bits = bits;
    changeScheme(setup, scheme);
}

QString ratioIn(const WindowUnderTest &t, int row)
{
    const auto *model = t.table()->model();
    return model->index(row, LayerModel::RatioColumn).data().toString();
}

} // namespace

void TestCompare::copyOfAStaysWhenAChanges()
{
    WindowUnderTest t("demo:digits");
    SideB &b = t.document->sideB();
    QVERIFY(t.table()->isColumnHidden(LayerModel::RatioColumn));
    QTest::keyClick(t.window.get(), Qt::Key_D, Qt::ControlModifier);
    QVERIFY(settledWithB(t));
    QCOMPARE(b.kind(), SideB::Kind::Recipe);
    QVERIFY(!t.table()->isColumnHidden(LayerModel::RatioColumn));
    QCOMPARE(ratioIn(t, 0), "1.0×");
    const auto before = b.report()->total.metrics.relativeError;
    setBits(*t.setup, 4);
    QVERIFY(settledWithB(t));
    QCOMPARE(b.report()->total.metrics.relativeError, before);
    QVERIFY(t.setup->report()->total.metrics.relativeError > before);
    // B has the smaller error now.
    QVERIFY2(ratioIn(t, 0).startsWith("0.0"), qPrintable(ratioIn(t, 0)));
    QVERIFY(t.window->showTab("overview"));
    showChanges();
    const QList<PlotSeries> series = t.find<OverviewPage>("overview")->errorPlot()->series();
    QVERIFY(std::ranges::any_of(series, [](const PlotSeries &one) { return one.key == "other"; }));
    QTest::keyClick(t.window.get(), Qt::Key_D, Qt::ControlModifier);
    showChanges();
    QVERIFY(!b.isOpen() && t.table()->isColumnHidden(LayerModel::RatioColumn));
}

void TestCompare::swapIsOneStep()
{
    WindowUnderTest t("demo:digits");
    SideB &b = t.document->sideB();
    b.copyFromA();
    setBits(*t.setup, 3);
    const Recipe a = t.setup->recipe();
    const Recipe other = b.setup()->recipe();
    const int steps = t.document->undoStack().index();
    b.swap();
    QVERIFY(t.setup->recipe() == other && b.setup()->recipe() == a);
    QCOMPARE(t.document->undoStack().index(), steps + 1);
    t.document->undoStack().undo();
    QVERIFY(t.setup->recipe() == a && b.setup()->recipe() == other);
    QVERIFY(settledWithB(t));
}

void TestCompare::floatsAsB()
{
    WindowUnderTest t("demo:digits");
    SideB &b = t.document->sideB();
    b.compareWithFloats();
    QVERIFY(settledWithB(t));
    QCOMPARE(b.report()->total.quantized, std::size_t{0});
    QCOMPARE(t.setup->report()->total.quantized, std::size_t{4});
    QCOMPARE(ratioIn(t, 0), text::none());
}

void TestCompare::otherFile()
{
    WindowUnderTest t("demo:digits");
    SideB &b = t.document->sideB();
    b.openFile("demo:notebook");
    QVERIFY(settledWithB(t));
    QCOMPARE(b.kind(), SideB::Kind::File);
    QCOMPARE(b.report()->layers.size(), t.document->model()->layers.size());
    for (const auto &layer : b.report()->layers)
        QVERIFY(layer->decision.quantize || !layer->decision.reason.empty());
    // The same file: every weight is there, and equal.
    b.openFile("demo:digits");
    QVERIFY(settledWithB(t));
    QCOMPARE(b.report()->total.quantized, std::size_t{4});
    QVERIFY(b.report()->total.metrics.exact);
    QCOMPARE(b.comparison()->coverage(), 1.0);
    // A file of floats has no scales, and its picture says so.
    QVERIFY(t.window->showTab("compare"));
    showChanges();
    const ComparePage *page = t.find<ComparePage>("compare");
    QVERIFY2(page->scales(ComparePage::B)->message().contains("no scales"),
             qPrintable(page->scales(ComparePage::B)->message()));
    QVERIFY(page->scales(ComparePage::A)->message().isEmpty());
    // Its network is run as well: both cards have the same kind of error.
    QVERIFY(b.report()->outputError.kind == OutputErrorKind::Network && b.report()->outputError.exact);
    setBits(*t.setup, 4);
    QVERIFY(settledWithB(t));
    QCOMPARE(t.setup->report()->outputError.kind, b.report()->outputError.kind);
}

/// What the command line says of the same two models, as its JSON.
void TestCompare::tableEqualsTheComparison()
{
    WindowUnderTest t("demo:digits");
    t.document->sideB().openFile("demo:notebook");
    QVERIFY(settledWithB(t));
    const auto reference = openModel("demo:digits", {});
    const auto candidate = openModel("demo:notebook", {});
    const auto comparison = compare(**reference, **candidate, {});
    QVERIFY(comparison);
    const QJsonObject json =
        QJsonDocument::fromJson(QByteArray::fromStdString(comparisonJson(**reference, **candidate, *comparison)))
            .object();
    QHash<QString, QJsonObject> tensors;
    for (const QJsonValue &tensor : json["tensors"].toArray())
        tensors.insert(tensor["name"].toString(), tensor["metrics"].toObject());
    QVERIFY(t.window->showTab("compare"));
    showChanges();
    const std::vector<ComparedRow> &rows = t.find<ComparePage>("compare")->rows();
    QCOMPARE(static_cast<qsizetype>(rows.size()), tensors.size() + json["unmatched"].toArray().size());
    double last = std::numeric_limits<double>::infinity();
    for (const ComparedRow &row : rows) {
        if (!tensors.contains(row.name)) {
            QVERIFY2(!row.how.isEmpty() && !row.b, qPrintable(row.name));
            continue;
        }
        const QJsonObject metrics = tensors[row.name];
        QCOMPARE(row.b.has_value(), metrics["relative_error"].isDouble());
        if (row.b) {
            QCOMPARE(*row.b, metrics["relative_error"].toDouble());
            QVERIFY(*row.b <= last);
            last = *row.b;
        }
        if (row.sqnrDb)
            QCOMPARE(*row.sqnrDb, metrics["sqnr_db"].toDouble());
    }
}

/// A comparison that leaves weights out says so above all pages.
void TestCompare::incompleteIsSaid()
{
    WindowUnderTest t("demo:digits");
    MessageBar *bar = t.find<MessageBar>("messages");
    t.document->sideB().openFile("demo:digits");
    QVERIFY(settledWithB(t));
    QVERIFY(!bar->sentence().contains("incomplete"));
    t.document->sideB().openFile("demo:notebook");
    QVERIFY(settledWithB(t));
    QVERIFY2(bar->sentence().contains("is incomplete: "), qPrintable(bar->sentence()));
    bar->button("Show")->click();
    QVERIFY(t.find<ComparePage>("compare")->isVisible());
}

void TestCompare::fileThatCannotBeRead()
{
    WindowUnderTest t("demo:digits");
    SideB &b = t.document->sideB();
    QSignalSpy failed(&b, &SideB::failed);
    b.openFile("/nowhere/at/all.safetensors");
    QTRY_COMPARE(failed.size(), 1);
    QVERIFY(failed.front().front().toString().contains("all.safetensors"));
    QVERIFY(!b.isOpen() && !b.isPending());
}

void TestCompare::blink()
{
    WindowUnderTest t("demo:digits");
    t.document->sideB().copyFromA();
    setBits(*t.setup, 2);
    QVERIFY(settledWithB(t));
    t.table()->setFocus();
    const auto own = t.setup->shownReport();
    QTest::keyPress(t.table(), Qt::Key_QuoteLeft);
    QVERIFY(t.setup->shownReport() == t.document->sideB().report());
    QTest::keyRelease(t.table(), Qt::Key_QuoteLeft);
    QVERIFY(t.setup->shownReport() == own);
}

void TestCompare::droppedOnTheRight()
{
    WindowUnderTest t("demo:digits");
    QMimeData data;
    data.setUrls({QUrl::fromLocalFile("/nowhere/other.gguf")});
    const QPoint right(t.window->width() - 100, 300);
    QDragEnterEvent enter(right, Qt::CopyAction, &data, Qt::LeftButton, {});
    QApplication::sendEvent(t.window.get(), &enter);
    QVERIFY(t.find<QWidget>("dropSign")->isVisible());
    QSignalSpy failed(&t.document->sideB(), &SideB::failed);
    QDropEvent event(QPointF(right), Qt::CopyAction, &data, Qt::LeftButton, {});
    QApplication::sendEvent(t.window.get(), &event);
    QVERIFY(!t.find<QWidget>("dropSign")->isVisible());
    QTRY_COMPARE(failed.size(), 1);
    QCOMPARE(t.document->location(), "demo:digits");
}

void TestCompare::anotherModelEndsIt()
{
    WindowUnderTest t("demo:digits");
    t.document->sideB().copyFromA();
    t.document->undoStack().setClean();
    QVERIFY(t.open("demo:notebook"));
    QVERIFY(!t.document->sideB().isOpen());
    t.document->sideB().copyFromA();
    QVERIFY(settledWithB(t));
    QCOMPARE(t.document->sideB().report()->layers.size(), t.document->model()->layers.size());
    QVERIFY(t.document->sideB().setup()->recipe() == t.setup->recipe());
}

/// What one plot of a pair shows, the other one shows, too.
void TestCompare::sharedAxes()
{
    WindowUnderTest t("demo:digits");
    t.document->sideB().copyFromA();
    setBits(*t.setup, 3);
    QVERIFY(t.window->showTab("compare"));
    QVERIFY(settledWithB(t));
    const auto *page = t.find<ComparePage>("compare");
    ScalePlot *a = page->scales(ComparePage::A);
    ScalePlot *b = page->scales(ComparePage::B);
    QTRY_COMPARE(a->yRange(), b->yRange());
    a->zoomBy(3);
    QTRY_COMPARE(a->xRange(), b->xRange());
    b->resetZoom();
    QTRY_COMPARE(a->xRange(), b->xRange());
    QCOMPARE(page->table()->view()->model()->rowCount(), 4);
}

QTEST_MAIN(TestCompare)
#include "tst_compare.moc"
