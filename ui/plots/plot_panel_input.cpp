// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The part of PlotPanel that answers to people: hover, click, focus, export.
#include "ui/plots/figure_export.h"
#include "ui/plots/plot_header.h"
#include "ui/plots/plot_overlay.h"
#include "ui/plots/plot_panel.h"
#include "ui/plots/table_dialog.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QPainter>
#include <QRegularExpression>

namespace qs::ui {

namespace {

constexpr int kLinesForNotesFromHeight = 260;
constexpr int kLegendFromWidth = 520; // narrower panels have the series in the menu only

} // namespace

void PlotPanel::updateOverlay()
{
    if (!message().isEmpty()) {
        m_overlay->setState({}, {});
        return;
    }
    std::optional<AxisRange> band;
    std::optional<PlotMark> mark = m_hovered;
    if (m_selection && m_selection->hoverLayer() >= 0) {
        if (m_selection->hoverLayer() != m_selection->layer()) // that one stands out already
            band = bandOf(m_selection->hoverLayer());
        if (!mark && m_selection->hoverChannel() >= 0) {
            mark = markOf(m_selection->hoverLayer(), m_selection->hoverChannel());
            if (mark)
                mark->box.clear(); // the view under the mouse tells the numbers
        }
    }
    // A replot that is due paints it, too.
    if (m_overlay->setState(band, mark) && m_due != Due::Everything)
        m_overlay->repaint();
}

void PlotPanel::hoverAt(std::optional<QPointF> pixel)
{
    const bool had = m_hovered.has_value();
    m_hovered.reset();
    if (pixel && message().isEmpty())
        m_hovered = markAt(*pixel);
    m_hoverPixel = m_hovered ? pixel : std::nullopt;
    if (!had && !m_hovered)
        return;
    if (m_selection)
        m_selection->setHover(m_hovered ? m_hovered->layer : -1, m_hovered ? m_hovered->channel : -1);
    updateOverlay();
    emit readoutChanged(m_hovered ? m_hovered->status : QString());
    if (m_hovered)
        hovered(*m_hovered);
}

void PlotPanel::hoverAgain()
{
    if (m_hoverPixel)
        hoverAt(m_hoverPixel);
}

void PlotPanel::clickAt(QPointF pixel)
{
    if (!message().isEmpty())
        return;
    if (const auto mark = markAt(pixel))
        clicked(*mark);
}

bool PlotPanel::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::FocusIn || event->type() == QEvent::FocusOut)
        update();
    return QFrame::eventFilter(watched, event);
}

void PlotPanel::paintEvent(QPaintEvent *event)
{
    QFrame::paintEvent(event);
    if (!m_plot->hasFocus())
        return;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(theme().accent, 2));
    painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), 6, 6);
}

void PlotPanel::resizeEvent(QResizeEvent *event)
{
    QFrame::resizeEvent(event);
    hoverAt({}); // what was under the mouse is elsewhere now
    m_header->setLegendVisible(width() >= kLegendFromWidth);
    // A sentence is worth a second line where the plot keeps enough for itself.
    m_noteLabel->setWordWrap(height() >= kLinesForNotesFromHeight);
}

void PlotPanel::showEvent(QShowEvent *event)
{
    QFrame::showEvent(event);
    if (m_due != Due::Nothing)
        queueReplot(m_due);
}

void PlotPanel::copyImage()
{
    settle();
    QGuiApplication::clipboard()->setImage(FigureExport(*this).image(2));
}

void PlotPanel::showTable()
{
    auto *dialog = new TableDialog(m_title, table(), this);
    dialog->show();
}

void PlotPanel::saveWithDialog(const QString &suffix, int pngScale)
{
    static const QRegularExpression unsafe(QStringLiteral("[^\\w.-]+"), QRegularExpression::UseUnicodePropertiesOption);
    const QString proposal = QString(m_title).replace(unsafe, QStringLiteral("-")).toLower() + u'.' + suffix;
    const bool isData = suffix == u"csv";
    QString path = m_chooser(this, isData ? tr("Save the data of the figure") : tr("Save the figure"), proposal,
                             tr("%1 files (*.%2)").arg(suffix.toUpper(), suffix));
    if (path.isEmpty())
        return;
    if (!path.endsWith(u'.' + suffix, Qt::CaseInsensitive))
        path += u'.' + suffix;
    saveFigure(path, pngScale);
}

bool PlotPanel::saveFigure(const QString &path, int pngScale)
{
    settle();
    const QString problem = FigureExport(*this).save(path, pngScale);
    if (!problem.isEmpty()) {
        emit figureFailed(problem);
        return false;
    }
    emit figureSaved(path);
    return true;
}

} // namespace qs::ui
