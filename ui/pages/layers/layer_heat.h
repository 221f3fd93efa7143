// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// LayerHeat: all layers of a large model at one glance, one column each and one line per metric.
#pragma once

#include "ui/models/layer_model.h"

#include <QImage>
#include <QWidget>

#include <vector>

namespace qs::ui {

class Selection;

/// The darker, the worse. Where layers are narrower than a pixel, the worst of a pixel shows.
class LayerHeat : public QWidget
{
    Q_OBJECT
public:
    LayerHeat(LayerModel *model, Selection *selection, QWidget *parent = nullptr);

    /// Models with fewer layers need no strip.
    static constexpr int kFewestLayers = 200;
    /// The layer below a point; −1: none.
    int layerAt(QPoint position) const;
    /// Where a layer stands.
    QPoint placeOf(int layer) const;

    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void leaveEvent(QEvent *event) override;
    bool event(QEvent *event) override;

private:
    struct Line {
        LayerModel::Column column;
        QString name;
    };

    std::vector<Line> lines() const;
    /// 0..1 per layer, 1 the worst; negative where there is no number.
    std::vector<float> heatOf(LayerModel::Column column) const;
    void changed();
    QRect area() const;
    void paintInto(QImage &image) const;

    LayerModel *m_model;
    Selection *m_selection;
    std::size_t m_lines = 0;
    QImage m_image; ///< a pixel per column and line; null: to be made
};

} // namespace qs::ui
