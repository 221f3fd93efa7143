// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/layer_plot.h"

#include "ui/text/format.h"

namespace qs::ui {

LayerPlot::LayerPlot(const QString &title, Selection *selection, QWidget *parent)
    : PlotPanel(title, selection, parent)
{
    paintSelectionApart();
}

void LayerPlot::setModel(std::shared_ptr<const Model> model)
{
    m_model = std::move(model);
    m_names.clear();
    m_report.reset();
    m_other.reset();
    rebuild();
    resetZoom();
}

void LayerPlot::setReport(std::shared_ptr<const Report> report, bool keepZoom)
{
    m_report = std::move(report);
    rebuild();
    if (!keepZoom)
        resetZoom();
}

void LayerPlot::setOther(std::shared_ptr<const Report> other, const QString &name)
{
    if (m_other == other && m_otherName == name)
        return;
    m_other = std::move(other);
    m_otherName = name;
    rebuild();
}

int LayerPlot::layerCount() const
{
    const std::size_t reported = m_report ? m_report->layers.size() : 0;
    return static_cast<int>(m_model ? std::max(m_model->layers.size(), reported) : reported);
}

const LayerReport *LayerPlot::layerReport(int layer) const
{
    const auto index = static_cast<std::size_t>(layer);
    return m_report && layer >= 0 && index < m_report->layers.size() ? m_report->layers[index].get() : nullptr;
}

QString LayerPlot::layerName(int layer) const
{
    if (m_model && m_names.empty())
        for (const Layer &each : m_model->layers)
            m_names.push_back(text::oneLine(each.module.empty() ? each.name : each.module));
    if (const auto index = static_cast<std::size_t>(layer); layer >= 0 && index < m_names.size())
        return m_names[index];
    const LayerReport *known = layerReport(layer);
    return known ? text::oneLine(known->module.empty() ? known->name : known->module) : QString();
}

qint64 LayerPlot::channelCount(int layer) const
{
    if (const LayerReport *known = layerReport(layer))
        return static_cast<qint64>(known->matrix.channels);
    const auto index = static_cast<std::size_t>(layer);
    if (!m_model || layer < 0 || index >= m_model->layers.size())
        return 0;
    const Layer &described = m_model->layers[index];
    return static_cast<qint64>(matrixShape(m_model->tensorOf(described), described.channelAxis).channels);
}

QString LayerPlot::keptWord(const LayerReport &layer)
{
    if (layer.alreadyQuantized)
        return tr("stored codes");
    if (layer.statistics && !layer.statistics->finite())
        return tr("NaN or ∞");
    return layer.canQuantize ? tr("excluded") : tr("kept");
}

} // namespace qs::ui
