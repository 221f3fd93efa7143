// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// CSV: what is quoted, and how numbers are written.
#include "core/base/csv.h"

#include <QTest>

#include <cmath>
#include <limits>

using namespace qs;

class TestBaseCsv : public QObject
{
    Q_OBJECT

private slots:
    void fields_data();
    void fields();
    void rows();
};

void TestBaseCsv::fields_data()
{
    QTest::addColumn<std::string>("actual");
    QTest::addColumn<std::string>("expected");
    const auto row = [](const char *name, auto value, const char *expected) {
        QTest::newRow(name) << CsvText("").add(value).text() << std::string(expected);
    };
    row("plain", "fc1.weight", "fc1.weight");
    row("blank at the end", "fc1 ", "fc1 ");
    row("comma", "a,b", "\"a,b\"");
    row("quote", "a\"b", "\"a\"\"b\"");
    row("line feed", "a\nb", "\"a\nb\"");
    row("carriage return", "a\rb", "\"a\rb\"");
    row("only a quote", "\"", "\"\"\"\"");
    row("empty", "", "");
    row("integer", -7, "-7");
    row("large integer", std::numeric_limits<std::uint64_t>::max(), "18446744073709551615");
    row("tenth", 0.1, "0.1");
    row("third, in full", 1.0 / 3, "0.3333333333333333");
    row("float in its own digits", 0.1F, "0.1");
    row("not a number", std::nan(""), "");
    row("infinite", -std::numeric_limits<double>::infinity(), "");
    row("no number", std::optional<double>(), "");
    row("optional number", std::optional<double>(0.5), "0.5");
}

void TestBaseCsv::fields()
{
    QFETCH(std::string, actual);
    QFETCH(std::string, expected);
    QCOMPARE(actual, expected);
}

void TestBaseCsv::rows()
{
    CsvText csv("\r\n");
    csv.add("name").add("value").endRow();
    csv.addEmpty(1).add(2).endRow();
    csv.add("x").addEmpty(1).endRow();
    QCOMPARE(csv.text(), "name,value\r\n,2\r\nx,\r\n");
}

QTEST_GUILESS_MAIN(TestBaseCsv)
#include "tst_base_csv.moc"
