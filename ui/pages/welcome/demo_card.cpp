// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/welcome/demo_card.h"

#include "ui/tasks/task_runner.h"
#include "ui/text/format.h"
#include "ui/theme/theme.h"

#include <QKeyEvent>
#include <QPainter>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

namespace qs::ui {

namespace {

constexpr int kWidth = 270;
constexpr int kPicture = 150; // height
constexpr int kPadding = 12;
constexpr int kGap = 4;
constexpr int kRadius = 6;
constexpr double kDot = 3.2;
constexpr auto kPause = std::chrono::milliseconds(900);

const std::vector<int> &playedBits()
{
    static const std::vector<int> bits{8, 6, 4, 3, 2};
    return bits;
}

} // namespace

DemoCard::DemoCard(const QString &demo, const QString &title, const QString &about, QWidget *parent)
    : QAbstractButton(parent)
    , m_demo(demo)
    , m_about(about)
{
    setText(title);
    setFocusPolicy(Qt::StrongFocus);
    setCursor(Qt::PointingHandCursor);
    setAttribute(Qt::WA_Hover);
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setSizePolicy(policy);
    m_timer.setInterval(kPause);
    connect(&m_timer, &QTimer::timeout, this, &DemoCard::step);
    showCaption();
}

void DemoCard::start(TaskRunner *tasks)
{
    m_tasks = tasks;
    if (m_pictures.empty())
        load({playedBits().front()});
}

void DemoCard::stop()
{
    play(false);
    if (m_tasks)
        m_tasks->drop(QStringLiteral("picture of ") + m_demo);
    m_tasks = nullptr;
}

void DemoCard::load(const std::vector<int> &bits)
{
    if (!m_tasks)
        return;
    m_tasks->run(
        {QStringLiteral("picture of ") + m_demo, tr("Drawing the demo models …"), JobRank::View}, this,
        [name = m_demo.toStdString(), bits](const TaskContext &context) { return demoPictures(name, bits, context); },
        [this](Result<std::vector<DemoPicture>> pictures) {
            if (!pictures)
                return; // without a picture the card still opens the model
            m_pictures = std::move(*pictures);
            m_shown = std::min(m_shown, m_pictures.size() - 1);
            showCaption();
        });
}

void DemoCard::play(bool on)
{
    if (on == m_timer.isActive())
        return;
    if (!on) {
        m_timer.stop();
        m_shown = 0;
        showCaption();
        return;
    }
    if (m_pictures.size() < playedBits().size())
        load(playedBits());
    m_timer.start();
}

void DemoCard::step()
{
    if (!m_pictures.empty())
        m_shown = (m_shown + 1) % m_pictures.size();
    showCaption();
}

QString DemoCard::caption() const
{
    if (m_pictures.empty())
        return {};
    const DemoPicture &shown = m_pictures[m_shown];
    return tr("%1 bits: output error %2, %3")
        .arg(shown.bits)
        .arg(text::percent(shown.outputError), text::sizeChange(shown.bytesBefore, shown.bytesAfter));
}

void DemoCard::showCaption()
{
    setAccessibleName(tr("Open the demo: %1").arg(text()));
    setAccessibleDescription(QStringLiteral("%1 %2").arg(m_about, caption()).trimmed());
    setToolTip(tr("%1\nThe picture: the step size of each channel, layer by layer.").arg(m_about));
    update();
}

QSize DemoCard::sizeHint() const
{
    return {kWidth, kPicture + 4 * fontMetrics().height() + 3 * kGap + 2 * kPadding};
}

QSize DemoCard::minimumSizeHint() const
{
    return {kWidth * 3 / 4, sizeHint().height()};
}

void DemoCard::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const bool lit = underMouse() || hasFocus();
    painter.setPen(QPen(lit ? theme().accent : theme().border, hasFocus() ? 2 : 1));
    painter.setBrush(theme().panel);
    painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), kRadius, kRadius);
    QRect area = rect().adjusted(kPadding, kPadding, -kPadding, -kPadding);
    paintPicture(painter, QRect(area.topLeft(), QSize(area.width(), kPicture)));
    area.setTop(area.top() + kPicture + kGap);
    const auto line = [&](const QString &words, const QColor &colour, bool bold, int lines) {
        QFont font = this->font();
        font.setBold(bold);
        painter.setFont(font);
        painter.setPen(colour);
        const int height = lines * fontMetrics().height();
        painter.drawText(QRect(area.left(), area.top(), area.width(), height),
                         Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap, words);
        area.setTop(area.top() + height + kGap);
    };
    QFont bold = font();
    bold.setBold(true);
    painter.setFont(bold);
    painter.setPen(theme().accent);
    painter.drawText(QRect(area.left(), area.top(), area.width(), fontMetrics().height()),
                     Qt::AlignRight | Qt::AlignTop, tr("Open"));
    line(text(), theme().text, true, 1);
    line(caption(), theme().text, false, 1);
    line(m_about, theme().secondaryText, false, 2);
}

/// Dots of all channels on a common logarithmic axis, which reaches over all bits, so that they are seen to move.
void DemoCard::paintPicture(QPainter &painter, const QRect &area) const
{
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme().plotBand);
    painter.drawRoundedRect(area, kRadius / 2.0, kRadius / 2.0);
    if (m_pictures.empty())
        return;
    const DemoPicture &shown = m_pictures[m_shown];
    double low = HUGE_VAL;
    double high = 0;
    for (const DemoPicture &picture : m_pictures)
        for (const auto &layer : picture.scales)
            for (const float scale : layer)
                if (scale > 0) {
                    low = std::min<double>(low, scale);
                    high = std::max<double>(high, scale);
                }
    if (m_pictures.size() == 1)
        high *= 64; // room for fewer bits: nothing jumps when these are there
    if (high <= low)
        return;
    const QRectF inner = QRectF(area).adjusted(6, 8, -6, -8);
    const double width = inner.width() / static_cast<double>(shown.scales.size());
    for (std::size_t layer = 0; layer < shown.scales.size(); ++layer) {
        const double left = inner.left() + static_cast<double>(layer) * width;
        if (layer % 2 == 1) {
            painter.setBrush(theme().panel);
            painter.drawRect(QRectF(left, area.top() + 1, width, area.height() - 2));
        }
        painter.setBrush(theme().schemeA);
        const auto &scales = shown.scales[layer];
        for (std::size_t channel = 0; channel < scales.size(); ++channel) {
            if (scales[channel] <= 0)
                continue;
            const double x = left + width * (static_cast<double>(channel) + 0.5) / static_cast<double>(scales.size());
            const double share = std::log(scales[channel] / low) / std::log(high / low);
            painter.drawEllipse(QPointF(x, inner.bottom() - share * inner.height()), kDot / 2, kDot / 2);
        }
    }
}

void DemoCard::enterEvent(QEnterEvent *event)
{
    QAbstractButton::enterEvent(event);
    play(true);
}

void DemoCard::leaveEvent(QEvent *event)
{
    QAbstractButton::leaveEvent(event);
    play(false);
}

void DemoCard::focusInEvent(QFocusEvent *event)
{
    QAbstractButton::focusInEvent(event);
    // Only for somebody who has come here: on a fresh start nothing moves by itself.
    if (event->reason() == Qt::TabFocusReason || event->reason() == Qt::BacktabFocusReason)
        play(true);
}

void DemoCard::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
        click();
    else
        QAbstractButton::keyPressEvent(event);
}

void DemoCard::focusOutEvent(QFocusEvent *event)
{
    QAbstractButton::focusOutEvent(event);
    play(underMouse());
}

} // namespace qs::ui
