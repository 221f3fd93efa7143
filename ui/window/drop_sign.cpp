// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/drop_sign.h"

#include "ui/theme/theme.h"

#include <QPainter>

namespace qs::ui {

namespace {

constexpr int kMargin = 14;
constexpr int kFrame = 3;
constexpr float kTint = 0.9f;

} // namespace

DropSign::DropSign(QWidget *parent)
    : QWidget(parent)
{
    setObjectName(QStringLiteral("dropSign"));
    setAttribute(Qt::WA_TransparentForMouseEvents);
    hide();
}

void DropSign::begin(bool canCompare)
{
    m_canCompare = canCompare;
    setGeometry(parentWidget()->rect());
    raise();
    show();
}

void DropSign::moveTo(QPoint position)
{
    m_position = position;
    update();
}

void DropSign::end()
{
    hide();
}

bool DropSign::isForB(QPoint position) const
{
    return m_canCompare && position.x() >= parentWidget()->width() / 2;
}

void DropSign::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    QFont font = painter.font();
    font.setPointSizeF(font.pointSizeF() * 1.6);
    font.setBold(true);
    painter.setFont(font);
    const auto zone = [&](const QRect &area, const QString &words, const QColor &colour, bool lit, Qt::PenStyle style) {
        QColor ground = lit ? theme().selectedBand : theme().panel;
        ground.setAlphaF(kTint);
        painter.setPen(QPen(colour, kFrame, style));
        painter.setBrush(ground);
        const QRect box = area.adjusted(kMargin, kMargin, -kMargin, -kMargin);
        painter.drawRoundedRect(box, 10, 10);
        painter.setPen(theme().text);
        painter.drawText(box.adjusted(kMargin, 0, -kMargin, 0), Qt::AlignCenter | Qt::TextWordWrap, words);
    };
    if (!m_canCompare) {
        zone(rect(), tr("Drop to open"), theme().schemeA, true, Qt::SolidLine);
        return;
    }
    const QRect left(0, 0, width() / 2, height());
    const bool forB = isForB(m_position);
    zone(left, tr("Drop here to open it"), theme().schemeA, !forB, Qt::SolidLine);
    zone(QRect(left.right() + 1, 0, width() - left.width(), height()), tr("Drop here to compare: open as B"),
         theme().schemeB, forB, Qt::DotLine);
}

} // namespace qs::ui
