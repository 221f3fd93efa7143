// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/eval/input_rows.h"

#include "core/eval/ops/geometry.h"
#include "core/eval/ops/tools.h"
#include "core/network/chain.h"

#include <algorithm>
#include <string_view>

namespace qs {
namespace {

std::uint64_t sizeOf(std::int64_t size)
{
    return static_cast<std::uint64_t>(size);
}

bool isProduct(const NetworkNode &node)
{
    return node.op == "MatMul" || node.op == "Gemm";
}

bool isRecurrent(const NetworkNode &node)
{
    return node.op == "LSTM" || node.op == "GRU" || node.op == "RNN";
}

/// Rows along the last axis, or columns, of the last two axes of x. Of a stack each matrix takes its own part of x.
InputRows productRows(const ValuePtr &x, bool columns, std::uint64_t stack, std::uint64_t weights)
{
    const Shape &shape = x->shape();
    if (shape.empty() || (columns && shape.size() < 2))
        return {};
    const std::uint64_t length = sizeOf(columns ? shape[shape.size() - 2] : shape.back());
    if (length != weights || weights == 0)
        return {};
    const std::uint64_t all = x->size() / weights;
    const std::uint64_t across = columns ? sizeOf(shape.back()) : 1; // rows that lie side by side
    const std::uint64_t batches =
        shape.size() > 2 ? x->size() / sizeOf(shape.back()) / sizeOf(shape[shape.size() - 2]) : 1;
    const bool apart = stack > 1 && batches % stack == 0;
    InputRows rows{.matrices = stack, .count = apart ? all / stack : all, .weights = weights, .read = {}};
    rows.read = [x, weights, across, apart, count = rows.count](std::uint64_t matrix, std::uint64_t row, float *to) {
        const std::uint64_t index = apart ? matrix * count + row : row;
        const float *const from = x->floats().data() + index / across * across * weights + index % across;
        for (std::uint64_t k = 0; k < weights; ++k)
            to[k] = from[k * across];
    };
    return rows;
}

/// Patches of a convolution.
struct Patches {
    ValuePtr x;
    Windows windows;
    std::int64_t channels = 0; ///< of a group
    std::int64_t groups = 1;

    std::int64_t positions() const { return windows[0].output * windows[1].output * windows[2].output; }

    void read(std::uint64_t group, std::uint64_t row, float *to) const
    {
        const auto &[depth, height, width] = windows;
        const auto at = static_cast<std::int64_t>(row) % positions();
        const std::int64_t sample = static_cast<std::int64_t>(row) / positions();
        const std::int64_t z = at / (height.output * width.output) * depth.stride - depth.before;
        const std::int64_t y = at / width.output % height.output * height.stride - height.before;
        const std::int64_t column = at % width.output * width.stride - width.before;
        const std::int64_t slice = depth.input * height.input * width.input;
        const float *from =
            x->floats().data() + (sample * groups + static_cast<std::int64_t>(group)) * channels * slice;
        for (std::int64_t c = 0; c < channels; ++c, from += slice)
            for (std::int64_t kz = 0; kz < depth.kernel; ++kz)
                for (std::int64_t ky = 0; ky < height.kernel; ++ky)
                    for (std::int64_t kx = 0; kx < width.kernel; ++kx) {
                        const std::int64_t iz = z + kz * depth.dilation;
                        const std::int64_t iy = y + ky * height.dilation;
                        const std::int64_t ix = column + kx * width.dilation;
                        const bool inside =
                            iz >= 0 && iz < depth.input && iy >= 0 && iy < height.input && ix >= 0 && ix < width.input;
                        *to++ = inside ? from[(iz * height.input + iy) * width.input + ix] : 0.0F;
                    }
    }
};

InputRows patchRows(const NetworkNode &node, std::span<const ValuePtr> inputs, std::uint64_t weights)
{
    const Shape &kernel = inputs[1]->shape();
    const Shape &shape = inputs[0]->shape();
    if (kernel.size() < 3 || shape.size() != kernel.size())
        return {};
    const auto windows = windowsOf(node, shape, std::span(kernel).subspan(2));
    Patches patches{.x = inputs[0], .windows = windows.value_or(Windows()), .channels = kernel[1]};
    patches.groups = intAttribute(node, "group", 1);
    const auto &[depth, height, width] = patches.windows;
    if (!windows || patches.groups < 1 || shape[1] != patches.groups * patches.channels ||
        sizeOf(patches.channels * depth.kernel * height.kernel * width.kernel) != weights)
        return {};
    return {.matrices = sizeOf(patches.groups),
            .count = sizeOf(shape[0] * patches.positions()),
            .weights = weights,
            .read = [patches](std::uint64_t group, std::uint64_t row, float *to) { patches.read(group, row, to); }};
}

} // namespace

std::uint64_t matricesFor(const NetworkNode &node, std::size_t input, std::uint64_t stack)
{
    if (node.domain == kChainDomain)
        return input == 1 ? 1 : 0;
    if (!node.domain.empty())
        return 0;
    if (node.op == "Conv")
        return input == 1 ? sizeOf(std::max<std::int64_t>(intAttribute(node, "group", 1), 0)) : 0;
    if (isProduct(node))
        return input < 2 ? stack : 0;
    return isRecurrent(node) && input == 1 ? stack : 0; // what comes back to a recurrent node is no input of it
}

InputRows inputRows(const NetworkNode &node, std::size_t input, std::span<const ValuePtr> inputs, std::uint64_t weights)
{
    if (inputs.size() < 2 || !inputs[0] || !inputs[1] || !inputs[0]->isFloat() || !inputs[1]->isFloat())
        return {};
    if (node.op == "Conv" && node.domain.empty())
        return patchRows(node, inputs, weights);
    const ValuePtr &x = inputs[input == 0 ? 1 : 0];
    const Shape &other = inputs[input]->shape();
    const std::uint64_t stack = other.size() == 3 && node.domain.empty() ? sizeOf(other[0]) : 1;
    bool columns = input == 0; // of W·x
    if (node.op == "Gemm" && node.domain.empty())
        columns = input == 0 ? intAttribute(node, "transB", 0) == 0 : intAttribute(node, "transA", 0) != 0;
    return productRows(x, columns, stack, weights);
}

} // namespace qs
