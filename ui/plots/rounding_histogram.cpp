// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/rounding_histogram.h"

#include "ui/plots/histogram_bars.h"
#include "ui/text/format.h"

namespace qs::ui {

namespace {

const QString kSeriesOther = QStringLiteral("other");
constexpr AxisRange kRoundingLimits{-0.5, 0.5}; // rounding alone moves a weight by half a step at most

double share(const Histogram &histogram, std::uint64_t count)
{
    return histogram.total == 0 ? 0 : static_cast<double>(count) / static_cast<double>(histogram.total);
}

double percentFactor(const Histogram &histogram)
{
    return histogram.total == 0 ? 0 : 100.0 / static_cast<double>(histogram.total);
}

} // namespace

RoundingHistogram::RoundingHistogram(Selection *selection, QWidget *parent)
    : DistributionPlot(tr("Rounding error"), selection, parent)
{
    setProperty("explains", QStringLiteral("plot.rounding"));
    setEmptyMessage(tr("Select a layer to see its rounding errors."));
}

QString RoundingHistogram::message() const
{
    if (!distribution())
        return emptyMessage();
    return distribution()->roundingErrors.total > 0 ? QString() : tr("Nothing is rounded here.");
}

QString RoundingHistogram::summary() const
{
    const Histogram &errors = distribution()->roundingErrors;
    return tr("rounding errors of %1 weights in steps; rounding alone stays within half a step; %2 clipped")
        .arg(text::count(errors.total), text::percent(distribution()->clippedShare));
}

QList<PlotSeries> RoundingHistogram::series() const
{
    if (other() && other()->roundingErrors.total > 0)
        return {{kSeriesOther, tr("B"), Glyph::DottedBar, &Theme::schemeB}};
    return {};
}

PlotTable RoundingHistogram::table() const
{
    PlotTable table;
    table.headers = {tr("From, steps"), tr("To, steps"), tr("Count"), tr("Share")};
    if (!distribution())
        return table;
    table.rows = static_cast<qsizetype>(distribution()->roundingErrors.counts.size());
    table.cell = [distribution = distribution()](qsizetype row, int column) -> QVariant {
        const Histogram &errors = distribution->roundingErrors;
        const auto bin = static_cast<std::size_t>(row);
        switch (column) {
        case 0:
            return binRange(errors, bin).lower;
        case 1:
            return binRange(errors, bin).upper;
        case 2:
            return static_cast<qulonglong>(errors.counts[bin]);
        default:
            return share(errors, errors.counts[bin]);
        }
    };
    return table;
}

PlotAxes RoundingHistogram::axes() const
{
    return {tr("(x − q·s) / s, in steps"), tr("share of weights"), true};
}

AxisRange RoundingHistogram::homeX() const
{
    // Wider only when something lies out there: clipped weights.
    AxisRange range{-0.6, 0.6};
    for (const Distribution *one : {distribution().get(), other().get()}) {
        for (std::size_t bin = 0; one && bin < one->roundingErrors.counts.size(); ++bin) {
            if (one->roundingErrors.counts[bin] == 0)
                continue;
            range.lower = std::min(range.lower, binRange(one->roundingErrors, bin).lower);
            range.upper = std::max(range.upper, binRange(one->roundingErrors, bin).upper);
        }
    }
    return range;
}

AxisRange RoundingHistogram::homeY() const
{
    if (!distribution())
        return {0, 1};
    const auto of = [this](const Histogram &errors) {
        return binsHomeY(errors, percentFactor(errors), isLogarithmic());
    };
    AxisRange range = of(distribution()->roundingErrors);
    if (!series().isEmpty()) {
        const AxisRange beside = of(other()->roundingErrors);
        range = {std::min(range.lower, beside.lower), std::max(range.upper, beside.upper)};
    }
    return range;
}

void RoundingHistogram::draw(PlotCanvas &canvas) const
{
    const Histogram &errors = distribution()->roundingErrors;
    canvas.setTickers(PlainTicker::Kind::Value, PlainTicker::Kind::Percent);
    drawBins(canvas, errors, percentFactor(errors));
    new LimitsItem(canvas, kRoundingLimits, {}, {});
    if (!series().isEmpty() && canvas.shows(kSeriesOther))
        drawOtherBins(canvas, other()->roundingErrors, percentFactor(other()->roundingErrors));
}

std::optional<PlotMark> RoundingHistogram::markAt(QPointF pixel) const
{
    if (!plotArea().contains(pixel.toPoint()))
        return std::nullopt;
    const Histogram &errors = distribution()->roundingErrors;
    const double x = coordinatesOf(pixel).x();
    const auto bin = binAt(errors, x);
    if (!bin)
        return std::nullopt;
    const AxisRange range = binRange(errors, *bin);
    PlotMark mark;
    mark.x = (range.lower + range.upper) / 2;
    mark.y = coordinatesOf(pixel).y();
    mark.ring = false;
    mark.status = tr("%1 steps: %2 of the weights")
                      .arg(text::range(range.lower, range.upper), text::percent(share(errors, errors.counts[*bin])));
    QStringList lines{mark.status};
    const bool outside = range.upper <= kRoundingLimits.lower || range.lower >= kRoundingLimits.upper;
    const std::uint64_t beyond = errors.below + errors.above;
    if (outside)
        lines << tr("more than half a step: these weights are clipped");
    if (beyond > 0)
        lines << tr("%1 lie further out").arg(text::percent(share(errors, beyond)));
    if (distribution()->clippedShare > 0 && (outside || beyond > 0) && scheme())
        lines << text::clipped(distribution()->clippedShare, *scheme());
    mark.box = lines.join(u'\n');
    return mark;
}

} // namespace qs::ui
