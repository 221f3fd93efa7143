// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Finds tensors that hold integer codes, with the scales and zero points that belong to them.
#pragma once

#include "core/model/model.h"

namespace qs {

struct StoredTensor {
    std::size_t tensor = 0; ///< index into Model::tensors
    int channelAxis = 0;
    std::uint8_t stackAxes = 0;
    Text channelAxisReason;
    StoredQuantization quantization;
};

/// Why values cannot be formed from what a reader declares: parts of a wrong type, number or place. Empty when they
/// can.
Text storedProblem(const Model &model, const TensorInfo &tensor, int channelAxis, const StoredQuantization &stored);

/// Tensors that the metadata `quantoscope.tensors` explains, and, where it says nothing, I8 tensors `X.weight` [N, K]
/// beside floating `X.scales` [N] (gpt-fast's layout). Contradictions become warnings; such tensors stay plain.
std::vector<StoredTensor> findStoredTensors(Model &model);

} // namespace qs
