// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// ExportExtras: what the export sheet offers beside the export itself: schemes that suit the format, the command line,
// rules for other tools, and buttons for what helps where a file cannot be written.
#pragma once

#include "core/export/planner.h"

#include <QWidget>

class QHBoxLayout;
class QPushButton;
class QToolButton;

namespace qs::ui {

class FileChooser;
class Setup;

/// Lines that load a file of the format at `path`; none where nobody knows the reader.
QStringList usageLines(const ExportFormat &format, const QString &path);

class ExportExtras : public QWidget
{
    Q_OBJECT
public:
    ExportExtras(Setup *setup, FileChooser *chooser);

    /// A format that holds the layers, in place of `current`; null: there is none to be offered.
    void offerInstead(const ExportFormat *other, const ExportFormat *current);
    /// Buttons for the remedies of a plan's refusals; each does all of its kind at once, as one step of undo.
    void offerRemedies(const std::vector<PreflightLine> &preflight);
    /// The menu's schemes are those of this format.
    void setFormat(const ExportFormat *format);

signals:
    void formatWanted(const QString &name);
    void commandWanted();

private:
    void apply(const QString &text, const std::vector<RemedyEdit> &edits);
    void applyPreset(const SchemePatch &patch);

    Setup *m_setup;
    FileChooser *m_chooser;
    QHBoxLayout *m_layout;
    QPushButton *m_instead; ///< another format, that can hold the layers
    QToolButton *m_more;
    QList<QPushButton *> m_remedies;
};

} // namespace qs::ui
