// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/checks/source_rules.h"

#include "tests/checks/source_tree.h"

#include <QRegularExpression>

namespace {

constexpr qsizetype kMostFunctionLines = 60;
constexpr qsizetype kMostClassLines = 250; // in an unnamed namespace, where nobody sees it from outside

/// Line of the bracket that closes the one at `open`: it has the same indentation, as the formatter sees to.
qsizetype closingLine(const QStringList &lines, qsizetype open)
{
    const QString closing = lines[open].left(lines[open].indexOf(u'{')) + u'}';
    for (qsizetype i = open + 1; i < lines.size(); ++i)
        if (lines[i].startsWith(closing))
            return i;
    return lines.size() - 1;
}

} // namespace

void checkBodies(const SourceTree &tree, QStringList &broken)
{
    // Bodies of functions and classes begin with a bracket on a line of its own; all others do not.
    static const QRegularExpression kOpening(QStringLiteral(R"(^\s*\{$)"));
    static const QRegularExpression kClass(QStringLiteral(R"(^\s*(template\s*<.*>\s*)?class\b)"));
    for (const SourceFile &file : tree.files()) {
        if (!file.isSource() || file.matches("^tests/"))
            continue;
        bool unnamed = false;
        for (qsizetype i = 0; i < file.lines.size(); ++i) {
            if (file.lines[i] == QLatin1String("namespace {"))
                unnamed = true;
            else if (file.lines[i] == QLatin1String("} // namespace"))
                unnamed = false;
            if (i == 0 || !kOpening.match(file.lines[i]).hasMatch())
                continue;
            const qsizetype length = closingLine(file.lines, i) - i - 1;
            const bool isClass = kClass.match(file.lines[i - 1]).hasMatch();
            // Without the length itself: a fault that is known stays the same one while it becomes smaller.
            if (isClass && unnamed && length > kMostClassLines)
                broken << file.fault(
                    i + 1,
                    QStringLiteral("a class in an unnamed namespace has more than %1 lines").arg(kMostClassLines));
            if (!isClass && length > kMostFunctionLines)
                broken << file.fault(i + 1,
                                     QStringLiteral("a function has more than %1 lines").arg(kMostFunctionLines));
        }
    }
}
