// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Decoders with rotary positions: Llama and those that differ from it by a few facts.
#pragma once

#include "core/network/families/family.h"

namespace qs {

Result<Network> buildDecoder(const Model &model, const FamilyConfig &config, const Family &family);

} // namespace qs
