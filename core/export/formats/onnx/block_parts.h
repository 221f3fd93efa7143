// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Scales and zero points of blocks in the order and packing that nodes of ONNX want.
#pragma once

#include "core/export/producers.h"

namespace qs::onnx {

/// How scales and zero points of a layer lie; those of a producer of codes are [channels, groups].
struct BlockParts {
    bool groupsFirst = false;           ///< [groups, channels] of layers whose channels are not the first axis
    const CodePacker *packer = nullptr; ///< of zero points; null: as they are
    bool packRows = false;              ///< zero points of each channel begin with a byte of their own
};

/// Parts as those of `codes`, which makes the codes themselves.
std::shared_ptr<const Producer> withBlockParts(const Model &model, std::span<const Decision> decisions,
                                               std::shared_ptr<const Producer> codes, const BlockParts &parts);

} // namespace qs::onnx
