// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// LayerPlot: a plot over all layers of a model that follows the report and the shared selection.
#pragma once

#include "core/analysis/report.h"
#include "ui/plots/plot_panel.h"

#include <QString>

#include <memory>
#include <vector>

namespace qs::ui {

class LayerPlot : public PlotPanel
{
    Q_OBJECT
public:
    /// Another model (or none): forgets report and zoom. Gives names and sizes to layers whose result is pending.
    void setModel(std::shared_ptr<const Model> model);
    /// Null: nothing to show. Null layers inside are pending. `keepZoom` false resets the zoom.
    void setReport(std::shared_ptr<const Report> report, bool keepZoom = true);

    /// What the plot is compared with (B), as a report of the same layers; null: nothing. `name` is for read-outs.
    void setOther(std::shared_ptr<const Report> other, const QString &name);
    /// The recipe is about to give other numbers: those on show stay as a ghost until the next change.
    virtual void keepGhost() {}

protected:
    LayerPlot(const QString &title, Selection *selection, QWidget *parent);

    /// Works out anew what depends on model and report, then calls refresh().
    virtual void rebuild() = 0;

    int layerCount() const;
    /// Null while pending.
    const LayerReport *layerReport(int layer) const;
    QString layerName(int layer) const;
    qint64 channelCount(int layer) const;
    const Report *report() const { return m_report.get(); }
    const Report *other() const { return m_other.get(); }
    const QString &otherName() const { return m_otherName; }
    /// The word in the column of a layer that is not quantized.
    static QString keptWord(const LayerReport &layer);

private:
    std::shared_ptr<const Model> m_model;
    mutable std::vector<QString> m_names; ///< of the model's layers; made when the first one is wanted
    std::shared_ptr<const Report> m_report;
    std::shared_ptr<const Report> m_other;
    QString m_otherName;
};

} // namespace qs::ui
