// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/distribution_plot.h"

#include <utility>

namespace qs::ui {

void DistributionPlot::setDistribution(std::shared_ptr<const Distribution> distribution, const QString &subtitle,
                                       std::optional<Scheme> scheme, bool keepZoom)
{
    m_distribution = std::move(distribution);
    m_scheme = std::move(scheme);
    setSubtitle(subtitle);
    refresh();
    if (!keepZoom)
        resetZoom();
}

} // namespace qs::ui
