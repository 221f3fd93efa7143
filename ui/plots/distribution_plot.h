// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// DistributionPlot: what the histograms of one layer or channel have in common.
#pragma once

#include "core/analysis/distribution.h"
#include "ui/plots/plot_panel.h"

#include <memory>
#include <optional>

namespace qs::ui {

class DistributionPlot : public PlotPanel
{
    Q_OBJECT
public:
    /// `subtitle` says whose weights these are ("fc2, channel 120"). Null: the message is shown instead. `scheme`, when
    /// given, explains clipped weights on hover. An other range of values resets the zoom unless `keepZoom`.
    virtual void setDistribution(std::shared_ptr<const Distribution> distribution, const QString &subtitle,
                                 std::optional<Scheme> scheme = {}, bool keepZoom = false);

    /// The same weights in B; null: there is no B, or it has none.
    void setOther(std::shared_ptr<const Distribution> other);

protected:
    using PlotPanel::PlotPanel;

    /// True when one bin of the weights holds so many that the others cannot be seen beside it.
    bool isOneSpike() const;

    const std::shared_ptr<const Distribution> &distribution() const { return m_distribution; }
    const std::shared_ptr<const Distribution> &other() const { return m_other; }
    const std::optional<Scheme> &scheme() const { return m_scheme; }

private:
    std::shared_ptr<const Distribution> m_distribution;
    std::shared_ptr<const Distribution> m_other;
    std::optional<Scheme> m_scheme;
};

} // namespace qs::ui
