// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/plot_canvas.h"

#include "ui/plots/mark_scale.h"

#include <QApplication>

namespace qs::ui {

namespace {

class MessageItem final : public PaintedItem
{
public:
    MessageItem(QCustomPlot &plot, QString text, const QColor &colour)
        : PaintedItem(plot, QStringLiteral("main"))
        , m_text(std::move(text))
        , m_colour(colour)
    {}

protected:
    void draw(QCPPainter *painter) override
    {
        painter->setFont(QApplication::font());
        painter->setPen(m_colour);
        painter->drawText(parentPlot()->viewport().adjusted(16, 8, -16, -8), Qt::AlignCenter | Qt::TextWordWrap,
                          m_text);
    }

private:
    QString m_text;
    QColor m_colour;
};

class VeilItem final : public PaintedItem
{
public:
    VeilItem(QCustomPlot &plot, QColor colour)
        : PaintedItem(plot, QStringLiteral("legend"))
        , m_colour(colour)
    {
        m_colour.setAlpha(128);
    }

protected:
    void draw(QCPPainter *painter) override { painter->fillRect(area().adjusted(0, 0, 1, 0), m_colour); }

private:
    QColor m_colour;
};

} // namespace

namespace {

constexpr int kSmallestText = 12; // pixels: what is smaller cannot be read from a chair

double &theMarkScale()
{
    static double scale = 1;
    return scale;
}

} // namespace

double markScale()
{
    return theMarkScale();
}

void setMarkScale(double scale)
{
    theMarkScale() = scale;
}

QFont plotFont()
{
    // Asked for once per bar: looking the size up each time would take longer than drawing.
    static QFont source;
    static QFont font;
    static bool isKnown = false;
    if (!isKnown || source != QApplication::font()) {
        source = QApplication::font();
        font = source;
        const int size = QFontInfo(font).pixelSize();
        if (size > kSmallestText && markScale() <= 1) // in a class even the smallest text is for the last row
            font.setPixelSize(size - 1);
        isKnown = true;
    }
    return font;
}

PaintedItem::PaintedItem(QCustomPlot &plot, const QString &layer)
    : QCPAbstractItem(&plot)
{
    setLayer(layer);
    setClipToAxisRect(false);
    setSelectable(false);
}

void PlotCanvas::clear()
{
    plot.clearPlottables();
    for (int i = plot.itemCount() - 1; i >= 0; --i)
        if (plot.item(i) != kept)
            plot.removeItem(i);
    plot.setBackground(QBrush(theme.panel));
    const QFont font = plotFont();
    QCPAxisRect *rect = plot.axisRect();
    rect->setAutoMargins(QCP::msAll);
    rect->setMinimumMargins(QMargins(4, 8, 12, 2));
    for (QCPAxis *axis : rect->axes()) {
        axis->setBasePen(QPen(theme.border, 1));
        axis->setTickPen(QPen(theme.border, 1));
        axis->setSubTickPen(Qt::NoPen);
        axis->setTickLength(0, 3);
        axis->setSubTickLength(0, 0);
        axis->setTickLabelColor(theme.secondaryText);
        axis->setTickLabelFont(font);
        axis->setTickLabels(true);
        axis->setTickLabelPadding(5);
        axis->setLabelColor(theme.secondaryText);
        axis->setLabelFont(font);
        axis->setLabelPadding(4);
        axis->grid()->setVisible(true);
        axis->grid()->setPen(QPen(theme.grid, 1));
        axis->grid()->setZeroLinePen(QPen(theme.border, 1));
        axis->grid()->setSubGridVisible(false);
        axis->grid()->setSubGridPen(QPen(theme.grid, 1, Qt::DotLine));
    }
    plot.xAxis->setVisible(true);
    plot.yAxis->setVisible(true);
}

void PlotCanvas::drawMessage(const QString &message)
{
    for (QCPAxis *axis : {plot.xAxis, plot.yAxis}) {
        axis->setVisible(false);
        axis->grid()->setVisible(false);
    }
    new MessageItem(plot, message, theme.secondaryText);
}

void PlotCanvas::drawVeil()
{
    new VeilItem(plot, theme.panel);
}

void PlotCanvas::setLayerMargins(int linesBelow)
{
    const QFontMetrics metrics(plotFont());
    QCPAxisRect *rect = plot.axisRect();
    int left = metrics.horizontalAdvance(QStringLiteral("0.0001 %")) + 12;
    if (!plot.yAxis->label().isEmpty())
        left += metrics.height() + 4;
    rect->setAutoMargins(QCP::msRight | QCP::msTop);
    int bottom = linesBelow * metrics.lineSpacing() + 8;
    if (!plot.xAxis->label().isEmpty())
        bottom += metrics.lineSpacing() + 4;
    rect->setMargins(QMargins(left, 8, 12, bottom));
}

void PlotCanvas::setTickers(PlainTicker::Kind x, PlainTicker::Kind y)
{
    plot.xAxis->setTicker(QSharedPointer<QCPAxisTicker>(new PlainTicker(x, 5, plot.xAxis)));
    if (logarithmic) {
        plot.yAxis->setScaleType(QCPAxis::stLogarithmic);
        plot.yAxis->setTicker(QSharedPointer<QCPAxisTicker>(new LogTicker(y)));
        plot.yAxis->grid()->setSubGridVisible(true);
    } else {
        plot.yAxis->setScaleType(QCPAxis::stLinear);
        plot.yAxis->setTicker(QSharedPointer<QCPAxisTicker>(new PlainTicker(y, 4)));
    }
}

QCPBars *PlotCanvas::addBars(const QVector<double> &x, QVector<double> y, double base)
{
    if (!logarithmic)
        base = 0;
    // QCustomPlot takes a bar's value as its height above the base, also where the axis is logarithmic.
    for (double &value : y)
        value -= base;
    auto *bars = new QCPBars(plot.xAxis, plot.yAxis);
    bars->setBaseValue(base);
    bars->setData(x, y, true);
    return bars;
}

} // namespace qs::ui
