// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What scales and codes that depend on inputs are chosen by, and which samples are held out to measure them.
#pragma once

#include "core/analysis/analyze.h"
#include "core/eval/network_feed.h"

namespace qs {

/// Adds InputMoments to all decisions whose scheme needs them and that have none: of an importance file, else of a run
/// of the float network with every other sample (what users give, or the file holds), or with random samples of the
/// next seed where a user asked for random ones. Layers of which nothing is known stay without. Error{Usage} when there
/// is nothing to choose by; those of reading and running, Cancelled.
Result<void> addInputMoments(const Model &model, std::optional<Activation> activation, std::vector<Decision> &decisions,
                             const AnalyzeOptions &options, AnalysisCache &cache, const TaskContext &context);

/// On which samples the scales or codes of quantized layers were chosen, for people; empty when inputs decide nothing.
Text chosenOn(std::span<const Decision> decisions);
/// Whether they were chosen on every other sample, so that the rest is what errors are measured on.
bool choseOnHalf(std::span<const Decision> decisions);

/// Every other sample: the ones that are chosen on, or those that are held out. All where there is only one.
std::shared_ptr<const NetworkInputs> halfOf(const std::shared_ptr<const NetworkInputs> &inputs, bool heldOut);
void keepHalf(NetworkFeed &feed, bool heldOut);

} // namespace qs
