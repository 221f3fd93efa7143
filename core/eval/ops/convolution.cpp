// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/eval/ops/convolution.h"

#include "core/eval/ops/geometry.h"
#include "core/eval/ops/products.h"
#include "core/eval/ops/registry.h"
#include "core/eval/ops/tools.h"

#include <array>

namespace qs {
namespace {

std::size_t sizeOf(std::int64_t value)
{
    return static_cast<std::size_t>(value);
}

/// What a convolution is made of: x [batch, groups · channels, …], w [groups · filters, channels, …].
struct Setup {
    Windows windows;
    std::int64_t batch = 0;
    std::int64_t groups = 1;
    std::int64_t channels = 0;
    std::int64_t filters = 0;
    const float *bias = nullptr;

    std::int64_t taps() const { return windows[0].kernel * windows[1].kernel * windows[2].kernel; }
    std::int64_t inputs() const { return windows[0].input * windows[1].input * windows[2].input; }
    std::int64_t outputs() const { return windows[0].output * windows[1].output * windows[2].output; }
};

Result<void> checkBias(const Value *bias, std::int64_t filters)
{
    if (bias != nullptr && static_cast<std::int64_t>(bias->size()) != filters)
        return wrong(Text::of("{} numbers are added to {} channels", bias->size(), filters));
    return {};
}

/// Sizes of the kernel, as the weights have them and an attribute may repeat.
Result<Shape> kernelOf(const NetworkNode &node, const Value &weights)
{
    if (weights.rank() < 3)
        return wrong(Text::of("weights have {} axes; at least 3 are expected", weights.rank()));
    Shape kernel(weights.shape().begin() + 2, weights.shape().end());
    if (const auto *asked = intsAttribute(node, "kernel_shape"); asked != nullptr && *asked != kernel)
        return wrong(
            Text::of("weights are for windows {}, but kernel_shape says {}", shapeText(kernel), shapeText(*asked)));
    return kernel;
}

Result<Setup> setupOf(const NetworkNode &node, const Value &x, const Value &w, const Value *bias)
{
    Setup setup;
    QS_ASSIGN(const Shape kernel, kernelOf(node, w));
    QS_ASSIGN(setup.windows, windowsOf(node, x.shape(), kernel));
    setup.groups = intAttribute(node, "group", 1);
    const std::int64_t channels = x.shape()[1];
    if (setup.groups < 1 || channels % setup.groups != 0 || w.shape()[0] % setup.groups != 0)
        return wrong(Text::of("{} channels and {} filters do not fit {} groups", channels, w.shape()[0], setup.groups));
    setup.batch = x.shape()[0];
    setup.channels = channels / setup.groups;
    setup.filters = w.shape()[0] / setup.groups;
    if (w.shape()[1] != setup.channels)
        return wrong(Text::of("{} channels per group are expected, but there are {}", w.shape()[1], setup.channels));
    QS_CHECK(checkBias(bias, w.shape()[0]));
    setup.bias = bias != nullptr ? bias->floats().data() : nullptr;
    return setup;
}

/// How rows of the input lie in memory for the kernels; see ConvolutionPiece.
struct ImageLayout {
    bool direct = false; ///< the input as it is
    std::int64_t rows = 0;
    std::int64_t width = 0; ///< of one phase
    std::int64_t phases = 1;

    std::int64_t row() const { return phases * width; }
    std::int64_t slice() const { return rows * row(); }
};

ImageLayout layoutOf(const Setup &setup, bool mayBeDirect)
{
    const auto &[depth, height, width] = setup.windows;
    ImageLayout layout;
    layout.direct = mayBeDirect && width.stride == 1 && width.before == 0 && width.after == 0 && height.before == 0 &&
                    height.after == 0;
    layout.phases = width.stride;
    layout.rows = layout.direct ? height.input : (height.output - 1) * height.stride + height.extent();
    layout.width = layout.direct ? width.input : (width.extent() - 1) / width.stride + width.output;
    return layout;
}

/// Copies one row of the input, padded and split by its place modulo the stride.
void copyRow(const float *from, const WindowAxis &axis, const ImageLayout &layout, float *to)
{
    for (std::int64_t phase = 0; phase < layout.phases; ++phase, to += layout.width) {
        // Element i of this part is element i · stride + phase − before of the input.
        const std::int64_t shift = phase - axis.before;
        const std::int64_t first = std::min(layout.width, shift >= 0 ? 0 : (-shift + axis.stride - 1) / axis.stride);
        const std::int64_t last =
            std::clamp(shift >= axis.input ? 0 : (axis.input - 1 - shift) / axis.stride + 1, first, layout.width);
        std::fill_n(to, first, 0.0F);
        const float *const source = from + shift;
        if (axis.stride == 1) {
            std::copy_n(source + first, last - first, to + first);
        } else {
            for (std::int64_t i = first; i < last; ++i)
                to[i] = source[i * axis.stride];
        }
        std::fill_n(to + last, layout.width - last, 0.0F);
    }
}

/// All channels and slices of a group.
Result<void> copyImage(const float *from, const Setup &setup, const ImageLayout &layout, float *to,
                       const TaskContext &task)
{
    const auto &[depth, height, width] = setup.windows;
    for (std::int64_t slice = 0; slice < setup.channels * depth.input; ++slice) {
        QS_CHECK(task.check());
        for (std::int64_t row = 0; row < layout.rows; ++row, to += layout.row()) {
            const std::int64_t source = row - height.before;
            if (source >= 0 && source < height.input)
                copyRow(from + (slice * height.input + source) * width.input, width, layout, to);
            else
                std::fill_n(to, layout.row(), 0.0F);
        }
    }
    return {};
}

/// Runs the groups of a convolution one after the other.
class Convolution
{
public:
    Convolution(const Setup &setup, const float *x, const float *w, float *y, const RunContext &context)
        : m_setup(setup)
        , m_x(x)
        , m_w(w)
        , m_y(y)
        , m_context(context)
        , m_depthwise(setup.channels == 1 && setup.filters < 4 && setup.windows[0].kernel == 1 &&
                      setup.windows[0].input == 1 && setup.windows[0].before == 0)
        , m_layout(layoutOf(setup, !m_depthwise))
    {}

    Result<void> run()
    {
        if (!m_layout.direct) {
            const auto volume =
                elementCount(Shape{m_setup.channels, m_setup.windows[0].input, m_layout.rows, m_layout.row()});
            if (!volume)
                return wrong(Text::of("windows of this padding and these strides are not possible in any memory"));
            QS_ASSIGN(m_image, scratchFloats(sizeOf(*volume) + kLanes, m_context));
        }
        if (!m_depthwise) {
            QS_ASSIGN(m_panel, scratchFloats(kProductPanel, m_context));
            QS_ASSIGN(m_packed, scratchFloats(packedFloats(rowsPerCall(), sizeOf(depth())), m_context));
            if (m_setup.windows[0].kernel > 1) {
                QS_ASSIGN(m_slice, scratchFloats(rowsPerCall() * sizeOf(depth()), m_context));
            }
        }
        for (std::int64_t group = 0; group < m_setup.groups; ++group) {
            for (std::int64_t sample = 0; sample < m_setup.batch; ++sample)
                QS_CHECK(runGroup(sample, group));
        }
        return {};
    }

private:
    /// Of the product for one slice of the kernel.
    std::int64_t depth() const { return m_setup.channels * m_setup.windows[1].kernel * m_setup.windows[2].kernel; }

    std::size_t rowsPerCall() const
    {
        const std::int64_t most = kProductsPerCall / (depth() * static_cast<std::int64_t>(kProductColumns));
        const std::int64_t whole = std::max<std::int64_t>(most / static_cast<std::int64_t>(kProductRows), 4) *
                                   static_cast<std::int64_t>(kProductRows);
        return sizeOf(std::min(m_setup.filters, whole));
    }

    Result<void> runGroup(std::int64_t sample, std::int64_t group)
    {
        const float *image = m_x + (sample * m_setup.groups + group) * m_setup.channels * m_setup.inputs();
        if (!m_layout.direct) {
            QS_CHECK(copyImage(image, m_setup, m_layout, m_image->floats().data(), m_context.task));
            image = m_image->floats().data();
        }
        const std::int64_t firstFilter = group * m_setup.filters;
        ConvolutionPiece piece = pieceOf(image);
        piece.y = m_y + (sample * m_setup.groups * m_setup.filters + firstFilter) * m_setup.outputs();
        piece.bias = m_setup.bias != nullptr ? m_setup.bias + firstFilter : nullptr;
        const float *const weights = m_w + firstFilter * m_setup.channels * m_setup.taps();
        if (m_depthwise)
            return runDepthwise(piece, weights);
        for (std::int64_t filter = 0; filter < m_setup.filters; filter += static_cast<std::int64_t>(rowsPerCall())) {
            ConvolutionPiece part = piece;
            part.rows = std::min(rowsPerCall(), sizeOf(m_setup.filters - filter));
            part.y += filter * m_setup.outputs();
            part.bias = piece.bias != nullptr ? piece.bias + filter : nullptr;
            QS_CHECK(runFilters(part, weights + filter * m_setup.channels * m_setup.taps()));
        }
        return {};
    }

    ConvolutionPiece pieceOf(const float *image) const
    {
        const auto &[depth, height, width] = m_setup.windows;
        ConvolutionPiece piece;
        piece.image = image;
        piece.imageChannel = sizeOf(depth.input * m_layout.slice());
        piece.imageRow = sizeOf(m_layout.row());
        piece.imagePhase = sizeOf(m_layout.width);
        piece.channels = sizeOf(m_setup.channels);
        piece.kernelHeight = sizeOf(height.kernel);
        piece.kernelWidth = sizeOf(width.kernel);
        piece.stepDown = sizeOf(height.stride);
        piece.stepAcross = sizeOf(width.stride);
        piece.dilationDown = sizeOf(height.dilation);
        piece.dilationAcross = sizeOf(width.dilation);
        piece.outWidth = sizeOf(width.output);
        piece.positions = sizeOf(height.output * width.output);
        piece.yRow = sizeOf(m_setup.outputs());
        piece.rows = 1;
        return piece;
    }

    Result<void> runDepthwise(ConvolutionPiece piece, const float *weights) const
    {
        for (std::int64_t filter = 0; filter < m_setup.filters; ++filter) {
            QS_CHECK(m_context.task.check());
            kernels().convolveDepthwise(&piece, weights + filter * m_setup.taps());
            piece.y += m_setup.outputs();
            piece.bias = piece.bias != nullptr ? piece.bias + 1 : nullptr;
        }
        return {};
    }

    /// The kernel is a stack of slices; each adds what it finds in its slice of the input.
    Result<void> runFilters(const ConvolutionPiece &piece, const float *weights) const
    {
        const WindowAxis &deep = m_setup.windows[0];
        const auto perSlice = static_cast<std::int64_t>(piece.positions);
        for (std::int64_t tap = 0; tap < deep.kernel; ++tap) {
            packSlice(weights, piece.rows, tap);
            for (std::int64_t z = 0; z < deep.output; ++z) {
                const std::int64_t from = z * deep.stride + tap * deep.dilation - deep.before;
                ConvolutionPiece part = piece;
                part.filters = m_packed->floats().data();
                part.y += z * perSlice;
                part.add = tap > 0;
                if (from >= 0 && from < deep.input) {
                    part.image += from * m_layout.slice();
                    QS_CHECK(convolve(part));
                } else if (tap == 0) {
                    fillWithBias(part);
                }
            }
        }
        return {};
    }

    void packSlice(const float *weights, std::size_t filters, std::int64_t tap) const
    {
        const std::int64_t slices = m_setup.windows[0].kernel;
        if (slices > 1) {
            const std::int64_t size = m_setup.windows[1].kernel * m_setup.windows[2].kernel;
            float *to = m_slice->floats().data();
            for (std::int64_t i = 0; i < static_cast<std::int64_t>(filters) * m_setup.channels; ++i, to += size)
                std::copy_n(weights + (i * slices + tap) * size, size, to);
            weights = m_slice->floats().data();
        }
        kernels().packFilters(weights, filters, sizeOf(depth()), m_packed->floats().data());
    }

    static void fillWithBias(const ConvolutionPiece &piece)
    {
        for (std::size_t filter = 0; filter < piece.rows; ++filter)
            std::fill_n(piece.y + filter * piece.yRow, piece.positions,
                        piece.bias != nullptr ? piece.bias[filter] : 0.0F);
    }

    Result<void> convolve(ConvolutionPiece piece) const
    {
        const std::size_t all = piece.positions;
        const std::size_t step =
            std::max<std::size_t>(sizeOf(kProductsPerCall) / (piece.rows * sizeOf(depth())) / kProductColumns, 1) *
            kProductColumns;
        for (std::size_t done = 0; done < all; done += step) {
            QS_CHECK(m_context.task.check());
            piece.position = done;
            piece.positions = std::min(step, all - done);
            kernels().convolve(&piece, m_panel->floats().data());
        }
        return {};
    }

    const Setup &m_setup;
    const float *m_x;
    const float *m_w;
    float *m_y;
    const RunContext &m_context;
    bool m_depthwise;
    ImageLayout m_layout;
    std::shared_ptr<Value> m_image;
    std::shared_ptr<Value> m_panel;
    std::shared_ptr<Value> m_packed;
    std::shared_ptr<Value> m_slice;
};

Result<Values> convolution(const NetworkNode &node, std::span<const ValuePtr> inputs, const RunContext &context)
{
    const Value &x = *inputs[0];
    QS_ASSIGN(const Setup setup, setupOf(node, x, *inputs[1], inputAt(inputs, 2)));
    QS_ASSIGN(const auto result,
              makeValue(ElementKind::Float,
                        outputShape(setup.windows, x.rank() - 2, setup.batch, setup.groups * setup.filters), context));
    if (result->size() == 0)
        return Values{result};
    if (setup.channels == 0) {
        std::ranges::fill(result->floats(), 0.0F);
        return Values{result};
    }
    QS_CHECK(Convolution(setup, x.floats().data(), inputs[1]->floats().data(), result->floats().data(), context).run());
    return Values{result};
}

/// Adds what `positions` elements of the input, from `first` on, give through one tap to one channel of the output.
struct Scatter {
    const Windows &windows;
    std::array<std::int64_t, 3> tap;
    std::int64_t first;
    std::int64_t positions;
};

void scatter(const Scatter &how, const float *from, float *to)
{
    const auto &[depth, height, width] = how.windows;
    const auto place = [](const WindowAxis &axis, std::int64_t at, std::int64_t tap) {
        return at * axis.stride + tap * axis.dilation - axis.before;
    };
    for (std::int64_t done = 0; done < how.positions;) {
        const std::int64_t at = how.first + done;
        const std::int64_t x = at % width.input;
        const std::int64_t length = std::min(width.input - x, how.positions - done);
        const std::int64_t y = place(height, at / width.input % height.input, how.tap[1]);
        const std::int64_t z = place(depth, at / width.input / height.input, how.tap[0]);
        if (y >= 0 && y < height.output && z >= 0 && z < depth.output) {
            float *const row = to + (z * height.output + y) * width.output;
            for (std::int64_t i = 0; i < length; ++i) {
                const std::int64_t column = place(width, x + i, how.tap[2]);
                if (column >= 0 && column < width.output)
                    row[column] += from[done + i];
            }
        }
        done += length;
    }
}

/// One sample of one group: the product of the weights with the input says what each element adds to which outputs.
Result<void> transposeGroup(const Setup &setup, const float *x, const float *w, float *y, const RunContext &context)
{
    const std::int64_t taps = setup.taps();
    const std::int64_t rows = setup.filters * taps;
    const std::int64_t inputs = setup.inputs();
    const std::int64_t most = kProductsPerCall / 256 / std::max<std::int64_t>(rows, 1);
    const std::int64_t step = std::min(inputs, std::max<std::int64_t>(most, 64));
    QS_ASSIGN(const auto columns, scratchFloats(sizeOf(rows * step), context));
    Multiplier multiplier(context);
    for (std::int64_t first = 0; first < inputs; first += step) {
        const std::int64_t count = std::min(step, inputs - first);
        QS_CHECK(multiplier.multiply({w, 1, sizeOf(rows), x + first, sizeOf(inputs), 1, columns->floats().data(),
                                      sizeOf(count), sizeOf(rows), sizeOf(count), sizeOf(setup.channels), false}));
        for (std::int64_t row = 0; row < rows; ++row) {
            if (row % 64 == 0)
                QS_CHECK(context.task.check());
            const std::int64_t tap = row % taps;
            const std::int64_t wide = setup.windows[2].kernel;
            const std::int64_t high = setup.windows[1].kernel;
            scatter({setup.windows, {tap / wide / high, tap / wide % high, tap % wide}, first, count},
                    columns->floats().data() + row * count, y + row / taps * setup.outputs());
        }
    }
    return {};
}

Result<Values> transposedConvolution(const NetworkNode &node, std::span<const ValuePtr> inputs,
                                     const RunContext &context)
{
    const Value &x = *inputs[0];
    const Value &w = *inputs[1];
    Setup setup;
    QS_ASSIGN(const Shape kernel, kernelOf(node, w));
    QS_ASSIGN(setup.windows, transposedWindowsOf(node, x.shape(), kernel));
    setup.groups = intAttribute(node, "group", 1);
    if (setup.groups < 1 || x.shape()[1] % setup.groups != 0 || w.shape()[0] != x.shape()[1])
        return wrong(Text::of("{} channels are expected, but there are {}", w.shape()[0], x.shape()[1]));
    setup.batch = x.shape()[0];
    setup.channels = x.shape()[1] / setup.groups;
    setup.filters = w.shape()[1];
    std::int64_t filters = 0;
    if (__builtin_mul_overflow(setup.filters, setup.groups, &filters))
        return wrong(
            Text::of("{} channels and {} filters do not fit {} groups", x.shape()[1], setup.filters, setup.groups));
    const Value *bias = inputAt(inputs, 2);
    QS_CHECK(checkBias(bias, filters));
    QS_ASSIGN(const auto result,
              makeValue(ElementKind::Float, outputShape(setup.windows, x.rank() - 2, setup.batch, filters), context));
    if (result->size() == 0)
        return Values{result};
    for (std::int64_t i = 0; i < setup.batch * filters; ++i)
        std::fill_n(result->floats().data() + i * setup.outputs(), setup.outputs(),
                    bias != nullptr ? bias->floats()[sizeOf(i % filters)] : 0.0F);
    for (std::int64_t i = 0; i < setup.batch * setup.groups && setup.inputs() > 0; ++i)
        QS_CHECK(transposeGroup(setup, x.floats().data() + i * setup.channels * setup.inputs(),
                                w.floats().data() + i % setup.groups * setup.channels * setup.filters * setup.taps(),
                                result->floats().data() + i * setup.filters * setup.outputs(), context));
    return Values{result};
}

} // namespace

std::span<const Operator> convolutionOperators()
{
    static constexpr std::array kRows{
        Operator{"Conv", 1, kNewestOpset, "ff?f", "auto_pad:s dilations:I group:i kernel_shape:I pads:I strides:I",
                 convolution},
        Operator{"ConvTranspose", 1, kNewestOpset, "ff?f",
                 "auto_pad:s dilations:I group:i kernel_shape:I output_padding:I output_shape:I pads:I strides:I",
                 transposedConvolution},
    };
    return kRows;
}

} // namespace qs
