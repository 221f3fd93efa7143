// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// ExportUnits: the line of the export sheet for work in units: whether what is done is kept when it is stopped, and
// what is there of earlier work.
#pragma once

#include "ui/pages/export/export_order.h"

#include <QWidget>

class QCheckBox;
class QLabel;
class QPushButton;

namespace qs::ui {

class ExportUnits : public QWidget
{
    Q_OBJECT
public:
    ExportUnits();

    /// What is proposed for a model: units pay where an export takes long.
    void propose(const Model &model);
    /// What is there for this target. Not all that layers ask for can be written in units.
    void showKept(const KeptUnits &kept, const QString &target, const std::vector<Decision> &decisions);
    bool isChosen() const;
    /// The export would go on from units that are done.
    bool resumes() const { return isChosen() && m_kept.done > 0; }

signals:
    void changed();

private:
    void say(const KeptUnits &kept);
    void discard();

    QCheckBox *m_keep;
    QLabel *m_text;
    QPushButton *m_discard;
    KeptUnits m_kept;
    QString m_target;
};

} // namespace qs::ui
