// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/selection/selection.h"

#include <algorithm>

namespace qs::ui {

void Selection::assign(int layer, qint64 channel, const QList<int> &layers)
{
    const bool current = layer != m_layer || channel != m_channel;
    const bool list = layers != m_layers;
    m_layer = layer;
    m_channel = channel;
    m_layers = layers;
    const bool followed = current && m_followed.has_value();
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
    assign(m_layer, weight.channel, m_layers);
    if (m_followed == weight)
        return;
    m_followed = weight;
    emit followedChanged();
}

void Selection::setCurrent(int layer, qint64 channel)
{
    if (layer < 0) {
        assign(-1, -1, {});
        return;
    }
    assign(layer, std::max<qint64>(channel, -1), {layer});
}

void Selection::setLayers(const QList<int> &layers, int current)
{
    if (!layers.contains(current))
        current = layers.contains(m_layer) ? m_layer : layers.value(0, -1);
    assign(current, current == m_layer ? m_channel : -1, layers);
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
        assign(layers.value(0, -1), -1, layers);
    else
        assign(m_layer, m_channel < channelCount(m_layer) ? m_channel : -1, layers);
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
        assign(to, -1, {to});
}

void Selection::stepChannel(int step)
{
    const qint64 channels = channelCount(m_layer);
    if (channels == 0)
        return;
    const qint64 from = m_channel < 0 ? (step > 0 ? -1 : channels) : m_channel;
    assign(m_layer, std::clamp<qint64>(from + step, 0, channels - 1), m_layers);
}

} // namespace qs::ui
