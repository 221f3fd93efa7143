// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Check marks and arrows are really drawn: they come from images that a plugin of Qt decodes.
#include "ui/theme/theme.h"

#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QStyle>
#include <QStyleOptionComboBox>
#include <QTest>
#include <QTreeWidget>

#include <map>
#include <memory>

using namespace qs::ui;

namespace {

/// Pixels of `area` that have not the colour that most of them have.
int pixelsOfMark(const QImage &image, const QRect &area)
{
    std::map<QRgb, int> colours;
    for (int y = area.top(); y <= area.bottom(); ++y)
        for (int x = area.left(); x <= area.right(); ++x)
            ++colours[image.pixel(x, y)];
    int most = 0;
    for (const auto &[colour, count] : colours)
        most = std::max(most, count);
    return area.width() * area.height() - most;
}

constexpr int kFrame = 3; // border and rounded corners of an indicator

QImage grab(QWidget &widget)
{
    return widget.grab().toImage().convertToFormat(QImage::Format_RGB32);
}

QRect insideOf(const QRect &indicator)
{
    return indicator.adjusted(kFrame, kFrame, -kFrame, -kFrame);
}

} // namespace

class TestThemeMarks : public QObject
{
    Q_OBJECT
private slots:
    void pluginIsThere() { QCOMPARE(missingImagePlugin(), QString()); }
    void checkBox_data() { themes(); }
    void checkBox();
    void tableCell_data() { themes(); }
    void tableCell();
    void comboArrow_data() { themes(); }
    void comboArrow();

private:
    static void themes()
    {
        QTest::addColumn<bool>("dark");
        QTest::newRow("light") << false;
        QTest::newRow("dark") << true;
    }
};

void TestThemeMarks::checkBox()
{
    QFETCH(const bool, dark);
    ThemeManager::instance().setDark(dark);
    QCheckBox box(QStringLiteral("Quantize"));
    box.setTristate(true);
    box.resize(box.sizeHint());
    QStyleOptionButton option;
    option.initFrom(&box);
    const QRect inside = insideOf(box.style()->subElementRect(QStyle::SE_CheckBoxIndicator, &option, &box));
    const QImage empty = grab(box);
    QCOMPARE(pixelsOfMark(empty, inside), 0);
    box.setCheckState(Qt::Checked);
    const QImage ticked = grab(box);
    QVERIFY(pixelsOfMark(ticked, inside) >= 8);
    QVERIFY(ticked.copy(inside) != empty.copy(inside));
    box.setCheckState(Qt::PartiallyChecked);
    const QImage partly = grab(box);
    QVERIFY(pixelsOfMark(partly, inside) >= 4);
    QVERIFY(partly.copy(inside) != ticked.copy(inside));
}

void TestThemeMarks::tableCell()
{
    QFETCH(const bool, dark);
    ThemeManager::instance().setDark(dark);
    QTreeWidget table;
    table.setRootIsDecorated(false);
    auto *item = new QTreeWidgetItem(&table, {QString()});
    item->setCheckState(0, Qt::Unchecked);
    table.resize(200, 120);
    const auto cell = [&] { return grab(*table.viewport()).copy(table.visualItemRect(item)); };
    table.show();
    QVERIFY(QTest::qWaitForWindowExposed(&table));
    const QImage empty = cell();
    item->setCheckState(0, Qt::Checked);
    const QImage ticked = cell();
    QCOMPARE(ticked.size(), empty.size());
    // The accent colour alone would tell them apart, too; the mark is of a third colour, on top of it.
    int accent = 0;
    int mark = 0;
    for (int y = 0; y < ticked.height(); ++y) {
        for (int x = 0; x < ticked.width(); ++x) {
            if (ticked.pixel(x, y) == empty.pixel(x, y))
                continue;
            ++(ticked.pixelColor(x, y) == theme().accent ? accent : mark);
        }
    }
    QVERIFY2(accent > 40, qPrintable(QString::number(accent)));
    QVERIFY2(mark > 40, qPrintable(QString::number(mark)));
}

void TestThemeMarks::comboArrow()
{
    QFETCH(const bool, dark);
    ThemeManager::instance().setDark(dark);
    QComboBox combo;
    combo.addItem(QStringLiteral("8 bits"));
    combo.resize(combo.sizeHint());
    QStyleOptionComboBox option;
    option.initFrom(&combo);
    const QRect arrow = combo.style()->subControlRect(QStyle::CC_ComboBox, &option, QStyle::SC_ComboBoxArrow, &combo);
    QVERIFY(pixelsOfMark(grab(combo), insideOf(arrow)) >= 8);
}

QTEST_MAIN(TestThemeMarks)
#include "tst_theme_marks.moc"
