// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/plot_window.h"
#include "ui/theme/theme.h"

#include <QAbstractButton>
#include <QAction>
#include <QClipboard>
#include <QDialog>
#include <QFile>
#include <QMenu>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTableView>
#include <QTemporaryDir>

using namespace qs;
using namespace qs::test;
using namespace qs::ui;

class TestPlotExport : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void exportsHaveContent();
    void failedExportSaysWhy();
    void savesThroughTheChooser();
    void tableShowsTheNumbers();
    void tableFits();
    void accessibleNames();
};

void TestPlotExport::initTestCase()
{
    ThemeManager::instance().setDark(false);
    const QFontMetrics metrics(QApplication::font());
    QVERIFY2(metrics.inFont(u'W') && metrics.horizontalAdvance(u'i') < metrics.horizontalAdvance(u'W'),
             "no usable font is installed");
}

void TestPlotExport::exportsHaveContent()
{
    PlotWindow window;
    window.fill();
    QTemporaryDir folder;
    ThemeManager::instance().setDark(true); // the figure is light all the same
    for (PlotPanel *panel : window.panels()) {
        const QString base = folder.filePath(panel->title());
        for (const char *suffix : {".png", ".svg", ".pdf", ".csv"})
            QVERIFY2(panel->saveFigure(base + QLatin1String(suffix), 3), suffix);
        const QImage image(base + QStringLiteral(".png"));
        QVERIFY(image.width() >= 3 * 640);
        QCOMPARE(image.pixelColor(2, 2), Theme::makeLight().panel);
        QFile svgFile(base + QStringLiteral(".svg"));
        QVERIFY(svgFile.open(QIODevice::ReadOnly));
        const QByteArray svg = svgFile.readAll();
        QVERIFY(svg.contains(panel->title().toUtf8()));
        QVERIFY(svg.endsWith("</svg>\n") || svg.trimmed().endsWith("</svg>"));
        QFile pdf(base + QStringLiteral(".pdf"));
        QVERIFY(pdf.open(QIODevice::ReadOnly));
        QVERIFY(pdf.read(5) == "%PDF-" && pdf.size() > 4000);
        QFile csv(base + QStringLiteral(".csv"));
        QVERIFY(csv.open(QIODevice::ReadOnly));
        QCOMPARE(csv.readAll().count('\n'), panel->table().rows + 1);
    }
    QFile svg(folder.filePath(QStringLiteral("Output error.svg")));
    QVERIFY(svg.open(QIODevice::ReadOnly));
    const QByteArray content = svg.readAll();
    for (const char *word : {"relative error", "layers", "alone", "up to here", "excluded", "fc3"})
        QVERIFY2(content.contains(word), word);
    window.scale->copyImage();
    QVERIFY(QApplication::clipboard()->image().width() >= 2 * 640);
    ThemeManager::instance().setDark(false);
}

void TestPlotExport::failedExportSaysWhy()
{
    PlotWindow window;
    window.fill();
    QSignalSpy failed(window.scale, &PlotPanel::figureFailed);
    QVERIFY(!window.scale->saveFigure(QStringLiteral("/nowhere/at/all/figure.png")));
    QVERIFY(failed.last().first().toString().contains(QStringLiteral("figure.png")));
    QTemporaryDir folder;
    QVERIFY(!window.scale->saveFigure(folder.filePath(QStringLiteral("figure.bmp"))));
    QVERIFY(failed.last().first().toString().contains(QStringLiteral(".svg")));
    QVERIFY(QDir(folder.path()).isEmpty());
}

void TestPlotExport::savesThroughTheChooser()
{
    PlotWindow window;
    window.fill();
    QTemporaryDir folder;
    QString proposed;
    window.error->setSaveFileChooser([&](QWidget *, const QString &, const QString &proposal, const QString &) {
        proposed = proposal;
        return folder.filePath(QStringLiteral("figure"));
    });
    QSignalSpy saved(window.error, &PlotPanel::figureSaved);
    for (QAction *action : window.error->toolsMenu()->actions())
        if (action->text().contains(QStringLiteral("CSV")))
            action->trigger();
    QCOMPARE(proposed, QStringLiteral("output-error.csv"));
    QCOMPARE(saved.count(), 1);
    QVERIFY(QFile::exists(folder.filePath(QStringLiteral("figure.csv"))));
    window.error->setSaveFileChooser([](auto &&...) { return QString(); });
    window.error->toolsMenu()->actions().last()->trigger();
    QCOMPARE(saved.count(), 1);
}

void TestPlotExport::tableShowsTheNumbers()
{
    PlotWindow window;
    window.fill();
    QCOMPARE(window.scale->table().rows, 128 + 256 + 128 + 1 + 9);
    QCOMPARE(window.scale->table().cell(128, 0).toString(), QStringLiteral("fc2"));
    QCOMPARE(window.error->table().cell(2, 1).toDouble(), 0.0134);
    QVERIFY(window.error->table().toCsv().contains("fc1,0.0087,0.0071,"));
    window.error->plotWidget()->setFocus();
    QTest::keyClick(window.error->plotWidget(), Qt::Key_T);
    auto *dialog = window.error->findChild<QDialog *>();
    QVERIFY(dialog && dialog->isVisible() && !dialog->isModal());
    auto *view = dialog->findChild<QTableView *>();
    QCOMPARE(view->model()->rowCount(), 5);
    window.error->setReport(nullptr); // the table stays what it was
    QCOMPARE(view->model()->index(2, 0).data().toString(), QStringLiteral("fc3"));
    dialog->close();
}

void TestPlotExport::accessibleNames()
{
    PlotWindow window;
    window.fill();
    for (PlotPanel *panel : window.panels()) {
        QCOMPARE(panel->plotWidget()->accessibleName(), panel->title());
        QVERIFY(panel->plotWidget()->accessibleDescription().contains(panel->summary()));
        for (auto *button : panel->findChildren<QAbstractButton *>())
            QVERIFY(!button->accessibleName().isEmpty());
    }
    QVERIFY(window.error->summary().contains(QStringLiteral("largest error fc3")));
    QVERIFY(window.error->summary().contains(QStringLiteral("1 excluded")));
}

void TestPlotExport::tableFits()
{
    PlotWindow window;
    window.fill();
    window.error->showTable();
    auto *view = window.error->findChild<QTableView *>();
    QVERIFY(view && QTest::qWaitForWindowExposed(view->window()));
    QVERIFY(!view->horizontalScrollBar()->isVisible());
    view->window()->close();
}

QTEST_MAIN(TestPlotExport)
#include "tst_plot_export.moc"
