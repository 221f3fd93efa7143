// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What keys do in a plot, and the steps through the selection, which tables share.
#pragma once

#include <Qt>

namespace qs::ui {

class ActionRegistry;
class PlotPanel;
class Selection;

/// Keys that the tools of a plot tell, too.
inline constexpr Qt::Key kShowEverythingKey = Qt::Key_0;
inline constexpr Qt::Key kLogarithmicKey = Qt::Key_L;
inline constexpr Qt::Key kTableKey = Qt::Key_T;

/// The plot that has the focus; nullptr when none has it.
PlotPanel *focusedPlot();

/// Actions on the plot that has the focus. Their keys work in what is an ActionPlace::Plot.
void addPlotActions(ActionRegistry &actions);
/// Next and previous layer and channel; the keys work in plots and tables.
void addStepActions(ActionRegistry &actions, Selection *selection);

} // namespace qs::ui
