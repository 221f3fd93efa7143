// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/network_plot.h"

#include "ui/plots/network_item.h"
#include "ui/plots/plot_canvas.h"
#include "ui/text/format.h"
#include "ui/text/translation.h"

#include <algorithm>
#include <cmath>

namespace qs::ui {

namespace {

using Kind = NetworkBox::Kind;

constexpr double kReach = 3; // pixels around a box that belong to it

} // namespace

NetworkPlot::NetworkPlot(Selection *selection, QWidget *parent)
    : LayerPlot(tr("Network"), selection, parent)
{
    setProperty("explains", QStringLiteral("plot.network"));
    setEmptyMessage(tr("No model is open."));
}

void NetworkPlot::setPicture(std::shared_ptr<const NetworkPicture> picture)
{
    m_picture = std::move(picture);
    rebuild();
    resetZoom();
}

void NetworkPlot::setColours(Colours colours)
{
    m_colours = colours;
    rebuild();
}

QString NetworkPlot::message() const
{
    return m_picture ? QString() : emptyMessage();
}

QString NetworkPlot::colourName() const
{
    if (!report())
        return {};
    if (m_weights)
        return tr("weight error");
    if (m_colours == Colours::UpToHere)
        return tr("error up to here");
    switch (shownErrorKind(*report())) {
    case ShownErrorKind::Alone:
        return tr("output error alone");
    case ShownErrorKind::Layer:
        return tr("error of the layer's output");
    case ShownErrorKind::Weights:
        return tr("weight error");
    case ShownErrorKind::Pending:
        break;
    }
    return {};
}

/// The number that the colours tell, in `value`.
ShownError NetworkPlot::errorOf(std::size_t layer) const
{
    using State = ShownError::State;
    ShownError error;
    if (!report() || layer >= report()->layers.size())
        return error;
    error = shownError(*report(), layer);
    const LayerReport *known = report()->layers[layer].get();
    if (m_weights) {
        if (error.state == State::Kept || !known)
            return error;
        error.value = known->metrics.exact ? 0 : known->metrics.relativeError;
    } else if (m_colours == Colours::UpToHere) {
        error.value = error.upToHere;
    } else {
        return error;
    }
    if (error.value)
        error.state = *error.value > 0 ? State::Value : State::Exact;
    else if (error.state != State::Pending)
        error.state = State::NotAvailable;
    return error;
}

NetworkPlot::Face NetworkPlot::faceOf(const NetworkBox &box) const
{
    Face face;
    for (const std::size_t layer : box.layers) {
        const ShownError error = errorOf(layer);
        // Of several layers the worst one counts, and a number more than none.
        const bool isValue = error.state == ShownError::State::Value;
        const bool hadValue = face.layer >= 0 && face.state == ShownError::State::Value;
        if (face.layer < 0 || (isValue && (!hadValue || error.value.value_or(0) > face.value))) {
            face.layer = static_cast<int>(layer);
            face.state = error.state;
            face.value = error.value.value_or(0);
        }
    }
    if (face.layer < 0)
        return face;
    switch (face.state) {
    case ShownError::State::Value:
        face.number = text::percent(face.value);
        break;
    case ShownError::State::Exact:
        face.number = text::exact();
        break;
    case ShownError::State::Kept: {
        const LayerReport *known = layerReport(face.layer);
        face.number = known ? keptWord(*known) : text::none();
        break;
    }
    case ShownError::State::NotAvailable:
        face.number = text::notAvailable();
        break;
    case ShownError::State::Pending:
        face.number = text::pending();
        break;
    }
    return face;
}

void NetworkPlot::rebuild()
{
    m_weights = m_colours == Colours::Weights;
    look();
    // Layers alone may take long and are run on request: until then there is another number.
    const auto isMissing = [](const Face &face) {
        return face.layer < 0 || face.state == ShownError::State::NotAvailable || face.state == ShownError::State::Kept;
    };
    if (report() && report()->complete && m_colours == Colours::Shown && std::ranges::all_of(m_faces, isMissing)) {
        m_weights = true;
        look();
    }
    refresh();
}

/// Fills in the faces, their decades and the subtitle.
void NetworkPlot::look()
{
    m_faces.clear();
    m_decades = {-4, 0};
    if (m_picture) {
        double least = 1;
        double most = 0;
        for (const NetworkBox &box : m_picture->map.boxes) {
            m_faces.push_back(faceOf(box));
            if (m_faces.back().state == ShownError::State::Value && m_faces.back().value > 0) {
                least = std::min(least, m_faces.back().value);
                most = std::max(most, m_faces.back().value);
            }
        }
        if (most > 0) {
            m_decades.lower = std::floor(std::log10(least));
            m_decades.upper = std::max(std::ceil(std::log10(most)), m_decades.lower + 1);
        }
        setSubtitle(colourName());
    } else {
        setSubtitle({});
    }
}

QList<PlotSeries> NetworkPlot::series() const
{
    return {};
}

QString NetworkPlot::summary() const
{
    std::size_t layers = 0;
    std::size_t joins = 0;
    std::size_t groups = 0;
    for (const NetworkBox &box : m_picture->map.boxes) {
        layers += box.kind == Kind::Layer;
        joins += box.kind == Kind::Join;
        groups += box.kind == Kind::Group;
    }
    const QString nodes = text::count(m_picture->map.nodes);
    if (m_picture->map.grouped)
        return tr("groups of layers: %1, nodes: %2").arg(text::count(groups), nodes);
    return tr("layers: %1, joins: %2, nodes: %3").arg(text::count(layers), text::count(joins), nodes);
}

QString NetworkPlot::kindOf(const NetworkBox &box) const
{
    switch (box.kind) {
    case Kind::Input:
        return tr("input");
    case Kind::Output:
        return tr("output");
    case Kind::Layer:
    case Kind::Join:
        return text::oneLine(box.op);
    case Kind::Group:
        return tr("group of %1").arg(text::count(box.boxes));
    }
    return {};
}

QString NetworkPlot::nameOf(const NetworkBox &box) const
{
    return text::oneLine(box.name);
}

QString NetworkPlot::shapeOf(std::uint32_t value) const
{
    return value == kAbsent ? QString() : text::words(shapeText(m_picture->network->values[value]));
}

PlotTable NetworkPlot::table() const
{
    PlotTable table;
    table.headers = {tr("Name"), tr("Kind"), tr("Column"), tr("Shape in"), tr("Shape out"), colourName()};
    if (!m_picture)
        return table;
    table.rows = static_cast<qsizetype>(m_picture->map.boxes.size());
    table.cell = [this](qsizetype row, int column) -> QVariant {
        const auto index = static_cast<std::size_t>(row);
        if (!m_picture || index >= m_picture->map.boxes.size())
            return {};
        const NetworkBox &box = m_picture->map.boxes[index];
        switch (column) {
        case 0:
            return nameOf(box);
        case 1:
            return kindOf(box);
        case 2:
            return box.rank;
        case 3:
            return shapeOf(box.input);
        case 4:
            return shapeOf(box.output);
        default:
            if (m_faces[index].state == ShownError::State::Value)
                return m_faces[index].value;
            return m_faces[index].layer < 0 ? QVariant() : QVariant(m_faces[index].number);
        }
    };
    return table;
}

PlotAxes NetworkPlot::axes() const
{
    return {tr("from the input to the output"), {}, false};
}

AxisRange NetworkPlot::homeX() const
{
    return {-0.5, std::max(1.0, m_picture ? m_picture->columns : 1) - 0.5};
}

AxisRange NetworkPlot::homeY() const
{
    const double rows = std::max(1.0, m_picture ? m_picture->rows : 1);
    return {-0.7, rows - 0.3};
}

void NetworkPlot::draw(PlotCanvas &canvas) const
{
    canvas.plot.yAxis->setRangeReversed(true);
    for (QCPAxis *axis : {canvas.plot.xAxis, canvas.plot.yAxis}) {
        axis->grid()->setVisible(false);
        axis->setTicks(false);
        axis->setTickLabels(false);
        axis->setBasePen(Qt::NoPen);
    }
    auto *item = new NetworkItem(canvas, m_picture);
    bool anyHeat = false;
    for (std::size_t i = 0; i < m_faces.size(); ++i) {
        const NetworkBox &box = m_picture->map.boxes[i];
        const Face &face = m_faces[i];
        NetworkFace look;
        look.name = box.kind == Kind::Join ? text::oneLine(box.op) : nameOf(box);
        if (face.layer >= 0)
            look.number = face.number;
        look.kept = face.layer >= 0 && face.state == ShownError::State::Kept;
        if (face.layer >= 0 && face.state == ShownError::State::Value && face.value > 0)
            look.heat = (std::log10(face.value) - m_decades.lower) / m_decades.size();
        else if (face.layer >= 0 && (face.state == ShownError::State::Value || face.state == ShownError::State::Exact))
            look.heat = 0;
        anyHeat = anyHeat || look.heat;
        item->faces.push_back(std::move(look));
    }
    if (anyHeat) {
        item->lowest = text::shortPercent(std::pow(10, m_decades.lower));
        item->highest = text::shortPercent(std::pow(10, m_decades.upper));
    }
    const QString &widest = item->lowest.size() > item->highest.size() ? item->lowest : item->highest;
    canvas.plot.axisRect()->setMinimumMargins(QMargins(6, 8, anyHeat ? NetworkItem::scaleRoom(widest) : 6, 8));
    if (!canvas.exporting)
        new NetworkSelectionItem(canvas, m_picture);
}

std::optional<std::size_t> NetworkPlot::boxAt(QPointF pixel) const
{
    if (!plotArea().contains(pixel.toPoint()))
        return std::nullopt;
    const double column = std::abs(pixelOf(1, 0).x() - pixelOf(0, 0).x());
    const double row = std::abs(pixelOf(0, 1).y() - pixelOf(0, 0).y());
    for (std::size_t i = 0; i < m_picture->places.size(); ++i) {
        const QPointF place = m_picture->places[i];
        const QRectF rect = NetworkItem::boxRect(m_picture->map.boxes[i], pixelOf(place.x(), place.y()), column, row);
        if (rect.adjusted(-kReach, -kReach, kReach, kReach).contains(pixel))
            return i;
    }
    return std::nullopt;
}

PlotMark NetworkPlot::markFor(std::size_t index) const
{
    const NetworkBox &box = m_picture->map.boxes[index];
    const Face &face = m_faces[index];
    PlotMark mark;
    mark.layer = face.layer;
    mark.x = m_picture->places[index].x();
    mark.y = m_picture->places[index].y();
    mark.ring = false;
    QStringList lines{nameOf(box), kindOf(box)};
    if (face.layer >= 0)
        lines << tr("%1: %2").arg(colourName(), face.number);
    if (box.layers.size() > 1 && face.layer >= 0)
        lines << tr("worst of %1 layers: %2").arg(text::count(box.layers.size()), layerName(face.layer));
    if (box.kind == Kind::Layer || box.kind == Kind::Join)
        lines << tr("%1 → %2").arg(shapeOf(box.input), shapeOf(box.output));
    else if (box.kind != Kind::Group)
        lines << shapeOf(box.kind == Kind::Input ? box.output : box.input);
    mark.box = lines.join(u'\n');
    mark.status = lines.join(QStringLiteral("   "));
    return mark;
}

std::optional<PlotMark> NetworkPlot::markAt(QPointF pixel) const
{
    const auto index = boxAt(pixel);
    return index ? std::optional(markFor(*index)) : std::nullopt;
}

std::optional<PlotMark> NetworkPlot::markOf(int layer, qint64) const
{
    for (std::size_t i = 0; m_picture && layer >= 0 && i < m_picture->map.boxes.size(); ++i)
        if (std::ranges::binary_search(m_picture->map.boxes[i].layers, static_cast<std::size_t>(layer)))
            return markFor(i);
    return std::nullopt;
}

std::optional<AxisRange> NetworkPlot::bandOf(int layer) const
{
    const auto mark = markOf(layer, -1);
    return mark ? std::optional(AxisRange{mark->x - 0.5, mark->x + 0.5}) : std::nullopt;
}

/// All layers of a group are selected, the worst one is the current one.
void NetworkPlot::clicked(const PlotMark &mark)
{
    for (std::size_t i = 0; i < m_picture->places.size(); ++i) {
        const NetworkBox &box = m_picture->map.boxes[i];
        if (m_picture->places[i] != QPointF(mark.x, mark.y) || box.layers.size() < 2)
            continue;
        selection()->setLayers({box.layers.begin(), box.layers.end()}, mark.layer);
        return;
    }
    PlotPanel::clicked(mark);
}

} // namespace qs::ui
