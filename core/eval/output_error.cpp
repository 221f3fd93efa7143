// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/eval/output_error.h"

#include "core/base/parallel.h"
#include "core/eval/compare_values.h"
#include "core/eval/products.h"
#include "core/kernels/kernels.h"

#include <algorithm>
#include <chrono>

namespace qs {
namespace {

constexpr std::uint64_t kMostLayerBytes = std::uint64_t{1} << 32U; // of outputs that are worked on at a time

} // namespace

Result<std::optional<double>> layerOutputError(const Value &weights, const Value &quantized, const ChainLayer &layer,
                                               const NetworkInputs &inputs, const TaskContext &context)
{
    std::vector<float> x = inputs.values;
    const std::size_t samples = samplesPerProduct(inputs.samples);
    x.resize(paddedSamples(inputs.samples) * layer.inputs);
    MemoryBudget budget(kMostLayerBytes);
    const Shape shape{static_cast<std::int64_t>(samples), static_cast<std::int64_t>(layer.outputs)};
    std::vector<ValueSums> blocks(x.size() / layer.inputs / samples);
    QS_CHECK(parallelFor(blocks.size(), context, [&](std::size_t block) -> Result<void> {
        QS_ASSIGN(const auto y, Value::make(ElementKind::Float, shape, budget));
        QS_ASSIGN(const auto z, Value::make(ElementKind::Float, shape, budget));
        const float *source = x.data() + block * samples * layer.inputs;
        kernels().product(source, layer.inputs, weights.floats().data(), layer.inputs, y->floats().data(),
                          layer.outputs, samples, layer.outputs, layer.inputs);
        kernels().product(source, layer.inputs, quantized.floats().data(), layer.inputs, z->floats().data(),
                          layer.outputs, samples, layer.outputs, layer.inputs);
        blocks[block] = compareValues(*y, *z, {}); // padding samples give zero on both sides
        return {};
    }));
    ValueSums total;
    for (const ValueSums &block : blocks)
        total.add(block);
    return total.relativeError();
}

double networkGigaFlop(const Chain &chain, std::uint64_t samples)
{
    double sum = 0;
    // Starting a product takes about as long as so many operations, which counts in deep networks of small layers.
    constexpr double kGigaFlopPerProduct = 1e-3;
    for (std::size_t k = 0; k < chain.layers.size(); ++k) {
        const auto traces = static_cast<double>(k + 3); // float, quantized, alone up to k
        sum += (gigaFlop(chain.layers[k], samples) + kGigaFlopPerProduct) * traces;
    }
    return sum;
}

std::uint64_t activationBytes(const Chain &chain, std::uint64_t samples)
{
    std::uint64_t features = chain.layers.front().inputs;
    for (const ChainLayer &layer : chain.layers)
        features += layer.outputs;
    return paddedSamples(samples) * features * sizeof(float);
}

double productSpeed()
{
    static const double speed = [] {
        // Weights of 16 MiB: more than the caches close to a processor hold, as in networks worth asking about.
        constexpr std::size_t kSize = 2048;
        constexpr std::size_t kSamples = 64;
        const std::vector<float> x(kSamples * kSize, 1.0F);
        const std::vector<float> w(kSize * kSize, 1.0F);
        std::vector<float> y(kSamples * kSize);
        const auto start = std::chrono::steady_clock::now();
        kernels().product(x.data(), kSize, w.data(), kSize, y.data(), kSize, kSamples, kSize, kSize);
        const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        return 2e-9 * kSamples * kSize * kSize / std::max(seconds, 1e-7) * threadCount();
    }();
    return speed;
}

} // namespace qs
