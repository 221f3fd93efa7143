// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Changes: what has changed since a view was drawn, as a set that can be merged.
#pragma once

#include <QFlags>

namespace qs::ui {

enum class Change {
    Model = 1,         ///< another model is open: everything before is void
    Recipe = 2,        ///< and with it the decisions
    Results = 4,       ///< some layers' results, or all of them and the totals
    Analysis = 8,      ///< it runs, is done, was cancelled or has failed
    Stale = 16,        ///< the results on show began or ceased to be those of an earlier recipe
    Distribution = 32, ///< of the layer or channel that was asked for
    Clipping = 64,     ///< the curve that was asked for
    RecipePath = 128,  ///< the file that the recipe is saved in
    Refused = 256,     ///< an edit was refused: a choice on display may not be the one in force
    Selection = 512,   ///< current layer or channel, the selected layers, or the weight that is followed
    Theme = 1024,
    SideB = 4096,   ///< what this setup is compared with, or its numbers
    Budget = 8192,  ///< size against error: points, progress, or what was found
    Preview = 2048, ///< a file that would be written is on show, another one, or none any more
};
Q_DECLARE_FLAGS(Changes, Change)
Q_DECLARE_OPERATORS_FOR_FLAGS(Changes)

} // namespace qs::ui
