// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Plots of fixed data against stored pictures, where letters and lines are drawn as they were when those were made;
// elsewhere that is skipped. `tests/ui/goldens` makes them. What must hold anywhere is checked by position and colour.
#include "tests/ui/plot_window.h"
#include "ui/plots/code_grid_plot.h"
#include "ui/theme/theme.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QPainter>

#include <cmath>

using namespace qs;
using namespace qs::test;
using namespace qs::ui;

namespace {

constexpr QSize kSize(640, 320);
/// A pixel is another one where a colour differs by more than this, of 255: rounding inside the painter may differ.
constexpr int kTolerance = 10;
/// So many pixels of a picture may be others: fewer than one dot of the scale plot has.
constexpr int kMostPixels = 8;

/// What of the data is changed, to see whether anybody notices.
enum class Mutation { None, OneScale, OneBar, NoB, OneCode, Limits };

QString folder()
{
    return qEnvironmentVariable("QUANTOSCOPE_GOLDENS", QStringLiteral(QUANTOSCOPE_SOURCE_DIR "/tests/data/goldens"));
}

bool makesGoldens()
{
    return qEnvironmentVariableIsSet("QUANTOSCOPE_GOLDENS");
}

/// Changes with the fonts, with how they are drawn, and with the version of Qt.
QByteArray fingerprint()
{
    QImage image(900, 80, QImage::Format_RGB32);
    image.fill(Qt::white);
    QPainter painter(&image);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.drawText(QPoint(4, 30), QStringLiteral("0.0123456789 % × fc1 … ch Scale per channel ▼ ∞ −"));
    painter.drawEllipse(QPointF(700.3, 40.7), 20.5, 11.2);
    painter.end();
    QCryptographicHash hash(QCryptographicHash::Sha1);
    hash.addData(QByteArrayView(image.constBits(), image.sizeInBytes()));
    return QByteArray(qVersion()) + ' ' + hash.result().toHex();
}

std::shared_ptr<Report> reportOf(Mutation mutation)
{
    auto report = syntheticReport();
    auto layer = std::make_shared<LayerReport>(*report->layers[1]);
    if (mutation == Mutation::OneScale) {
        auto quantization = std::make_shared<LayerQuantization>(*layer->quantization);
        quantization->scales[40] *= 1.5F;
        layer->quantization = quantization;
    }
    if (mutation == Mutation::OneBar)
        layer->outputError.alone = *layer->outputError.alone * 1.1;
    report->layers[1] = layer;
    return report;
}

std::shared_ptr<Report> otherReport()
{
    auto report = syntheticReport();
    for (auto &each : report->layers) {
        auto layer = std::make_shared<LayerReport>(*each);
        auto quantization = std::make_shared<LayerQuantization>(*layer->quantization);
        for (float &scale : quantization->scales)
            scale *= 4;
        layer->quantization = quantization;
        if (layer->outputError.alone)
            layer->outputError.alone = *layer->outputError.alone * 3;
        if (layer->outputError.upToHere)
            layer->outputError.upToHere = *layer->outputError.upToHere * 2.5;
        each = layer;
    }
    return report;
}

std::shared_ptr<const Distribution> distributionOf(Mutation mutation)
{
    auto changed = std::make_shared<Distribution>(*syntheticDistribution(4));
    if (mutation == Mutation::OneCode)
        changed->codeCounts[10] -= changed->codeCounts[10] / 5;
    if (mutation == Mutation::Limits)
        changed->clipHigh *= 0.9;
    return changed;
}

QImage grabbed(const PlotPanel *panel)
{
    // Replots are queued, and so are the layouts that they ask for.
    for (int round = 0; round < 3; ++round)
        QCoreApplication::processEvents();
    return panel->plotWidget()->grab().toImage().convertToFormat(QImage::Format_RGB32);
}

/// The plot alone in a window of fixed size.
template <class Plot> struct Shown {
    Selection selection;
    QWidget widget;
    Plot *plot = new Plot(&selection, &widget);

    Shown()
    {
        selection.setShape({128, 256, 128, 1, 9});
        widget.resize(kSize);
        plot->setGeometry(QRect(QPoint(), kSize));
        widget.show();
    }
};

QImage pictureOfPlot(const QString &plot, Mutation mutation)
{
    if (plot == QLatin1String("scales")) {
        Shown<ScalePlot> shown;
        shown.plot->setReport(reportOf(mutation));
        if (mutation != Mutation::NoB)
            shown.plot->setOther(otherReport(), QStringLiteral("B"));
        return grabbed(shown.plot);
    }
    if (plot == QLatin1String("errors")) {
        Shown<ErrorPlot> shown;
        shown.plot->setReport(reportOf(mutation));
        if (mutation != Mutation::NoB)
            shown.plot->setOther(otherReport(), QStringLiteral("B"));
        return grabbed(shown.plot);
    }
    if (plot == QLatin1String("weights")) {
        Shown<WeightHistogram> shown;
        shown.plot->setDistribution(distributionOf(mutation), QStringLiteral("fc2"), Scheme{});
        return grabbed(shown.plot);
    }
    Shown<CodeGridPlot> shown;
    shown.plot->setDistribution(distributionOf(mutation), QStringLiteral("fc2"), Scheme{});
    return grabbed(shown.plot);
}

/// Number of pixels that are others; all of them where the sizes differ.
qint64 differing(const QImage &a, const QImage &b)
{
    if (a.size() != b.size())
        return std::max(a.width() * a.height(), b.width() * b.height());
    qint64 count = 0;
    for (int y = 0; y < a.height(); ++y) {
        for (int x = 0; x < a.width(); ++x) {
            const QRgb p = a.pixel(x, y);
            const QRgb q = b.pixel(x, y);
            const int most =
                std::max({std::abs(qRed(p) - qRed(q)), std::abs(qGreen(p) - qGreen(q)), std::abs(qBlue(p) - qBlue(q))});
            count += most > kTolerance ? 1 : 0;
        }
    }
    return count;
}

/// The rectangle of the axes, in pixels.
QRectF areaOf(const PlotPanel *panel)
{
    return {panel->pixelOf(panel->xRange().lower, panel->yRange().upper),
            panel->pixelOf(panel->xRange().upper, panel->yRange().lower)};
}

bool isLike(const QColor &a, const QColor &b)
{
    return std::abs(a.red() - b.red()) + std::abs(a.green() - b.green()) + std::abs(a.blue() - b.blue()) < 40;
}

} // namespace

class TestPlotGoldens : public QObject
{
    Q_OBJECT
private slots:
    void pictures_data();
    void pictures();
    void wrongPicturesAreFound_data();
    void wrongPicturesAreFound();
    void barsByPosition();
    void dotsByPosition();
    void pegsByPosition();
    void cleanup() { ThemeManager::instance().setDark(false); }

private:
    bool isSameMachine() const;
};

bool TestPlotGoldens::isSameMachine() const
{
    QFile file(QDir(folder()).filePath(QStringLiteral("fingerprint.txt")));
    return file.open(QIODevice::ReadOnly) && file.readAll().trimmed() == fingerprint();
}

void TestPlotGoldens::pictures_data()
{
    QTest::addColumn<QString>("plot");
    QTest::addColumn<bool>("dark");
    for (const char *plot : {"scales", "errors", "weights", "codes"})
        for (const bool dark : {false, true})
            QTest::addRow("%s-%s", plot, dark ? "dark" : "light") << QString::fromLatin1(plot) << dark;
}

void TestPlotGoldens::pictures()
{
    QFETCH(const QString, plot);
    QFETCH(const bool, dark);
    ThemeManager::instance().setDark(dark);
    const QImage now = pictureOfPlot(plot, Mutation::None);
    const QString path = QDir(folder()).filePath(QString::fromLatin1(QTest::currentDataTag()) + QStringLiteral(".png"));
    if (makesGoldens()) {
        QVERIFY(now.save(path));
        QFile file(QDir(folder()).filePath(QStringLiteral("fingerprint.txt")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(fingerprint() + '\n');
        return;
    }
    if (!isSameMachine())
        QSKIP("letters or lines are drawn otherwise here than where the pictures were made");
    const QImage golden = QImage(path).convertToFormat(QImage::Format_RGB32);
    QVERIFY2(!golden.isNull(), qPrintable(path));
    const qint64 others = differing(now, golden);
    if (others > kMostPixels)
        now.save(QDir::temp().filePath(QStringLiteral("golden-") + QFileInfo(path).fileName()));
    QVERIFY2(others <= kMostPixels,
             qPrintable(QStringLiteral("%1 pixels differ; see %2/golden-*.png").arg(others).arg(QDir::tempPath())));
}

void TestPlotGoldens::wrongPicturesAreFound_data()
{
    QTest::addColumn<QString>("plot");
    QTest::addColumn<int>("mutation");
    QTest::newRow("a dot elsewhere") << "scales" << int(Mutation::OneScale);
    QTest::newRow("no squares of B") << "scales" << int(Mutation::NoB);
    QTest::newRow("a bar that is too long") << "errors" << int(Mutation::OneBar);
    QTest::newRow("no bars of B") << "errors" << int(Mutation::NoB);
    QTest::newRow("limits elsewhere") << "weights" << int(Mutation::Limits);
    QTest::newRow("a code with fewer weights") << "codes" << int(Mutation::OneCode);
}

/// The tolerance lets none of these pass, here as elsewhere: pictures of the same run are compared.
void TestPlotGoldens::wrongPicturesAreFound()
{
    QFETCH(const QString, plot);
    QFETCH(const int, mutation);
    const QImage right = pictureOfPlot(plot, Mutation::None);
    QVERIFY(differing(right, pictureOfPlot(plot, Mutation::None)) <= kMostPixels);
    const qint64 others = differing(right, pictureOfPlot(plot, static_cast<Mutation>(mutation)));
    QVERIFY2(others > kMostPixels, qPrintable(QString::number(others)));
}

/// On a logarithmic axis each bar ends where its error stands.
void TestPlotGoldens::barsByPosition()
{
    Shown<ErrorPlot> shown;
    shown.plot->setReport(syntheticReport());
    shown.plot->setSeriesVisible(QStringLiteral("upToHere"), false); // the line passes close by
    const QImage image = grabbed(shown.plot);
    const QRectF area = areaOf(shown.plot);
    const AxisRange y = shown.plot->yRange();
    const double errors[] = {0.87, 0.90, 1.34}; // percent
    for (int layer = 0; layer < 3; ++layer) {
        const double share = std::log(errors[layer] / y.lower) / std::log(y.upper / y.lower);
        const int top = static_cast<int>(std::lround(area.bottom() - share * area.height()));
        // In the left quarter of the bar, where neither number nor point stands.
        const int x = static_cast<int>(area.left() + (layer + 0.5 - 0.17) * area.width() / 5.0);
        QVERIFY2(isLike(image.pixelColor(x, top + 4), theme().schemeA), qPrintable(QString::number(layer)));
        QVERIFY2(!isLike(image.pixelColor(x, top - 4), theme().schemeA), qPrintable(QString::number(layer)));
    }
}

/// A dot stands at its channel's place in the band of its layer, and at its scale.
void TestPlotGoldens::dotsByPosition()
{
    Shown<ScalePlot> shown;
    const auto report = syntheticReport();
    shown.plot->setReport(report);
    const QImage image = grabbed(shown.plot);
    const QRectF area = areaOf(shown.plot);
    const AxisRange y = shown.plot->yRange();
    for (const std::uint64_t channel : {0U, 100U, 255U}) {
        const auto place = shown.plot->positionOf(1, static_cast<qint64>(channel));
        QVERIFY(place);
        const double scale = static_cast<double>(report->layers[1]->quantization->scales[channel]);
        const double share = std::log(scale / y.lower) / std::log(y.upper / y.lower);
        QVERIFY(std::abs(place->y() - (area.bottom() - share * area.height())) < 1.5);
        QVERIFY(isLike(image.pixelColor(place->toPoint()), theme().schemeA));
    }
    const double first = shown.plot->positionOf(1, 0)->x();
    const double last = shown.plot->positionOf(1, 255)->x();
    const double middle = shown.plot->positionOf(1, 128)->x();
    QVERIFY(std::abs(middle - (first + (last - first) * 128 / 255)) < 1);
}

/// Codes of one scale stand equally far apart, from the lowest to the highest.
void TestPlotGoldens::pegsByPosition()
{
    Shown<CodeGridPlot> shown;
    shown.plot->setDistribution(syntheticDistribution(4), QStringLiteral("fc2"), Scheme{});
    grabbed(shown.plot);
    const double step = shown.plot->pegOf(-7).x() - shown.plot->pegOf(-8).x();
    QVERIFY(step > 5);
    for (int code = -8; code < 7; ++code)
        QVERIFY(std::abs(shown.plot->pegOf(code + 1).x() - shown.plot->pegOf(code).x() - step) < 0.01);
    QVERIFY(areaOf(shown.plot).left() <= shown.plot->pegOf(-8).x());
}

QTEST_MAIN(TestPlotGoldens)
#include "tst_plot_goldens.moc"
