// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/weight_histogram.h"

#include "ui/plots/histogram_bars.h"
#include "ui/text/format.h"

namespace qs::ui {

namespace {

const QString kSeriesOther = QStringLiteral("other");
const QString kSeriesLevels = QStringLiteral("levels");
constexpr double kSideRoom = 0.06; // of the width, beyond weights and limits
constexpr std::size_t kMostLevels = 33;

} // namespace

WeightHistogram::WeightHistogram(Selection *selection, QWidget *parent)
    : DistributionPlot(tr("Weights"), selection, parent)
{
    setProperty("explains", QStringLiteral("plot.distribution"));
    setEmptyMessage(tr("Select a layer to see its weights."));
}

void WeightHistogram::setDistribution(std::shared_ptr<const Distribution> distribution, const QString &subtitle,
                                      std::optional<Scheme> scheme, bool keepZoom)
{
    DistributionPlot::setDistribution(std::move(distribution), subtitle, std::move(scheme), keepZoom);
    proposeLogarithmic(isOneSpike());
}

void WeightHistogram::setProposal(std::optional<AxisRange> limits)
{
    if (m_proposal == limits)
        return;
    m_proposal = limits;
    refresh();
}

QString WeightHistogram::message() const
{
    return distribution() && distribution()->weights.total > 0 ? QString() : emptyMessage();
}

QString WeightHistogram::summary() const
{
    const Distribution &d = *distribution();
    return tr("%1 weights from %2 to %3, the codes reach from %4 to %5, %6")
        .arg(text::count(d.weights.total), text::number(d.min), text::number(d.max), text::number(d.clipLow),
             text::number(d.clipHigh), tr("%1 clipped").arg(text::percent(d.clippedShare)));
}

QList<PlotSeries> WeightHistogram::series() const
{
    if (!distribution() || distribution()->grid.empty() || distribution()->grid.size() > kMostLevels)
        return other() ? QList<PlotSeries>{{kSeriesOther, tr("B"), Glyph::DottedBar, &Theme::schemeB}}
                       : QList<PlotSeries>();
    QList<PlotSeries> list{{kSeriesLevels, tr("values of the codes"), Glyph::Ticks, &Theme::schemeA}};
    if (other())
        list.append({kSeriesOther, tr("B"), Glyph::DottedBar, &Theme::schemeB});
    return list;
}

PlotTable WeightHistogram::table() const
{
    PlotTable table;
    table.headers = {tr("From"), tr("To"), tr("Count")};
    if (!distribution())
        return table;
    table.rows = static_cast<qsizetype>(distribution()->weights.counts.size());
    table.cell = [distribution = distribution()](qsizetype row, int column) -> QVariant {
        const auto bin = static_cast<std::size_t>(row);
        const AxisRange range = binRange(distribution->weights, bin);
        if (column == 2)
            return static_cast<qulonglong>(distribution->weights.counts[bin]);
        return column == 0 ? range.lower : range.upper;
    };
    return table;
}

PlotAxes WeightHistogram::axes() const
{
    return {tr("weight value"), tr("count"), true};
}

AxisRange WeightHistogram::homeX() const
{
    if (!distribution())
        return {-1, 1};
    const Distribution &d = *distribution();
    AxisRange weights{d.weights.low, d.weights.high};
    if (other())
        weights = {std::min(weights.lower, other()->weights.low), std::max(weights.upper, other()->weights.high)};
    double low = weights.lower;
    double high = weights.upper;
    // Codes of few bits in whole bytes have limits far from all weights, which would be a line among them.
    const auto include = [&](double limit) {
        if (std::abs(limit) > 2 * std::max(std::abs(weights.lower), std::abs(weights.upper)))
            return;
        low = std::min(low, limit);
        high = std::max(high, limit);
    };
    for (const Distribution *one : {&d, other().get()}) {
        if (one) {
            include(one->clipLow);
            include(one->clipHigh);
        }
    }
    const double room = high > low ? (high - low) * kSideRoom : std::max(std::abs(high) * kSideRoom, 1e-6);
    return {low - room, high + room};
}

AxisRange WeightHistogram::homeY() const
{
    if (!distribution())
        return {0, 1};
    const AxisRange own = binsHomeY(distribution()->weights, 1, isLogarithmic());
    if (!other())
        return own;
    // Codes of a file stand in few bins, which reach high above ours.
    const AxisRange beside = binsHomeY(other()->weights, 1, isLogarithmic());
    return {std::min(own.lower, beside.lower), std::max(own.upper, beside.upper)};
}

void WeightHistogram::draw(PlotCanvas &canvas) const
{
    const Distribution &d = *distribution();
    canvas.setTickers(PlainTicker::Kind::Value, PlainTicker::Kind::Count);
    drawBins(canvas, d.weights, 1);
    const AxisRange limits = m_proposal.value_or(AxisRange{d.clipLow, d.clipHigh});
    if (limits.upper > limits.lower)
        new LimitsItem(canvas, limits, {}, tr("clips at %1").arg(text::number(limits.upper, 3)));
    if (!d.grid.empty() && d.grid.size() <= kMostLevels && canvas.shows(kSeriesLevels))
        new LevelTicksItem(canvas, d.grid);
    if (!other() || !canvas.shows(kSeriesOther))
        return;
    // Recipes for the same file have the same weights: only what their codes reach differs.
    if (other()->weights.counts != d.weights.counts)
        drawOtherBins(canvas, other()->weights, 1);
    if (other()->clipHigh > other()->clipLow)
        new OtherLimitsItem(canvas, {other()->clipLow, other()->clipHigh});
}

std::optional<PlotMark> WeightHistogram::markAt(QPointF pixel) const
{
    if (!plotArea().contains(pixel.toPoint()))
        return std::nullopt;
    const Distribution &d = *distribution();
    const double x = coordinatesOf(pixel).x();
    PlotMark mark;
    mark.x = x;
    mark.ring = false;
    const auto bin = binAt(d.weights, x);
    const bool outside = d.clipHigh > d.clipLow && (x < d.clipLow || x > d.clipHigh);
    if (!bin && !outside)
        return std::nullopt;
    QStringList lines;
    mark.y = coordinatesOf(pixel).y();
    if (bin) {
        const AxisRange range = binRange(d.weights, *bin);
        mark.x = (range.lower + range.upper) / 2;
        const std::uint64_t count = d.weights.counts[*bin];
        lines << tr("%1: %2 weights", nullptr, text::plural(count))
                     .arg(text::range(range.lower, range.upper), text::count(count));
    }
    mark.status = lines.join(QString());
    if (outside)
        lines << tr("outside of what the codes reach, %1").arg(text::range(d.clipLow, d.clipHigh));
    if (d.clippedShare > 0)
        lines << (scheme() ? text::clipped(d.clippedShare, *scheme())
                           : tr("%1 clipped").arg(text::percent(d.clippedShare)));
    mark.box = lines.join(u'\n');
    return mark;
}

} // namespace qs::ui
