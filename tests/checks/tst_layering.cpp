// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The source tree keeps its rules, and each rule fails on a file that breaks it.
#include "tests/checks/source_rules.h"

#include <QDir>
#include <QFile>
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
};

namespace {

constexpr const char *kHead = "// SPDX-FileCopyrightText: The Quantoscope authors\n"
                              "// SPDX-License-Identifier: GPL-3.0-or-later\n";

/// The broken rules of a tree that holds just this file.
QStringList brokenBy(const QString &path, const QByteArray &text)
{
    const QTemporaryDir tree;
    const QString full = QDir(tree.path()).filePath(path);
    QDir().mkpath(QFileInfo(full).path());
    QFile file(full);
    if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
        return {};
    file.close();
    return brokenRules(tree.path());
}

} // namespace

void TestLayering::treeKeepsTheRules()
{
    const QStringList broken = brokenRules(QStringLiteral(QUANTOSCOPE_SOURCE_DIR));
    QVERIFY2(broken.isEmpty(), qPrintable(QLatin1Char('\n') + broken.join(QLatin1Char('\n'))));
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
    row("QCustomPlot in a panel", "ui/panels/x.cpp", "#include <qcustomplot.h>\n");
    row("oneTBB in quant", "core/quant/x.cpp", "#include <tbb/parallel_for.h>\n");
    row("oneTBB by its other name", "core/quant/x.cpp", "#include <oneapi/tbb.h>\n");
    row("thread in a panel", "ui/panels/x.cpp", "std::thread worker;\n");
    row("QtConcurrent in a panel", "ui/panels/x.cpp", "auto f = QtConcurrent::run(work);\n");
    row("QThread in a panel", "ui/panels/x.cpp", "class Worker : public QThread {};\n");
    row("long file", "core/base/x.cpp", QByteArray("\n").repeated(499));
    row("header without guard", "core/base/x.h", "int f();\n");
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

QTEST_GUILESS_MAIN(TestLayering)
#include "tst_layering.moc"
