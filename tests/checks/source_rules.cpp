// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/checks/source_rules.h"

#include "tests/checks/source_tree.h"

#include <QDir>
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
    SourceRule{"^core/", R"("[^"]*(^|[ '(\"])--[a-z])",
               R"(^core/tools/llama_cpp\.cpp)", // of another program
               "a text of core names an option of the command line; windows and scripts read it, too"},
    SourceRule{"^(ui|app)/", R"(\bQString\s+tr\s*\(|\btranslate\s*\(\s*")", R"(^ui/text/translation\.cpp)",
               "a text under a context that lupdate does not file; use Q_DECLARE_TR_FUNCTIONS"},
    SourceRule{"^ui/", R"(\bopenModel\s*\()", "^ui/(document|window)/",
               "a model is opened in ui/document; views ask it"},
    SourceRule{"^ui/", R"(\b(findChain|resolve|InputFile)\s*(\(|::))", "^ui/document/",
               "the model is read and resolved in ui/document; views ask it"},
    SourceRule{"^ui/window/main_window\\.h", R"(^\s+(const\s+)?\w+\s*\*\s*\w+\(\)\s*const)", "^$",
               "MainWindow hands out a part of itself; tests find widgets by object name"},
    SourceRule{"^(app|core|ui)/",
               R"((name|format)(\(\))?\s*[!=]=\s*(std::string_view\(|QStringLiteral\(|QLatin1String\()?")",
               "^core/(formats|parse|layers|network)/|^ui/theme/|^app/gui/arguments",
               "a branch on a name; what differs belongs into the object that has the name"},
    SourceRule{"^(app|core|ui)/", R"(find(ExportFormat|Exporter|Convention)\(\s*")", "^$",
               "a format or convention asked for by a name in the code; take it from its registry"},
    SourceRule{"CMakeLists\\.txt$", R"(qt_standard_project_setup|CMAKE_AUTOMOC\s+ON)", "^ui/",
               "moc would run on everything below; set AUTOMOC on the targets that use Qt"},
    SourceRule{"^(core|app/cli|tests/(bench|fuzz|support))/.*CMakeLists\\.txt$", R"(AUTOMOC\s+ON)", "^$",
               "moc on a target without Qt"},
};

void checkRules(const SourceFile &file, QStringList &broken)
{
    for (const SourceRule &rule : kRules) {
        if (!file.matches(rule.files) || file.matches(rule.allowed))
            continue;
        const QRegularExpression pattern(QString::fromUtf8(rule.pattern));
        for (qsizetype i = 0; i < file.lines.size(); ++i) {
            if (pattern.match(codeOf(file.lines[i])).hasMatch())
                broken << file.fault(i + 1, QString::fromUtf8(rule.message));
        }
    }
}

void checkSize(const SourceFile &file, QStringList &broken)
{
    if (file.lines.size() > kMaxLines)
        broken << file.fault(
            file.lines.size(),
            QStringLiteral("more than %1 lines; a second idea in it deserves its own file").arg(kMaxLines));
}

void checkLicence(const SourceFile &file, QStringList &broken)
{
    const qsizetype first = !file.lines.isEmpty() && file.lines[0].startsWith(QLatin1String("#!")) ? 1 : 0;
    const QStringList head = file.lines.mid(first, 3);
    const bool copyright = !head.filter(QStringLiteral("SPDX-FileCopyrightText: ")).isEmpty();
    const bool licence = !head.filter(QStringLiteral("SPDX-License-Identifier: GPL-3.0-or-later")).isEmpty();
    if (!copyright || !licence)
        broken << file.fault(1, QStringLiteral("no SPDX lines; two are expected on top"));
}

void checkPragmaOnce(const SourceFile &file, QStringList &broken)
{
    if (file.path.endsWith(QLatin1String(".h")) && !file.lines.contains(QStringLiteral("#pragma once")))
        broken << file.fault(1, QStringLiteral("no #pragma once; each header has one"));
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

} // namespace

QStringList brokenRules(const QString &root)
{
    const SourceTree tree(root);
    QStringList broken;
    checkTopLevel(root, broken);
    for (const SourceFile &file : tree.files()) {
        checkRules(file, broken);
        if (file.isSource() || file.matches(R"((\.py|\.sh|/run|CMakeLists\.txt)$)"))
            checkLicence(file, broken);
        if (file.isSource()) {
            checkSize(file, broken);
            checkPragmaOnce(file, broken);
        }
    }
    checkFloors(tree, broken);
    checkBodies(tree, broken);
    checkNames(tree, broken);
    broken.sort();
    return broken;
}
