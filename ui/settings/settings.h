// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Settings: what the program remembers between two starts.
#pragma once

#include "ui/theme/theme.h"

#include <QByteArray>
#include <QObject>
#include <QStringList>

namespace qs::ui {

struct SettingsData {
    ThemeChoice theme = ThemeChoice::System;
    QString language;        ///< a name of text::languages(); empty: that of the system
    QStringList recentFiles; ///< absolute paths, latest first
    QString lastFolder;
    bool hintsShown = false;  ///< the hints after the first demo
    int presentationText = 0; ///< percent; 0: what the last row of a class can read
    QStringList lessonSteps;  ///< "L3=4": of each lesson the furthest step, from 1
    QByteArray windowGeometry;
    QByteArray windowState;
    QByteArray layerColumns; ///< header of the layer table

    bool operator==(const SettingsData &) const = default;
};

/// One struct, one signal, one INI file. A file that cannot be read gives the defaults.
class Settings : public QObject
{
    Q_OBJECT
public:
    /// `path` empty: the user's own place for settings.
    explicit Settings(const QString &path = {}, QObject *parent = nullptr);

    const SettingsData &data() const { return m_data; }
    /// Of the file that settings are kept in.
    QString folder() const;
    /// Writes to the file and emits changed() when something is different.
    void set(const SettingsData &data);

    /// Puts a file on top of the recent ones, of which ten are kept, and remembers its folder.
    void addRecentFile(const QString &path);
    void removeRecentFile(const QString &path);
    void setLastFolderOf(const QString &path);

signals:
    void changed();

private:
    QString m_path;
    SettingsData m_data;
};

} // namespace qs::ui
