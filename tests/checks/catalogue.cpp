// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/checks/catalogue.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QXmlStreamReader>

QMap<QString, QStringList> Catalogue::sources() const
{
    QMap<QString, QStringList> result;
    for (const Message &message : messages)
        result[message.context] << message.source;
    return result;
}

QStringList Catalogue::plurals() const
{
    QStringList names;
    for (const Message &message : messages)
        if (message.plural)
            names << message.name();
    return names;
}

QStringList Catalogue::unfinished() const
{
    QStringList names;
    for (const Message &message : messages)
        if (!message.state.isEmpty())
            names << message.name();
    return names;
}

Catalogue readCatalogue(const QString &path)
{
    Catalogue catalogue;
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("cannot read %s", qPrintable(path));
    QXmlStreamReader xml(&file);
    QString context;
    Message message;
    while (!xml.atEnd()) {
        const auto token = xml.readNext();
        if (token == QXmlStreamReader::EndElement && xml.name() == QLatin1String("message"))
            catalogue.messages << message;
        if (token != QXmlStreamReader::StartElement)
            continue;
        if (xml.name() == QLatin1String("name")) {
            context = xml.readElementText();
        } else if (xml.name() == QLatin1String("message")) {
            message = {};
            message.context = context;
            message.plural = xml.attributes().value(QLatin1String("numerus")) == QLatin1String("yes");
        } else if (xml.name() == QLatin1String("source")) {
            message.source = xml.readElementText();
        } else if (xml.name() == QLatin1String("comment")) {
            message.comment = xml.readElementText();
        } else if (xml.name() == QLatin1String("translation")) {
            message.state = xml.attributes().value(QLatin1String("type")).toString();
            if (!message.plural)
                message.translations << xml.readElementText();
        } else if (xml.name() == QLatin1String("numerusform")) {
            message.translations << xml.readElementText();
        }
    }
    if (xml.hasError())
        qFatal("%s: %s", qPrintable(path), qPrintable(xml.errorString()));
    return catalogue;
}

Catalogue collectTexts(const QString &root)
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("all.ts"));
    QStringList arguments = QStringLiteral(LUPDATE_OPTIONS).split(u' ');
    for (const char *room : {"core", "ui"})
        if (QDir(root).exists(QLatin1String(room)))
            arguments << QLatin1String(room);
    QProcess lupdate;
    lupdate.setWorkingDirectory(root);
    lupdate.start(QStringLiteral(LUPDATE_PROGRAM), arguments << QStringLiteral("-ts") << path);
    if (!lupdate.waitForFinished(60000) || lupdate.exitCode() != 0)
        qFatal("lupdate: %s", lupdate.readAllStandardError().constData());
    Catalogue catalogue = readCatalogue(path);
    catalogue.remarks = QString::fromUtf8(lupdate.readAllStandardError()).split(u'\n', Qt::SkipEmptyParts);
    // A specialization of std::hash, which has no texts.
    catalogue.remarks.removeIf(
        [](const QString &line) { return line.contains(QLatin1String("undeclared qualified class")); });
    return catalogue;
}
