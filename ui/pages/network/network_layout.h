// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// layOut: gives the boxes of a network their places, so that few lines cross.
#pragma once

#include "core/base/task_context.h"
#include "ui/plots/network_picture.h"

namespace qs::ui {

/// Columns are the ranks of the map; rows come from Sugiyama's method (igraph): barycentres against crossings, then
/// the placement of Brandes and Köpf. Error{Work} when lines pass too many columns to be told apart.
Result<std::shared_ptr<const NetworkPicture>> layOut(std::shared_ptr<const Network> network, NetworkMap map,
                                                     const TaskContext &context);

} // namespace qs::ui
