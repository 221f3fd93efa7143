// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// OverrideField: one field of the selected layers' scheme, with "From scheme" and a button that clears it.
#pragma once

#include <QVariant>
#include <QWidget>

#include <optional>

class QLabel;
class QToolButton;

namespace qs::ui {

class FieldCombo;

class OverrideField : public QWidget
{
    Q_OBJECT
public:
    /// `inherited` is the choice without an override; `clearing` what the button does that goes back to it.
    OverrideField(const QString &name, const QString &help, const QString &inherited, const QString &clearing,
                  QWidget *parent = nullptr);

    void addChoice(const QString &name, const QVariant &value);
    void clearChoices();
    /// An invalid value is "from scheme"; nothing: the layers differ. Emits no signal.
    void showValue(const std::optional<QVariant> &value, const QString &name);
    FieldCombo *combo() const { return m_combo; }
    QToolButton *clearButton() const { return m_clear; }
    QLabel *label() const { return m_label; }

signals:
    /// By the user; an invalid value clears the override.
    void changed(const QVariant &value, int gesture);

private:
    QString m_inherited;
    void setBold(bool bold);

    bool m_bold = false;
    QLabel *m_label;
    FieldCombo *m_combo;
    QToolButton *m_clear;
};

} // namespace qs::ui
