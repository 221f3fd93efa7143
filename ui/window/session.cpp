// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/session.h"

#include <QCryptographicHash>
#include <QDateTime>
#include <QDir>
#include <QFileInfo>
#include <QJsonDocument>
#include <QSaveFile>

#include <utility>

namespace qs::ui {

namespace {

constexpr qint64 kMostBytes = 16 << 20;
constexpr qsizetype kMostSessions = 100;

} // namespace

SessionStore::SessionStore(QString folder)
    : m_folder(std::move(folder))
{}

QString SessionStore::pathOf(const QString &location) const
{
    const QFileInfo file(location);
    if (!file.exists())
        return {}; // a demo, or gone
    const QString key = QStringLiteral("%1|%2|%3")
                            .arg(file.canonicalFilePath())
                            .arg(file.isDir() ? 0 : file.size())
                            .arg(file.lastModified().toMSecsSinceEpoch());
    const QByteArray hash = QCryptographicHash::hash(key.toUtf8(), QCryptographicHash::Sha256).toHex().left(32);
    return m_folder + QLatin1Char('/') + QString::fromLatin1(hash) + QStringLiteral(".json");
}

QJsonObject SessionStore::read(const QString &location) const
{
    QFile file(pathOf(location));
    if (file.fileName().isEmpty() || file.size() > kMostBytes || !file.open(QIODevice::ReadOnly))
        return {};
    return QJsonDocument::fromJson(file.readAll()).object();
}

void SessionStore::write(const QString &location, const QJsonObject &session) const
{
    const QString path = pathOf(location);
    if (path.isEmpty() || !QDir().mkpath(m_folder))
        return;
    // The oldest make room.
    const QFileInfoList all = QDir(m_folder).entryInfoList({QStringLiteral("*.json")}, QDir::Files, QDir::Time);
    for (qsizetype i = kMostSessions; i < all.size(); ++i)
        QFile::remove(all[i].absoluteFilePath());
    QSaveFile file(path);
    const QByteArray text = QJsonDocument(session).toJson(QJsonDocument::Compact);
    if (text.size() <= kMostBytes && file.open(QIODevice::WriteOnly) && file.write(text) == text.size())
        file.commit();
}

} // namespace qs::ui
