// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/checks/source_rules.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QFileInfo>
#include <QRegularExpression>

#include <array>

namespace {

constexpr int kMaxLines = 500;

/// A pattern that may stand only in files whose path matches `allowed`; looked for in files that match `files`.
struct SourceRule {
    const char *files;
    const char *pattern;
    const char *allowed;
    const char *message;
};

// Paths are relative to the root; "^$" allows it nowhere.
constexpr std::array kRules = {
    SourceRule{"^core/", R"(^\s*#\s*include\s*[<"](Q[A-Za-z]|ui/|app/))", "^$",
               "core includes Qt, ui or app; core knows nothing of them"},
    SourceRule{"^ui/", R"(^\s*#\s*include\s*[<"]app/)", "^$", "ui includes app; the arrow is app to ui"},
    SourceRule{"^app/cli/", R"(^\s*#\s*include\s*[<"](Q[A-Za-z]|ui/))", "^$",
               "the command line includes Qt or ui; it links core only"},
    SourceRule{"^(app|ui|tests)/", R"(^\s*#\s*include\s*[<"](Eigen|unsupported/Eigen)/)", "^tests/bench/",
               "Eigen outside core; numbers are computed in core"},
    SourceRule{"^core/", R"(^\s*#\s*include\s*[<"](Eigen|unsupported/Eigen)/)", R"(^core/(kernels/|version\.cpp))",
               "Eigen in core outside kernels; other folders call kernels.h"},
    SourceRule{"^(app|core|ui|tests)/", R"(^\s*#\s*include\s*[<"]qcustomplot)", "^ui/plots/",
               "QCustomPlot outside ui/plots"},
    SourceRule{"^(app|core|ui|tests)/", R"(^\s*#\s*include\s*[<"](tbb|oneapi)/|std::execution\s*::)",
               R"(^core/(base/parallel|version)\.cpp)", "oneTBB outside core/base/parallel.cpp; use parallelFor()"},
    SourceRule{"^ui/", R"(\b(std::thread\b(?!::)|std::jthread|std::async|QThread\b(?!::)|QThreadPool|QtConcurrent))",
               "^ui/tasks/", "a background thread outside ui/tasks; use TaskRunner"},
};

/// Without a // comment, so that a sentence may name what the code must not use. Strings with // do not occur in
/// the lines that the rules look for.
QString codeOf(const QString &line)
{
    return line.left(line.indexOf(QLatin1String("//")));
}

QStringList linesOf(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return {};
    QStringList lines = QString::fromUtf8(file.readAll()).split(QLatin1Char('\n'));
    if (lines.last().isEmpty())
        lines.removeLast();
    return lines;
}

void checkRules(const QString &path, const QStringList &lines, QStringList &broken)
{
    const auto matches = [](const char *pattern, const QString &text) {
        return QRegularExpression(QString::fromUtf8(pattern)).match(text).hasMatch();
    };
    for (const SourceRule &rule : kRules) {
        if (!matches(rule.files, path) || matches(rule.allowed, path))
            continue;
        const QRegularExpression pattern(QString::fromUtf8(rule.pattern));
        for (qsizetype i = 0; i < lines.size(); ++i) {
            if (pattern.match(codeOf(lines[i])).hasMatch())
                broken << QStringLiteral("%1:%2: %3").arg(path).arg(i + 1).arg(QString::fromUtf8(rule.message));
        }
    }
}

void checkSize(const QString &path, const QStringList &lines, QStringList &broken)
{
    if (lines.size() > kMaxLines)
        broken << QStringLiteral("%1:%2: more than %3 lines; a second idea in it deserves its own file")
                      .arg(path)
                      .arg(lines.size())
                      .arg(kMaxLines);
}

void checkLicence(const QString &path, const QStringList &lines, QStringList &broken)
{
    const qsizetype first = !lines.isEmpty() && lines[0].startsWith(QLatin1String("#!")) ? 1 : 0;
    const QStringList head = lines.mid(first, 3);
    const bool copyright = !head.filter(QStringLiteral("SPDX-FileCopyrightText: ")).isEmpty();
    const bool licence = !head.filter(QStringLiteral("SPDX-License-Identifier: GPL-3.0-or-later")).isEmpty();
    if (!copyright || !licence)
        broken << QStringLiteral("%1:1: no SPDX lines; two are expected on top").arg(path);
}

void checkPragmaOnce(const QString &path, const QStringList &lines, QStringList &broken)
{
    if (path.endsWith(QLatin1String(".h")) && !lines.contains(QStringLiteral("#pragma once")))
        broken << QStringLiteral("%1:1: no #pragma once; each header has one").arg(path);
}

void checkTopLevel(const QString &root, QStringList &broken)
{
    static const QStringList kAllowed = {QStringLiteral("CMakeLists.txt"),
                                         QStringLiteral("CMakePresets.json"),
                                         QStringLiteral("LICENSE"),
                                         QStringLiteral("README.md"),
                                         QStringLiteral("app"),
                                         QStringLiteral("core"),
                                         QStringLiteral("resources"),
                                         QStringLiteral("tests"),
                                         QStringLiteral("ui")};
    const QStringList entries = QDir(root).entryList(QDir::AllEntries | QDir::NoDotAndDotDot); // no dot files
    for (const QString &entry : entries) {
        if (!kAllowed.contains(entry) && !entry.startsWith(QLatin1String("build")))
            broken << QStringLiteral("%1:1: not in the fixed layout of the top level").arg(entry);
    }
}

bool isSource(const QString &path)
{
    return path.endsWith(QLatin1String(".cpp")) || path.endsWith(QLatin1String(".h"));
}

bool wantsLicence(const QString &path)
{
    return isSource(path) || path.endsWith(QLatin1String(".py")) || path.endsWith(QLatin1String(".sh")) ||
           path.endsWith(QLatin1String("CMakeLists.txt")) || path.endsWith(QLatin1String("/run"));
}

} // namespace

QStringList brokenRules(const QString &root)
{
    QStringList broken;
    checkTopLevel(root, broken);
    const QStringList folders = {QStringLiteral("app"), QStringLiteral("core"), QStringLiteral("resources"),
                                 QStringLiteral("tests"), QStringLiteral("ui")};
    for (const QString &folder : folders) {
        QDirIterator files(QDir(root).filePath(folder), QDir::Files, QDirIterator::Subdirectories);
        while (files.hasNext()) {
            const QString path = QDir(root).relativeFilePath(files.next());
            if (!wantsLicence(path))
                continue;
            const QStringList lines = linesOf(files.filePath());
            checkLicence(path, lines, broken);
            if (!isSource(path))
                continue;
            checkRules(path, lines, broken);
            checkSize(path, lines, broken);
            checkPragmaOnce(path, lines, broken);
        }
    }
    broken.sort();
    return broken;
}
