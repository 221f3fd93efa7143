// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Windows that slide over one to three axes: of convolutions and of pools.
#pragma once

#include "core/eval/operator.h"

#include <array>

namespace qs {

/// One axis; sizes in elements of the input.
struct WindowAxis {
    std::int64_t input = 1;
    std::int64_t kernel = 1;
    std::int64_t stride = 1;
    std::int64_t dilation = 1;
    std::int64_t before = 0; ///< padding
    std::int64_t after = 0;
    std::int64_t output = 1;

    /// Of the window.
    std::int64_t extent() const { return (kernel - 1) * dilation + 1; }
    /// Outputs [first, last) whose window has element `tap` inside the input.
    std::array<std::int64_t, 2> inside(std::int64_t tap) const;
};

/// Depth, height and width; those that are not there have size 1.
using Windows = std::array<WindowAxis, 3>;

/// Windows of `kernel` over the axes of `input` behind batch and channels, with the node's strides, dilations and pads.
/// Error for other than one to three axes and for windows that do not fit. Sizes are below 2^31.
Result<Windows> windowsOf(const NetworkNode &node, const Shape &input, std::span<const std::int64_t> kernel);
/// The same for a transposed convolution: `input` slides over the output.
Result<Windows> transposedWindowsOf(const NetworkNode &node, const Shape &input, std::span<const std::int64_t> kernel);
/// [batch, channels, outputs …].
Shape outputShape(const Windows &windows, std::size_t axes, std::int64_t batch, std::int64_t channels);

} // namespace qs
