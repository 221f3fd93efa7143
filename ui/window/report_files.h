// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// ReportFiles: writes what is on show as one HTML file.
#pragma once

#include "core/base/result.h"

#include <QObject>

class QWidget;

namespace qs::ui {

class ActionRegistry;
class FileChooser;
class MessageBar;
class Settings;
class Setup;

class ReportFiles : public QObject
{
    Q_OBJECT
public:
    /// Registers model.report and model.nodeData. `window` gets the dialogs.
    ReportFiles(Setup *setup, Settings *settings, FileChooser *chooser, MessageBar *messages, ActionRegistry *actions,
                QWidget *window);

private:
    void choose();
    void writeOnceComplete();
    void write(const QString &path);
    void chooseNodeData();
    QString askFor(const QString &title, const QString &ending, const QString &filter);
    void told(const QString &path, const Result<void> &written);

    Setup *m_setup;
    Settings *m_settings;
    FileChooser *m_chooser;
    MessageBar *m_messages;
    QWidget *m_window;
    QString m_waiting; ///< path of a report that B's results are still missing for; empty: none
};

} // namespace qs::ui
