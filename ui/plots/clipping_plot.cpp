// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/clipping_plot.h"

#include "ui/plots/mark_scale.h"
#include "ui/plots/plot_canvas.h"
#include "ui/plots/point_label_item.h"
#include "ui/text/format.h"

#include <QMouseEvent>

#include <algorithm>
#include <cmath>
#include <limits>

namespace qs::ui {

namespace {

const QString kSeriesCurve = QStringLiteral("curve");
const QString kSeriesBest = QStringLiteral("best");
const QString kSeriesOutputs = QStringLiteral("outputs");
const QString kSeriesOther = QStringLiteral("other");
const QString kSeriesChosen = QStringLiteral("chosen");
constexpr double kPercent = 100;
constexpr double kLineWidth = 2.2; ///< read from the last row of a lecture
constexpr double kMarkSize = 11;
constexpr double kHandle = 7;   ///< pixels beside the chosen point's line that still take hold of it
constexpr double kSideRoom = 3; ///< percent of the range, beyond both ends

/// A coordinate on the axis of errors; not a number where a logarithmic axis has no place for it.
double onAxis(double error, bool logarithmic)
{
    return logarithmic && error <= 0 ? std::numeric_limits<double>::quiet_NaN() : error * kPercent;
}

void addMark(PlotCanvas &canvas, QPointF at, const QColor &ring, const QColor &fill)
{
    QCPGraph *mark = canvas.plot.addGraph();
    mark->setData({at.x()}, {at.y()}, true);
    mark->setLineStyle(QCPGraph::lsNone);
    mark->setScatterStyle(
        QCPScatterStyle(QCPScatterStyle::ssCircle, QPen(ring, scaled(kLineWidth)), QBrush(fill), scaled(kMarkSize)));
}

} // namespace

ClippingPlot::ClippingPlot(Selection *selection, QWidget *parent)
    : PlotPanel(tr("Error against clipping point"), selection, parent)
{
    setProperty("explains", QStringLiteral("plot.clipping"));
    setEmptyMessage(tr("Select a layer to see what clipping does to one of its channels."));
    setNote(tr("Drag the dashed line to choose. Less range: finer steps, but more clipped weights."));
    plotWidget()->installEventFilter(this);
    setLogarithmic(true);
}

void ClippingPlot::setCurve(std::shared_ptr<const ClippingCurve> curve, const QString &subtitle, const QString &method)
{
    const bool same = subtitle == this->subtitle();
    if (m_curve != curve)
        m_outputs.reset();
    m_curve = std::move(curve);
    m_method = method;
    m_dragged.reset();
    setSubtitle(subtitle);
    refresh();
    // A change of the scheme keeps the zoom, another channel does not.
    if (!same)
        resetZoom();
}

void ClippingPlot::setOutputs(std::shared_ptr<const OutputClipping> outputs)
{
    if (outputs && (!m_curve || outputs->relativeErrors.size() != m_curve->points.size()))
        outputs.reset();
    if (m_outputs == outputs)
        return;
    m_outputs = std::move(outputs);
    refresh();
}

const ClippingPoint *ClippingPlot::best() const
{
    if (!m_curve || m_curve->points.empty())
        return nullptr;
    return &*std::ranges::min_element(m_curve->points, {}, &ClippingPoint::errorEnergy);
}

QString ClippingPlot::message() const
{
    if (!m_curve)
        return emptyMessage();
    if (m_curve->points.empty())
        return tr("No share of the range gives a scale that is finite.");
    if (std::ranges::all_of(m_curve->points, [](const ClippingPoint &point) { return point.relativeError == 0; }))
        return tr("The error is zero wherever it is clipped.");
    return {};
}

QString ClippingPlot::summary() const
{
    const QString least =
        tr("least error %1 at %2 of the range")
            .arg(text::percent(best()->relativeError, best()->relativeError == 0), text::percent(best()->share));
    if (!m_curve->chosen)
        return least;
    return tr("%1, chosen %2 with error %3")
        .arg(least, text::percent(m_curve->chosen->share),
             text::percent(m_curve->chosen->relativeError, m_curve->chosen->relativeError == 0));
}

QList<PlotSeries> ClippingPlot::series() const
{
    QList<PlotSeries> list{{kSeriesCurve, tr("error"), Glyph::LineWithDots, &Theme::schemeA},
                           {kSeriesBest, tr("least"), Glyph::HollowDot, &Theme::schemeA}};
    if (m_outputs)
        list.append({kSeriesOutputs, tr("error of the output"), Glyph::DashedLine, &Theme::text});
    if (m_other)
        list.append({kSeriesOther, tr("B"), Glyph::LineWithSquares, &Theme::schemeB});
    if (m_curve && m_curve->chosen)
        list.append({kSeriesChosen, tr("chosen"), Glyph::Dot, &Theme::selectionRing});
    return list;
}

PlotTable ClippingPlot::table() const
{
    PlotTable table;
    table.headers = {tr("Share of the range"), tr("Relative error"), tr("Sum of squared errors")};
    if (!m_curve)
        return table;
    table.rows = static_cast<qsizetype>(m_curve->points.size());
    if (m_outputs)
        table.headers << tr("Relative error of the output");
    table.cell = [curve = m_curve, outputs = m_outputs](qsizetype row, int column) -> QVariant {
        const ClippingPoint &point = curve->points[static_cast<std::size_t>(row)];
        if (column == 3)
            return outputs->relativeErrors[static_cast<std::size_t>(row)];
        return column == 0 ? point.share : column == 1 ? point.relativeError : point.errorEnergy;
    };
    return table;
}

PlotAxes ClippingPlot::axes() const
{
    return {tr("share of the weights' range that the codes reach"),
            m_outputs ? tr("relative error") : tr("relative error of the weights"), true};
}

AxisRange ClippingPlot::homeX() const
{
    if (!m_curve || m_curve->points.empty())
        return {0, kPercent + kSideRoom};
    const auto [lowest, highest] = std::ranges::minmax(m_curve->points, {}, &ClippingPoint::share);
    return {lowest.share * kPercent - kSideRoom, highest.share * kPercent + kSideRoom};
}

AxisRange ClippingPlot::homeY() const
{
    AxisRange range{std::numeric_limits<double>::infinity(), 0};
    const auto includeError = [&range](double error) {
        if (error <= 0)
            return;
        range.lower = std::min(range.lower, error * kPercent);
        range.upper = std::max(range.upper, error * kPercent);
    };
    const auto include = [&](const ClippingPoint &point) { includeError(point.relativeError); };
    if (m_outputs)
        std::ranges::for_each(m_outputs->relativeErrors, includeError);
    if (m_curve) {
        std::ranges::for_each(m_curve->points, include);
        if (m_curve->chosen)
            include(*m_curve->chosen);
    }
    if (range.upper <= 0)
        return isLogarithmic() ? AxisRange{0.1, kPercent} : AxisRange{0, kPercent};
    return isLogarithmic() ? AxisRange{range.lower * 0.7, range.upper * 1.4} : AxisRange{0, range.upper * 1.1};
}

void ClippingPlot::draw(PlotCanvas &canvas) const
{
    canvas.setTickers(PlainTicker::Kind::Percent, PlainTicker::Kind::Percent);
    const auto at = [&canvas](const ClippingPoint &point) {
        return QPointF(point.share * kPercent, onAxis(point.relativeError, canvas.logarithmic));
    };
    const Theme &theme = canvas.theme;
    if (canvas.shows(kSeriesCurve)) {
        QVector<double> x, y;
        for (auto point = m_curve->points.rbegin(); point != m_curve->points.rend(); ++point) {
            x << at(*point).x();
            y << at(*point).y();
        }
        QCPGraph *line = canvas.plot.addGraph();
        line->setData(x, y, std::ranges::is_sorted(x));
        line->setPen(QPen(theme.schemeA, scaled(kLineWidth)));
    }
    if (canvas.shows(kSeriesBest) && !std::isnan(at(*best()).y()))
        addMark(canvas, at(*best()), theme.schemeA, theme.panel);
    if (m_outputs && canvas.shows(kSeriesOutputs))
        drawOutputs(canvas);
    if (m_other && canvas.shows(kSeriesOther)) {
        QVector<double> x, y;
        for (auto point = m_other->points.rbegin(); point != m_other->points.rend(); ++point) {
            x << at(*point).x();
            y << at(*point).y();
        }
        QCPGraph *line = canvas.plot.addGraph();
        line->setData(x, y, std::ranges::is_sorted(x));
        line->setPen(QPen(theme.schemeB, scaled(kLineWidth), Qt::DotLine));
        if (m_other->chosen && !std::isnan(at(*m_other->chosen).y()))
            addMark(canvas, at(*m_other->chosen), theme.schemeB, theme.panel);
    }
    if (m_dragged)
        drawMarker(canvas, *m_dragged,
                   tr("%1 of the range, error %2, %3 of the weights clipped")
                       .arg(text::percent(m_dragged->share), text::percent(m_dragged->relativeError),
                            text::percent(1 - static_cast<double>(m_dragged->inside) /
                                                  static_cast<double>(std::max<std::uint64_t>(m_curve->weights, 1)))));
    else if (m_curve->chosen && canvas.shows(kSeriesChosen))
        drawMarker(
            canvas, *m_curve->chosen,
            tr("%1: %2 of the range, error %3")
                .arg(m_method, text::percent(m_curve->chosen->share), text::percent(m_curve->chosen->relativeError)));
}

void ClippingPlot::drawOutputs(PlotCanvas &canvas) const
{
    QVector<double> x, y;
    for (std::size_t i = m_curve->points.size(); i-- > 0;) {
        x << m_curve->points[i].share * kPercent;
        y << onAxis(m_outputs->relativeErrors[i], canvas.logarithmic);
    }
    QCPGraph *line = canvas.plot.addGraph();
    line->setData(x, y, std::ranges::is_sorted(x));
    line->setPen(QPen(canvas.theme.text, scaled(kLineWidth), Qt::DashLine));
    const std::size_t best = m_outputs->best();
    const QPointF at(m_curve->points[best].share * kPercent,
                     onAxis(m_outputs->relativeErrors[best], canvas.logarithmic));
    if (!std::isnan(at.y()))
        addMark(canvas, at, canvas.theme.text, canvas.theme.panel);
}

void ClippingPlot::drawMarker(PlotCanvas &canvas, const ClippingPoint &point, const QString &words) const
{
    const Theme &theme = canvas.theme;
    const double x = point.share * kPercent;
    const double value = onAxis(point.relativeError, canvas.logarithmic);
    const AxisRange y = homeY();
    QCPGraph *down = canvas.plot.addGraph();
    down->setData({x, x}, {y.lower, y.upper}, true);
    down->setPen(QPen(theme.secondaryText, scaled(m_dragged ? 2 : 1), Qt::DashLine));
    if (std::isnan(value))
        return;
    addMark(canvas, QPointF(x, value), theme.selectionRing, theme.selectionRing);
    // In the lower left: errors of narrow ranges are large, so no curve comes there.
    const double low = canvas.logarithmic ? y.lower * 1.1 : y.lower + y.size() * 0.04;
    new PointLabelItem(canvas, QPointF(homeX().lower, low), words);
}

void ClippingPlot::setOther(std::shared_ptr<const ClippingCurve> other)
{
    if (m_other == other)
        return;
    m_other = std::move(other);
    refresh();
}

bool ClippingPlot::isOnHandle(QPointF pixel) const
{
    return m_curve && m_curve->chosen && message().isEmpty() && plotArea().contains(pixel.toPoint()) &&
           std::abs(pixelOf(m_curve->chosen->share * kPercent, 1).x() - pixel.x()) <= kHandle;
}

const ClippingPoint &ClippingPlot::pointAt(double pixelX) const
{
    const double share = coordinatesOf({pixelX, 0.0}).x() / kPercent;
    return *std::ranges::min_element(m_curve->points, {},
                                     [share](const ClippingPoint &point) { return std::abs(point.share - share); });
}

/// Before the navigation of all plots, which would pan.
bool ClippingPlot::eventFilter(QObject *watched, QEvent *event)
{
    if (watched != plotWidget() || !m_curve || m_curve->points.empty())
        return PlotPanel::eventFilter(watched, event);
    const auto *mouse = dynamic_cast<QMouseEvent *>(event);
    if (!mouse)
        return PlotPanel::eventFilter(watched, event);
    if (event->type() == QEvent::MouseButtonPress && mouse->button() == Qt::LeftButton &&
        isOnHandle(mouse->position())) {
        m_dragged = pointAt(mouse->position().x());
        plotWidget()->setFocus();
        refresh();
        return true;
    }
    if (event->type() == QEvent::MouseMove && m_dragged) {
        m_dragged = pointAt(mouse->position().x());
        refresh();
        emit pointDragged(*m_dragged);
        return true;
    }
    if (event->type() == QEvent::MouseButtonRelease && m_dragged) {
        const ClippingPoint chosen = *m_dragged;
        m_dragged.reset();
        refresh();
        emit pointChosen(chosen);
        return true;
    }
    if (event->type() == QEvent::MouseMove)
        plotWidget()->setCursor(isOnHandle(mouse->position()) ? Qt::SizeHorCursor : Qt::ArrowCursor);
    return PlotPanel::eventFilter(watched, event);
}

std::optional<PlotMark> ClippingPlot::markAt(QPointF pixel) const
{
    if (!plotArea().contains(pixel.toPoint()))
        return std::nullopt;
    const double share = coordinatesOf(pixel).x() / kPercent;
    const auto nearest = std::ranges::min_element(
        m_curve->points, {}, [share](const ClippingPoint &point) { return std::abs(point.share - share); });
    PlotMark mark;
    mark.x = nearest->share * kPercent;
    mark.y = nearest->relativeError * kPercent;
    mark.ring = nearest->relativeError > 0 || !isLogarithmic();
    if (!mark.ring)
        mark.y = coordinatesOf(pixel).y();
    mark.status =
        tr("%1 of the range: error %2")
            .arg(text::percent(nearest->share), text::percent(nearest->relativeError, nearest->relativeError == 0));
    const double ratio = nearest->errorEnergy / m_curve->points.front().errorEnergy;
    mark.box = mark.status;
    if (m_outputs) {
        const double error = m_outputs->relativeErrors[static_cast<std::size_t>(nearest - m_curve->points.begin())];
        mark.box += u'\n' + tr("error of the output %1").arg(text::percent(error, error == 0));
    }
    if (std::isfinite(ratio) && nearest != m_curve->points.begin())
        mark.box += u'\n' + tr("squared error %1 of that of the whole range").arg(text::times(ratio));
    return mark;
}

} // namespace qs::ui
