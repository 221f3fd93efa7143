// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The source tree keeps its rules, and each rule fails on a file that breaks it.
#include "tests/checks/source_rules.h"

#include <QDir>
#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

class TestLayering : public QObject
{
    Q_OBJECT

private slots:
    void treeKeepsTheRules();
    void badFileIsFound_data();
    void badFileIsFound();
    void goodFilePasses_data();
    void goodFilePasses();
    void badTreeIsFound_data();
    void badTreeIsFound();
};

namespace {

constexpr const char *kHead = "// SPDX-FileCopyrightText: The Quantoscope authors\n"
                              "// SPDX-License-Identifier: GPL-3.0-or-later\n";

using Files = QMap<QString, QByteArray>; ///< texts by path

/// The broken rules of a tree that holds just these files.
QStringList brokenBy(const Files &files)
{
    const QTemporaryDir tree;
    for (auto entry = files.begin(); entry != files.end(); ++entry) {
        const QString full = QDir(tree.path()).filePath(entry.key());
        QDir().mkpath(QFileInfo(full).path());
        QFile file(full);
        if (!file.open(QIODevice::WriteOnly) || file.write(entry.value()) != entry.value().size())
            qFatal("cannot write %s", qPrintable(full));
    }
    return brokenRules(tree.path());
}

QStringList brokenBy(const QString &path, const QByteArray &text)
{
    return brokenBy(Files{{path, text}});
}

/// A body of so many lines below `head`.
QByteArray body(const QByteArray &head, int lines)
{
    return head + "\n{\n" + QByteArray("    f();\n").repeated(lines) + "}\n";
}

} // namespace

/// All faults but those that the list beside this file names as "path: what"; a line of it that has become untrue must
/// go, so that the list can only become shorter.
void TestLayering::treeKeepsTheRules()
{
    QFile list(QStringLiteral(QUANTOSCOPE_SOURCE_DIR "/tests/checks/known_faults.txt"));
    QVERIFY(list.open(QIODevice::ReadOnly));
    const QStringList known = QString::fromUtf8(list.readAll()).split(u'\n', Qt::SkipEmptyParts);
    QStringList found;
    const QStringList broken = brokenRules(QStringLiteral(QUANTOSCOPE_SOURCE_DIR));
    for (QString line : broken) {
        static const QRegularExpression kLine(QStringLiteral("^([^:]*):[0-9]+: "));
        found << line.replace(kLine, QStringLiteral("\\1: "));
        if (!known.contains(found.last())) // one by one: Qt Test shortens long messages
            qWarning("%s", qPrintable(line));
    }
    for (const QString &line : known)
        if (!found.contains(line))
            qWarning("mended, so it must leave known_faults.txt: %s", qPrintable(line));
    found.removeDuplicates();
    found.sort();
    QCOMPARE(found, known);
}

void TestLayering::badFileIsFound_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QByteArray>("text");
    const auto row = [](const char *name, const char *path, const QByteArray &text) {
        QTest::newRow(name) << QString::fromUtf8(path) << kHead + text;
    };
    row("core includes Qt", "core/base/x.cpp", "#include <QString>\n");
    row("core includes Qt by module", "core/base/x.cpp", "#include <QtCore/QString>\n");
    row("core includes ui", "core/base/x.cpp", "#include \"ui/window/main_window.h\"\n");
    row("core includes app", "core/base/x.cpp", "  #  include \"app/cli/text.h\"\n");
    row("ui includes app", "ui/x.cpp", "#include \"app/cli/text.h\"\n");
    row("command line includes Qt", "app/cli/x.cpp", "#include <QString>\n");
    row("command line includes ui", "app/cli/x.cpp", "#include \"ui/text/numbers.h\"\n");
    row("Eigen in ui", "ui/x.cpp", "#include <Eigen/Dense>\n");
    row("Eigen in another part of core", "core/quant/x.cpp", "#include <Eigen/Core>\n");
    row("QCustomPlot in a panel", "ui/pages/x/x.cpp", "#include <qcustomplot.h>\n");
    row("oneTBB in quant", "core/quant/x.cpp", "#include <tbb/parallel_for.h>\n");
    row("oneTBB by its other name", "core/quant/x.cpp", "#include <oneapi/tbb.h>\n");
    row("thread in a panel", "ui/pages/x/x.cpp", "std::thread worker;\n");
    row("QtConcurrent in a panel", "ui/pages/x/x.cpp", "auto f = QtConcurrent::run(work);\n");
    row("QThread in a panel", "ui/pages/x/x.cpp", "class Worker : public QThread {};\n");
    row("long file", "core/base/x.cpp", QByteArray("\n").repeated(499));
    row("header without guard", "core/base/x.h", "int f();\n");
    row("include of a higher floor", "core/tensor/x.cpp", "#include \"core/model/model.h\"\n");
    row("include of the same floor", "core/model/x.cpp", "#include \"core/metrics/error_metrics.h\"\n");
    row("include of a room without a floor", "core/export/x.cpp", "#include \"core/misc/x.h\"\n");
    row("room without a floor", "core/misc/x.cpp", "int x;\n");
    row("include up in ui", "ui/plots/x.cpp", "#include \"ui/widgets/x.h\"\n");
    row("branch on a name", "app/cli/x.cpp", "bool f(E e) { return e.name == \"gpt-fast\"; }\n");
    row("branch on a name in Qt's way", "ui/pages/x/x.cpp",
        "bool f(E e) { return e.name() != QLatin1String(\"float\"); }\n");
    row("format asked for by name", "app/cli/x.cpp", "auto f = findExportFormat(\"gpt-fast\");\n");
    row("option named in core", "core/export/x.cpp", "const char *t = \"exists already, see --force\";\n");
    row("cited document is not there", "core/quant/x.cpp", "// As NUMERICS.md §3 says.\n");
    row("tr of a file", "ui/pages/x/x.cpp", "QString tr(const char *text);\n");
    row("context of its own", "ui/pages/x/x.cpp", "QString s = QCoreApplication::translate(\"X\", \"hello\");\n");
    row("long function", "core/quant/x.cpp", body("void g()", 61));
    row("long class in an unnamed namespace", "core/quant/x.cpp",
        "namespace {\n" + body("class X", 251) + "} // namespace\n");
    row("model read in a page", "ui/pages/x/x.cpp", "auto chain = findChain(model, {});\n");
    row("recipe resolved in a plot", "ui/plots/x.cpp", "auto decisions = resolve(recipe, model, true);\n");
    row("accessor of the window", "ui/window/main_window.h",
        "#pragma once\n    Cards *cards() const { return m_cards; }\n");
    QTest::newRow("moc on the command line")
        << QStringLiteral("app/cli/CMakeLists.txt")
        << QByteArray("# SPDX-FileCopyrightText: The Quantoscope authors\n# SPDX-License-Identifier: GPL-3.0-or-later\n"
                      "set_target_properties(x PROPERTIES AUTOMOC ON)\n");
    QTest::newRow("moc on everything")
        << QStringLiteral("CMakeLists.txt")
        << QByteArray("# SPDX-FileCopyrightText: The Quantoscope authors\n# SPDX-License-Identifier: GPL-3.0-or-later\n"
                      "qt_standard_project_setup()\n");
    row("unknown folder at the top", "misc/x.cpp", "\n");
    QTest::newRow("no licence lines") << QStringLiteral("core/base/x.cpp") << QByteArray("int x;\n");
    QTest::newRow("script without licence") << QStringLiteral("tests/run") << QByteArray("#!/usr/bin/env bash\n");
}

void TestLayering::badFileIsFound()
{
    QFETCH(const QString, path);
    QFETCH(const QByteArray, text);
    const QStringList broken = brokenBy(path, text);
    QCOMPARE(broken.size(), 1);
    QVERIFY2(broken[0].startsWith(path.section(QLatin1Char('/'), 0, 0)), qPrintable(broken[0]));
}

void TestLayering::goodFilePasses_data()
{
    badFileIsFound_data();
}

/// The same lines in a comment, or where they are allowed.
void TestLayering::goodFilePasses()
{
    QFETCH(const QByteArray, text);
    const QByteArray tag = QTest::currentDataTag();
    QString path;
    if (tag.contains("QCustomPlot"))
        path = QStringLiteral("ui/plots/x.cpp");
    else if (tag.contains("thread") || tag.contains("QThread") || tag.contains("QtConcurrent"))
        path = QStringLiteral("ui/tasks/x.cpp");
    else if (tag.contains("oneTBB"))
        path = QStringLiteral("core/base/parallel.cpp");
    else if (tag.contains("Eigen"))
        path = QStringLiteral("core/kernels/x.cpp");
    else if (tag.contains("include up in ui") || tag.contains("model read"))
        path = tag.contains("ui") ? QStringLiteral("ui/pages/x/x.cpp") : QStringLiteral("ui/document/x.cpp");
    else if (tag == "include of a higher floor")
        path = QStringLiteral("core/analysis/x.cpp");
    else if (tag.contains("option named"))
        path = QStringLiteral("app/cli/x.cpp");
    else if (tag.contains("core includes Qt"))
        path = QStringLiteral("ui/x.cpp");
    else if (tag.contains("includes app"))
        path = QStringLiteral("app/gui/x.cpp");
    else
        return;
    QCOMPARE(brokenBy(path, text), QStringList());
    const qsizetype head = QByteArray(kHead).size();
    QCOMPARE(brokenBy(QStringLiteral("core/quant/x.cpp"), text.left(head) + "// " + text.mid(head)), QStringList());
}

void TestLayering::badTreeIsFound_data()
{
    QTest::addColumn<Files>("good");
    QTest::addColumn<Files>("change");
    QTest::addColumn<QString>("found");
    const QByteArray head = kHead;
    const QByteArray cmake = "# SPDX-FileCopyrightText: The Quantoscope authors\n"
                             "# SPDX-License-Identifier: GPL-3.0-or-later\n";
    const auto file = [](const char *path, const QByteArray &text) { return Files{{QString::fromUtf8(path), text}}; };
    const auto both = [](Files a, const Files &b) {
        a.insert(b);
        return a;
    };

    const Files rooms = both(file("core/base/x.cpp", head), file("core/tensor/x.cpp", head));
    const Files readme = file("core/README.md", "| `tensor/` | types |\n| `base/` | all else |\n");
    QTest::newRow("README lists a room twice above its floor")
        << both(rooms, readme) << file("core/README.md", "| `base/` | x |\n| `tensor/` | x |\n")
        << QStringLiteral("core/README.md:2");
    QTest::newRow("README forgets a room")
        << both(rooms, readme) << file("core/README.md", "| `base/` | x |\n") << QStringLiteral("core/README.md:1");
    QTest::newRow("README lists a room that is gone")
        << both(rooms, readme) << file("core/README.md", "| `quant/` | x |\n| `tensor/` | x |\n| `base/` | x |\n")
        << QStringLiteral("core/README.md:1");

    const Files cited = both(file("core/scheme/NUMERICS.md", "# Numerics\n\n## 3. Errors\n\n### 3.1 Energies\n"),
                             file("core/quant/x.cpp", head + "// NUMERICS.md §3.1: energies.\n"));
    QTest::newRow("cited section is gone") << cited << file("core/scheme/NUMERICS.md", "# Numerics\n\n## 3. Errors\n")
                                           << QStringLiteral("core/quant/x.cpp:3");

    const Files tested = both(both(file("tests/core/CMakeLists.txt", cmake), file("tests/core/tst_quant_x.cpp", head)),
                              file("core/quant/x.cpp", head));
    QTest::newRow("room without a test") << tested << file("core/scheme/x.cpp", head)
                                         << QStringLiteral("core/scheme/x.cpp:1");
    const Files scaling = both(tested, file("tests/cli/tst_cli_scaling.cpp", head + "// rows\nrow(\"list\");\n"));
    QTest::newRow("command without a scaling row")
        << both(scaling, file("app/cli/list_command.cpp", head)) << file("app/cli/merge_command.cpp", head)
        << QStringLiteral("app/cli/merge_command.cpp:1");

    const Files format = file("core/export/formats/mlx.cpp", head + "const ExportFormat kMlx{.name = \"mlx\"};\n");
    QTest::newRow("name of a format in the window")
        << format << file("ui/pages/export/x.cpp", head + "QString s = \"mlx\";\n")
        << QStringLiteral("ui/pages/export/x.cpp:3");
}

/// A tree of several files that passes, and fails with one file added or changed.
void TestLayering::badTreeIsFound()
{
    QFETCH(Files, good);
    QFETCH(const Files, change);
    QFETCH(const QString, found);
    QCOMPARE(brokenBy(good), QStringList());
    good.insert(change);
    const QStringList broken = brokenBy(good);
    QCOMPARE(broken.size(), 1);
    QVERIFY2(broken[0].startsWith(found), qPrintable(broken[0]));
}

QTEST_GUILESS_MAIN(TestLayering)
#include "tst_layering.moc"
