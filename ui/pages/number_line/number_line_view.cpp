// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/number_line/number_line_view.h"

#include "ui/plots/mark_scale.h"
#include "ui/text/format.h"
#include "ui/theme/theme.h"

#include <QKeyEvent>
#include <QMouseEvent>

#include <algorithm>
#include <cmath>

namespace qs::ui {

namespace {

constexpr int kAllCodes = 32;        // of more codes only those around the value are shown
constexpr double kCodesBeside = 9;   // on either side of the value
constexpr double kCodesBeyond = 2.5; // outside the code range, so that the end can be seen
constexpr int kDigits = 4;
constexpr int kPlayPause = 1100; // milliseconds
constexpr double kKeyStep = 0.1; // of a step of the scale

QString shown(double value)
{
    return text::shortNumber(value, kDigits);
}

} // namespace

NumberLineView::NumberLineView(QWidget *parent)
    : QWidget(parent)
{
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Number line"));
    m_player.setInterval(kPlayPause);
    connect(&m_player, &QTimer::timeout, this, [this] {
        if (m_step == kSteps)
            m_player.stop();
        else
            setStep(m_step + 1);
    });
    connect(&ThemeManager::instance(), &ThemeManager::changed, this, qOverload<>(&QWidget::update));
    ScaleAndZeroPoint scale;
    scale.scale = scale.stored = 0.1F;
    setWalk(0.437F, scale, {CodeRule::Divide, Arithmetic::F32, -8, 7});
}

void NumberLineView::setWalk(float value, const ScaleAndZeroPoint &scale, const Coding &coding, const Teaching &slips)
{
    m_scale = scale;
    m_coding = coding;
    m_walk = walkValue(value, scale, coding, slips);
    if (!m_isDragging)
        updateRange();
    updateDescription();
    update();
}

void NumberLineView::setStep(int step)
{
    step = std::clamp(step, 1, kSteps);
    if (step == m_step)
        return;
    m_step = step;
    updateDescription();
    update();
    emit stepChanged(step);
}

void NumberLineView::play()
{
    setStep(1);
    m_player.start();
}

QSize NumberLineView::minimumSizeHint() const
{
    return {280, kSteps * (2 * fontMetrics().lineSpacing() + 22) + 3 * fontMetrics().lineSpacing()};
}

/// What a place among the codes means as a weight.
double NumberLineView::valueOf(double position) const
{
    const auto step = static_cast<double>(m_scale.stored);
    if (m_coding.hasOffsets())
        return (position - m_coding.codeMin) * step + static_cast<double>(m_scale.storedOffset);
    return (position - m_scale.zeroPoint) * step;
}

double NumberLineView::positionOf(double value) const
{
    return valueOf(1) == valueOf(0) ? 0 : (value - valueOf(0)) / (valueOf(1) - valueOf(0));
}

void NumberLineView::updateRange()
{
    double low = m_coding.codeMin - kCodesBeyond;
    double high = m_coding.codeMax + kCodesBeyond;
    const double at = std::clamp(positionOf(m_walk.value), m_coding.codeMin - 1e4, m_coding.codeMax + 1e4);
    if (m_coding.codeMax - m_coding.codeMin >= kAllCodes) {
        low = std::min<double>(at, m_walk.code) - kCodesBeside;
        high = std::max<double>(at, m_walk.code) + kCodesBeside;
    }
    m_low = valueOf(std::min(low, at - 1));
    m_high = valueOf(std::max(high, at + 1));
    if (m_low > m_high) // a negative scale
        std::swap(m_low, m_high);
}

void NumberLineView::updateDescription()
{
    setAccessibleDescription(tr("Step %1 of %2. %3").arg(m_step).arg(kSteps).arg(sentence(m_step)));
}

QString NumberLineView::formula() const
{
    if (m_coding.hasOffsets())
        return tr("(x − offset) / s,  s = %1").arg(shown(static_cast<double>(m_scale.scale)));
    if (m_scale.zeroPoint != 0)
        return tr("x / s + z,  s = %1,  z = %2")
            .arg(shown(static_cast<double>(m_scale.scale)), text::integer(m_scale.zeroPoint));
    return tr("x / s,  s = %1").arg(shown(static_cast<double>(m_scale.scale)));
}

QList<NumberLineView::Row> NumberLineView::rows() const
{
    const QString range = text::integerRange(m_coding.codeMin, m_coding.codeMax);
    const QString rounded = shown(m_walk.rounded);
    return {
        {tr("Value"), tr("x"), m_walk.value, shown(m_walk.value), false, false},
        {m_scale.zeroPoint != 0 ? tr("Divide, add zero point") : tr("Divide by scale"), formula(),
         valueOf(m_walk.position), shown(m_walk.position), true, false,
         m_scale.zeroPoint != 0 ? tr("Divide, add z") : QString(),
         m_scale.zeroPoint != 0 ? tr("x / s + z,  z = %1").arg(text::integer(m_scale.zeroPoint)) : QString()},
        {tr("Round"), tr("to a whole number"), valueOf(m_walk.rounded), rounded, true, false},
        {tr("Clamp"), tr("to %1").arg(range), valueOf(m_walk.code), text::integer(m_walk.code), true, true},
        {tr("Back to real"), m_scale.zeroPoint != 0 ? tr("(q − z) · s") : tr("q · s"), m_walk.back, shown(m_walk.back),
         false, true},
    };
}

QString NumberLineView::sentence(int step) const
{
    const double low = std::floor(m_walk.position);
    const double dropped = std::abs(m_walk.rounded - m_walk.position);
    switch (step) {
    case 1:
        return tr("One weight. Click or drag on a line, or press ↑ and ↓, to try another value.");
    case 2:
        if (low == m_walk.position)
            return tr("Dividing by the step size turns steps into whole numbers. This is one: %1.")
                .arg(shown(m_walk.position));
        return tr("Dividing by the step size turns steps into whole numbers. %1 lies between %2 and %3.")
            .arg(shown(m_walk.position), shown(low), shown(low + 1));
    case 3:
        if (dropped == 0)
            return tr("It is a whole number already, so nothing is lost.");
        return tr("Only whole numbers are kept. The %1 that is dropped can never be recovered.").arg(shown(dropped));
    case 4:
        if (m_walk.clipped)
            return tr("%1 is beyond the codes, so it becomes the outermost one, %2.")
                .arg(shown(m_walk.rounded), text::integer(m_walk.code));
        return tr("%1 is one of the codes, so nothing changes here.").arg(text::integer(m_walk.code));
    default:
        if (m_walk.clipped)
            return tr("The weight was clipped: such an error has no bound.");
        return tr("Inside the range the error is at most s / 2 = %1.")
            .arg(shown(std::abs(static_cast<double>(m_scale.stored)) / 2));
    }
}

double NumberLineView::lineLeft() const
{
    // Large text needs more for the words beside the lines.
    const double words = std::min(fontMetrics().averageCharWidth() * 26.0, width() * 0.42);
    return std::max(std::clamp(width() * 0.24, 110.0, 210.0), words);
}

double NumberLineView::lineRight() const
{
    return width() - 28.0;
}

double NumberLineView::pixelOf(double value) const
{
    const double share = (value - m_low) / (m_high - m_low);
    return lineLeft() + std::clamp(share, -0.02, 1.02) * (lineRight() - lineLeft());
}

/// Where there is little height, one sentence stands under all lines instead of one under each.
double NumberLineView::captionHeight() const
{
    const double line = fontMetrics().lineSpacing();
    // With room for the words at the error above it.
    return height() < kSteps * (4.4 * line + 26) ? 3.1 * line + 6 : 0;
}

QRectF NumberLineView::rowRect(int step) const
{
    const double rowHeight = (height() - captionHeight()) / kSteps;
    return {4, (step - 1) * rowHeight + 2, width() - 8.0, rowHeight - 4};
}

double NumberLineView::lineY(int step) const
{
    const QRectF rect = rowRect(step);
    const double line = fontMetrics().lineSpacing();
    const double spare = std::max(0.0, rect.height() - (captionHeight() > 0 ? 2 : 4) * line - 20);
    return rect.top() + line + 12 + spare * 0.3;
}

QPointF NumberLineView::pointOf(int step, double value) const
{
    return {pixelOf(value), lineY(step)};
}

void NumberLineView::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QList<Row> all = rows();
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme().selectedBand);
    painter.drawRoundedRect(rowRect(m_step), 6, 6);
    drawPath(painter, all); // words stand on top of it, on a ground of their own
    for (int step = 1; step <= kSteps; ++step) {
        painter.setOpacity(step <= m_step ? 1.0 : 0.35);
        drawRow(painter, step, all[step - 1]);
    }
    painter.setOpacity(1);
    if (captionHeight() > 0) {
        painter.setPen(theme().text);
        const double line = fontMetrics().lineSpacing();
        painter.drawText(QRectF(10, height() - 2.4 * line - 4, width() - 20, 2.4 * line + 2),
                         Qt::AlignLeft | Qt::TextWordWrap, sentence(m_step));
    }
    for (int step = 1; step <= m_step; ++step)
        drawDot(painter, step, all[step - 1]);
    if (m_step == kSteps)
        drawError(painter, lineY(kSteps));
    if (hasFocus()) {
        painter.setPen(QPen(theme().accent, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), 6, 6);
    }
}

void NumberLineView::drawRow(QPainter &painter, int step, const Row &row) const
{
    const QRectF rect = rowRect(step);
    const double y = lineY(step);
    const double line = fontMetrics().lineSpacing();
    QFont bold = font();
    bold.setBold(true);
    const QRectF head(rect.left() + 10, y - line - 2, lineLeft() - rect.left() - 26, line + 2);
    painter.setPen(theme().text);
    painter.setFont(bold);
    QString title = tr("%1  %2").arg(step).arg(row.title);
    if (QFontMetrics(bold).horizontalAdvance(title) > head.width() && !row.shortTitle.isEmpty())
        title = tr("%1  %2").arg(step).arg(row.shortTitle);
    painter.drawText(head, Qt::AlignLeft | Qt::AlignVCenter,
                     QFontMetrics(bold).elidedText(title, Qt::ElideRight, static_cast<int>(head.width())));
    painter.setFont(font());
    painter.setPen(theme().secondaryText);
    // What does not fit stands in the sentence, or in the fields above.
    const QRectF room(head.left(), y, head.width(), (captionHeight() > 0 ? 2.2 : 3.2) * line);
    const QRectF needed = QFontMetricsF(font()).boundingRect(room, Qt::AlignLeft | Qt::TextWordWrap, row.key);
    const bool fits = needed.height() <= room.height() || row.shortKey.isEmpty();
    painter.drawText(room, Qt::AlignLeft | Qt::TextWordWrap, fits ? row.key : row.shortKey);

    if (row.isClamped)
        drawBeyond(painter, y);
    painter.setPen(QPen(theme().secondaryText, scaled(1.4)));
    painter.drawLine(QPointF(lineLeft(), y), QPointF(lineRight(), y));
    drawTicks(painter, row, y, step);
    if (captionHeight() > 0)
        return;
    const double top = y + 9 + (step == kSteps ? 1.9 : 1.0) * line; // the error stands there in the last row
    drawWords(painter, QRectF(lineLeft(), top, width() - 12 - lineLeft(), 2.2 * line), sentence(step), step);
}

/// Words on a ground of their own, so that the path does not go through them.
void NumberLineView::drawWords(QPainter &painter, const QRectF &room, const QString &words, int step) const
{
    constexpr int kFlags = Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap;
    const QRectF box = QFontMetricsF(font()).boundingRect(room, kFlags, words);
    painter.fillRect(box.adjusted(-2, 0, 2, 0), step == m_step ? theme().selectedBand : theme().panel);
    painter.setPen(theme().text);
    painter.drawText(room, kFlags, words);
}

/// Hatch where no code reaches.
void NumberLineView::drawBeyond(QPainter &painter, double y) const
{
    const double first = pixelOf(valueOf(m_coding.codeMin));
    const double last = pixelOf(valueOf(m_coding.codeMax));
    const QBrush hatch(theme().controlOutline, Qt::BDiagPattern);
    painter.fillRect(QRectF(QPointF(lineLeft(), y - 7), QPointF(std::max(std::min(first, last), lineLeft()), y + 7)),
                     hatch);
    painter.fillRect(QRectF(QPointF(std::min(std::max(first, last), lineRight()), y - 7), QPointF(lineRight(), y + 7)),
                     hatch);
}

/// Every code, or every second, fifth, tenth … as labels have room. Lines of weights have their ticks at the codes,
/// too.
void NumberLineView::drawTicks(QPainter &painter, const Row &row, double y, int step) const
{
    const double line = fontMetrics().lineSpacing();
    const auto [first, last] = std::minmax({positionOf(m_low), positionOf(m_high)});
    const double perCode = (lineRight() - lineLeft()) / std::max(last - first, 1e-9);
    const int lowest = row.isClamped ? std::max(m_coding.codeMin, static_cast<int>(std::ceil(first)))
                                     : static_cast<int>(std::ceil(first));
    const int highest = row.isClamped ? std::min(m_coding.codeMax, static_cast<int>(std::floor(last)))
                                      : static_cast<int>(std::floor(last));
    const auto labelOf = [&](int code) {
        const double value = valueOf(code);
        return row.isInteger ? text::integer(code) : value == 0 ? QStringLiteral("0") : text::number(value, 3);
    };
    double widest = 0;
    for (const int code : {lowest, highest, lowest + 1})
        widest = std::max(widest, QFontMetricsF(font()).horizontalAdvance(labelOf(code)));
    int every = 1;
    for (const int tried : {1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000}) {
        every = tried;
        if (perCode * tried >= widest + 10)
            break;
    }
    const int ticks = perCode >= 4 ? 1 : every;
    for (int code = lowest; code <= highest; ++code) {
        if (code % ticks != 0)
            continue;
        const double x = pixelOf(valueOf(code));
        painter.setPen(QPen(theme().secondaryText, scaled(1.2)));
        painter.drawLine(QPointF(x, y - 5), QPointF(x, y + 5));
        if (code % every != 0)
            continue;
        const QString words = labelOf(code);
        const double wide = QFontMetricsF(font()).horizontalAdvance(words) + 4;
        const QRectF box(x - wide / 2, y + 6, wide, line);
        if (box.right() > width()) // half a number is another one
            continue;
        painter.fillRect(box, step == m_step ? theme().selectedBand : theme().panel);
        painter.drawText(box, Qt::AlignCenter, words);
    }
}

/// Dotted, from line to line, as far as the steps have come.
void NumberLineView::drawPath(QPainter &painter, const QList<Row> &all) const
{
    painter.setPen(QPen(theme().schemeB, scaled(2), Qt::DotLine, Qt::FlatCap));
    for (int step = 2; step <= m_step; ++step)
        painter.drawLine(pointOf(step - 1, all[step - 2].value), pointOf(step, all[step - 1].value));
}

void NumberLineView::drawDot(QPainter &painter, int step, const Row &row) const
{
    const QPointF at = pointOf(step, row.value);
    painter.setPen(QPen(theme().panel, 2));
    painter.setBrush(step == 1 ? theme().text : theme().schemeB);
    painter.drawEllipse(at, scaled(6.5), scaled(6.5));
    QFont bold = font();
    bold.setBold(true);
    bold.setPointSizeF(bold.pointSizeF() * 1.15);
    painter.setFont(bold);
    const QFontMetricsF metrics(bold);
    QRectF box(0, 0, metrics.horizontalAdvance(row.label) + 8, metrics.height());
    box.moveCenter({at.x() + 4 + box.width() / 2, at.y() - 7 - box.height() / 2});
    box.moveRight(std::min(box.right(), width() - 6.0));
    painter.setPen(theme().text);
    painter.drawText(box, Qt::AlignCenter, row.label);
    painter.setFont(font());
}

/// From what came back to the weight: the error as a length.
void NumberLineView::drawError(QPainter &painter, double y) const
{
    const double from = pixelOf(m_walk.back);
    const double to = pixelOf(m_walk.value);
    const double line = fontMetrics().lineSpacing();
    const double under = y + 8 + line + 4;
    painter.setPen(QPen(theme().schemeB, 1.2));
    for (const double x : {from, to})
        painter.drawLine(QPointF(x, y + 8), QPointF(x, under + 4));
    painter.setPen(QPen(theme().schemeB, scaled(5), Qt::SolidLine, Qt::FlatCap));
    painter.drawLine(QPointF(from, under), QPointF(to, under));
    painter.setPen(QPen(theme().text, scaled(1.6)));
    painter.setBrush(theme().panel);
    painter.drawEllipse(QPointF(to, y), scaled(5), scaled(5));
    QFont bold = font();
    bold.setBold(true);
    painter.setFont(bold);
    painter.setPen(theme().text);
    const QString words = m_walk.error == 0 ? tr("no error") : tr("error %1").arg(shown(std::abs(m_walk.error)));
    const double wide = QFontMetricsF(bold).horizontalAdvance(words);
    const double right = std::max(from, to) + 8;
    const double x = right + wide <= width() - 6 ? right : std::min(from, to) - 8 - wide;
    painter.drawText(QPointF(x, under + QFontMetricsF(bold).ascent() / 2 - 1), words);
    painter.setFont(font());
}

void NumberLineView::wantValueAt(double pixel)
{
    const double share = std::clamp((pixel - lineLeft()) / (lineRight() - lineLeft()), 0.0, 1.0);
    emit valueWanted(m_low + share * (m_high - m_low));
}

void NumberLineView::mousePressEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton || event->position().x() < lineLeft() - 8)
        return;
    m_isDragging = true;
    wantValueAt(event->position().x());
}

void NumberLineView::mouseMoveEvent(QMouseEvent *event)
{
    if (m_isDragging)
        wantValueAt(event->position().x());
}

void NumberLineView::mouseReleaseEvent(QMouseEvent *)
{
    m_isDragging = false;
    updateRange();
    update();
}

void NumberLineView::keyPressEvent(QKeyEvent *event)
{
    const double step = std::abs(static_cast<double>(m_scale.stored)) * kKeyStep;
    switch (event->key()) {
    case Qt::Key_Left:
        return setStep(m_step - 1);
    case Qt::Key_Right:
        return setStep(m_step + 1);
    case Qt::Key_Home:
        return setStep(1);
    case Qt::Key_End:
        return setStep(kSteps);
    case Qt::Key_Space:
        return play();
    case Qt::Key_Up:
        emit valueWanted(m_walk.value + step);
        return;
    case Qt::Key_Down:
        emit valueWanted(m_walk.value - step);
        return;
    default:
        QWidget::keyPressEvent(event);
    }
}

void NumberLineView::focusInEvent(QFocusEvent *event)
{
    QWidget::focusInEvent(event);
    update();
}

void NumberLineView::focusOutEvent(QFocusEvent *event)
{
    QWidget::focusOutEvent(event);
    update();
}

} // namespace qs::ui
