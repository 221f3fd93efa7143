// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Layers that hold codes already: their scales, and their values as float blocks.
#pragma once

#include "core/quant/quantize.h"
#include "core/scheme/scale_table.h"
#include "core/tensor/float_blocks.h"

#include <optional>

namespace qs {

/// Reads scales, zero points and ranges of a layer with Layer::hasCodes().
Result<LayerQuantization> storedQuantization(const Model &model, const Layer &layer, const TaskContext &context);

/// Float32 values of any layer, block by block: of a float tensor, or codes times scales.
class LayerValues
{
public:
    /// `stored` is needed for layers with Layer::hasCodes(), and must outlive this object.
    LayerValues(const Model &model, const Layer &layer, int channelAxis, const LayerQuantization *stored);
    /// `stored` null: of a float tensor.
    LayerValues(const TensorView &tensor, int channelAxis, const LayerQuantization *stored);

    const FloatBlocks &blocks() const { return m_blocks; }
    Result<void> read(const BlockRange &range, std::vector<float> &values) const;

private:
    FloatBlocks m_blocks;
    bool m_stored = false;
    int m_codeMin = 0;
    ScaleTable m_table;
};

/// Table over the stored scales of a whole layer.
ScaleTable scaleTableOf(const LayerQuantization &quantization);
/// One entry of it, which forms codes and values.
ScaleAndZeroPoint storedScale(const LayerQuantization &quantization, std::uint64_t entry);

/// Smallest and largest value that codes stand for.
struct CodeLimits {
    double low = 0;
    double high = 0;
};
/// Of the scales of one channel, of one group of it, or of all; 0 is among the values always.
CodeLimits codeLimits(const LayerQuantization &quantization, std::optional<std::uint64_t> channel,
                      std::optional<std::uint64_t> group = {});

} // namespace qs
