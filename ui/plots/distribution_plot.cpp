// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/distribution_plot.h"

#include <algorithm>
#include <utility>

namespace qs::ui {

namespace {

constexpr double kSpike = 0.3; // share of all weights

} // namespace

bool DistributionPlot::isOneSpike() const
{
    if (!m_distribution || m_distribution->weights.counts.empty() || m_distribution->weights.total == 0)
        return false;
    const auto most = static_cast<double>(*std::ranges::max_element(m_distribution->weights.counts));
    return most > kSpike * static_cast<double>(m_distribution->weights.total);
}

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

void DistributionPlot::setOther(std::shared_ptr<const Distribution> other)
{
    if (m_other == other)
        return;
    m_other = std::move(other);
    refresh();
}

} // namespace qs::ui
