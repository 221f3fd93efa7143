// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// SchemeBar: the scheme for all layers, in the tool bar: a preset and its fields; rarer fields in a pop-up.
#pragma once

#include "ui/pages/scheme/scheme_fields.h"

#include <QList>
#include <QWidget>

class QFormLayout;
class QFrame;
class QLabel;
class QToolButton;

namespace qs::ui {

class ElidedLabel;
class Setup;
class FieldCombo;
class PercentField;

class SchemeBar : public QWidget
{
    Q_OBJECT
public:
    explicit SchemeBar(Setup *setup, QWidget *parent = nullptr);
    /// Without the preset: the fields say what holds.
    void setBrief(bool on);

    /// The convention that the fields were set from; no entry of it is current when one was changed afterwards.
    FieldCombo *presets() const { return m_presets; }
    FieldCombo *combo(SchemeField field) const;
    PercentField *percentile() const { return m_percentile; }
    QToolButton *moreButton() const { return m_more; }
    /// Which choices cannot be combined with the present ones, and where the range clips nothing, a line each.
    QString limits() const;

protected:
    void changeEvent(QEvent *event) override;

private:
    struct Field {
        SchemeField field;
        FieldCombo *combo;
    };

    void buildPresets();
    bool isB() const;
    void nameByLabel(QWidget *combo);
    FieldCombo *addField(SchemeField field);
    void buildPopup();
    void showPopup();
    void refresh();
    QString shortUnits() const;
    void giveWay();
    void showLimits(const Scheme &scheme);

    Setup *m_setup;
    ElidedLabel *m_side; ///< whom the scheme is of
    FieldCombo *m_presets;
    QList<Field> m_fields;
    QToolButton *m_more;
    QLabel *m_as; ///< between the fields and the preset
    QFrame *m_popup = nullptr;
    PercentField *m_percentile = nullptr;
    QLabel *m_limits = nullptr;
};

} // namespace qs::ui
