// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/export/payload.h"

#include "core/base/input_file.h"
#include "core/base/parallel.h"
#include "core/base/text.h"
#include "core/quant/stored.h"
#include "core/tensor/small_floats.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <map>

namespace qs {

namespace {

constexpr std::size_t kCopyBytes = std::size_t{4} << 20U;

/// The tensors that one layer gives.
struct LayerOutputs {
    const OutputTensor *codes = nullptr;
    const OutputTensor *scales = nullptr;
    const OutputTensor *zeroPoints = nullptr;
    const OutputTensor *offsets = nullptr;
    const OutputTensor *values = nullptr;
};

Result<void> copyTensor(const Model &model, const OutputTensor &tensor, AtomicFile &file, const TaskContext &context)
{
    const TensorView view = model.view(tensor.index);
    for (std::size_t done = 0; done < view.bytes.size(); done += kCopyBytes) {
        QS_CHECK(context.check());
        const auto part = view.bytes.subspan(done, std::min(kCopyBytes, view.bytes.size() - done));
        const Result<void> written = file.write(tensor.byteOffset + done, part);
        QS_CHECK(view.file->check()); // first: a file that shrank makes writing from its mapping fail
        QS_CHECK(written);
    }
    return {};
}

Result<void> writeFloats(std::span<const float> values, const OutputTensor &tensor, AtomicFile &file)
{
    std::vector<std::byte> bytes;
    const std::size_t size = bitsOf(tensor.dtype) / 8;
    constexpr std::size_t kPart = kCopyBytes / 8;
    for (std::size_t done = 0; done < values.size(); done += kPart) {
        encodeFloats(tensor.dtype, values.subspan(done, std::min(kPart, values.size() - done)), bytes);
        QS_CHECK(file.write(tensor.byteOffset + done * size, bytes));
    }
    return {};
}

/// Writes the runs of a block to their places in the tensor's own order.
Result<void> writeBlock(const AxisLayout &axis, const CodeBlock &block, const std::byte *bytes, std::size_t size,
                        std::uint64_t byteOffset, AtomicFile &file)
{
    const BlockRange range{block.channel, block.channels, block.weight, block.weights};
    if (axis.contiguous()) {
        const std::uint64_t first = block.channel * axis.inner + block.weight;
        return file.write(byteOffset + first * size, {bytes, range.size() * size});
    }
    Result<void> result;
    // Channels are neighbours in the file: turn the block round, so that writes are as long as possible.
    if (range.weight % axis.inner == 0 && range.weights % axis.inner == 0) {
        std::vector<std::byte> row(range.channels * axis.inner * size);
        const std::size_t run = axis.inner * size;
        for (std::uint64_t k = 0; k < range.weights && result; k += axis.inner) {
            for (std::uint64_t c = 0; c < range.channels; ++c)
                std::copy_n(bytes + (c * range.weights + k) * size, run, row.data() + c * run);
            const std::uint64_t outer = (range.weight + k) / axis.inner;
            result = file.write(byteOffset + (outer * axis.channels + range.channel) * run, row);
        }
        return result;
    }
    forEachRun(axis, range, [&](std::uint64_t source, std::uint64_t target, std::uint64_t length) {
        if (result)
            result = file.write(byteOffset + source * size, {bytes + target * size, length * size});
    });
    return result;
}

/// Values of a layer that holds codes already.
Result<void> writeStoredValues(const Model &model, const Layer &layer, const OutputTensor &tensor, AtomicFile &file,
                               const TaskContext &context)
{
    QS_ASSIGN(const LayerQuantization stored, storedQuantization(model, layer, context));
    const LayerValues source(model, layer, layer.channelAxis, &stored);
    const BlockLayout layout = source.blocks().layout();
    return parallelFor(layout.count(), context, [&](std::size_t index) -> Result<void> {
        thread_local std::vector<float> values;
        thread_local std::vector<std::byte> bytes;
        const BlockRange range = layout.block(index);
        QS_CHECK(source.read(range, values));
        encodeFloats(tensor.dtype, values, bytes);
        return writeBlock(source.blocks().axis(), {range.channel, range.channels, range.weight, range.weights},
                          bytes.data(), bitsOf(tensor.dtype) / 8, tensor.byteOffset, file);
    });
}

Result<void> writeLayer(const Model &model, std::size_t index, const Decision &decision, const LayerOutputs &outputs,
                        AtomicFile &file, const TaskContext &context)
{
    const Layer &layer = model.layers[index];
    if (layer.stored)
        return writeStoredValues(model, layer, *outputs.values, file, context);
    const AxisLayout axis = AxisLayout::of(model.tensorOf(layer).shape, decision.channelAxis);
    const CodeSink sink = [&](const CodeBlock &block) -> Result<void> {
        const std::uint64_t count = block.channels * block.weights;
        if (outputs.codes) {
            const auto *bytes = reinterpret_cast<const std::byte *>(block.codes);
            return writeBlock(axis, block, bytes, 1, outputs.codes->byteOffset, file);
        }
        thread_local std::vector<std::byte> bytes;
        for (std::uint64_t i = 0; i < count; ++i) {
            if (!std::isfinite(roundTo(outputs.values->dtype, block.values[i])))
                return fail(ErrorCode::Work,
                            fmt::format("a dequantized value of layer {} overflows {}; exclude the layer, or use the "
                                        "narrow code range",
                                        inQuotes(layer.name), nameOf(outputs.values->dtype)));
        }
        encodeFloats(outputs.values->dtype, {block.values, count}, bytes);
        return writeBlock(axis, block, bytes.data(), bytes.size() / count, outputs.values->byteOffset, file);
    };
    QS_ASSIGN(const LayerQuantization result,
              quantizeLayer(model, layer, decision.channelAxis, decision.scheme, context, sink, Keep::Scales,
                            outputs.codes ? SinkWants::Codes : SinkWants::CodesAndValues));
    if (outputs.scales) {
        QS_CHECK(writeFloats(result.scales, *outputs.scales, file));
    }
    if (outputs.offsets) {
        QS_CHECK(writeFloats(result.offsets, *outputs.offsets, file));
    }
    if (outputs.zeroPoints) {
        QS_CHECK(file.write(outputs.zeroPoints->byteOffset, std::as_bytes(std::span(result.zeroPoints))));
    }
    return {};
}

} // namespace

std::uint64_t OutputTensor::byteSize() const
{
    std::uint64_t elements = 1;
    for (std::uint64_t dim : shape)
        elements *= dim;
    return elements * bitsOf(dtype) / 8;
}

Result<void> writePayload(const Model &model, const std::vector<Decision> &decisions,
                          const std::vector<OutputTensor> &tensors, AtomicFile &file, const TaskContext &context)
{
    std::map<std::size_t, LayerOutputs> layers;
    std::uint64_t all = 1;
    for (const OutputTensor &tensor : tensors) {
        all += tensor.byteSize();
        if (tensor.source == OutputTensor::Source::Copy)
            continue;
        LayerOutputs &outputs = layers[tensor.index];
        (tensor.source == OutputTensor::Source::Codes        ? outputs.codes
         : tensor.source == OutputTensor::Source::Scales     ? outputs.scales
         : tensor.source == OutputTensor::Source::ZeroPoints ? outputs.zeroPoints
         : tensor.source == OutputTensor::Source::Offsets    ? outputs.offsets
                                                             : outputs.values) = &tensor;
    }
    std::uint64_t done = 0;
    for (const OutputTensor &tensor : tensors) {
        QS_CHECK(context.check());
        context.report(static_cast<double>(done) / static_cast<double>(all), tensor.name);
        if (tensor.source == OutputTensor::Source::Copy) {
            QS_CHECK(copyTensor(model, tensor, file, context));
        } else if (tensor.source == OutputTensor::Source::Codes || tensor.source == OutputTensor::Source::Values) {
            QS_CHECK(writeLayer(model, tensor.index, decisions[tensor.index], layers[tensor.index], file, context));
        }
        done += tensor.byteSize();
    }
    return {};
}

} // namespace qs
