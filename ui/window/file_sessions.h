// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// FileSessions: writes down what a window shows of a file, and brings it back when the file is opened again.
#pragma once

#include "ui/window/session.h"

#include <QMap>
#include <QObject>

#include <functional>

namespace qs::ui {

class MessageBar;
class PlotPanel;
class Selection;
class Setup;
class Snapshots;

class FileSessions : public QObject
{
    Q_OBJECT
public:
    struct Parts {
        Setup *setup;
        Selection *selection;
        Snapshots *snapshots;
        MessageBar *messages;
        std::function<QString()> tab; ///< id of the page in front
        std::function<void(const QString &)> showTab;
        std::function<QString()> filter; ///< of the table of layers
        std::function<void(const QString &)> showFilter;
        std::function<QMap<QString, PlotPanel *>()> plots; ///< those that can be zoomed, by a name that stays
    };

    FileSessions(const QString &folder, const Parts &parts, QObject *parent);

    /// Call it while the model is still there, before another one comes or the window closes.
    void save();
    /// After the model has come, and its first layer was selected.
    void restore();

private:
    bool restoreRecipe(const QJsonObject &session);
    void restoreInputs(const QJsonObject &session);
    void restoreZoom();

    SessionStore m_store;
    Parts m_parts;
    QJsonObject m_zoom; ///< by plot; to be restored as soon as there are results
};

} // namespace qs::ui
