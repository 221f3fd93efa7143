// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// ExportOrder: a file that is to be written, at once or in units whose parts stay when the work is stopped.
#pragma once

#include "core/export/planner.h"

#include <QString>

namespace qs::ui {

/// What was written, of which model, and how.
struct Exported {
    const ExportFormat *format = nullptr;
    QString path;
    quint64 bytes = 0;
    bool reopens = false; ///< by our own readers
    std::shared_ptr<const Model> model;
    Recipe recipe;
};

struct ExportOrder {
    Exported file;
    QString location; ///< of the model, as it was opened
    ExportOptions options;
    bool inUnits = false;
};

/// What lies beside the target of work in units that was stopped.
struct KeptUnits {
    std::size_t done = 0;  ///< of the same order
    std::size_t all = 0;   ///< of the same order; 0 when nothing is there
    bool ofOthers = false; ///< there are parts, but of another order
};

/// A plan, and what the target itself speaks against.
struct PlannedOrder {
    Result<ExportPlan> plan;
    std::vector<Text> ofTarget;
    KeptUnits kept;                        ///< beside the target
    const ExportFormat *instead = nullptr; ///< holds what the recipe quantizes, where this plan does not
};

/// Off the GUI thread; `decisions` are those of the order's recipe. Whether an existing file may go is not asked.
PlannedOrder planOrder(const ExportOrder &order, std::span<const Decision> decisions, AnalysisCache &cache,
                       const TaskContext &context);
/// Off the GUI thread. Errors as writeExport() and doUnits().
Result<ExportPlan> carryOut(const ExportOrder &order, AnalysisCache &cache, const TaskContext &context);
KeptUnits keptUnits(const ExportOrder &order, AnalysisCache &cache, const TaskContext &context);

} // namespace qs::ui
