// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/percent_field.h"

#include "ui/text/format.h"
#include "ui/widgets/field_combo.h"

#include <QSignalBlocker>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

namespace qs::ui {

namespace {

constexpr double kMillionthsPerPercent = 1e6;
constexpr double kLowest = 50; ///< below it most weights would be clipped
constexpr double kHighest = 100;
constexpr double kUsual = 99.9;
constexpr int kDecimals = 4;
constexpr double kSmallestStep = 1e-4;

} // namespace

PercentField::PercentField(QWidget *parent)
    : QDoubleSpinBox(parent)
    , m_gesture(nextGesture())
{
    setFocusPolicy(Qt::StrongFocus);
    setRange(kLowest, kHighest);
    setDecimals(kDecimals);
    setSuffix(tr("\u202f%"));
    // Half a number is no number: what is typed counts when it is complete.
    setKeyboardTracking(false);
    // Keys and wheel step it; buttons beside a field of a few characters would be larger than the number.
    setButtonSymbols(QAbstractSpinBox::NoButtons);
    setValue(kUsual);
}

RangeMethod PercentField::range() const
{
    return RangeMethod::percentile(static_cast<std::uint32_t>(std::llround(value() * kMillionthsPerPercent)));
}

void PercentField::showRange(const RangeMethod &range)
{
    const QSignalBlocker blocker(this);
    if (range.kind == RangeMethod::Kind::Percentile)
        setValue(range.percent());
}

void PercentField::stepBy(int steps)
{
    const double toTop = kHighest - value();
    // Going down from a power of ten takes the larger step, so that up and down meet the same numbers.
    const double reference = steps < 0 ? toTop * 1.0001 : toTop * 0.9999;
    const double step = std::max(kSmallestStep, std::pow(10, std::floor(std::log10(std::max(reference, 1e-9)))));
    setValue(value() + steps * std::min(step, 1.0));
}

QString PercentField::textFromValue(double value) const
{
    return text::shortNumber(value, 3 + kDecimals);
}

void PercentField::focusInEvent(QFocusEvent *event)
{
    m_gesture = nextGesture();
    QDoubleSpinBox::focusInEvent(event);
}

void PercentField::wheelEvent(QWheelEvent *event)
{
    if (hasFocus())
        QDoubleSpinBox::wheelEvent(event);
    else
        event->ignore();
}

} // namespace qs::ui
