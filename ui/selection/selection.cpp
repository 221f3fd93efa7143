// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/selection/selection.h"

#include <algorithm>

namespace qs::ui {

void Selection::assign(const Current &next, const QList<int> &layers)
{
    const bool place = next.layer != m_layer || next.channel != m_channel;
    const bool current = place || next.group != m_group;
    const bool list = layers != m_layers;
    m_layer = next.layer;
    m_channel = next.channel;
    m_group = next.channel < 0 ? -1 : next.group;
    m_layers = layers;
    const bool followed = place && m_followed.has_value();
    if (followed)
        m_followed.reset();
    if (list)
        emit layersChanged();
    if (current)
        emit currentChanged();
    if (followed)
        emit followedChanged();
}

void Selection::follow(const FollowedWeight &weight)
{
    assign({m_layer, weight.channel, weight.channel == m_channel ? m_group : -1}, m_layers);
    if (m_followed == weight)
        return;
    m_followed = weight;
    emit followedChanged();
}

void Selection::setCurrent(int layer, qint64 channel, qint64 group)
{
    if (layer < 0) {
        assign({}, {});
        return;
    }
    assign({layer, std::max<qint64>(channel, -1), std::max<qint64>(group, -1)}, {layer});
}

void Selection::setGroup(qint64 group)
{
    assign({m_layer, m_channel, std::max<qint64>(group, -1)}, m_layers);
}

void Selection::setLayers(const QList<int> &layers, int current)
{
    if (!layers.contains(current))
        current = layers.contains(m_layer) ? m_layer : layers.value(0, -1);
    assign(current == m_layer ? Current{m_layer, m_channel, m_group} : Current{.layer = current}, layers);
}

void Selection::setHover(int layer, qint64 channel)
{
    if (layer < 0)
        channel = -1;
    if (layer == m_hoverLayer && channel == m_hoverChannel)
        return;
    m_hoverLayer = layer;
    m_hoverChannel = channel;
    emit hoverChanged();
}

void Selection::setShape(std::vector<qint64> channelsPerLayer)
{
    m_channels = std::move(channelsPerLayer);
    QList<int> layers;
    for (int layer : m_layers)
        if (layer < layerCount())
            layers.append(layer);
    if (m_hoverLayer >= layerCount() || m_hoverChannel >= channelCount(m_hoverLayer))
        setHover(-1);
    if (!layers.contains(m_layer))
        assign({.layer = layers.value(0, -1)}, layers);
    else
        assign({m_layer, m_channel < channelCount(m_layer) ? m_channel : -1, m_group}, layers);
}

qint64 Selection::channelCount(int layer) const
{
    return layer >= 0 && layer < layerCount() ? m_channels[static_cast<std::size_t>(layer)] : 0;
}

void Selection::stepLayer(int step)
{
    if (layerCount() == 0)
        return;
    const int from = m_layer < 0 ? (step > 0 ? -1 : layerCount()) : m_layer;
    const int to = std::clamp(from + step, 0, layerCount() - 1);
    if (to != m_layer)
        assign({.layer = to}, {to});
}

void Selection::stepChannel(int step)
{
    const qint64 channels = channelCount(m_layer);
    if (channels == 0)
        return;
    const qint64 from = m_channel < 0 ? (step > 0 ? -1 : channels) : m_channel;
    assign({m_layer, std::clamp<qint64>(from + step, 0, channels - 1), m_group}, m_layers);
}

} // namespace qs::ui
