// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// One line that says what a layer is: "Linear · 128 → 256 · ReLU · 32,768 weights".
#pragma once

#include "core/network/chain.h"

#include <QString>

namespace qs::ui {

class Setup;

QString opName(Op op);
QString activationName(Activation activation);
/// True for a layer of the file's own codes whose scales or values hold NaN or infinity, as far as results are there.
bool isDamaged(const Setup &setup, std::size_t layer);

QString layerSummary(const Model &model, const ChainSearch &chain, std::size_t layer, int channelAxis);

} // namespace qs::ui
