// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// FieldCombo: a choice of one field's value; knows which changes belong to one gesture.
#pragma once

#include <QComboBox>

namespace qs::ui {

/// A number that no gesture had before.
int nextGesture();

/// Scrolling over it without focus scrolls what is behind it, so that nobody changes a value by accident.
class FieldCombo : public QComboBox
{
    Q_OBJECT
public:
    explicit FieldCombo(QWidget *parent = nullptr);

    /// The same number for all changes by wheel and arrow keys while the focus stays; for merging steps of undo.
    int gesture() const { return m_gesture; }
    /// Selects the entry with that data, adding it under `text` when it is missing; emits nothing.
    void showValue(const QVariant &value, const QString &text);
    /// Selects nothing and shows "(mixed)", or that text.
    void showMixed();
    void showNone(const QString &text);

    /// While the entry without data is current, what holds by that, drawn in grey in place of the entry's text.
    void setHolding(const QString &text);

    /// The entry of that data cannot be chosen, and why; an empty reason makes it a choice again.
    void setProblem(const QVariant &value, const QString &reason);

    /// A text that is to fit where there is room, though it is no entry.
    void setWidestText(const QString &text) { m_widest = text; }
    QSize sizeHint() const override;
    void showPopup() override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;

private:
    int m_gesture = 0;
    QString m_widest;
    QString m_holding;
};

} // namespace qs::ui
