// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// How much larger pens and dots of plots are than on a desk, so that the last row of a class sees them.
#pragma once

namespace qs::ui {

/// 1 but while presenting. Used from the GUI thread only.
double markScale();
/// Plots follow when they are drawn the next time.
void setMarkScale(double scale);

/// `pixels` of a desk as they are drawn now.
inline double scaled(double pixels)
{
    return pixels * markScale();
}

} // namespace qs::ui
