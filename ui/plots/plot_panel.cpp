// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/plot_panel.h"

#include "ui/plots/plot_canvas.h"
#include "ui/plots/plot_header.h"
#include "ui/plots/plot_navigation.h"
#include "ui/plots/plot_overlay.h"

#include <QFileDialog>
#include <QVBoxLayout>

#include <utility>

namespace qs::ui {

namespace {

constexpr double kNoStep = 1e-6; ///< of half the shown range: rounding, no movement

QString askWithNativeDialog(QWidget *parent, const QString &title, const QString &proposal, const QString &filter)
{
    return QFileDialog::getSaveFileName(parent, title, proposal, filter);
}

/// In two lines where one is too short; cut at its end, in the middle of the axis, a name says nothing.
QString fittedName(const QString &name, int room)
{
    const QFontMetrics metrics(plotFont());
    if (metrics.horizontalAdvance(name) <= room)
        return name;
    const qsizetype space = name.indexOf(QLatin1Char(' '), name.size() / 2 - 1);
    const qsizetype middle = space < 0 ? name.size() / 2 : space; // Chinese breaks anywhere
    return metrics.elidedText(name.left(middle), Qt::ElideRight, room) + QLatin1Char('\n') +
           metrics.elidedText(name.mid(middle).trimmed(), Qt::ElideRight, room);
}

} // namespace

PlotPanel::PlotPanel(const QString &title, Selection *selection, QWidget *parent)
    : QFrame(parent)
    , m_title(title)
    , m_selection(selection)
    , m_plot(new QCustomPlot)
    , m_header(new PlotHeader(this))
    , m_noteLabel(new ElidingLabel)
    , m_navigation(new PlotNavigation(*this, *m_plot))
    , m_overlay(std::make_unique<PlotOverlay>(*m_plot))
    , m_chooser(askWithNativeDialog)
{
    setObjectName(QStringLiteral("panel"));
    m_noteLabel->setObjectName(QStringLiteral("secondary"));
    m_noteLabel->hide();
    // Legends make removing many plottables slow; ours is outside of the plot anyway.
    m_plot->setAutoAddPlottableToLegend(false);
    m_plot->setFocusPolicy(Qt::StrongFocus);
    m_plot->setMinimumSize(80, 90);
    m_plot->installEventFilter(this);

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(12, 8, 8, 6);
    layout->setSpacing(4);
    layout->addWidget(m_header);
    layout->addWidget(m_noteLabel);
    layout->addWidget(m_plot, 1);

    connect(m_header, &PlotHeader::resetRequested, this, &PlotPanel::resetZoom);
    connect(m_header, &PlotHeader::logarithmicToggled, this, &PlotPanel::setLogarithmic);
    connect(m_header, &PlotHeader::seriesToggled, this, &PlotPanel::setSeriesVisible);
    connect(m_header, &PlotHeader::tableRequested, this, &PlotPanel::showTable);
    connect(m_header, &PlotHeader::copyRequested, this, &PlotPanel::copyImage);
    connect(m_header, &PlotHeader::saveRequested, this, &PlotPanel::saveWithDialog);
    connect(&ThemeManager::instance(), &ThemeManager::changed, this, &PlotPanel::refresh);
    // Ticks are chosen for the width that the axis had the last time: find out first which one it gets now.
    connect(m_plot, &QCustomPlot::beforeReplot, this, [this] {
        for (const auto phase :
             {QCPLayoutElement::upPreparation, QCPLayoutElement::upMargins, QCPLayoutElement::upLayout})
            m_plot->plotLayout()->update(phase);
        if (QCPAxis *axis = m_plot->xAxis; !axis->label().isEmpty())
            axis->setLabel(fittedName(axes().x, plotArea().width()));
        if (QCPAxis *axis = m_plot->yAxis; !axis->label().isEmpty())
            axis->setLabel(fittedName(axes().y, plotArea().height()));
    });
    connect(m_plot->xAxis, qOverload<const QCPRange &>(&QCPAxis::rangeChanged), this, &PlotPanel::xRangeChanged);
    connect(m_plot->yAxis, qOverload<const QCPRange &>(&QCPAxis::rangeChanged), this, &PlotPanel::yRangeChanged);
    if (selection) {
        connect(selection, &Selection::currentChanged, this, &PlotPanel::select);
        connect(selection, &Selection::layersChanged, this, &PlotPanel::select);
        connect(selection, &Selection::hoverChanged, this, &PlotPanel::updateOverlay);
    }
}

QString plotLibraryVersion()
{
    return QStringLiteral(QCUSTOMPLOT_VERSION_STR);
}

PlotPanel::~PlotPanel() = default;

std::optional<PlotMark> PlotPanel::markOf(int, qint64) const
{
    return std::nullopt;
}

std::optional<AxisRange> PlotPanel::bandOf(int) const
{
    return std::nullopt;
}

void PlotPanel::clicked(const PlotMark &mark)
{
    if (m_selection && mark.layer >= 0)
        m_selection->setCurrent(mark.layer, mark.channel, mark.group);
}

void PlotPanel::hovered(const PlotMark &) {}

void PlotPanel::aboutToShowAll() {}

void PlotPanel::setSaveFileChooser(SaveFileChooser chooser)
{
    m_chooser = std::move(chooser);
}

void PlotPanel::setStale(bool stale)
{
    if (m_stale == stale)
        return;
    m_stale = stale;
    refresh();
}

void PlotPanel::shareAxes(PlotPanel *other)
{
    m_companion = other;
    other->m_companion = this;
}

PlotNavigation *PlotPanel::companion() const
{
    return m_companion ? m_companion->m_navigation : nullptr;
}

AxisRange PlotPanel::wholeX() const
{
    const AxisRange own = homeX();
    if (!m_companion || !m_companion->message().isEmpty())
        return own;
    const AxisRange other = m_companion->homeX();
    return message().isEmpty() ? AxisRange{std::min(own.lower, other.lower), std::max(own.upper, other.upper)} : other;
}

AxisRange PlotPanel::wholeY() const
{
    const AxisRange own = homeY();
    if (!m_companion || !m_companion->message().isEmpty())
        return own;
    const AxisRange other = m_companion->homeY();
    return message().isEmpty() ? AxisRange{std::min(own.lower, other.lower), std::max(own.upper, other.upper)} : other;
}

void PlotPanel::setSideB()
{
    m_coloursOfB = std::make_unique<Theme>();
    refresh();
}

const Theme &PlotPanel::colours() const
{
    if (!m_coloursOfB)
        return theme();
    *m_coloursOfB = theme();
    m_coloursOfB->schemeA = m_coloursOfB->schemeB;
    return *m_coloursOfB;
}

QList<PlotSeries> PlotPanel::shownSeries() const
{
    QList<PlotSeries> list = series();
    for (PlotSeries &one : list)
        if (m_coloursOfB && one.colour == &Theme::schemeA)
            one.colour = &Theme::schemeB;
    return list;
}

void PlotPanel::resetZoom()
{
    m_navigation->reset();
}

void PlotPanel::zoomBy(double factor)
{
    settle();
    m_navigation->zoomX(factor, plotArea().center().x());
}

void PlotPanel::showSelected()
{
    settle();
    const auto band = m_selection ? bandOf(m_selection->layer()) : std::nullopt;
    if (!band)
        return;
    const AxisRange before = xRange();
    const double half = (before.upper - before.lower) / 2;
    const double middle = (band->lower + band->upper) / 2;
    setXRange({middle - half, middle + half});
    // At the end of the plot, or when everything is shown, there is no way to the middle.
    if (std::abs(xRange().lower - before.lower) < half * kNoStep)
        setXRange(*band);
}

void PlotPanel::proposeLogarithmic(bool on)
{
    if (m_scaleChosen)
        return;
    setLogarithmic(on);
    m_scaleChosen = false;
}

void PlotPanel::setLogarithmic(bool on)
{
    if (on && !canBeLogarithmic())
        return;
    m_scaleChosen = true;
    if (m_logarithmic != on) {
        m_logarithmic = on;
        m_navigation->resetY(); // the old range may mean nothing in the other scale
    }
    refresh();
}

AxisRange PlotPanel::xRange() const
{
    return m_navigation->x();
}

AxisRange PlotPanel::yRange() const
{
    return m_navigation->y();
}

std::optional<AxisRange> PlotPanel::zoomedX() const
{
    return m_navigation->isZoomedX() ? std::optional(xRange()) : std::nullopt;
}

void PlotPanel::setXRange(AxisRange range)
{
    settle();
    m_navigation->setX(range);
}

void PlotPanel::setSeriesVisible(const QString &key, bool visible)
{
    if (visible)
        m_hidden.remove(key);
    else
        m_hidden.insert(key);
    refresh();
}

QMenu *PlotPanel::toolsMenu() const
{
    return m_header->menu();
}

QWidget *PlotPanel::plotWidget() const
{
    return m_plot;
}

std::optional<QPointF> PlotPanel::positionOf(int layer, qint64 channel) const
{
    const auto mark = markOf(layer, channel);
    if (!mark)
        return std::nullopt;
    return pixelOf(mark->x, mark->y);
}

void PlotPanel::setTitle(const QString &title)
{
    m_title = title;
}

void PlotPanel::setEmptyMessage(const QString &message)
{
    m_emptyMessage = message;
    refresh();
}

void PlotPanel::setSubtitle(const QString &subtitle)
{
    m_subtitle = subtitle;
}

void PlotPanel::setNote(const QString &note)
{
    m_note = note;
}

void PlotPanel::addToolsAction(QAction *action)
{
    toolsMenu()->insertAction(m_header->exportSection(), action);
}

QPointF PlotPanel::pixelOf(double x, double y) const
{
    return {m_plot->xAxis->coordToPixel(x), m_plot->yAxis->coordToPixel(y)};
}

QString PlotPanel::readoutBox() const
{
    return m_overlay->boxText();
}

QPointF PlotPanel::coordinatesOf(QPointF pixel) const
{
    return {m_plot->xAxis->pixelToCoord(pixel.x()), m_plot->yAxis->pixelToCoord(pixel.y())};
}

QRect PlotPanel::plotArea() const
{
    return m_plot->axisRect()->rect();
}

void PlotPanel::drawInto(PlotCanvas &canvas) const
{
    const PlotAxes names = axes();
    const QString sentence = message();
    canvas.logarithmic = m_logarithmic;
    canvas.hidden = m_hidden;
    canvas.clear();
    const bool named = (names.onScreen || canvas.exporting) && sentence.isEmpty();
    canvas.plot.xAxis->setLabel(named ? names.x : QString());
    canvas.plot.yAxis->setLabel(named ? names.y : QString());
    if (!sentence.isEmpty()) {
        canvas.drawMessage(sentence);
        return;
    }
    draw(canvas);
    if (canvas.stale)
        canvas.drawVeil();
}

void PlotPanel::refresh()
{
    m_outdated = true;
    queueReplot();
}

void PlotPanel::paintSelectionApart()
{
    m_selectionApart = true;
    m_plot->addLayer(kSelectionLayer, m_plot->layer(QStringLiteral("main")));
    for (const QString &layer : {kBandsLayer, kSelectionLayer})
        m_plot->layer(layer)->setMode(QCPLayer::lmBuffered);
}

void PlotPanel::select()
{
    if (m_selectionApart)
        queueReplot(Due::Selection);
    else
        refresh();
}

/// However much changes in one turn of the event loop, the plot is painted once, and only while somebody sees it.
void PlotPanel::queueReplot(Due due)
{
    m_due = std::max(m_due, due);
    if (!isVisible() || std::exchange(m_replotQueued, true))
        return;
    QMetaObject::invokeMethod(this, &PlotPanel::paintDue, Qt::QueuedConnection);
}

void PlotPanel::paintDue()
{
    m_replotQueued = false;
    if (!isVisible())
        return;
    PlotCanvas canvas(*m_plot, colours());
    takeSelection(canvas);
    // Where something is selected, everything else is fainter.
    m_outdated = m_outdated || m_anySelected == canvas.selectedLayers.isEmpty();
    if (m_outdated)
        m_due = Due::Everything;
    if (m_due == Due::Everything) {
        settle();
        m_plot->replot(QCustomPlot::rpQueuedRefresh);
    } else {
        for (int i = 0; i < m_plot->itemCount(); ++i)
            if (auto *item = dynamic_cast<PaintedItem *>(m_plot->item(i)))
                item->select(canvas);
        updateOverlay();
        for (const QString &layer : {kBandsLayer, kSelectionLayer})
            m_plot->layer(layer)->replot();
    }
    m_due = Due::Nothing;
    hoverAgain(); // the mouse has not moved, but what is under it may have
}

void PlotPanel::takeSelection(PlotCanvas &canvas) const
{
    if (!m_selection)
        return;
    canvas.selectedLayer = m_selection->layer();
    canvas.selectedLayers = {m_selection->layers().begin(), m_selection->layers().end()};
    canvas.selectedChannel = m_selection->channel();
    canvas.selectedGroup = m_selection->group();
}

/// Brings what is drawn, and the ranges, up to date with the data.
void PlotPanel::settle()
{
    if (!std::exchange(m_outdated, false))
        return;
    PlotCanvas canvas(*m_plot, colours());
    canvas.kept = m_overlay->item();
    canvas.stale = m_stale;
    takeSelection(canvas);
    m_anySelected = !canvas.selectedLayers.isEmpty();
    drawInto(canvas);
    m_navigation->applyHome();
    if (m_hoverPixel) // the mouse has not moved, but what is under it may have
        m_hovered = message().isEmpty() ? markAt(*m_hoverPixel) : std::nullopt;
    updateHeader();
    updateAccessibleText();
    updateOverlay();
}

void PlotPanel::updateHeader()
{
    QList<bool> visible;
    const QList<PlotSeries> all = message().isEmpty() ? shownSeries() : QList<PlotSeries>();
    for (const PlotSeries &one : all)
        visible.append(isSeriesVisible(one.key));
    m_header->setTexts(m_title, m_subtitle);
    m_header->setSeries(all, visible);
    m_header->offerLogarithmic(canBeLogarithmic());
    m_header->setLogarithmic(m_logarithmic);
    m_noteLabel->setText(m_note);
    m_noteLabel->setVisible(!m_note.isEmpty());
}

void PlotPanel::updateAccessibleText()
{
    m_plot->setAccessibleName(m_title);
    const QString sentence = message();
    const QString computed = sentence.isEmpty() ? summary() : sentence;
    m_plot->setAccessibleDescription(m_subtitle.isEmpty() ? computed : tr("%1. %2").arg(m_subtitle, computed));
}

} // namespace qs::ui
