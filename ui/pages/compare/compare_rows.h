// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The table of a comparison: one row per pair of tensors, the most affected first, then what has no partner, and why.
#pragma once

#include "ui/models/text_table.h"

#include <memory>
#include <optional>
#include <vector>

namespace qs::ui {

class Setup;

struct ComparedRow {
    QString name;
    QString shape;
    int layer = -1;          ///< of the open model; −1: no layer of it
    std::optional<double> a; ///< relative errors of the weights, or of the output where both have one
    std::optional<double> b;
    bool exact = false;           ///< B's error is zero
    std::optional<double> sqnrDb; ///< of B's weights
    QString how;                  ///< what matched it, or why nothing did
};

/// What A, on show in `setup`, and B have: of a file all tensors of both, of a recipe all layers.
std::vector<ComparedRow> comparedRows(const Setup &setup);
/// Whether their errors are those of weights; else those of the network's output, of each layer alone.
bool comparesWeights(const Setup &setup);
/// Columns of textRows() that a narrow page can do without.
QList<int> columnsThatGiveWay();
TextRows textRows(const std::shared_ptr<const std::vector<ComparedRow>> &rows, bool weights);

} // namespace qs::ui
