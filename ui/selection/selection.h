// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The one selection and the one hover that all views share.
#pragma once

#include "ui/selection/walk_example.h"

#include <QList>
#include <QObject>

#include <optional>
#include <vector>

namespace qs::ui {

/// One weight of the current layer, in its matrix form.
struct FollowedWeight {
    qint64 channel = 0;
    qint64 weight = 0; ///< in its channel
    float value = 0;
    bool operator==(const FollowedWeight &) const = default;
};

/// Current layer, channel and group, the list of selected layers, and what the mouse is over. Layers are indices into
/// Model::layers. Views connect to this object, never to each other. Setters emit only on a real change, after
/// everything is stored. The current layer is always one of the selected layers.
class Selection : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;

    int layer() const { return m_layer; }        ///< −1: none
    qint64 channel() const { return m_channel; } ///< −1: none, the whole layer
    qint64 group() const { return m_group; }     ///< of the channel; −1: none, the whole channel
    const QList<int> &layers() const { return m_layers; }
    int hoverLayer() const { return m_hoverLayer; }
    qint64 hoverChannel() const { return m_hoverChannel; }

    /// Makes a layer current and the only selected one.
    void setCurrent(int layer, qint64 channel = -1, qint64 group = -1);
    /// How many groups a channel has is a matter of schemes: a group that there is not means the whole channel.
    void setGroup(qint64 group);
    /// Selected layers; of them `current` becomes current, else the present one stays it, else the first of them.
    void setLayers(const QList<int> &layers, int current = -1);
    void setHover(int layer, qint64 channel = -1);

    /// Channels of each layer of the model; bounds for stepping. Clears what lies outside. Empty: no model.
    void setShape(std::vector<qint64> channelsPerLayer);
    int layerCount() const { return static_cast<int>(m_channels.size()); }
    qint64 channelCount(int layer) const;
    /// Next (+1) or previous (−1) layer or channel, staying inside the bounds.
    void stepLayer(int step);
    void stepChannel(int step);

    /// The weight that views follow on its way to a code; nothing until somebody points at one of the current layer.
    const std::optional<FollowedWeight> &followed() const { return m_followed; }
    /// Makes its channel current, too. Another layer or channel ends it.
    void follow(const FollowedWeight &weight);

    /// Asks the number line to show these numbers in place of a weight of the model.
    void showExample(const WalkExample &example) { emit exampleWanted(example); }

signals:
    void exampleWanted(const qs::ui::WalkExample &example);
    void currentChanged();
    void layersChanged();
    void hoverChanged();
    void followedChanged();

private:
    struct Current {
        int layer = -1;
        qint64 channel = -1;
        qint64 group = -1;
    };
    void assign(const Current &next, const QList<int> &layers);

    int m_layer = -1;
    qint64 m_channel = -1;
    qint64 m_group = -1;
    QList<int> m_layers;
    int m_hoverLayer = -1;
    qint64 m_hoverChannel = -1;
    std::optional<FollowedWeight> m_followed;
    std::vector<qint64> m_channels;
};

} // namespace qs::ui
