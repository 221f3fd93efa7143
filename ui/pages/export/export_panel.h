// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// ExportPanel: a sheet above the plots that writes the quantized model; says exactly what before it does.
#pragma once

#include "core/base/text.h"
#include "core/export/preview.h"
#include "ui/document/setup.h"
#include "ui/pages/export/export_order.h"
#include "ui/pages/page.h"

#include <QFrame>
#include <QTimer>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QProgressBar;
class QPushButton;

namespace qs::ui {

class ActionRegistry;
class ExportExtras;
class ExportUnits;
class FileChooser;
class Settings;

inline constexpr auto kExportTask = "export";
inline constexpr auto kPlanTask = "plan";
inline constexpr auto kPreviewTask = "preview";

class ExportPanel : public QFrame
{
    Q_OBJECT
public:
    static PageInfo page();
    ExportPanel(Setup *setup, FileChooser *chooser, Settings *settings, ActionRegistry *actions,
                QWidget *parent = nullptr);

    /// Shows the sheet with a proposed file name.
    void open();
    void setFormat(const QString &name);
    void setTarget(const QString &path, bool replace = false);
    QString planText() const;
    QPushButton *exportButton() const { return m_export; }

protected:
    void hideEvent(QHideEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

signals:
    void opened();
    void exported(const Exported &file);
    void failed(const QString &sentence);
    /// Somebody wants the command line that writes this file.
    void commandWanted(const Exported &file);

private:
    void build();
    QWidget *buildTexts();
    void followDocument();
    void enableFormats();
    void propose();
    void chooseTarget();
    void plan();
    void showPlan(const PlannedOrder &plan);
    /// Shows the file's numbers in the rest of the window, once the weights are known.
    void preview();
    void endPreview();
    /// What the sheet says now.
    ExportOrder order() const;
    void write();
    void written(Exported file, const Result<ExportPlan> &result);
    void updateButtons();
    void writeWhenPlanned();
    const ExportFormat *format() const;
    /// Why there is nothing worth writing: the file would hold no quantized layer. Empty when it holds one.
    QString nothingQuantized(const ExportPlan &plan) const;
    QStringList outcome(const ExportPlan &plan) const;
    void showProblems(const QStringList &lines);

    Setup *m_setup;
    FileChooser *m_chooser;
    Settings *m_settings;
    QComboBox *m_format;
    QLineEdit *m_target;
    QPushButton *m_choose;
    QCheckBox *m_replace;
    QLabel *m_size;
    QLabel *m_problems; ///< why it cannot be written
    QLabel *m_outcome;
    QProgressBar *m_progress;
    QPushButton *m_export;
    ExportExtras *m_extras;
    ExportUnits *m_units;
    QPushButton *m_cancel;
    QTimer m_planTimer;
    std::optional<ExportPlan> m_plan; ///< on show, of a file that the format can hold
    bool m_planned = false;           ///< the plan on show has no refusals
    bool m_writeWhenPlanned = false;  ///< Enter was pressed while the plan was being made
    bool m_ownTarget = false;         ///< the user has chosen where to write
};

} // namespace qs::ui
