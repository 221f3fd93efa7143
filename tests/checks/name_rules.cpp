// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/checks/source_rules.h"

#include "tests/checks/source_tree.h"

#include <QRegularExpression>

namespace {

/// A citation like "NUMERICS.md §3.2" needs a document of that name and a heading "## 3.2".
void checkCitations(const SourceTree &tree, QStringList &broken)
{
    static const QRegularExpression kCitation(QStringLiteral(R"(([A-Za-z_]+\.md)(?: §([0-9]+(?:\.[0-9]+)*))?)"));
    static const QRegularExpression kHeading(QStringLiteral(R"(^#+ ([0-9]+(?:\.[0-9]+)*)[. ])"));
    for (const SourceFile &file : tree.files()) {
        if (!file.isSource() || file.matches("^tests/checks/"))
            continue;
        for (qsizetype i = 0; i < file.lines.size(); ++i) {
            for (const auto &match : kCitation.globalMatch(file.lines[i])) {
                bool document = false;
                bool section = match.captured(2).isEmpty();
                for (const SourceFile &other : tree.files()) {
                    if (other.name() != match.captured(1))
                        continue;
                    document = true;
                    for (const QString &line : other.lines)
                        section = section || kHeading.match(line).captured(1) == match.captured(2);
                }
                if (!document || !section)
                    broken << file.fault(i + 1,
                                         QStringLiteral("cites %1, which is not in the tree").arg(match.captured()));
            }
        }
    }
}

/// Each room of core has tests named after it, each command a row in the scaling test.
void checkTestsOfRooms(const SourceTree &tree, QStringList &broken)
{
    if (!tree.find(QStringLiteral("tests/core/CMakeLists.txt")))
        return; // a tree without tests
    QStringList rooms;
    for (const SourceFile &file : tree.files()) {
        const QString room = file.path.section(u'/', 1, 1);
        if (!file.isSource() || !file.matches("^core/\\w+/") || rooms.contains(room))
            continue;
        rooms << room;
        bool tested = false;
        for (const SourceFile &test : tree.files())
            tested = tested || test.path.startsWith(QStringLiteral("tests/core/tst_%1_").arg(room));
        if (!tested)
            broken << file.fault(1, QStringLiteral("no test is named tests/core/tst_%1_…").arg(room));
    }
    const SourceFile *scaling = tree.find(QStringLiteral("tests/cli/tst_cli_scaling.cpp"));
    const QString rows = scaling ? scaling->lines.join(u'\n') : QString();
    for (const SourceFile &file : tree.files()) {
        static const QRegularExpression kCommand(QStringLiteral(R"(^app/cli/(\w+)_command\.cpp$)"));
        const auto match = kCommand.match(file.path);
        if (match.hasMatch() && !rows.contains(u'"' + match.captured(1) + u'"'))
            broken << file.fault(1, QStringLiteral("tests/cli/tst_cli_scaling.cpp has no row for this command"));
    }
}

/// The name of an export format stands in its own file, and nowhere else in what writes or shows exports.
void checkFormatNames(const SourceTree &tree, QStringList &broken)
{
    static const QRegularExpression kName(QStringLiteral(R"re(\.name = "([^"]+)")re"));
    for (const SourceFile &format : tree.files()) {
        if (!format.matches("^core/export/formats/.*\\.cpp$"))
            continue;
        const QString name = kName.match(format.lines.join(u'\n')).captured(1);
        if (name.isEmpty())
            continue;
        for (const SourceFile &file : tree.files()) {
            if (!file.isSource() || !file.matches("^(app|ui|core/export|core/reports)/") || file.path == format.path)
                continue;
            for (qsizetype i = 0; i < file.lines.size(); ++i)
                if (codeOf(file.lines[i]).contains(u'"' + name + u'"'))
                    broken << file.fault(i + 1, QStringLiteral("the name of the format %1 outside its file").arg(name));
        }
    }
}

} // namespace

void checkNames(const SourceTree &tree, QStringList &broken)
{
    checkCitations(tree, broken);
    checkTestsOfRooms(tree, broken);
    checkFormatNames(tree, broken);
}
