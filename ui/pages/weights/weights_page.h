// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// WeightsPage: "Weights": the matrix of the selected layer as weights, codes, differences or what is clipped.
#pragma once

#include "core/analysis/weight_map.h"
#include "ui/pages/page.h"

#include <QTimer>
#include <QWidget>

#include <array>
#include <memory>
#include <utility>

class QComboBox;

namespace qs::ui {

class Selection;
class Setup;
class WeightMatrixPlot;

/// Reads the part of the matrix that is shown in the background, anew for each zoom.
class WeightsPage : public QWidget
{
    Q_OBJECT
public:
    static PageInfo page();
    WeightsPage(Setup *setup, Selection *selection, QWidget *parent = nullptr);

    WeightMatrixPlot *plot() const { return m_plot; }
    QComboBox *view() const { return m_view; }
    QComboBox *range() const { return m_range; }

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    /// What a picture is of.
    struct Source {
        int layer = -1;
        std::shared_ptr<const LayerQuantization> quantization;
        WeightView view = WeightView::Weight;
        bool operator==(const Source &) const = default;
    };

    void refresh();
    void showMessage(const QString &message);
    void read();
    void showGrid(const Source &source);
    void lookAt(quint64 channel, quint64 weight);
    void follow(quint64 channel, quint64 weight);
    QString nameOf(quint64 channel, quint64 weight) const;

    Setup *m_setup;
    Selection *m_selection;
    WeightMatrixPlot *m_plot;
    QComboBox *m_view;
    QComboBox *m_range;
    Source m_source;
    Source m_askedOf; ///< of the last picture that was asked for, and which part in how many cells
    std::array<std::uint64_t, 6> m_asked{};
    QTimer m_zoomed; ///< reads the part that is shown once a zoom has come to rest
    std::pair<quint64, quint64> m_lookedAt{~quint64{0}, 0};
};

} // namespace qs::ui
