// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/code_grid_plot.h"

#include "ui/plots/code_grid_item.h"
#include "ui/plots/histogram_bars.h"
#include "ui/text/format.h"

#include <algorithm>
#include <cmath>

namespace qs::ui {

namespace {

constexpr double kSideRoom = 0.06; // of the width, beyond weights and codes
constexpr double kRoomAbove = 1.12;
constexpr double kLogFoot = 0.7;

} // namespace

CodeGridPlot::CodeGridPlot(Selection *selection, QWidget *parent)
    : DistributionPlot(tr("Where the weights go"), selection, parent)
{
    setProperty("explains", QStringLiteral("plot.codes"));
    setEmptyMessage(tr("Select a layer to see which codes its weights fall to."));
}

void CodeGridPlot::setDistribution(std::shared_ptr<const Distribution> distribution, const QString &subtitle,
                                   std::optional<Scheme> scheme, bool keepZoom)
{
    DistributionPlot::setDistribution(std::move(distribution), subtitle, std::move(scheme), keepZoom);
    setNote(noteText());
    proposeLogarithmic(hasGrid() && isOneSpike());
}

QString CodeGridPlot::noteText() const
{
    if (!message().isEmpty())
        return {};
    if (!hasGrid())
        return tr("These weights have several scales, so their codes lie in different places: select one channel "
                  "([ and ]), and one of its groups where it has any, to see where.");
    const auto &counts = distribution()->codeCounts;
    const auto unused = static_cast<std::uint64_t>(std::ranges::count(counts, 0));
    const auto most = std::ranges::max_element(counts);
    const double share = static_cast<double>(*most) / static_cast<double>(distribution()->weights.total);
    const QString used = tr("%1 of %2 codes are used").arg(counts.size() - unused).arg(counts.size());
    return tr("%1; %2 of the weights fall to code %3. Click a bar to follow one weight.")
        .arg(used, text::percent(share), text::integer(distribution()->codeMin + (most - counts.begin())));
}

void CodeGridPlot::setFollowed(std::optional<double> weight)
{
    if (m_followed == weight)
        return;
    m_followed = weight;
    refresh();
}

const CodePlace *CodeGridPlot::placeOf(double weight) const
{
    if (!hasGrid())
        return nullptr;
    const auto value = static_cast<float>(weight);
    const auto place = std::ranges::find_if(
        distribution()->grid, [value](const CodePlace &one) { return value >= one.from && value < one.to; });
    return place == distribution()->grid.end() ? nullptr : &*place;
}

std::uint64_t CodeGridPlot::countOf(int code) const
{
    const auto index = static_cast<std::size_t>(code - distribution()->codeMin);
    return index < distribution()->codeCounts.size() ? distribution()->codeCounts[index] : 0;
}

QPointF CodeGridPlot::pegOf(int code) const
{
    if (!hasGrid())
        return pixelOf(code, 0);
    const auto place = std::ranges::find(distribution()->grid, code, &CodePlace::code);
    const double x = place == distribution()->grid.end() ? 0 : static_cast<double>(place->value);
    return {pixelOf(x, 0).x(), plotArea().bottom() + CodeGridItem::pegFoot() - 4};
}

QString CodeGridPlot::message() const
{
    if (!distribution() || distribution()->weights.total == 0)
        return emptyMessage();
    return distribution()->codeCounts.empty() ? tr("The codes of this layer are of a kind of their own.") : QString();
}

QString CodeGridPlot::summary() const
{
    const auto &counts = distribution()->codeCounts;
    const auto used = counts.size() - static_cast<std::size_t>(std::ranges::count(counts, 0));
    return tr("%1 weights on %2 of %3 codes, %4 clipped")
        .arg(text::count(distribution()->weights.total))
        .arg(used)
        .arg(counts.size())
        .arg(text::percent(distribution()->clippedShare));
}

QList<PlotSeries> CodeGridPlot::series() const
{
    return {};
}

PlotTable CodeGridPlot::table() const
{
    PlotTable table;
    table.headers = {tr("Code"), tr("Weights"), tr("Value"), tr("From"), tr("Below")};
    if (!distribution())
        return table;
    table.rows = static_cast<qsizetype>(distribution()->codeCounts.size());
    table.cell = [d = distribution()](qsizetype row, int column) -> QVariant {
        const int code = d->codeMin + static_cast<int>(row);
        if (column == 0)
            return code;
        if (column == 1)
            return static_cast<qulonglong>(d->codeCounts[static_cast<std::size_t>(row)]);
        const auto place = std::ranges::find(d->grid, code, &CodePlace::code);
        if (place == d->grid.end())
            return {};
        const float bound = column == 2 ? place->value : column == 3 ? place->from : place->to;
        return std::isfinite(bound) ? QVariant(bound) : QVariant();
    };
    return table;
}

PlotAxes CodeGridPlot::axes() const
{
    return {hasGrid() ? tr("weight") : tr("code"), tr("number of weights"), true};
}

AxisRange CodeGridPlot::homeX() const
{
    if (!distribution())
        return {-1, 1};
    const Distribution &d = *distribution();
    if (!hasGrid())
        return {d.codeMin - 1.0, d.codeMin + static_cast<double>(d.codeCounts.size())};
    double low = std::min(d.min, d.clipLow);
    double high = std::max(d.max, d.clipHigh);
    const double room = high > low ? (high - low) * kSideRoom : std::max(std::abs(high) * kSideRoom, 1e-6);
    return {low - room, high + room};
}

AxisRange CodeGridPlot::homeY() const
{
    if (!distribution())
        return {0, 1};
    if (hasGrid())
        return binsHomeY(distribution()->weights, 1, isLogarithmic());
    const auto most = std::ranges::max_element(distribution()->codeCounts);
    const double top = most == distribution()->codeCounts.end() ? 1 : std::max(static_cast<double>(*most), 1.0);
    return isLogarithmic() ? AxisRange{kLogFoot, std::max(top * 2, 7.0)} : AxisRange{0, top * kRoomAbove};
}

void CodeGridPlot::draw(PlotCanvas &canvas) const
{
    const Distribution &d = *distribution();
    canvas.setTickers(PlainTicker::Kind::Value, PlainTicker::Kind::Count);
    canvas.plot.xAxis->grid()->setVisible(false);
    canvas.plot.xAxis->setOffset(0);
    if (hasGrid()) {
        drawBins(canvas, d.weights, 1);
        if (d.clipHigh > d.clipLow)
            new LimitsItem(canvas, {d.clipLow, d.clipHigh}, {}, tr("clips at %1").arg(text::number(d.clipHigh, 3)));
        new CodeGridItem(canvas, distribution(), m_followed);
        return;
    }
    QVector<double> x, y;
    for (std::size_t i = 0; i < d.codeCounts.size(); ++i) {
        if (d.codeCounts[i] == 0)
            continue;
        x << d.codeMin + static_cast<double>(i);
        y << static_cast<double>(d.codeCounts[i]);
    }
    QCPBars *bars = canvas.addBars(x, y, kLogFoot);
    bars->setWidth(0.8);
    bars->setPen(Qt::NoPen);
    bars->setBrush(canvas.theme.schemeA);
}

QString CodeGridPlot::countText(int code) const
{
    const std::uint64_t count = countOf(code);
    if (count == 0)
        return tr("no weight falls to it");
    const double share = static_cast<double>(count) / static_cast<double>(distribution()->weights.total);
    return tr("%1 weights (%2)", nullptr, text::plural(count)).arg(text::count(count), text::percent(share));
}

PlotMark CodeGridPlot::gridMark(const CodePlace &place) const
{
    PlotMark mark;
    mark.x = static_cast<double>(place.value);
    mark.ring = false;
    QStringList lines{
        tr("code %1 stands for %2").arg(text::integer(place.code), text::number(static_cast<double>(place.value)))};
    if (place.value == 0 && place.code != 0)
        lines << tr("the zero point: the code that means zero");
    lines << countText(place.code);
    if (!place.canBeUsed())
        lines << tr("no weight can fall to it");
    else if (std::isinf(place.from))
        lines << tr("from weights below %1").arg(text::number(static_cast<double>(place.to)));
    else if (std::isinf(place.to))
        lines << tr("from weights of %1 and above").arg(text::number(static_cast<double>(place.from)));
    else
        lines << tr("from weights of %1")
                     .arg(text::range(static_cast<double>(place.from), static_cast<double>(place.to), kScaleDigits));
    mark.status = lines.join(QStringLiteral("   "));
    mark.box = lines.join(u'\n');
    return mark;
}

std::optional<PlotMark> CodeGridPlot::codeMark(double x) const
{
    const auto code = static_cast<int>(std::nearbyint(x));
    const int index = code - distribution()->codeMin;
    if (index < 0 || static_cast<std::size_t>(index) >= distribution()->codeCounts.size())
        return std::nullopt;
    PlotMark mark;
    mark.x = code;
    mark.ring = false;
    mark.status = tr("code %1: %2").arg(text::integer(code), countText(code));
    mark.box = mark.status;
    return mark;
}

std::optional<PlotMark> CodeGridPlot::markAt(QPointF pixel) const
{
    const QRect rect = plotArea();
    const bool inStrip = pixel.y() > rect.bottom() && pixel.y() <= rect.bottom() + CodeGridItem::height();
    if (pixel.x() < rect.left() || pixel.x() > rect.right() + 1 || pixel.y() < rect.top() ||
        (pixel.y() > rect.bottom() && !(inStrip && hasGrid())))
        return std::nullopt;
    const QPointF at = coordinatesOf(pixel);
    if (!hasGrid()) {
        auto mark = codeMark(at.x());
        if (mark)
            mark->y = at.y();
        return mark;
    }
    if (inStrip) {
        const auto nearest = std::ranges::min_element(distribution()->grid, {}, [&](const CodePlace &place) {
            return std::abs(static_cast<double>(place.value) - at.x());
        });
        PlotMark mark = gridMark(*nearest);
        mark.y = yRange().lower;
        return mark;
    }
    const CodePlace *place = placeOf(at.x());
    if (!place)
        return std::nullopt;
    PlotMark mark = gridMark(*place);
    mark.y = at.y();
    if (const auto bin = binAt(distribution()->weights, at.x())) {
        const AxisRange range = binRange(distribution()->weights, *bin);
        const std::uint64_t count = distribution()->weights.counts[*bin];
        mark.x = (range.lower + range.upper) / 2;
        const QString here = tr("%1: %2 weights", nullptr, text::plural(count))
                                 .arg(text::range(range.lower, range.upper), text::count(count));
        mark.status = here + QStringLiteral("   ") + mark.status;
        mark.box = here + u'\n' + mark.box;
    }
    return mark;
}

void CodeGridPlot::clicked(const PlotMark &mark)
{
    if (hasGrid())
        emit weightChosen(mark.x);
}

} // namespace qs::ui
