// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Reports and distributions made by hand, for tests of plots: no file is read and nothing is computed by core.
#pragma once

#include "core/analysis/distribution.h"
#include "core/analysis/report.h"

#include <cstdint>
#include <memory>
#include <string>

namespace qs::test {

/// A layer [channels, weights] with plausible scales; the same arguments give the same numbers.
std::shared_ptr<LayerReport> syntheticLayer(const std::string &module, std::uint64_t channels, std::uint64_t weights,
                                            const Granularity &granularity = Granularity::channel());

/// Takes a layer out of quantization.
void keepInFloat(LayerReport &layer, const std::string &reason);

/// Five layers of a 64-128-256-128-1-9 network: fc4 is excluded and has one channel, fc5 is exact.
std::shared_ptr<Report> syntheticReport();

/// A report with the given number of alike layers.
std::shared_ptr<Report> syntheticReport(std::size_t layers, std::uint64_t channels);

/// Bell-shaped weights; with 4 bits or fewer there are levels and clipped weights.
std::shared_ptr<const Distribution> syntheticDistribution(int bits);

} // namespace qs::test
