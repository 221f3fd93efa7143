// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/skeleton_rows.h"

#include "ui/theme/theme.h"

#include <QPainter>

namespace qs::ui {

namespace {

constexpr int kRows = 8;
constexpr int kMargin = 10;
constexpr int kBox = 14;
constexpr int kBarHeight = 8;
/// Lengths of the names as shares of their column: a list of names is never even.
constexpr double kLengths[] = {0.62, 0.85, 0.7, 0.55, 0.9, 0.66, 0.78, 0.6};

} // namespace

SkeletonRows::SkeletonRows(QWidget *parent)
    : QWidget(parent)
{
    setAccessibleName(tr("Opening the model …"));
    setBackgroundRole(QPalette::Base);
    setAutoFillBackground(true);
}

void SkeletonRows::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    const int rowHeight = fontMetrics().height() + 10;
    const double width = this->width() - 4 * kMargin - kBox;
    for (int row = 0; row < kRows; ++row) {
        painter.setOpacity(1.0 - double(row) / kRows);
        painter.setBrush(theme().border);
        const double middle = (row + 0.5) * rowHeight + kMargin;
        const auto bar = [&](double left, double length, double height) {
            painter.drawRoundedRect(QRectF(left, middle - height / 2, length, height), 3, 3);
        };
        bar(kMargin, kBox, kBox);
        bar(2 * kMargin + kBox, width * 0.42 * kLengths[row], kBarHeight);
        bar(3 * kMargin + kBox + width * 0.42, width * 0.2, kBarHeight);
        bar(4 * kMargin + kBox + width * 0.62, width * 0.3, kBarHeight);
    }
}

} // namespace qs::ui
