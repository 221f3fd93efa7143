// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/registry.h"

#include "core/formats/gguf/gguf.h"
#include "core/formats/npz.h"
#include "core/formats/onnx/onnx.h"
#include "core/formats/safetensors/safetensors.h"
#include "core/formats/shard_index.h"
#include "core/formats/torch/torch.h"

#include <array>

namespace qs {

std::span<const FormatReader *const> formatReaders()
{
    // Where a folder holds files of several formats, the first of these is taken.
    static constexpr std::array<const FormatReader *, 7> kReaders{
        &kSafetensorsReader, &kShardIndexReader, &kGgufReader, &kTorchReader, &kOnnxReader, &kNpzReader, &kNpyReader,
    };
    return kReaders;
}

} // namespace qs
