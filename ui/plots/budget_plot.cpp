// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/budget_plot.h"

#include "ui/plots/plot_canvas.h"
#include "ui/plots/point_label_item.h"
#include "ui/text/format.h"

#include <QKeyEvent>
#include <QMouseEvent>

#include <algorithm>
#include <cmath>
#include <limits>

namespace qs::ui {

namespace {

const QString kSeriesFrontier = QStringLiteral("frontier");
const QString kSeriesMeasured = QStringLiteral("measured");
const QString kSeriesUniform = QStringLiteral("uniform");
const QString kSeriesToday = QStringLiteral("today");
constexpr double kPercent = 100;
constexpr double kHandle = 12; // pixels around a point that take hold of it
constexpr double kLineWidth = 2;
constexpr double kDot = 7;
constexpr double kCross = 10;
constexpr double kToday = 12;

double errorOf(const SearchPoint &point)
{
    return point.measured.value_or(point.predicted);
}

/// Points of one style, in one plottable.
struct Marks {
    QVector<double> x, y;

    void draw(PlotCanvas &canvas, const QCPScatterStyle &style) const
    {
        if (x.isEmpty())
            return;
        QCPGraph *graph = canvas.plot.addGraph();
        graph->setData(x, y);
        graph->setLineStyle(QCPGraph::lsNone);
        graph->setScatterStyle(style);
    }
};

} // namespace

BudgetPlot::BudgetPlot(Selection *selection, QWidget *parent)
    : PlotPanel(tr("Size against error"), selection, parent)
{
    setProperty("explains", QStringLiteral("plot.budget"));
    setNote(tr("Drag, or press ← →, to try a recipe; let go or Enter takes it."));
    plotWidget()->installEventFilter(this);
    setLogarithmic(true);
}

void BudgetPlot::setPoints(Points points, bool canDrag)
{
    m_points = std::move(points);
    m_canDrag = canDrag;
    refresh();
}

std::vector<const SearchPoint *> BudgetPlot::all() const
{
    std::vector<const SearchPoint *> result;
    for (const auto *list : {&m_points.frontier, &m_points.uniform})
        for (const SearchPoint &point : *list)
            result.push_back(&point);
    if (m_points.today)
        result.push_back(&*m_points.today);
    return result;
}

BudgetPlot::Unit BudgetPlot::unit() const
{
    std::uint64_t largest = 0;
    for (const SearchPoint *point : all())
        largest = std::max(largest, point->bytes);
    if (largest >= std::uint64_t{1} << 30)
        return {0x1p30, tr("size of the file, GiB")};
    if (largest >= std::uint64_t{1} << 20)
        return {0x1p20, tr("size of the file, MiB")};
    return {0x1p10, tr("size of the file, KiB")};
}

double BudgetPlot::xOf(const SearchPoint &point) const
{
    return static_cast<double>(point.bytes) / unit().bytes;
}

/// Not a number where a logarithmic axis has no place for it.
double BudgetPlot::yOf(const SearchPoint &point) const
{
    const double error = errorOf(point);
    return isLogarithmic() && error <= 0 ? std::numeric_limits<double>::quiet_NaN() : error * kPercent;
}

QPointF BudgetPlot::pixelOfPoint(const SearchPoint &point) const
{
    const double y = yOf(point);
    return pixelOf(xOf(point), std::isnan(y) ? yRange().lower : y);
}

QString BudgetPlot::message() const
{
    return m_points.frontier.empty() ? emptyMessage() : QString();
}

QString BudgetPlot::summary() const
{
    const SearchPoint &smallest = m_points.frontier.front();
    const SearchPoint &largest = m_points.frontier.back();
    const QString ends = tr("from %1 with error %2 to %3 with error %4")
                             .arg(text::bytes(smallest.bytes), text::percent(errorOf(smallest)),
                                  text::bytes(largest.bytes), text::percent(errorOf(largest), errorOf(largest) == 0));
    if (!m_points.today)
        return ends;
    return tr("%1; now %2 with error %3")
        .arg(ends, text::bytes(m_points.today->bytes),
             text::percent(errorOf(*m_points.today), errorOf(*m_points.today) == 0));
}

QList<PlotSeries> BudgetPlot::series() const
{
    return {{kSeriesFrontier, tr("best choices, predicted"), Glyph::HollowDot, &Theme::schemeA},
            {kSeriesMeasured, tr("measured"), Glyph::Dot, &Theme::schemeA},
            {kSeriesUniform, tr("all layers alike"), Glyph::Cross, &Theme::text},
            {kSeriesToday, tr("now"), Glyph::Dot, &Theme::selectionRing}};
}

PlotTable BudgetPlot::table() const
{
    PlotTable table;
    table.headers = {tr("Which"), tr("Bytes"), tr("Predicted error"), tr("Measured error")};
    std::vector<std::pair<QString, SearchPoint>> rows;
    for (const SearchPoint &point : m_points.frontier)
        rows.emplace_back(tr("best choices"), point);
    for (const SearchPoint &point : m_points.uniform)
        rows.emplace_back(text::words(point.label), point);
    if (m_points.today)
        rows.emplace_back(tr("now"), *m_points.today);
    table.rows = static_cast<qsizetype>(rows.size());
    table.cell = [rows = std::move(rows)](qsizetype row, int column) -> QVariant {
        const auto &[name, point] = rows[static_cast<std::size_t>(row)];
        switch (column) {
        case 0:
            return name;
        case 1:
            return QVariant::fromValue<qulonglong>(point.bytes);
        case 2:
            return point.predicted;
        default:
            return point.measured ? QVariant(*point.measured) : QVariant();
        }
    };
    return table;
}

PlotAxes BudgetPlot::axes() const
{
    return {unit().name,
            m_points.metric == SearchMetric::Output ? tr("error of the network's output") : tr("error of the weights"),
            true};
}

AxisRange BudgetPlot::homeX() const
{
    AxisRange range{std::numeric_limits<double>::infinity(), 0};
    for (const SearchPoint *point : all()) {
        range.lower = std::min(range.lower, xOf(*point));
        range.upper = std::max(range.upper, xOf(*point));
    }
    if (range.upper <= 0)
        return {0, 1};
    const double room = std::max(0.06 * range.size(), 0.02 * range.upper);
    return {range.lower - room, range.upper + room};
}

AxisRange BudgetPlot::homeY() const
{
    AxisRange range{std::numeric_limits<double>::infinity(), 0};
    for (const SearchPoint *point : all())
        if (const double error = errorOf(*point) * kPercent; error > 0 && std::isfinite(error)) {
            range.lower = std::min(range.lower, error);
            range.upper = std::max(range.upper, error);
        }
    if (range.upper <= 0)
        return isLogarithmic() ? AxisRange{0.1, kPercent} : AxisRange{0, kPercent};
    return isLogarithmic() ? AxisRange{range.lower * 0.6, range.upper * 1.7} : AxisRange{0, range.upper * 1.1};
}

void BudgetPlot::drawFrontier(PlotCanvas &canvas) const
{
    const QColor colour = canvas.theme.schemeA;
    QVector<double> x, y;
    Marks predicted, measured;
    for (const SearchPoint &point : m_points.frontier) {
        const double error = yOf(point);
        x << xOf(point);
        y << (std::isnan(error) ? homeY().lower : error); // no error: the line falls to the foot of the axis
        if (std::isnan(error))
            continue;
        Marks &marks = point.measured ? measured : predicted;
        marks.x << x.last();
        marks.y << error;
    }
    if (canvas.shows(kSeriesFrontier)) {
        // From a size on there is nothing better until the next point.
        QCPGraph *steps = canvas.plot.addGraph();
        steps->setData(x, y, true);
        steps->setLineStyle(QCPGraph::lsStepLeft);
        steps->setPen(QPen(colour, kLineWidth));
        predicted.draw(canvas,
                       QCPScatterStyle(QCPScatterStyle::ssCircle, QPen(colour, 1.4), QBrush(canvas.theme.panel), kDot));
    }
    if (canvas.shows(kSeriesMeasured))
        measured.draw(canvas, QCPScatterStyle(QCPScatterStyle::ssCircle, QPen(colour, 1.4), QBrush(colour), kDot));
}

void BudgetPlot::draw(PlotCanvas &canvas) const
{
    canvas.setTickers(PlainTicker::Kind::Value, PlainTicker::Kind::Percent);
    drawFrontier(canvas);
    if (canvas.shows(kSeriesUniform)) {
        Marks crosses;
        std::vector<PointLabelsItem::Label> labels;
        for (const SearchPoint &point : m_points.uniform)
            if (const double y = yOf(point); !std::isnan(y)) {
                crosses.x << xOf(point);
                crosses.y << y;
                labels.push_back({QPointF(xOf(point), y), tr("%1 bits").arg(point.bits)});
            }
        QVector<QPointF> line;
        for (const SearchPoint &point : m_points.frontier)
            line << QPointF(xOf(point), std::isnan(yOf(point)) ? homeY().lower : yOf(point));
        new PointLabelsItem(canvas, std::move(labels), std::move(line));
        crosses.draw(canvas, QCPScatterStyle(QCPScatterStyle::ssCross, QPen(canvas.theme.text, kLineWidth),
                                             QBrush(Qt::NoBrush), kCross));
    }
    if (m_points.today && canvas.shows(kSeriesToday)) {
        const double y = yOf(*m_points.today);
        const Marks today{{xOf(*m_points.today)}, {std::isnan(y) ? homeY().lower : y}};
        const bool hollow = !m_points.today->measured && m_points.metric == SearchMetric::Output;
        const QColor ring = canvas.theme.selectionRing;
        today.draw(canvas, QCPScatterStyle(QCPScatterStyle::ssCircle, QPen(ring, kLineWidth),
                                           QBrush(hollow ? canvas.theme.panel : ring), kToday));
    }
}

/// The recipe in force, or a point of the frontier.
bool BudgetPlot::isOnHandle(QPointF pixel) const
{
    if (!m_canDrag || !message().isEmpty() || !plotArea().contains(pixel.toPoint()))
        return false;
    const auto isNear = [&](const SearchPoint &point) {
        const QPointF distance = pixelOfPoint(point) - pixel;
        return std::hypot(distance.x(), distance.y()) <= kHandle;
    };
    return (m_points.today && isNear(*m_points.today)) || std::ranges::any_of(m_points.frontier, isNear);
}

void BudgetPlot::dragTo(QPointF pixel)
{
    const double x = coordinatesOf(pixel).x();
    const auto nearest = std::ranges::min_element(m_points.frontier, {},
                                                  [&](const SearchPoint &point) { return std::abs(xOf(point) - x); });
    const auto index = static_cast<std::size_t>(nearest - m_points.frontier.begin());
    if (m_dragged == index)
        return;
    m_dragged = index;
    emit pointDragged(index);
}

void BudgetPlot::endDrag(bool keep)
{
    m_dragged.reset();
    emit dragEnded(keep);
}

bool BudgetPlot::handleMouse(QEvent *event)
{
    const auto *mouse = static_cast<QMouseEvent *>(event);
    if (event->type() == QEvent::MouseButtonPress && mouse->button() == Qt::LeftButton &&
        isOnHandle(mouse->position())) {
        plotWidget()->setFocus();
        dragTo(mouse->position());
        return true;
    }
    if (event->type() == QEvent::MouseMove && m_dragged) {
        dragTo(mouse->position());
        return true;
    }
    if (event->type() == QEvent::MouseButtonRelease && m_dragged) {
        endDrag(true);
        return true;
    }
    if (event->type() == QEvent::MouseMove)
        plotWidget()->setCursor(isOnHandle(mouse->position()) ? Qt::SizeHorCursor : Qt::ArrowCursor);
    return false;
}

/// Enter and Esc mean something else while nothing is tried.
bool BudgetPlot::isOwnKey(const QKeyEvent &event) const
{
    if (event.modifiers() & ~Qt::KeypadModifier)
        return false;
    switch (event.key()) {
    case Qt::Key_Left:
    case Qt::Key_Right:
        return m_canDrag;
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_Escape:
        return m_dragged.has_value();
    default:
        return false;
    }
}

void BudgetPlot::handleOwnKey(int key)
{
    if (key != Qt::Key_Left && key != Qt::Key_Right) {
        endDrag(key != Qt::Key_Escape);
        return;
    }
    const std::size_t last = m_points.frontier.size() - 1;
    if (m_dragged) {
        if (key == Qt::Key_Left ? *m_dragged == 0 : *m_dragged == last)
            return;
        m_dragged = key == Qt::Key_Left ? *m_dragged - 1 : *m_dragged + 1;
    } else {
        // The next one that is smaller, or larger, than the recipe in force.
        const std::uint64_t now = m_points.today ? m_points.today->bytes : 0;
        const auto above = std::ranges::upper_bound(m_points.frontier, now, {}, &SearchPoint::bytes);
        const auto from = std::ranges::lower_bound(m_points.frontier, now, {}, &SearchPoint::bytes);
        if (key == Qt::Key_Left ? from == m_points.frontier.begin() : above == m_points.frontier.end())
            return;
        m_dragged = static_cast<std::size_t>((key == Qt::Key_Left ? from - 1 : above) - m_points.frontier.begin());
    }
    emit pointDragged(*m_dragged);
}

/// Before the navigation of all plots, which would pan.
bool BudgetPlot::eventFilter(QObject *watched, QEvent *event)
{
    if (watched != plotWidget() || m_points.frontier.empty())
        return PlotPanel::eventFilter(watched, event);
    switch (event->type()) {
    case QEvent::MouseButtonPress:
    case QEvent::MouseMove:
    case QEvent::MouseButtonRelease:
        if (handleMouse(event))
            return true;
        break;
    case QEvent::ShortcutOverride:
    case QEvent::KeyPress:
        if (isOwnKey(*static_cast<QKeyEvent *>(event))) {
            event->accept();
            if (event->type() == QEvent::KeyPress)
                handleOwnKey(static_cast<QKeyEvent *>(event)->key());
            return true;
        }
        break;
    case QEvent::FocusOut:
    case QEvent::Hide:
        if (m_dragged)
            endDrag(false);
        break;
    default:
        break;
    }
    return PlotPanel::eventFilter(watched, event);
}

std::optional<PlotMark> BudgetPlot::markAt(QPointF pixel) const
{
    const SearchPoint *nearest = nullptr;
    double least = kHandle;
    for (const SearchPoint *point : all()) {
        const QPointF distance = pixelOfPoint(*point) - pixel;
        if (const double length = std::hypot(distance.x(), distance.y()); length <= least) {
            nearest = point;
            least = length;
        }
    }
    if (!nearest)
        return std::nullopt;
    PlotMark mark;
    mark.x = xOf(*nearest);
    mark.y = std::isnan(yOf(*nearest)) ? homeY().lower : yOf(*nearest);
    const double error = errorOf(*nearest);
    const QString size = text::exactBytes(nearest->bytes);
    mark.status = nearest->measured ? tr("%1, measured error %2").arg(size, text::percent(error, error == 0))
                                    : tr("%1, predicted error %2").arg(size, text::percent(error, error == 0));
    if (m_points.metric == SearchMetric::Weight)
        mark.status = tr("%1, weight error %2").arg(size, text::percent(error, error == 0));
    if (!nearest->label.empty())
        mark.status = tr("%1: %2").arg(text::words(nearest->label), mark.status);
    mark.box = mark.status;
    return mark;
}

} // namespace qs::ui
