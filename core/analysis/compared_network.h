// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// comparedNetwork: the network of one model, run with the weights that another file holds for its layers.
#pragma once

#include "core/analysis/analyze.h"
#include "core/analysis/compared_report.h"

namespace qs {

/// `compared.report` with the output errors that the reference's network has with the candidate's weights, against the
/// same network with its own: total, up to here and alone, as analyze() measures a recipe, with the inputs of
/// `options`. Everything else of the network (biases, norms) is the reference's. Without output errors, with the
/// reason, where no network can be run or the candidate has no tensor of its own for a layer. Errors: those of reading,
/// wrong inputs, Cancelled.
Result<std::shared_ptr<const Report>> comparedNetwork(const Model &reference, const Model &candidate,
                                                      const ComparedReport &compared, const AnalyzeOptions &options,
                                                      std::optional<Activation> activation, const TaskContext &context);

} // namespace qs
