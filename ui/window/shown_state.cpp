// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/shown_state.h"

namespace qs::ui {

void ShownState::take(const Selection &selection)
{
    layer = selection.layer();
    channel = selection.channel();
    layers = selection.layers();
    followed = selection.followed();
}

void ShownState::give(Selection &selection) const
{
    selection.setCurrent(layer, channel);
    selection.setLayers(layers, layer);
    if (followed)
        selection.follow(*followed);
}

} // namespace qs::ui
