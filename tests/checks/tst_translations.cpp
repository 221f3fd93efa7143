// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What lupdate collects is what the program looks up: the same contexts, and English has every plural form.
#include "tests/checks/catalogue.h"
#include "tests/checks/source_tree.h"

#include <QDir>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

namespace {

/// Contexts under which the sources look texts up: names of QObjects, and those that a macro gives.
QStringList contextsIn(const QString &root)
{
    static const QRegularExpression kMacro(QStringLiteral(R"((?:Q_DECLARE_TR_FUNCTIONS|QS_TEXT_CONTEXT)\((\w+)\)$)"));
    static const QRegularExpression kNamespace(QStringLiteral(R"(^namespace ([\w:]+) \{)"));
    static const QRegularExpression kClass(
        QStringLiteral(R"(^\s*(?:class|struct) (\w+)(?: final)?(?: :.*)?(?: \{)?$)"));
    QStringList contexts;
    const SourceTree tree(root);
    for (const SourceFile &file : tree.files()) {
        QString space;
        QString name;
        for (const QString &line : file.lines) {
            if (const auto match = kNamespace.match(line); match.hasMatch())
                space = match.captured(1) + QStringLiteral("::");
            else if (const auto begin = kClass.match(line); begin.hasMatch())
                name = begin.captured(1);
            else if (line.trimmed() == QLatin1String("Q_OBJECT"))
                contexts << space + name;
            else if (const auto given = kMacro.match(line); given.hasMatch())
                contexts << given.captured(1);
        }
    }
    return contexts;
}

/// Texts that lupdate files where nobody looks, and what it says of those that it cannot file. It takes the first
/// function behind `constexpr std::size_t k = 1;` for a part of std; with `k{1}` it does not.
QStringList lostTexts(const QString &root)
{
    const Catalogue collected = collectTexts(root);
    const QStringList contexts = contextsIn(root);
    QStringList lost = collected.remarks;
    const QMap<QString, QStringList> sources = collected.sources();
    for (auto at = sources.begin(); at != sources.end(); ++at)
        if (!contexts.contains(at.key()))
            lost << at.key() + QStringLiteral(": ") + at->first();
    return lost;
}

} // namespace

class TestTranslations : public QObject
{
    Q_OBJECT

private slots:
    void everyTextIsLookedUpWhereItIsFiled()
    {
        const QStringList lost = lostTexts(QStringLiteral(QUANTOSCOPE_SOURCE_DIR));
        QVERIFY2(lost.isEmpty(), qPrintable(lost.mid(0, 10).join(u'\n')));
        const QMap<QString, QStringList> all = collectTexts(QStringLiteral(QUANTOSCOPE_SOURCE_DIR)).sources();
        QVERIFY(all.value(QStringLiteral("Core")).contains(QStringLiteral("the file does not exist")));
        QVERIFY(all.contains(QStringLiteral("qs::ui::MainWindow")));
    }

    void englishHasAllPluralForms()
    {
        QStringList wanted = collectTexts(QStringLiteral(QUANTOSCOPE_SOURCE_DIR)).plurals();
        const Catalogue english =
            readCatalogue(QStringLiteral(QUANTOSCOPE_SOURCE_DIR "/resources/translations/quantoscope_en.ts"));
        QStringList found = english.plurals();
        wanted.sort();
        found.sort();
        QCOMPARE(found, wanted); // else: build the target update_translations and fill in the forms
        QCOMPARE(english.unfinished(), QStringList());
    }

    void badTreeIsFound_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("found");
        const QByteArray head = "#include <QCoreApplication>\n\nnamespace qs::ui {\n\n";
        const QByteArray use = "\nQString f()\n{\n    return tr(\"Hello\");\n}\n\n} // namespace qs::ui\n";
        const QByteArray structUse =
            "\nQString f()\n{\n    return Greeting::tr(\"Hello\");\n}\n\n} // namespace qs::ui\n";
        const QByteArray ownTr = "QString tr(const char *t)\n{\n    return QCoreApplication::translate(\"X\", t);\n}\n";
        QTest::newRow("good") << head + "struct Greeting {\n    Q_DECLARE_TR_FUNCTIONS(Greeting)\n};\n" + structUse
                              << QString();
        QTest::newRow("tr of a file") << head + ownTr + use << QStringLiteral("qs::ui: Hello");
        QTest::newRow("class without Q_OBJECT")
            << head + "class Greeting : public QObject\n{\n};\n" + structUse << QStringLiteral("Q_OBJECT");
    }

    void badTreeIsFound()
    {
        QFETCH(const QByteArray, text);
        QFETCH(const QString, found);
        const QTemporaryDir tree;
        QVERIFY(QDir(tree.path()).mkpath(QStringLiteral("ui")));
        QFile file(tree.filePath(QStringLiteral("ui/x.cpp")));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(text) == text.size());
        file.close();
        const QString lost = lostTexts(tree.path()).join(u'\n');
        QVERIFY2(found.isEmpty() ? lost.isEmpty() : lost.contains(found), qPrintable(lost));
    }
};

QTEST_GUILESS_MAIN(TestTranslations)
#include "tst_translations.moc"
