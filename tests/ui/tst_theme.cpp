// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/selection/selection.h"
#include "ui/text/format.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QCheckBox>
#include <QDirIterator>
#include <QSignalSpy>
#include <QTest>

#include <cmath>

using namespace qs::ui;

namespace {

double luminance(const QColor &colour)
{
    const auto linear = [](float channel) {
        const auto c = static_cast<double>(channel);
        return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF());
}

double contrast(const QColor &a, const QColor &b)
{
    const double one = luminance(a) + 0.05;
    const double other = luminance(b) + 0.05;
    return std::max(one, other) / std::min(one, other);
}

/// Text as people read it here: narrow spaces are ordinary ones.
QString plain(QString text)
{
    return text.replace(QChar(text::kUnitSpace), u' ');
}

} // namespace

class TestTheme : public QObject
{
    Q_OBJECT
private slots:
    void contrasts_data();
    void contrasts();
    void applies();
    void everyIconDraws();
    void iconsFollowTheTheme();
    void numbers_data();
    void numbers();
    void clippedSaysWhy();
    void selectionKeepsItsRules();
    void selectionSteps();
};

void TestTheme::contrasts_data()
{
    QTest::addColumn<bool>("dark");
    QTest::newRow("light") << false;
    QTest::newRow("dark") << true;
}

void TestTheme::contrasts()
{
    QFETCH(bool, dark);
    const Theme t = dark ? Theme::makeDark() : Theme::makeLight();
    QVERIFY(contrast(t.text, t.panel) > 13);
    QVERIFY(contrast(t.text, t.window) > 12);
    QVERIFY(contrast(t.text, t.selectedRow) > 7);
    QVERIFY(contrast(t.secondaryText, t.panel) >= 4.5);
    QVERIFY(contrast(t.secondaryText, t.window) >= 4.5);
    QVERIFY(contrast(t.secondaryText, t.plotBand) >= 4.5);
    QVERIFY(contrast(t.accent, t.panel) >= 4.5);
    QVERIFY(contrast(t.onAccent, t.accent) >= 4.5);
    QVERIFY(contrast(t.good, t.panel) >= 4.5);
    QVERIFY(contrast(t.warning, t.panel) >= 4.5);
    QVERIFY(contrast(t.error, t.panel) >= 4.5);
    // Marks and outlines need 3:1 against what they lie on.
    QVERIFY(contrast(t.controlOutline, t.panel) >= 3);
    QVERIFY(contrast(t.schemeA, t.panel) >= 3);
    QVERIFY(contrast(t.schemeB, t.panel) >= 3);
    QVERIFY(contrast(t.schemeA, t.selectedBand) >= 3);
    QVERIFY(contrast(t.schemeB, t.selectedBand) >= 3);
    QVERIFY(contrast(t.selectionRing, t.selectedBand) >= 7);
}

void TestTheme::applies()
{
    ThemeManager &manager = ThemeManager::instance();
    QSignalSpy changed(&manager, &ThemeManager::changed);
    manager.setDark(true);
    QVERIFY(theme().dark);
    QCOMPARE(QApplication::palette().color(QPalette::Window), theme().window);
    QVERIFY(qApp->styleSheet().contains(theme().accent.name()));
    QVERIFY2(!qApp->styleSheet().contains(u'@'), "a colour name was not replaced");
    manager.setChoice(ThemeChoice::System);
    QVERIFY2(!theme().dark, "the tests' platform starts with a light palette");
    manager.setDark(false);
    QCOMPARE(changed.count(), 3);
}

void TestTheme::everyIconDraws()
{
    ThemeManager::instance().setDark(false);
    int icons = 0;
    QDirIterator it(QStringLiteral(":/icons"), {QStringLiteral("*.svg")}, QDir::Files);
    while (it.hasNext()) {
        const QFileInfo file(it.next());
        for (int size : {16, 20, 40}) {
            const QImage image = themedIcon(file.baseName()).pixmap(size).toImage();
            int drawn = 0;
            for (int y = 0; y < image.height(); ++y)
                for (int x = 0; x < image.width(); ++x)
                    drawn += qAlpha(image.pixel(x, y)) > 60;
            QVERIFY2(drawn > size / 2, qPrintable(file.baseName()));
        }
        ++icons;
    }
    QVERIFY(icons >= 26);
    QVERIFY(themedIcon(QStringLiteral("no-such-icon")).isNull());
    QVERIFY(!applicationIcon().isNull());
}

void TestTheme::iconsFollowTheTheme()
{
    const QIcon icon = themedIcon(QStringLiteral("run"));
    ThemeManager::instance().setDark(false);
    const QImage light = icon.pixmap(20).toImage();
    ThemeManager::instance().setDark(true);
    const QImage dark = icon.pixmap(20).toImage();
    QVERIFY(light != dark);
    QVERIFY(icon.pixmap(20, QIcon::Disabled).toImage() != dark);
    ThemeManager::instance().setDark(false);
    QCOMPARE(icon.pixmap(20).toImage(), light);
}

void TestTheme::numbers_data()
{
    QTest::addColumn<QString>("actual");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *name, const QString &actual, const char *expected) {
        QTest::newRow(name) << plain(actual) << QString::fromUtf8(expected);
    };
    // The digits are those of tst_reports_number_text; here are the signs and words of the window.
    row("percent", text::percent(0.01764), "1.76 %");
    row("percent, tiny", text::percent(1.234e-9), "1.23e−7 %");
    row("percent, negative", text::percent(-0.5), "−50.0 %");
    row("percent, exact", text::percent(std::optional<double>(0.0), true), "exact");
    row("percent, none", text::percent(std::optional<double>()), "n/a");
    row("percent of an axis", text::shortPercent(0.005), "0.5 %");
    row("accuracies", text::accuracyChange(1, 0.9694), "100.0 → 96.9 %");
    row("bytes", text::bytes(297'984), "291.0 KiB");
    row("exact bytes", text::exactBytes(1204), "1,204 bytes");
    row("one byte", text::exactBytes(1), "1 byte");
    row("change", text::bytesChange(4'194'304, 1'000'000), "4.0 MiB → 976.6 KiB");
    row("smaller", text::sizeChange(378, 100), "3.8× smaller");
    row("larger", text::sizeChange(100, 120), "1.2× larger");
    row("same size", text::sizeChange(1'243'175, 1'243'900), "same size");
    row("count", text::count(74387), "74,387");
    row("scale", text::scale(0.00665812), "0.006658");
    row("small scale", text::scale(1.1920929e-7), "1.192e−7");
    row("typed", text::shortNumber(99.9, 8), "99.9");
    row("integer", text::integer(-128), "−128");
    row("integers", text::integerRange(-128, 127), "−128 … 127");
    row("not a number", text::number(std::nan("")), "n/a");
    row("infinite", text::number(-INFINITY), "−∞");
    row("range", text::range(-0.57849, 0.84553), "−0.578 … 0.846");
    row("decibel", text::decibel(-3.04), "−3.0 dB");
    row("decibel, exact", text::decibel(std::nullopt, true), "exact");
    row("times", text::times(3.78), "3.8×");
    row("times, a share", text::times(0.0468), "0.047×");
    row("times, nearly one", text::times(0.9961), "1.0×");
    row("times, less than one", text::times(0.9943), "0.99×");
    row("shape", text::shape({256, 128}), "256×128");
    row("seconds", text::duration(2.4), "2.4 s");
}

void TestTheme::numbers()
{
    QFETCH(QString, actual);
    QFETCH(QString, expected);
    QCOMPARE(actual, expected);
}

void TestTheme::clippedSaysWhy()
{
    qs::Scheme scheme;
    QVERIFY(text::clipped(0.0039, scheme).contains(QStringLiteral("+127")));
    QVERIFY(!text::clipped(0, scheme).contains(QStringLiteral("127")));
    scheme.mode = qs::Mode::Asymmetric;
    QCOMPARE(plain(text::clipped(0.0039, scheme)), QStringLiteral("0.390 % clipped"));
}

void TestTheme::selectionKeepsItsRules()
{
    Selection selection;
    QSignalSpy current(&selection, &Selection::currentChanged);
    QSignalSpy layers(&selection, &Selection::layersChanged);
    QSignalSpy hover(&selection, &Selection::hoverChanged);
    selection.setCurrent(2, 5);
    selection.setCurrent(2, 5);
    QCOMPARE(current.count(), 1);
    QCOMPARE(selection.layers(), QList<int>{2});
    selection.setLayers({1, 2, 3});
    QCOMPARE(current.count(), 1);
    QCOMPARE(selection.channel(), 5);
    selection.setLayers({1, 2, 3}, 3);
    QCOMPARE(selection.layer(), 3);
    selection.setCurrent(2);
    QCOMPARE(selection.layers(), QList<int>{2});
    selection.setLayers({0, 1});
    QCOMPARE(selection.layer(), 0);
    QCOMPARE(selection.channel(), -1);
    QCOMPARE(layers.count(), 4);
    selection.setHover(1, 4);
    selection.setHover(1, 4);
    selection.setHover(-1, 4);
    QCOMPARE(hover.count(), 2);
    QCOMPARE(selection.hoverChannel(), -1);
    selection.setCurrent(-1);
    QVERIFY(selection.layers().isEmpty());
}

void TestTheme::selectionSteps()
{
    Selection selection;
    selection.stepLayer(1);
    QCOMPARE(selection.layer(), -1);
    selection.setShape({4, 1, 9});
    selection.stepLayer(1);
    QCOMPARE(selection.layer(), 0);
    selection.stepLayer(-1);
    QCOMPARE(selection.layer(), 0);
    selection.stepChannel(-1);
    QCOMPARE(selection.channel(), 3);
    selection.stepChannel(1);
    QCOMPARE(selection.channel(), 3);
    selection.stepLayer(5);
    QCOMPARE(selection.layer(), 2);
    QCOMPARE(selection.channel(), -1);
    selection.setCurrent(2, 8);
    selection.setShape({4, 1});
    QCOMPARE(selection.layer(), -1);
}

QTEST_MAIN(TestTheme)
#include "tst_theme.moc"
