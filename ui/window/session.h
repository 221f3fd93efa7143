// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Session: what is remembered of each file until it is opened again: recipe, snapshots, layer, channel, page.
#pragma once

#include <QJsonObject>
#include <QString>

namespace qs::ui {

/// JSON objects by file, in one folder; a file counts as the same while path, size and time are.
class SessionStore
{
public:
    /// `folder` is made when something is written.
    explicit SessionStore(QString folder);

    /// Empty: nothing is remembered of that file, or it is another one by now, or what was written is damaged.
    QJsonObject read(const QString &location) const;
    void write(const QString &location, const QJsonObject &session) const;

private:
    QString pathOf(const QString &location) const;

    QString m_folder;
};

} // namespace qs::ui
