// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/export/export_names.h"

#include "core/export/format.h"
#include "core/formats/model_location.h"
#include "ui/text/format.h"

#include <QDir>
#include <QFileInfo>

namespace qs::ui {

QString proposedTarget(const ExportFormat &format, const QString &location, int bits, QString folder)
{
    const std::optional<std::string> demo = ModelLocation::parse(location.toStdString()).demo;
    const QFileInfo source(location);
    QString stem = demo ? QString::fromStdString(*demo) : source.completeBaseName();
    QString beside = demo ? QDir::homePath() : source.absolutePath();
    if (format.folder && !demo) {
        // The weights in such folders are all called alike: it is the folder that tells them apart.
        const QDir own = source.isDir() ? QDir(source.absoluteFilePath()) : source.absoluteDir();
        stem = own.dirName();
        beside = QFileInfo(own.absolutePath()).absolutePath();
    }
    if (folder.isEmpty())
        folder = beside;
    if (format.folder)
        return QStringLiteral("%1/%2-%3-%4bit").arg(folder, stem, text::fromView(format.name)).arg(bits);
    const QString kind = format.decodes ? QStringLiteral("dequantized") : QStringLiteral("int%1").arg(bits);
    return QStringLiteral("%1/%2-%3%4").arg(folder, stem, kind, text::fromView(format.suffix));
}

QString folderFor(const QString &inside, const QString &target)
{
    return QDir(inside).isEmpty() ? inside : QDir(inside).filePath(QFileInfo(target).fileName());
}

} // namespace qs::ui
