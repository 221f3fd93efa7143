// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// NetworkPicture: a network's map with a place for every box and a way for every line.
#pragma once

#include "core/network/network_map.h"

#include <QPointF>

#include <memory>
#include <vector>

namespace qs::ui {

struct NetworkPicture {
    std::shared_ptr<const Network> network;
    NetworkMap map;
    std::vector<QPointF> places;             ///< by box: x its rank, y a row, not always a whole number
    std::vector<std::vector<QPointF>> paths; ///< by line: from place to place, through a point of each rank between
    double columns = 0;
    double rows = 0; ///< places lie in 0 … rows − 1
};

} // namespace qs::ui
