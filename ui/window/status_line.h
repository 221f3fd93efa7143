// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// StatusLine: model and counts, the value under the cursor, and the running job with its bar and cancel button.
#pragma once

#include <QHash>
#include <QStatusBar>
#include <QTimer>

class QLabel;
class QProgressBar;
class QPushButton;

namespace qs::ui {

class Setup;
struct JobInfo;
class ElidedLabel;

class StatusLine : public QStatusBar
{
    Q_OBJECT
public:
    explicit StatusLine(Setup *setup, QWidget *parent = nullptr);

    void showReadout(const QString &text);
    /// Whether there is a job that cancelJob() would cancel.
    bool isBusy() const;
    /// Cancels the job on show, if there is one.
    void cancelJob();
    QString countsText() const;
    QString jobText() const;
    QPushButton *continueButton() const { return m_continue; }

private:
    struct Progress {
        double fraction = 0;
        QString text;
    };

    void refreshCounts();
    void refreshJob();
    QString textOf(const JobInfo &job) const;

    Setup *m_setup;
    ElidedLabel *m_counts;
    ElidedLabel *m_readout;
    QLabel *m_job;
    QProgressBar *m_bar;
    QPushButton *m_cancel;
    QPushButton *m_continue;
    QTimer m_delay; ///< short jobs do not make the line flicker
    QHash<QString, Progress> m_progress;
};

} // namespace qs::ui
