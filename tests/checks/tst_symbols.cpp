// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Kernel objects define nothing outside the namespaces of their instruction set.
#include <QFile>
#include <QProcess>
#include <QRegularExpression>
#include <QTest>

#include <algorithm>
#include <vector>

class TestSymbols : public QObject
{
    Q_OBJECT

private slots:
    void kernelsStayInTheirNamespaces_data();
    void kernelsStayInTheirNamespaces();
    void leakIsFound();
    void lines_data();
    void lines();
};

namespace {

QString output(const QStringList &arguments)
{
    QProcess nm;
    nm.start(QStringLiteral(NM_PROGRAM), arguments);
    if (!nm.waitForFinished() || nm.exitCode() != 0)
        qFatal("nm failed: %s", nm.readAllStandardError().constData());
    return QString::fromUtf8(nm.readAllStandardOutput());
}

constexpr const char *kLeaking = "leaking"; // the level of the object that breaks the rule

struct Object {
    QString level;
    QString path;
};

/// What the build wrote down: one "level path" per line.
const std::vector<Object> &objects()
{
    static const std::vector<Object> kObjects = [] {
        QFile file(QStringLiteral(KERNEL_OBJECTS));
        if (!file.open(QIODevice::ReadOnly))
            qFatal("cannot read %s", KERNEL_OBJECTS);
        std::vector<Object> result;
        const QStringList lines = QString::fromUtf8(file.readAll()).split(QLatin1Char('\n'), Qt::SkipEmptyParts);
        for (const QString &line : lines)
            result.push_back({line.section(QLatin1Char(' '), 0, 0), line.section(QLatin1Char(' '), 1)});
        return result;
    }();
    return kObjects;
}

/// Global and weak symbols of nm's text (mangled) that are defined outside qs::LEVEL and eigen_LEVEL.
QStringList leaks(const QString &text, const QString &level)
{
    const QString eigen = QStringLiteral("eigen_") + level;
    // Function, variable, local static, guard, vtable …: all name the namespace first.
    const QRegularExpression own(QStringLiteral("^_Z(GV|GR|T[CISTV])?Z*N[KVrOR]*(2qs%1%2|%3%4)")
                                     .arg(level.size())
                                     .arg(level)
                                     .arg(eigen.size())
                                     .arg(eigen));
    QStringList result;
    const QStringList lines = text.split(QLatin1Char('\n'), Qt::SkipEmptyParts);
    for (const QString &line : lines) {
        const QStringList fields = line.simplified().split(QLatin1Char(' '));
        if (fields.size() < 2)
            continue;
        const QString &name = fields.last();
        const QChar type = fields[fields.size() - 2].at(0);
        // Capitals are visible to the linker; so are u (unique), v, w (weak) and i (indirect).
        const bool visible = type.isUpper() || QStringLiteral("uvwi").contains(type);
        const bool ofSanitizer = name.startsWith(QLatin1String("__")) && name.contains(QLatin1String("asan"));
        if (visible && !ofSanitizer && !name.startsWith(QLatin1String("DW.ref.")) && !own.match(name).hasMatch())
            result << name;
    }
    return result;
}

} // namespace

void TestSymbols::kernelsStayInTheirNamespaces_data()
{
    QTest::addColumn<QString>("level");
    QTest::addColumn<QString>("object");
    for (const auto &[level, object] : objects()) {
        if (level != QLatin1String(kLeaking))
            QTest::newRow(qPrintable(level + QLatin1Char(' ') + object.section(QLatin1Char('/'), -1)))
                << level << object;
    }
}

void TestSymbols::kernelsStayInTheirNamespaces()
{
    QFETCH(const QString, level);
    QFETCH(const QString, object);
    const QString text = output({QStringLiteral("--defined-only"), object});
    QVERIFY(text.contains(QStringLiteral("2qs%1%2").arg(level.size()).arg(level))); // the object is the right one
    const QStringList found = leaks(text, level);
    QVERIFY2(found.isEmpty(), qPrintable(QLatin1Char('\n') + found.join(QLatin1Char('\n'))));
}

void TestSymbols::leakIsFound()
{
    const auto leaking = std::ranges::find(objects(), QLatin1String(kLeaking), &Object::level);
    QVERIFY(leaking != objects().end());
    const QStringList found = leaks(output({QStringLiteral("--defined-only"), leaking->path}), QStringLiteral("v3"));
    QCOMPARE(found, QStringList{QStringLiteral("_ZN6shared5twiceIfEET_S1_")});
}

void TestSymbols::lines_data()
{
    QTest::addColumn<QString>("line");
    QTest::addColumn<bool>("leaks");
    QTest::newRow("function of the level") << "0000000000000000 T _ZN2qs2v37kernelsEv" << false;
    QTest::newRow("function of another level") << "0000000000000000 T _ZN2qs2v27kernelsEv" << true;
    QTest::newRow("renamed Eigen") << "0000000000000000 W _ZN8eigen_v38internal3fooIfEET_v" << false;
    QTest::newRow("Eigen itself") << "0000000000000000 W _ZN5Eigen8internal3fooIfEET_v" << true;
    QTest::newRow("const member of renamed Eigen") << "0000000000000000 W _ZNK8eigen_v33fooEv" << false;
    QTest::newRow("guard of a local static") << "0000000000000000 V _ZGVZN2qs2v37kernelsEvE5table" << false;
    QTest::newRow("std::max") << "0000000000000000 W _ZSt3maxIfERKT_S2_S2_" << true;
    QTest::newRow("unique global of std") << "0000000000000000 u _ZNSt5fooE" << true;
    QTest::newRow("C function") << "0000000000000000 T helper" << true;
    QTest::newRow("local function") << "0000000000000000 t helper" << false;
    QTest::newRow("personality reference") << "0000000000000000 V DW.ref.__gxx_personality_v0" << false;
}

void TestSymbols::lines()
{
    QFETCH(const QString, line);
    QFETCH(const bool, leaks);
    QCOMPARE(!::leaks(line, QStringLiteral("v3")).isEmpty(), leaks);
}

QTEST_GUILESS_MAIN(TestSymbols)
#include "tst_symbols.moc"
