// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Transformers with learned positions and norms of mean and variance: GPT-2, BERT and RoBERTa, ViT.
#pragma once

#include "core/network/families/family.h"

namespace qs {

Result<Network> buildGpt2(const Model &model, const FamilyConfig &config, const Family &family);
Result<Network> buildBert(const Model &model, const FamilyConfig &config, const Family &family);
Result<Network> buildVit(const Model &model, const FamilyConfig &config, const Family &family);

} // namespace qs
