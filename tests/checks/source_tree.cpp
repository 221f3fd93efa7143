// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/checks/source_tree.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QRegularExpression>

#include <algorithm>

bool SourceFile::isSource() const
{
    return path.endsWith(QLatin1String(".cpp")) || path.endsWith(QLatin1String(".h"));
}

bool SourceFile::matches(const char *pattern) const
{
    return QRegularExpression(QString::fromUtf8(pattern)).match(path).hasMatch();
}

QString SourceFile::fault(qsizetype line, const QString &message) const
{
    return QStringLiteral("%1:%2: %3").arg(path).arg(line).arg(message);
}

namespace {

QStringList linesOf(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return {};
    QStringList lines = QString::fromUtf8(file.readAll()).split(u'\n');
    if (lines.last().isEmpty())
        lines.removeLast();
    return lines;
}

bool isOurText(const QString &path)
{
    static const QRegularExpression kText(
        QStringLiteral(R"(\.(cpp|h|md|py|sh|json)$|(^|/)(CMakeLists\.txt|run|CMakePresets\.json)$)"));
    static const QRegularExpression kData(QStringLiteral("^tests/(data|fuzz/corpus)/.*\\.json$"));
    return kText.match(path).hasMatch() && !kData.match(path).hasMatch();
}

} // namespace

SourceTree::SourceTree(QString root)
    : m_root(std::move(root))
{
    const QDir top(m_root);
    QStringList paths = top.entryList(QDir::Files);
    for (const char *folder : {"app", "core", "resources", "tests", "ui", ".ci"}) {
        QDirIterator files(top.filePath(QLatin1String(folder)), QDir::Files, QDirIterator::Subdirectories);
        while (files.hasNext())
            paths << top.relativeFilePath(files.next());
    }
    paths.sort();
    for (const QString &path : std::as_const(paths))
        if (isOurText(path))
            m_files.push_back({path, linesOf(top.filePath(path))});
}

const SourceFile *SourceTree::find(const QString &path) const
{
    const auto found = std::ranges::find(m_files, path, &SourceFile::path);
    return found == m_files.end() ? nullptr : &*found;
}

QString codeOf(const QString &line)
{
    return line.left(line.indexOf(QLatin1String("//")));
}
