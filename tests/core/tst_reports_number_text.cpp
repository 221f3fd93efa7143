// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers that people read: digits, units, and signs of a language.
#include "core/reports/number_text.h"

#include <QTest>

#include <cmath>
#include <limits>

using namespace qs;

class TestReportsNumberText : public QObject
{
    Q_OBJECT

private slots:
    void texts_data();
    void texts();
    void columnsLineUp();
    void unitsStandOnBothSidesOrOnce();
    void signsOfALanguage();
};

void TestReportsNumberText::texts_data()
{
    QTest::addColumn<std::string>("actual");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *name, const std::string &actual, const char *expected) {
        QTest::newRow(name) << actual << QString::fromUtf8(expected);
    };
    const double nan = std::nan("");
    const double infinity = std::numeric_limits<double>::infinity();

    row("number", numberText(0.0031234), "0.00312");
    row("number, zeros at the end", numberText(0.5), "0.500");
    row("number, rounded up to the next power", numberText(99.96), "100");
    row("number, four digits", numberText(0.00665812, 4), "0.006658");
    row("number, tiny", numberText(1.1920929e-7, 4), "1.192e-7");
    row("number, whole", numberText(12345.0, 4), "12350");
    row("number, rounded to a power", numberText(999.6), "1000");
    row("number, huge", numberText(1.5e12), "1.50e12");
    row("number, negative", numberText(-0.25), "-0.250");
    row("number, zero", numberText(0.0), "0");
    row("number, minus zero", numberText(-0.0), "0");
    row("number, none", numberText(std::optional<double>()), "n/a");
    row("number, not a number", numberText(nan), "n/a");
    row("number, infinite", numberText(-infinity), "-∞");
    row("short number", shortNumberText(0.5, 6), "0.5");
    row("short number, whole", shortNumberText(100, 6), "100");
    row("short number, many digits", shortNumberText(98.765432, 8), "98.765432");
    row("range", rangeText(-0.57849, 0.84553), "-0.578 … 0.846");
    row("range of nothing", rangeText(0.50001, 0.50002), "0.500");
    row("negative, whole", numberText(-100.0), "-100");
    row("range of integers", integerRangeText(-128, 127), "-128 … 127");

    row("count", countText(74387), "74,387");
    row("count, three digits", countText(999), "999");
    row("count, largest", countText(std::numeric_limits<std::uint64_t>::max()), "18,446,744,073,709,551,615");
    row("integer, smallest", integerText(std::numeric_limits<std::int64_t>::min()), "-9,223,372,036,854,775,808");

    row("percent", percentText(0.01764), "1.76 %");
    row("percent, two digits", percentText(0.0087), "0.870 %");
    row("percent, large", percentText(0.16751), "16.8 %");
    row("percent, all", percentText(1.0), "100 %");
    row("percent, nearly all", percentText(0.9996), "100 %");
    row("percent, more than all", percentText(123.4), "12300 %");
    row("percent, tiny", percentText(1.234e-9), "1.23e-7 %");
    row("percent, nothing", percentText(0.0), "0 %");
    row("percent, exact", percentText(0.0, true), "exact");
    row("percent, none", percentText(std::nullopt), "n/a");
    row("percent, not a number", percentText(nan), "n/a");
    row("short percent", shortPercentText(0.005), "0.5 %");
    row("accuracy", accuracyText(0.97222), "97.2 %");
    row("accuracy, all", accuracyText(1), "100.0 %");
    row("accuracies", accuracyChangeText(1, 0.9694), "100.0 → 96.9 %");
    row("accuracies that look the same", accuracyChangeText(0.97222, 0.97223), "97.2 %");

    row("decibel", decibelText(42.648, false), "42.6 dB");
    row("decibel, exact", decibelText(std::nullopt, true), "exact");
    row("decibel, none", decibelText(std::nullopt, false), "n/a");
    row("decibel, not a number", decibelText(nan, false), "n/a");
    row("decibel without unit", decibelNumber(-3.04, false), "-3.0");

    row("bytes", bytesText(980), "980 B");
    row("bytes, none", bytesText(0), "0 B");
    row("bytes, last without a unit of 1024", bytesText(999), "999 B");
    row("bytes, first with one", bytesText(1000), "1.0 KiB");
    row("KiB", bytesText(302'080), "295.0 KiB");
    row("last KiB", bytesText(1'023'897), "999.9 KiB");
    row("first MiB", bytesText(1'023'950), "1.0 MiB");
    row("GiB", bytesText(1'288'490'189), "1.2 GiB");
    row("largest", bytesText(std::numeric_limits<std::uint64_t>::max()), "16777216.0 TiB");
    row("change, one unit", bytesChangeText(302'080, 79'124), "295.0 → 77.3 KiB");
    row("change, two units", bytesChangeText(4'194'304, 1'000'000), "4.0 MiB → 976.6 KiB");
    row("change, none", bytesChangeText(302'080, 302'080), "295.0 KiB");
    row("change that does not show", bytesChangeText(1'243'175, 1'243'900), "1.2 MiB");
    row("change, of nothing", bytesChangeText(0, 12), "0 → 12 B");

    const auto factor = [](std::uint64_t before, std::uint64_t after) {
        const SizeChange change = sizeChange(before, after);
        const char *kinds[] = {"same", "smaller", "larger"};
        return timesText(change.factor) + " " + kinds[static_cast<int>(change.kind)];
    };
    row("smaller", factor(378, 100), "3.8× smaller");
    row("larger", factor(100, 120), "1.2× larger");
    row("much smaller", factor(1000, 80), "12× smaller");
    row("same", factor(5, 5), "1.0× same");
    row("nearly the same", factor(1'243'175, 1'243'900), "1.0× same");
    row("just not the same", factor(1050, 1000), "1.1× smaller");
    row("from nothing", factor(0, 12), "∞× larger");
    row("from nothing to nothing", factor(0, 0), "1.0× same");

    row("dimensions", dimensionsText(std::vector<std::uint64_t>{256, 128}), "256×128");
    row("dimensions of a scalar", dimensionsText({}), "");
    row("milliseconds", durationText(0.85), "850 ms");
    row("seconds", durationText(2.44), "2.4 s");
    row("many seconds", durationText(12.4), "12 s");
    row("minutes", durationText(170), "3 min");
}

void TestReportsNumberText::texts()
{
    QFETCH(std::string, actual);
    QFETCH(QString, expected);
    QCOMPARE(QString::fromStdString(actual), expected);
}

/// A column of sizes never needs more than five characters before its unit, nor more than one digit behind the point.
void TestReportsNumberText::columnsLineUp()
{
    for (std::uint64_t bytes = 1; bytes < std::uint64_t{1} << 49; bytes += bytes / 37 + 1) {
        const std::string text = bytesText(bytes);
        const std::string number = text.substr(0, text.find(' '));
        QVERIFY2(number.size() <= 5, text.c_str());
        const std::size_t point = number.find('.');
        QVERIFY2(text.ends_with(" B") ? point == std::string::npos : point + 2 == number.size(), text.c_str());
    }
}

/// What is said to have changed looks different, and never has a factor of 1.
void TestReportsNumberText::unitsStandOnBothSidesOrOnce()
{
    for (std::uint64_t before = 1; before < std::uint64_t{1} << 40; before += before / 3 + 1) {
        for (std::uint64_t after = before / 5; after < before * 5; after += after / 7 + 1) {
            const QString text = QString::fromStdString(bytesChangeText(before, after));
            const QStringList sides = text.split(QStringLiteral(" → "));
            QVERIFY2(sides.size() == 1 || sides[0] != sides[1], qPrintable(text));
            if (sides.size() == 2 && sides[0].contains(' '))
                QVERIFY2(sides[0].section(' ', 1) != sides[1].section(' ', 1), qPrintable(text));
            const SizeChange change = sizeChange(before, after);
            QCOMPARE(change.kind == SizeChange::Kind::Same, timesText(change.factor) == "1.0×");
        }
    }
}

void TestReportsNumberText::signsOfALanguage()
{
    const NumberSigns signs{.minus = "−",
                            .decimalPoint = ",",
                            .thousands = ".",
                            .unitSpace = "_",
                            .exact = "exakt",
                            .notAvailable = "fehlt"};
    QCOMPARE(numberText(-1234.5, 5, signs), "−1234,5");
    QCOMPARE(numberText(1.25e-7, 3, signs), "1,25e−7");
    QCOMPARE(countText(1234567, signs), "1.234.567");
    QCOMPARE(integerText(-1234, signs), "−1.234");
    QCOMPARE(bytesChangeText(302'080, 79'124, signs), "295,0 → 77,3_KiB");
    QCOMPARE(percentText(std::nullopt, false, signs), "fehlt");
    QCOMPARE(decibelText(std::nullopt, true, signs), "exakt");
}

QTEST_GUILESS_MAIN(TestReportsNumberText)
#include "tst_reports_number_text.moc"
