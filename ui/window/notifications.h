// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Notifications: turns what happened into sentences of the message bar.
#pragma once

#include <QObject>

#include <memory>

namespace qs {
struct Comparison;
}

namespace qs::ui {

class ActionRegistry;
class Document;
class FilePage;
class LayersPanel;
class MessageBar;
class Selection;
class Setup;
struct Exported;
struct OpenProblem;

class Notifications : public QObject
{
    Q_OBJECT
public:
    /// Where things are said, and the pages that the buttons lead to.
    struct Parts {
        MessageBar *messages;
        MessageBar *codeBanner; ///< what the open file would run elsewhere; hidden for files that would run nothing
        LayersPanel *layers;
        FilePage *file;
    };

    Notifications(Setup *setup, Selection *selection, ActionRegistry *actions, const Parts &parts, QObject *parent);

    void modelChanged();
    void showError(const QString &sentence);
    /// Above the model that stays open.
    void openFailed(const OpenProblem &problem, const QString &details);
    void reportExport(const Exported &done);
    void copyExportCommand(const Exported &done);

signals:
    void openRequested(const QString &location);

private:
    void inputsChanged();
    void chooseOf(const QStringList &paths);
    void showFileRemarks();
    void showWarnings(int first);
    void warnOfCode();
    void reportRemarks();
    void reportComparison();
    QString incompleteComparison() const;

    Setup *m_setup;
    Document *m_document;
    Selection *m_selection;
    ActionRegistry *m_actions;
    MessageBar *m_messages;
    MessageBar *m_codeBanner;
    LayersPanel *m_layers;
    FilePage *m_file;
    QString m_saved;                              ///< the sentence about the last export
    QString m_refused;                            ///< the last one about something that was refused
    bool m_oddsReported = false;                  ///< of the open model
    std::shared_ptr<const Comparison> m_compared; ///< with a file, that was spoken of
};

} // namespace qs::ui
