// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// SourceTree: the files of a checkout as the rules look at them.
#pragma once

#include <QString>
#include <QStringList>

#include <vector>

struct SourceFile {
    QString path; ///< relative to the root
    QStringList lines;

    bool isSource() const;
    QString folder() const { return path.section(u'/', 0, -2); }
    QString name() const { return path.section(u'/', -1); }
    bool matches(const char *pattern) const;
    /// "path:line: message", lines counted from 1.
    QString fault(qsizetype line, const QString &message) const;
};

/// Everything below app, core, resources, tests and ui, and the files at the top, in order of their paths. Files that
/// are no text of ours (models, golden data, pictures) are left out.
class SourceTree
{
public:
    explicit SourceTree(QString root);

    const QString &root() const { return m_root; }
    const std::vector<SourceFile> &files() const { return m_files; }
    const SourceFile *find(const QString &path) const;

private:
    QString m_root;
    std::vector<SourceFile> m_files;
};

/// A line without its // comment, so that a sentence may name what the code must not use. Strings with // do not occur
/// in the lines that the rules look for.
QString codeOf(const QString &line);
