// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/field_combo.h"

#include <QSignalBlocker>
#include <QWheelEvent>

namespace qs::ui {

namespace {

int nextGesture()
{
    static int last = 0;
    return ++last;
}

} // namespace

FieldCombo::FieldCombo(QWidget *parent)
    : QComboBox(parent)
    , m_gesture(nextGesture())
{
    setFocusPolicy(Qt::StrongFocus);
    setPlaceholderText(tr("(mixed)"));
    setSizeAdjustPolicy(QComboBox::AdjustToContents);
}

void FieldCombo::showValue(const QVariant &value, const QString &text)
{
    const QSignalBlocker blocker(this);
    int index = findData(value);
    if (index < 0) {
        addItem(text, value);
        index = count() - 1;
    }
    setCurrentIndex(index);
}

void FieldCombo::showMixed()
{
    const QSignalBlocker blocker(this);
    setCurrentIndex(-1);
}

void FieldCombo::showPopup()
{
    m_gesture = nextGesture();
    QComboBox::showPopup();
}

void FieldCombo::focusInEvent(QFocusEvent *event)
{
    m_gesture = nextGesture();
    QComboBox::focusInEvent(event);
}

void FieldCombo::wheelEvent(QWheelEvent *event)
{
    if (hasFocus())
        QComboBox::wheelEvent(event);
    else
        event->ignore();
}

} // namespace qs::ui
