// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/eval/output_error.h"

#include "core/base/checked_math.h"
#include "core/base/parallel.h"
#include "core/eval/ops.h"
#include "core/kernels/kernels.h"
#include "core/tensor/float_blocks.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <unordered_map>

namespace qs {

namespace {

constexpr std::size_t kOutputBytes = std::size_t{128} << 20U;
constexpr double kSmallGigaFlop = 1e-3;                          // of one product over all samples
constexpr std::size_t kAloneErrorBytes = std::size_t{16} << 20U; // about 100,000 of them
constexpr std::uint64_t kOutputsPerProduct = 512;

/// Samples of one product: as few products as keep the weights that they pack in use for long, and little padding.
std::uint64_t samplesPerProduct(std::uint64_t samples)
{
    constexpr std::uint64_t kMost = 128;
    constexpr std::uint64_t kUnit = 32;
    const std::uint64_t atLeast = std::max<std::uint64_t>(samples, 1);
    return alignUp(ceilDiv(atLeast, ceilDiv(atLeast, kMost)), kUnit);
}

std::uint64_t paddedSamples(std::uint64_t samples)
{
    return alignUp(samples, samplesPerProduct(samples));
}

using Values = OutputCache::Values;

/// One way through the network: which layers of the chain use quantized weights.
struct Trace {
    std::vector<bool> quantized; ///< per chain position
    Fingerprint key;             ///< of the way so far
    Values outputs;              ///< of the last layer done, [padded samples, outputs], before its activation
};

/// Adds what the outputs of a layer depend on besides what goes in: null for its float weights.
void addLayer(Fingerprint &key, const Decision *decision)
{
    key.add(std::uint64_t{decision != nullptr});
    if (decision) {
        key.add(static_cast<std::uint64_t>(decision->channelAxis));
        addTo(key, decision->scheme); // its convention stands for a formula
    }
}

struct Energies {
    double error = 0;
    double signal = 0;
    double largest = 0;
    double absolute = 0;
};

/// Over all real samples and outputs, sample after sample.
Energies compareOutputs(const std::vector<float> &reference, const std::vector<float> &candidate, std::uint64_t count)
{
    Energies result;
    for (std::uint64_t i = 0; i < count; ++i) {
        const auto x = static_cast<double>(reference[i]);
        const double e = static_cast<double>(candidate[i]) - x;
        result.error += e * e;
        result.signal += x * x;
        result.largest = std::max(result.largest, std::abs(e));
        result.absolute += std::abs(e);
    }
    return result;
}

std::optional<double> relativeError(const Energies &energies)
{
    const double ratio = std::sqrt(energies.error / energies.signal);
    return energies.signal > 0 && std::isfinite(ratio) ? std::optional(ratio) : std::nullopt;
}

std::size_t argmax(const float *values, std::uint64_t count)
{
    return static_cast<std::size_t>(std::max_element(values, values + count) - values); // the lowest index on ties
}

class NetworkRunner
{
public:
    NetworkRunner(const NetworkRun &run)
        : m_run(run)
        , m_samples(run.inputs.samples)
        , m_padded(paddedSamples(run.inputs.samples))
    {
        m_baseKey.add(run.inputs.id);
        for (const ChainLayer &layer : run.chain.layers)
            m_baseKey.add(layer.layer).add(static_cast<std::uint64_t>(layer.activation));
        auto padded = std::make_shared<std::vector<float>>(run.inputs.values);
        padded->resize(m_padded * run.inputs.features);
        m_inputs = std::move(padded);
    }

    Result<NetworkResult> run(const TaskContext &context)
    {
        NetworkResult result;
        result.layers.resize(m_run.model.layers.size());
        makeTraces();
        const std::size_t depth = m_run.chain.layers.size();
        for (std::size_t k = 0; k < depth; ++k) {
            QS_CHECK(context.check());
            context.report(static_cast<double>(k) / static_cast<double>(depth),
                           Text::asIs(m_run.model.layers[m_run.chain.layers[k].layer].module));
            QS_CHECK(step(k, context));
            if (quantizes(k)) {
                const ChainLayer &layer = m_run.chain.layers[k];
                result.layers[layer.layer].upToHere = relativeError(
                    compareOutputs(*m_traces[0].outputs, *m_traces[1].outputs, m_samples * layer.outputs));
            }
        }
        finishAlone(result);
        finishTotal(result.total);
        return result;
    }

private:
    const Decision &decisionOf(std::size_t k) const { return m_run.decisions[m_run.chain.layers[k].layer]; }
    bool quantizes(std::size_t k) const { return decisionOf(k).quantize; }

    Fingerprint aloneKey(std::size_t k) const
    {
        Fingerprint key = m_baseKey;
        key.add(k);
        addLayer(key, &decisionOf(k));
        return key;
    }

    /// Trace 0 is the float network, trace 1 the quantized one, the others quantize one layer alone.
    void makeTraces()
    {
        const std::size_t depth = m_run.chain.layers.size();
        m_traces.push_back({std::vector<bool>(depth, false), m_baseKey, {}});
        m_traces.push_back({std::vector<bool>(depth, false), m_baseKey, {}});
        for (std::size_t k = 0; k < depth; ++k) {
            m_traces[1].quantized[k] = quantizes(k);
            if (!quantizes(k) || m_run.cache.aloneErrors.find(aloneKey(k)))
                continue;
            m_alone.push_back({k, m_traces.size()});
            m_traces.push_back({std::vector<bool>(depth, false), m_baseKey, {}});
            m_traces.back().quantized[k] = true;
        }
    }

    /// Takes every trace through layer k. Traces that made the same decisions so far share their outputs.
    Result<void> step(std::size_t k, const TaskContext &context)
    {
        const std::size_t index = m_run.chain.layers[k].layer;
        WeightValues weights[2];
        std::unordered_map<Fingerprint, Values> done;
        for (Trace &trace : m_traces) {
            addLayer(trace.key, trace.quantized[k] ? &decisionOf(k) : nullptr);
            Values &outputs = done[trace.key];
            if (!outputs)
                outputs = m_run.cache.outputs.find(trace.key).value_or(nullptr);
            if (!outputs) {
                WeightValues &values = weights[trace.quantized[k] ? 1 : 0];
                if (!values) {
                    QS_ASSIGN(values, m_run.weights(index, trace.quantized[k], context));
                }
                QS_ASSIGN(outputs, product(k, trace.outputs, *values, context));
                m_run.cache.outputs.store(trace.key, outputs, outputs->size() * sizeof(float));
            }
            trace.outputs = outputs;
        }
        return {};
    }

    Result<Values> product(std::size_t k, const Values &previous, const std::vector<float> &weights,
                           const TaskContext &context)
    {
        const ChainLayer &layer = m_run.chain.layers[k];
        const std::vector<float> &source = k == 0 ? *m_inputs : *previous;
        const Activation activation = k == 0 ? Activation::None : m_run.chain.layers[k - 1].activation;
        QS_ASSIGN(const std::vector<float> bias, biasOf(layer));
        std::vector<float> activated;
        if (activation != Activation::None) {
            activated = source;
            QS_CHECK(forEach(m_padded, gigaFlop(layer, m_padded), context, [&](std::size_t sample) -> Result<void> {
                applyActivation(activation, std::span(activated).subspan(sample * layer.inputs, layer.inputs));
                return {};
            }));
        }
        const float *x = activated.empty() ? source.data() : activated.data();
        auto outputs = std::make_shared<std::vector<float>>(m_padded * layer.outputs);
        const std::size_t samples = samplesPerProduct(m_samples);
        const std::size_t slabs = ceilDiv(layer.outputs, kOutputsPerProduct);
        const auto body = [&](std::size_t item) -> Result<void> {
            const std::size_t first = item / slabs * samples;
            const std::size_t output = item % slabs * kOutputsPerProduct;
            const std::size_t count = std::min(kOutputsPerProduct, layer.outputs - output);
            float *y = outputs->data() + first * layer.outputs + output;
            kernels().product(x + first * layer.inputs, layer.inputs, weights.data() + output * layer.inputs,
                              layer.inputs, y, layer.outputs, samples, count, layer.inputs);
            for (std::size_t i = 0; !bias.empty() && i < samples; ++i) {
                for (std::size_t n = 0; n < count; ++n)
                    y[i * layer.outputs + n] += bias[output + n];
            }
            return {};
        };
        QS_CHECK(forEach(m_padded / samples * slabs, gigaFlop(layer, m_padded), context, body));
        if (m_run.onProduct)
            m_run.onProduct();
        return Values(std::move(outputs));
    }

    /// In parallel, unless handing it out would take longer.
    template <class Body>
    static Result<void> forEach(std::size_t count, double gigaFlop, const TaskContext &context, const Body &body)
    {
        if (gigaFlop >= kSmallGigaFlop)
            return parallelFor(count, context, body);
        QS_CHECK(context.check());
        for (std::size_t i = 0; i < count; ++i)
            QS_CHECK(body(i));
        return {};
    }

    Result<std::vector<float>> biasOf(const ChainLayer &layer) const
    {
        std::vector<float> values;
        if (layer.bias) {
            const FloatBlocks blocks(m_run.model.view(*layer.bias), 0);
            QS_CHECK(blocks.read({0, blocks.shape().channels, 0, blocks.shape().weights}, values));
        }
        return values;
    }

    std::uint64_t outputs() const { return m_run.chain.layers.back().outputs; }

    void finishAlone(NetworkResult &result)
    {
        for (const auto &[k, trace] : m_alone) {
            const std::optional<double> error =
                relativeError(compareOutputs(*m_traces[0].outputs, *m_traces[trace].outputs, m_samples * outputs()));
            m_run.cache.aloneErrors.store(aloneKey(k), error, 0);
        }
        for (std::size_t k = 0; k < m_run.chain.layers.size(); ++k) {
            if (!quantizes(k))
                continue;
            if (const auto error = m_run.cache.aloneErrors.find(aloneKey(k)))
                result.layers[m_run.chain.layers[k].layer].alone = *error;
        }
    }

    void finishTotal(OutputErrorReport &total) const
    {
        const std::vector<float> &reference = *m_traces[0].outputs;
        const std::vector<float> &candidate = *m_traces[1].outputs;
        const Energies energies = compareOutputs(reference, candidate, m_samples * outputs());
        total.samples = m_samples;
        total.outputs = outputs();
        total.relativeError = relativeError(energies);
        total.exact = energies.error == 0;
        if (energies.signal == 0)
            total.notAvailable = Text::of("the float network's output is zero for every sample");
        else if (!total.relativeError)
            total.notAvailable = Text::of("an output is not finite");
        if (total.relativeError && !total.exact)
            total.sqnrDb = 10 * std::log10(energies.signal / energies.error);
        if (std::isfinite(energies.error)) {
            total.maxAbsError = energies.largest;
            total.meanAbsErrorX1000 = 1000 * energies.absolute / static_cast<double>(m_samples * outputs());
        }
        if (outputs() > 1 && std::isfinite(energies.error) && std::isfinite(energies.signal))
            countTop1(reference, candidate, total);
    }

    void countTop1(const std::vector<float> &reference, const std::vector<float> &candidate,
                   OutputErrorReport &total) const
    {
        std::uint64_t agree = 0;
        std::uint64_t before = 0;
        std::uint64_t after = 0;
        const std::vector<std::int64_t> &labels = m_run.inputs.labels;
        for (std::uint64_t s = 0; s < m_samples; ++s) {
            const std::size_t x = argmax(reference.data() + s * outputs(), outputs());
            const std::size_t y = argmax(candidate.data() + s * outputs(), outputs());
            agree += x == y;
            if (!labels.empty()) {
                before += static_cast<std::int64_t>(x) == labels[s];
                after += static_cast<std::int64_t>(y) == labels[s];
            }
        }
        const auto samples = static_cast<double>(m_samples);
        total.top1Agreement = static_cast<double>(agree) / samples;
        if (!labels.empty()) {
            total.accuracyBefore = static_cast<double>(before) / samples;
            total.accuracyAfter = static_cast<double>(after) / samples;
        }
    }

    const NetworkRun &m_run;
    std::uint64_t m_samples;
    std::uint64_t m_padded;
    Fingerprint m_baseKey;
    Values m_inputs;
    std::vector<Trace> m_traces;
    std::vector<std::pair<std::size_t, std::size_t>> m_alone; ///< chain position, trace
};

} // namespace

OutputCache::OutputCache()
    : outputs(kOutputBytes, kOutputBytes / 8)
    , aloneErrors(kAloneErrorBytes)
{}

Result<NetworkResult> runNetwork(const NetworkRun &run, const TaskContext &context)
{
    return NetworkRunner(run).run(context);
}

Result<std::optional<double>> layerOutputError(const std::vector<float> &weights, const std::vector<float> &quantized,
                                               const ChainLayer &layer, const NetworkInputs &inputs,
                                               const TaskContext &context)
{
    std::vector<float> x = inputs.values;
    const std::size_t samples = samplesPerProduct(inputs.samples);
    x.resize(paddedSamples(inputs.samples) * layer.inputs);
    std::vector<Energies> blocks(x.size() / layer.inputs / samples);
    QS_CHECK(parallelFor(blocks.size(), context, [&](std::size_t block) -> Result<void> {
        std::vector<float> y(samples * layer.outputs);
        std::vector<float> z(y.size());
        const float *source = x.data() + block * samples * layer.inputs;
        kernels().product(source, layer.inputs, weights.data(), layer.inputs, y.data(), layer.outputs, samples,
                          layer.outputs, layer.inputs);
        kernels().product(source, layer.inputs, quantized.data(), layer.inputs, z.data(), layer.outputs, samples,
                          layer.outputs, layer.inputs);
        blocks[block] = compareOutputs(y, z, y.size()); // padding samples give zero on both sides
        return {};
    }));
    Energies total;
    for (const Energies &block : blocks) {
        total.error += block.error;
        total.signal += block.signal;
    }
    return relativeError(total);
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
    std::uint64_t most = 0;
    for (std::size_t k = 0; k < chain.layers.size(); ++k) {
        const std::uint64_t width = std::max(chain.layers[k].inputs, chain.layers[k].outputs);
        most = std::max(most, (k + 4) * paddedSamples(samples) * width * sizeof(float));
    }
    return most;
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
