// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/export/producers.h"

#include "core/analysis/analysis_cache.h"
#include "core/base/parallel.h"
#include "core/base/read_buffer.h"
#include "core/base/text.h"
#include "core/export/named_producer.h"
#include "core/quant/stored.h"
#include "core/scheme/scale_table.h"
#include "core/tensor/small_floats.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

namespace qs {

namespace {

constexpr std::size_t kCopyBytes = std::size_t{1} << 20U;

/// The same bytes always.
class FixedBytesOut final : public NamedProducer
{
public:
    explicit FixedBytesOut(std::string bytes)
        : m_bytes(std::move(bytes))
    {}

    /// Only few bytes make a name.
    std::string name() const override
    {
        constexpr std::size_t kMost = 64;
        if (m_bytes.size() > kMost)
            return {};
        std::string name = "bytes ";
        for (const char byte : m_bytes)
            name += fmt::format("{:02x}", static_cast<unsigned char>(byte));
        return name;
    }

    ItemOf itemOf() const override { return ItemOf::Nothing; }

    Result<void> produce(std::size_t /*item*/, std::span<const OutputPart> parts,
                         const TaskContext & /*context*/) const override
    {
        return parts[0].write(0, std::as_bytes(std::span(m_bytes)));
    }

private:
    std::string m_bytes;
};

/// Brings elements that are strided or big-endian into row-major order and little-endian bytes.
Result<void> copyElements(const TensorView &view, const OutputPart &part, const TaskContext &context)
{
    const std::size_t size = bitsOf(part.dtype) / 8;
    const TensorElements elements(view);
    const std::uint64_t count = view.info->elements();
    std::vector<std::byte> bytes;
    for (std::uint64_t done = 0; done < count; done += kCopyBytes / size) {
        QS_CHECK(context.check());
        bytes.resize(std::min<std::uint64_t>(kCopyBytes / size, count - done) * size);
        QS_CHECK(elements.bytes(done, bytes.size() / size, bytes.data()));
        QS_CHECK(part.write(done * size, bytes));
    }
    return {};
}

class TensorCopies final : public NamedProducer
{
public:
    /// `asStored`: also of weights that the network computes.
    TensorCopies(const Model &model, bool asStored)
        : m_model(model)
        , m_asStored(asStored)
    {}

    /// `asStored` makes a difference to computed weights alone, and those lie in no file that others could open.
    std::string name() const override { return "copies"; }
    ItemOf itemOf() const override { return ItemOf::Tensors; }
    std::optional<std::size_t> layerOf(std::size_t item) const override { return m_model.layerOf(item); }

    Result<void> produce(std::size_t item, std::span<const OutputPart> parts, const TaskContext &context) const override
    {
        TensorView view = m_model.view(item);
        if (view.info->inFile)
            view.info = view.info->inFile.get();
        if (const auto computed = m_model.computed.find(item); m_asStored && computed != m_model.computed.end()) {
            const TensorInfo &stored = computed->second.stored;
            view = {&stored, m_model.files[stored.file].get()};
        }
        if (!isPacked(*view.info))
            return copyElements(view, parts[0], context);
        thread_local ReadBuffer buffer;
        for (std::uint64_t done = 0; done < view.info->byteSize; done += kCopyBytes) {
            QS_CHECK(context.check());
            const auto piece = buffer.bytes(std::min<std::uint64_t>(kCopyBytes, view.info->byteSize - done));
            QS_CHECK(view.read(done, piece));
            QS_CHECK(parts[0].write(done, piece));
        }
        return {};
    }

private:
    const Model &m_model;
    bool m_asStored;
};

Result<void> writeFloats(std::span<const float> values, const OutputPart &part)
{
    std::vector<std::byte> bytes;
    const std::size_t size = bitsOf(part.dtype) / 8;
    constexpr std::size_t kPart = kCopyBytes / 8;
    for (std::size_t done = 0; done < values.size(); done += kPart) {
        encodeFloats(part.dtype, values.subspan(done, std::min(kPart, values.size() - done)), bytes);
        QS_CHECK(part.write(done * size, bytes));
    }
    return {};
}

/// Writes the runs of a block to their places in the tensor's own order.
Result<void> writeBlock(const AxisLayout &axis, const BlockRange &range, const std::byte *bytes, std::size_t size,
                        const ByteSink &write)
{
    if (axis.contiguous())
        return write((range.channel * axis.inner + range.weight) * size, {bytes, range.size() * size});
    Result<void> result;
    // Channels are neighbours in the file: turn the block round, so that writes are as long as possible.
    if (range.weight % axis.inner == 0 && range.weights % axis.inner == 0) {
        const std::size_t run = axis.inner * size;
        std::vector<std::byte> side(range.channels * run);
        forEachMatrix(
            axis, range, [&](std::uint64_t matrix, std::uint64_t first, std::uint64_t count, std::uint64_t row) {
                for (std::uint64_t k = 0; k < range.weights && result; k += axis.inner) {
                    for (std::uint64_t c = 0; c < count; ++c)
                        std::copy_n(bytes + ((row + c) * range.weights + k) * size, run, side.data() + c * run);
                    const std::uint64_t outer = (range.weight + k) / axis.inner;
                    result = write(matrix * size + (outer * axis.channels + first) * run, {side.data(), count * run});
                }
            });
        return result;
    }
    forEachRun(axis, range, [&](std::uint64_t source, std::uint64_t target, std::uint64_t length) {
        if (result)
            result = write(source * size, {bytes + target * size, length * size});
    });
    return result;
}

/// As they are, or in a type of floats.
Result<void> writeZeroPoints(const std::vector<std::int8_t> &zeroPoints, const OutputPart &part)
{
    if (part.dtype == DType::I8)
        return part.write(0, std::as_bytes(std::span(zeroPoints)));
    return writeFloats(std::vector<float>(zeroPoints.begin(), zeroPoints.end()), part);
}

BlockRange rangeOf(const CodeBlock &block)
{
    return {block.channel, block.channels, block.weight, block.weights};
}

class LayerCodes final : public NamedProducer
{
public:
    LayerCodes(const Model &model, std::span<const Decision> decisions, const CodePacker &packer)
        : m_model(model)
        , m_decisions(decisions)
        , m_packer(packer)
    {}

    std::string name() const override { return fmt::format("codes {}", m_packer.name); }
    std::optional<std::size_t> layerOf(std::size_t item) const override { return item; }

    Result<void> produce(std::size_t item, std::span<const OutputPart> parts, const TaskContext &context) const override
    {
        const CodeSink sink = sinkOf(item, parts);
        QS_ASSIGN(const QuantizeResult result, quantizeLayer(requestOf(item, sink), context));
        return writeRest(result.quantization, parts);
    }

    bool measures() const override { return true; }

    Result<bool> produceMeasured(std::size_t item, std::span<const OutputPart> parts, AnalysisCache &cache,
                                 const TaskContext &context) const override
    {
        const Layer &layer = m_model.layers[item];
        const CodeSink sink = sinkOf(item, parts);
        QuantizeRequest request = requestOf(item, sink);
        request.keep = Keep::Everything;
        request.valuesAs = m_decisions[item].valuesAs;
        request.statistics = true;
        request.kurtosis = cache.wantsKurtosis();
        QS_ASSIGN(QuantizeResult result, quantizeLayer(request, context));
        const auto statistics = cache.keepStatistics(layer, std::move(result.statistics).value());
        if (!statistics->finite() || !result.quantization.scalesFinite)
            return false;
        QS_CHECK(writeRest(result.quantization, parts));
        cache.countQuantization();
        dropVectors(result.quantization, Keep::Summary);
        cache.keepQuantization(layer, m_decisions[item], Keep::Summary, std::move(result.quantization));
        return true;
    }

private:
    static bool wanted(std::span<const OutputPart> parts, std::size_t part)
    {
        return part < parts.size() && parts[part].write;
    }

    CodeSink sinkOf(std::size_t item, std::span<const OutputPart> parts) const
    {
        return [this, item, parts](const CodeBlock &block) -> Result<void> {
            return wanted(parts, kCodes) ? writeCodes(item, block, parts[kCodes].write) : Result<void>{};
        };
    }

    /// All but the codes.
    static Result<void> writeRest(const LayerQuantization &result, std::span<const OutputPart> parts)
    {
        if (wanted(parts, kScales)) {
            QS_CHECK(writeFloats(result.scales, parts[kScales]));
        }
        if (wanted(parts, kOffsets)) {
            QS_CHECK(writeFloats(result.offsets, parts[kOffsets]));
        }
        if (wanted(parts, kZeroPoints)) {
            QS_CHECK(writeZeroPoints(result.zeroPoints, parts[kZeroPoints]));
        }
        return {};
    }

    QuantizeRequest requestOf(std::size_t layer, const CodeSink &sink) const
    {
        const Decision &decision = m_decisions[layer];
        return {.model = m_model,
                .layer = m_model.layers[layer],
                .channelAxis = decision.channelAxis,
                .scheme = decision.scheme,
                .keep = Keep::Scales,
                .sink = sink,
                .wants = SinkWants::Codes,
                .moments = decision.moments.get()};
    }

    Result<void> writeCodes(std::size_t layer, const CodeBlock &block, const ByteSink &write) const
    {
        const TensorInfo &tensor = m_model.tensorOf(m_model.layers[layer]);
        const BlockRange range = rangeOf(block);
        const auto *codes = reinterpret_cast<const std::byte *>(block.codes);
        if (&m_packer == &byteCodes())
            return writeBlock(AxisLayout::of(tensor, m_decisions[layer].channelAxis), range, codes, 1, write);
        const ScaleGeometry geometry{m_decisions[layer].scheme.granularity,
                                     matrixShape(tensor, m_decisions[layer].channelAxis)};
        const std::uint64_t rowBytes = m_packer.bytes(geometry.shape.weights);
        thread_local std::vector<std::byte> bytes;
        bytes.resize(m_packer.bytes(range.weights));
        for (std::uint64_t c = 0; c < range.channels; ++c) {
            CodeRow row{{block.codes + c * range.weights, range.weights}};
            if (m_packer.holdsScales()) {
                const std::uint64_t first = geometry.entryOf(range.channel + c, range.weight);
                row.scales = std::span(block.known->scales).subspan(first);
                if (m_packer.hasOffsets)
                    row.offsets = std::span(block.known->offsets).subspan(first);
            }
            m_packer.pack(row, bytes.data());
            QS_CHECK(write((range.channel + c) * rowBytes + m_packer.bytes(range.weight), bytes));
        }
        return {};
    }

    const Model &m_model;
    std::span<const Decision> m_decisions;
    const CodePacker &m_packer;
};

class LayerValuesOut final : public NamedProducer
{
public:
    LayerValuesOut(const Model &model, std::span<const Decision> decisions)
        : m_model(model)
        , m_decisions(decisions)
    {}

    std::string name() const override { return "values"; }
    std::optional<std::size_t> layerOf(std::size_t item) const override { return item; }

    Result<void> produce(std::size_t item, std::span<const OutputPart> parts, const TaskContext &context) const override
    {
        return m_model.layers[item].stored ? writeStored(m_model.layers[item], parts[0], context)
                                           : writeQuantized(item, parts[0], context);
    }

private:
    /// Values of a layer that holds codes already.
    Result<void> writeStored(const Layer &layer, const OutputPart &part, const TaskContext &context) const
    {
        LayerQuantization stored;
        if (layer.hasCodes()) {
            QS_ASSIGN(stored, storedQuantization(m_model, layer, context));
        }
        const LayerValues source(m_model, layer, layer.channelAxis, &stored);
        const BlockLayout layout = source.blocks().layout();
        return parallelFor(layout.count(), context, [&](std::size_t index) -> Result<void> {
            thread_local std::vector<float> values;
            thread_local std::vector<std::byte> bytes;
            const BlockRange range = layout.block(index);
            QS_CHECK(source.read(range, values));
            encodeFloats(part.dtype, values, bytes);
            return writeBlock(source.blocks().axis(), range, bytes.data(), bitsOf(part.dtype) / 8, part.write);
        });
    }

    Result<void> writeQuantized(std::size_t item, const OutputPart &part, const TaskContext &context) const
    {
        const Layer &layer = m_model.layers[item];
        const Decision &decision = m_decisions[item];
        const AxisLayout axis = AxisLayout::of(m_model.tensorOf(layer), decision.channelAxis);
        const CodeSink sink = [&](const CodeBlock &block) -> Result<void> {
            const std::uint64_t count = block.channels * block.weights;
            thread_local std::vector<std::byte> bytes;
            for (std::uint64_t i = 0; i < count; ++i) {
                if (!std::isfinite(roundTo(part.dtype, block.values[i])))
                    return fail(ErrorCode::Work,
                                Text::of("a dequantized value of layer {} overflows {}; exclude the layer, or use "
                                         "the narrow code range",
                                         inQuotes(layer.name), nameOf(part.dtype)));
            }
            encodeFloats(part.dtype, {block.values, count}, bytes);
            return writeBlock(axis, rangeOf(block), bytes.data(), bitsOf(part.dtype) / 8, part.write);
        };
        QS_CHECK(quantizeLayer({.model = m_model,
                                .layer = layer,
                                .channelAxis = decision.channelAxis,
                                .scheme = decision.scheme,
                                .keep = Keep::Scales,
                                .sink = sink,
                                .moments = decision.moments.get()},
                               context));
        return {};
    }

    const Model &m_model;
    std::span<const Decision> m_decisions;
};

} // namespace

std::shared_ptr<const Producer> tensorCopies(const Model &model)
{
    return std::make_shared<TensorCopies>(model, false);
}

std::shared_ptr<const Producer> storedCopies(const Model &model)
{
    return std::make_shared<TensorCopies>(model, true);
}

std::shared_ptr<const Producer> fixedBytes(std::string bytes)
{
    return std::make_shared<FixedBytesOut>(std::move(bytes));
}

std::shared_ptr<const Producer> fixedBytesOf(std::string_view digits)
{
    std::string bytes(digits.size() / 2, 0);
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const char *const end = digits.data() + 2 * i + 2;
        unsigned char byte = 0;
        if (std::from_chars(end - 2, end, byte, 16).ptr != end)
            return nullptr;
        bytes[i] = static_cast<char>(byte);
    }
    return fixedBytes(std::move(bytes));
}

std::shared_ptr<const Producer> layerCodes(const Model &model, std::span<const Decision> decisions,
                                           const CodePacker &packer)
{
    return std::make_shared<LayerCodes>(model, decisions, packer);
}

std::shared_ptr<const Producer> layerValues(const Model &model, std::span<const Decision> decisions)
{
    return std::make_shared<LayerValuesOut>(model, decisions);
}

} // namespace qs
