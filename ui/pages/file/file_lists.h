// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What the File page lists: tensors, metadata, and remarks about what is odd in the file.
#pragma once

#include "core/analysis/screening.h"
#include "ui/models/text_table.h"

#include <memory>
#include <vector>

namespace qs {
struct Model;
}

namespace qs::ui {

class Setup;

/// Columns of tensorRows() that a narrow page can do without.
QList<int> columnsOfTensorsThatGiveWay();
/// All tensors in the order of the file; those that are no layers say what they are instead.
TextRows tensorRows(const std::shared_ptr<const Model> &model);
TextRows metadataRows(const std::shared_ptr<const Model> &model);
/// What the file would run elsewhere, missing files, layers that cannot be quantized with the reason, warnings, and
/// what makes layers hard.
TextRows remarkRows(const Setup &setup, const std::vector<Trouble> &troubles);

} // namespace qs::ui
