// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What a header x.h of core declares is defined in a source whose name begins with x, beside it.
#include "tests/checks/source_tree.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QRegularExpression>
#include <QTest>

namespace {

/// A symbol of nm -C, reduced to what a header must name: "qs::Model::view(unsigned long) const" → "view".
QString identifierOf(QString symbol)
{
    symbol.remove(QStringLiteral("[abi:cxx11]"));
    symbol = symbol.left(symbol.indexOf(u'('));
    const QString name = symbol.section(QStringLiteral("::"), -1);
    return name.startsWith(u'~') ? name.mid(1) : name;
}

/// Functions of nm's text that no header beside `source` declares whose name `source` begins with.
QStringList misplaced(const SourceTree &tree, const QString &source, const QString &symbols)
{
    const QString folder = source.section(u'/', 0, -2);
    const QString stem = source.section(u'/', -1).section(u'.', 0, 0);
    QString declarations;
    for (const SourceFile &file : tree.files()) {
        if (file.folder() == folder && file.path.endsWith(QLatin1String(".h")) &&
            stem.startsWith(file.name().section(u'.', 0, 0)))
            declarations += file.lines.join(u'\n') + u'\n';
    }
    QStringList result;
    static const QRegularExpression kFunction(QStringLiteral(R"(^[0-9a-f]+ T (.*)$)"));
    const QStringList lines = symbols.split(u'\n');
    for (const QString &line : lines) {
        const QString symbol = kFunction.match(line).captured(1);
        // Operators and what the compiler makes of lambdas have no name that a person looks for.
        if (symbol.isEmpty() || symbol.contains(QLatin1String("operator")) ||
            symbol.contains(QLatin1String("{lambda")) || symbol.contains(QLatin1String("(anonymous namespace)")))
            continue;
        const QString name = identifierOf(symbol);
        const QRegularExpression word(QStringLiteral("\\b%1\\b").arg(QRegularExpression::escape(name)));
        if (!word.match(declarations).hasMatch())
            result << QStringLiteral("%1 defines %2, which no header of that name declares").arg(source, symbol);
    }
    result.removeDuplicates();
    return result;
}

} // namespace

class TestDefinitions : public QObject
{
    Q_OBJECT
private slots:
    void headersNameTheirSources();
    void strayDefinitionIsFound_data();
    void strayDefinitionIsFound();
};

void TestDefinitions::headersNameTheirSources()
{
    const SourceTree tree(QStringLiteral(QUANTOSCOPE_SOURCE_DIR));
    QFile list(QStringLiteral(CORE_OBJECTS));
    QVERIFY(list.open(QIODevice::ReadOnly));
    const QStringList objects = QString::fromUtf8(list.readAll()).split(u'\n', Qt::SkipEmptyParts);
    QVERIFY(objects.size() > 50);
    int broken = 0;
    for (const QString &object : objects) {
        static const QRegularExpression kSource(QStringLiteral(R"(quantoscope_core\.dir/(.*\.cpp)\.o$)"));
        QString source = kSource.match(object).captured(1);
        if (source.isEmpty()) // kernels have a check of their own, data has no headers
            continue;
        QProcess nm;
        nm.start(QStringLiteral(NM_PROGRAM), {QStringLiteral("-C"), QStringLiteral("--defined-only"), object});
        QVERIFY(nm.waitForFinished() && nm.exitCode() == 0);
        source = QDir::cleanPath(QStringLiteral("core/") + source);
        for (const QString &line : misplaced(tree, source, QString::fromUtf8(nm.readAll()))) {
            qWarning("%s", qPrintable(line));
            ++broken;
        }
    }
    QCOMPARE(broken, 0);
}

void TestDefinitions::strayDefinitionIsFound_data()
{
    QTest::addColumn<QString>("source");
    QTest::addColumn<QString>("symbols");
    QTest::addColumn<int>("found");
    const auto row = [](const char *name, const char *source, const char *symbols, int found) {
        QTest::newRow(name) << QString::fromUtf8(source) << QString::fromUtf8(symbols) << found;
    };
    row("beside its header", "core/base/text.cpp", "0000 T qs::inQuotes(std::string_view)\n", 0);
    row("part of it", "core/base/text_more.cpp", "0000 T qs::inQuotes[abi:cxx11](std::string_view)\n", 0);
    row("elsewhere", "core/base/parallel.cpp", "0000 T qs::inQuotes(std::string_view)\n", 1);
    row("in another folder", "core/tensor/text.cpp", "0000 T qs::inQuotes(std::string_view)\n", 1);
    row("declared nowhere", "core/base/text.cpp", "0000 T qs::inBrackets(std::string_view)\n", 1);
    row("local, weak or unnamed", "core/base/text.cpp",
        "0000 t qs::x()\n0000 W qs::y()\n0000 T qs::(anonymous namespace)::z()\n", 0);
}

void TestDefinitions::strayDefinitionIsFound()
{
    QFETCH(const QString, source);
    QFETCH(const QString, symbols);
    QFETCH(const int, found);
    QCOMPARE(misplaced(SourceTree(QStringLiteral(QUANTOSCOPE_SOURCE_DIR)), source, symbols).size(), found);
}

QTEST_GUILESS_MAIN(TestDefinitions)
#include "tst_definitions.moc"
