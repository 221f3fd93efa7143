// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings/settings.h"

#include <QDir>
#include <QFileInfo>
#include <QSettings>
#include <QStandardPaths>

#include <utility>

namespace qs::ui {

namespace {

constexpr qsizetype kRecentFiles = 10;

constexpr std::pair<ThemeChoice, const char *> kThemeNames[] = {
    {ThemeChoice::System, "system"}, {ThemeChoice::Light, "light"}, {ThemeChoice::Dark, "dark"}};

QString defaultPath()
{
    return QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation) +
           QStringLiteral("/quantoscope/quantoscope.ini");
}

SettingsData read(const QSettings &file)
{
    SettingsData data;
    const QString themeName = file.value(QStringLiteral("theme")).toString();
    for (const auto &[choice, name] : kThemeNames)
        if (themeName == QLatin1String(name))
            data.theme = choice;
    data.language = file.value(QStringLiteral("language")).toString();
    data.recentFiles = file.value(QStringLiteral("recentFiles")).toStringList().mid(0, kRecentFiles);
    data.lastFolder = file.value(QStringLiteral("lastFolder")).toString();
    data.hintsShown = file.value(QStringLiteral("hintsShown")).toBool();
    data.presentationText = file.value(QStringLiteral("presentation/textPercent"), data.presentationText).toInt();
    data.lessonSteps = file.value(QStringLiteral("lessons/steps")).toStringList();
    data.windowGeometry = file.value(QStringLiteral("window/geometry")).toByteArray();
    data.windowState = file.value(QStringLiteral("window/state")).toByteArray();
    data.layerColumns = file.value(QStringLiteral("layers/columns")).toByteArray();
    return data;
}

void write(QSettings &file, const SettingsData &data)
{
    for (const auto &[choice, name] : kThemeNames)
        if (data.theme == choice)
            file.setValue(QStringLiteral("theme"), QLatin1String(name));
    file.setValue(QStringLiteral("language"), data.language);
    file.setValue(QStringLiteral("recentFiles"), data.recentFiles);
    file.setValue(QStringLiteral("lastFolder"), data.lastFolder);
    file.setValue(QStringLiteral("hintsShown"), data.hintsShown);
    file.setValue(QStringLiteral("presentation/textPercent"), data.presentationText);
    file.setValue(QStringLiteral("lessons/steps"), data.lessonSteps);
    file.setValue(QStringLiteral("window/geometry"), data.windowGeometry);
    file.setValue(QStringLiteral("window/state"), data.windowState);
    file.setValue(QStringLiteral("layers/columns"), data.layerColumns);
}

} // namespace

Settings::Settings(const QString &path, QObject *parent)
    : QObject(parent)
    , m_path(path.isEmpty() ? defaultPath() : path)
    , m_data(read(QSettings(m_path, QSettings::IniFormat)))
{}

QString Settings::folder() const
{
    return QFileInfo(m_path).absolutePath();
}

void Settings::set(const SettingsData &data)
{
    if (data == m_data)
        return;
    m_data = data;
    QSettings file(m_path, QSettings::IniFormat);
    write(file, m_data);
    emit changed();
}

void Settings::addRecentFile(const QString &path)
{
    SettingsData data = m_data;
    data.recentFiles.removeAll(path);
    data.recentFiles.prepend(path);
    data.recentFiles = data.recentFiles.mid(0, kRecentFiles);
    data.lastFolder = QFileInfo(path).absolutePath();
    set(data);
}

void Settings::removeRecentFile(const QString &path)
{
    SettingsData data = m_data;
    data.recentFiles.removeAll(path);
    set(data);
}

void Settings::setLastFolderOf(const QString &path)
{
    SettingsData data = m_data;
    data.lastFolder = QFileInfo(path).absolutePath();
    set(data);
}

} // namespace qs::ui
