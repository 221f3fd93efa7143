// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// PercentField: the P of a percentile range; knows which changes belong to one gesture.
#pragma once

#include "core/scheme/scheme.h"

#include <QDoubleSpinBox>

namespace qs::ui {

class PercentField : public QDoubleSpinBox
{
    Q_OBJECT
public:
    explicit PercentField(QWidget *parent = nullptr);

    RangeMethod range() const;
    /// Emits nothing.
    void showRange(const RangeMethod &range);
    /// The same number for all changes while the focus stays; for merging steps of undo.
    int gesture() const { return m_gesture; }

    /// Finer the nearer it is to 100 %, where the outliers are: 99 → 99.1, 99.9 → 99.91.
    void stepBy(int steps) override;
    /// Without zeros at the end.
    QString textFromValue(double value) const override;

protected:
    void focusInEvent(QFocusEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;

private:
    int m_gesture;
};

} // namespace qs::ui
