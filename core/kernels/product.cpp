// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Matrix product of the network run. Each weight is used only as often as there are samples, so packing it costs more
// than it saves: weights are read from where they lie, one number at a time for two packets of samples, and only the
// samples are packed. Each element is the sum over the depth in rising order, in blocks of kDepth, wherever it lies.
#include "core/kernels/level.h"

namespace qs::QS_LEVEL {

namespace {

using Packet = Eigen::internal::packet_traits<float>::type;
inline constexpr std::size_t kPacket = sizeof(Packet) / sizeof(float);

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wignored-attributes" // those of the register type, which are not wanted here
using Square = Eigen::internal::PacketBlock<Packet, static_cast<int>(kPacket)>;
#pragma GCC diagnostic pop

// What fits the registers: kOutputs · 2 sums, two packets of samples, one weight.
inline constexpr std::size_t kOutputs = kPacket >= 16 ? 8 : 6;
inline constexpr std::size_t kSamples = 2 * kPacket; // of a panel
inline constexpr std::size_t kDepth = 512;
// Samples and sums that are worked on together stay in the second-level cache.
inline constexpr std::size_t kMostSamples = 128;
inline constexpr std::size_t kMostOutputs = 512;
inline constexpr std::size_t kFewWeights = std::size_t{192} * 192U; // Eigen is faster below: it packs into the cache

/// Weights of consecutive outputs, one block of the depth.
struct Block {
    const float *weights;
    std::size_t stride;
    std::size_t depth;
};

/// `outputs` × `packets` · kPacket sums: row n of `sums` begins at n · width. Fetches the weights of the next outputs
/// meanwhile, if asked to.
template <std::size_t outputs, std::size_t packets, bool ahead>
void tile(const float *panel, const Block &block, float *sums, std::size_t width, bool add)
{
    using namespace Eigen::internal;
    constexpr std::size_t kLine = 16; // floats
    const float *w[outputs];
    Packet sum[outputs][packets];
    for (std::size_t n = 0; n < outputs; ++n) {
        w[n] = block.weights + n * block.stride;
        for (std::size_t i = 0; i < packets; ++i)
            sum[n][i] = add ? ploadu<Packet>(sums + n * width + i * kPacket) : pset1<Packet>(0.0F);
    }
    for (std::size_t k0 = 0; k0 < block.depth; k0 += kLine) {
        for (std::size_t n = 0; ahead && n < outputs; ++n)
            __builtin_prefetch(w[n] + outputs * block.stride + k0);
        const std::size_t end = smaller(k0 + kLine, block.depth);
        for (std::size_t k = k0; k < end; ++k) {
            Packet samples[packets];
            for (std::size_t i = 0; i < packets; ++i)
                samples[i] = ploadu<Packet>(panel + k * kSamples + i * kPacket);
            for (std::size_t n = 0; n < outputs; ++n) {
                const Packet weight = pset1<Packet>(w[n][k]);
                for (std::size_t i = 0; i < packets; ++i)
                    sum[n][i] = pmadd(weight, samples[i], sum[n][i]);
            }
        }
    }
    for (std::size_t n = 0; n < outputs; ++n)
        for (std::size_t i = 0; i < packets; ++i)
            pstoreu(sums + n * width + i * kPacket, sum[n][i]);
}

template <std::size_t packets, std::size_t outputs = kOutputs>
void tileOf(std::size_t count, const float *panel, const Block &block, float *sums, std::size_t width, bool add)
{
    if (count >= outputs)
        return tile<outputs, packets, false>(panel, block, sums, width, add);
    if constexpr (outputs > 1)
        tileOf<packets, outputs - 1>(count, panel, block, sums, width, add);
}

/// Panels of kSamples samples: element (k, sample) of a panel at [k · kSamples + sample]; missing samples are 0.
void packSamples(const float *x, std::size_t stride, std::size_t rows, std::size_t depth, float *packed)
{
    using namespace Eigen::internal;
    for (std::size_t row = 0; row < rows; row += kPacket, packed += kPacket) {
        if (row > 0 && row % kSamples == 0)
            packed += kSamples * depth - kSamples;
        const std::size_t count = smaller(kPacket, rows - row);
        std::size_t k = 0;
        for (; count == kPacket && k + kPacket <= depth; k += kPacket) {
            Square square;
            for (std::size_t i = 0; i < kPacket; ++i)
                square.packet[i] = ploadu<Packet>(x + (row + i) * stride + k);
            ptranspose(square);
            for (std::size_t i = 0; i < kPacket; ++i)
                pstoreu(packed + (k + i) * kSamples, square.packet[i]);
        }
        for (; k < depth; ++k)
            for (std::size_t i = 0; i < kPacket; ++i)
                packed[k * kSamples + i] = i < count ? x[(row + i) * stride + k] : 0.0F;
    }
}

/// y[m][n] = sums[n][m].
void unpack(const float *sums, std::size_t width, std::size_t rows, std::size_t outputs, float *y, std::size_t yStride)
{
    using namespace Eigen::internal;
    for (std::size_t m = 0; m < rows; m += kPacket) {
        const std::size_t count = smaller(kPacket, rows - m);
        std::size_t n = 0;
        for (; n + kPacket <= outputs; n += kPacket) {
            Square square;
            for (std::size_t i = 0; i < kPacket; ++i)
                square.packet[i] = ploadu<Packet>(sums + (n + i) * width + m); // width is a multiple of kSamples
            ptranspose(square);
            for (std::size_t i = 0; i < count; ++i)
                pstoreu(y + (m + i) * yStride + n, square.packet[i]);
        }
        for (; n < outputs; ++n)
            for (std::size_t i = 0; i < count; ++i)
                y[(m + i) * yStride + n] = sums[n * width + m + i];
    }
}

void productByEigen(const float *x, std::size_t xStride, const float *w, std::size_t wStride, float *y,
                    std::size_t yStride, std::size_t rows, std::size_t outputs, std::size_t depth)
{
    using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
    using Stride = Eigen::OuterStride<>;
    const auto index = [](std::size_t value) { return static_cast<Eigen::Index>(value); };
    const Eigen::Map<const Matrix, 0, Stride> a(x, index(rows), index(depth), Stride(index(xStride)));
    const Eigen::Map<const Matrix, 0, Stride> b(w, index(outputs), index(depth), Stride(index(wStride)));
    Eigen::Map<Matrix, 0, Stride> c(y, index(rows), index(outputs), Stride(index(yStride)));
    c.noalias() = a * b.transpose();
}

/// At most kMostSamples samples.
void productOfFew(const float *x, std::size_t xStride, const float *w, std::size_t wStride, float *y,
                  std::size_t yStride, std::size_t rows, std::size_t outputs, std::size_t depth)
{
    const std::size_t width = (rows + kSamples - 1) / kSamples * kSamples;
    const std::size_t together = smaller(outputs, kMostOutputs);
    Eigen::ArrayXf packed(static_cast<Eigen::Index>(width * smaller(depth, kDepth)));
    Eigen::ArrayXf sums(static_cast<Eigen::Index>(width * together));
    for (std::size_t output = 0; output < outputs; output += together) {
        const std::size_t count = smaller(together, outputs - output);
        for (std::size_t k = 0; k < depth; k += kDepth) {
            Block block{nullptr, wStride, smaller(kDepth, depth - k)};
            packSamples(x + k, xStride, rows, block.depth, packed.data());
            for (std::size_t n = 0; n < count; n += kOutputs) {
                block.weights = w + (output + n) * wStride + k;
                for (std::size_t m = 0; m < width; m += kSamples) {
                    const float *const panel = packed.data() + m * block.depth;
                    float *const target = sums.data() + n * width + m;
                    if (rows - m <= kPacket)
                        tileOf<1>(count - n, panel, block, target, width, k > 0);
                    else if (m == 0 && n + 2 * kOutputs <= count)
                        tile<kOutputs, 2, true>(panel, block, target, width, k > 0);
                    else
                        tileOf<2>(count - n, panel, block, target, width, k > 0);
                }
            }
        }
        unpack(sums.data(), width, rows, count, y + output, yStride);
    }
}

} // namespace

void product(const float *x, std::size_t xStride, const float *w, std::size_t wStride, float *y, std::size_t yStride,
             std::size_t rows, std::size_t outputs, std::size_t depth)
{
    if (outputs * depth < kFewWeights || rows < kPacket) {
        productByEigen(x, xStride, w, wStride, y, yStride, rows, outputs, depth);
        return;
    }
    for (std::size_t row = 0; row < rows; row += kMostSamples)
        productOfFew(x + row * xStride, xStride, w, wStride, y + row * yStride, yStride,
                     smaller(kMostSamples, rows - row), outputs, depth);
}

} // namespace qs::QS_LEVEL
