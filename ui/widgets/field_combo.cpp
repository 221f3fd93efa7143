// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/field_combo.h"

#include "ui/theme/theme.h"

#include <QAbstractItemView>
#include <QSignalBlocker>
#include <QStandardItemModel>
#include <QStyleOptionComboBox>
#include <QStylePainter>
#include <QWheelEvent>

#include <algorithm>

namespace qs::ui {

namespace {

/// Frame, padding and arrow beside the text.
constexpr int kRoomBesideText = 44;

} // namespace

int nextGesture()
{
    static int last = 0;
    return ++last;
}

FieldCombo::FieldCombo(QWidget *parent)
    : QComboBox(parent)
    , m_gesture(nextGesture())
{
    setFocusPolicy(Qt::StrongFocus);
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
    showNone(tr("(mixed)"));
}

void FieldCombo::showNone(const QString &text)
{
    const QSignalBlocker blocker(this);
    setPlaceholderText(text);
    setCurrentIndex(-1);
    updateGeometry();
}

void FieldCombo::setHolding(const QString &text)
{
    if (m_holding == text)
        return;
    m_holding = text;
    setAccessibleDescription(text);
    update();
}

void FieldCombo::setProblem(const QVariant &value, const QString &reason)
{
    auto *items = qobject_cast<QStandardItemModel *>(model());
    const int index = findData(value);
    if (!items || index < 0)
        return;
    items->item(index)->setEnabled(reason.isEmpty());
    items->item(index)->setToolTip(reason);
}

QSize FieldCombo::sizeHint() const
{
    QSize size = QComboBox::sizeHint();
    if (!m_widest.isEmpty())
        size.setWidth(std::max(size.width(), fontMetrics().horizontalAdvance(m_widest) + kRoomBesideText));
    // What stands for a choice that is in no list is not cut either, where there is room.
    if (currentIndex() < 0)
        size.setWidth(std::max(size.width(), fontMetrics().horizontalAdvance(placeholderText()) + kRoomBesideText));
    return size;
}

void FieldCombo::showPopup()
{
    m_gesture = nextGesture();
    setMaxVisibleItems(count());
    // A narrow field has entries that are wider than it is.
    view()->setMinimumWidth(view()->sizeHintForColumn(0) + 2 * view()->frameWidth());
    QComboBox::showPopup();
}

/// As QComboBox does it, but with "…" where there is no room for the whole text.
void FieldCombo::paintEvent(QPaintEvent *)
{
    QStylePainter painter(this);
    QStyleOptionComboBox option;
    initStyleOption(&option);
    if (currentIndex() < 0) {
        option.palette.setBrush(QPalette::ButtonText, option.palette.placeholderText());
        option.currentText = placeholderText();
    }
    if (!m_holding.isEmpty() && currentIndex() >= 0 && !currentData().isValid()) {
        option.palette.setBrush(QPalette::ButtonText, theme().secondaryText);
        option.currentText = m_holding;
    }
    const int room = style()->subControlRect(QStyle::CC_ComboBox, &option, QStyle::SC_ComboBoxEditField, this).width();
    option.currentText = fontMetrics().elidedText(option.currentText, Qt::ElideRight, room);
    painter.drawComplexControl(QStyle::CC_ComboBox, option);
    painter.drawControl(QStyle::CE_ComboBoxLabel, option);
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
