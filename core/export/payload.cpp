// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/export/payload.h"

#include "core/base/checked_math.h"
#include "core/base/read_buffer.h"

#include <algorithm>
#include <tuple>

namespace qs {

namespace {

bool sameItem(const OutputTensor &a, const OutputTensor &b)
{
    return a.producer == b.producer && a.item == b.item;
}

} // namespace

std::vector<ItemTensors> itemsOf(const std::vector<OutputTensor> &tensors, std::vector<std::size_t> &order)
{
    order.resize(tensors.size());
    for (std::size_t i = 0; i < order.size(); ++i)
        order[i] = i;
    std::ranges::sort(order, [&](std::size_t a, std::size_t b) {
        return std::tuple(tensors[a].producer.get(), tensors[a].item, a) <
               std::tuple(tensors[b].producer.get(), tensors[b].item, b);
    });
    std::vector<ItemTensors> items;
    for (std::size_t i = 0; i < order.size(); ++i) {
        if (i == 0 || !sameItem(tensors[order[i - 1]], tensors[order[i]]))
            items.push_back({order[i], i, i});
        items.back().end = i + 1;
    }
    std::ranges::sort(items, {}, &ItemTensors::first);
    return items;
}

std::uint64_t OutputTensor::byteSize() const
{
    std::uint64_t elements = 1;
    for (std::uint64_t dim : shape)
        elements *= dim;
    return ceilDiv(elements * bitsOf(dtype), 8);
}

namespace {

/// Calls produce(producer, item, parts) for each item, until it gives false.
template <class Produce>
Result<bool> forEachItem(const std::vector<OutputTensor> &tensors, const ByteSink &write, const TaskContext &context,
                         Produce produce)
{
    std::uint64_t all = 1;
    for (const OutputTensor &tensor : tensors)
        all += tensor.byteSize();
    std::vector<std::size_t> order;
    std::vector<OutputPart> parts;
    std::uint64_t done = 0;
    for (const ItemTensors &item : itemsOf(tensors, order)) {
        QS_CHECK(context.check());
        const OutputTensor &first = tensors[item.first];
        context.report(static_cast<double>(done) / static_cast<double>(all), Text::asIs(first.name));
        parts.clear();
        for (std::size_t i = item.begin; i < item.end; ++i) {
            const OutputTensor &tensor = tensors[order[i]];
            parts.resize(std::max(parts.size(), tensor.part + 1));
            parts[tensor.part] = {tensor.dtype, [&write, start = tensor.byteOffset](std::uint64_t offset,
                                                                                    std::span<const std::byte> bytes) {
                                      return write(start + offset, bytes);
                                  }};
            done += tensor.byteSize();
        }
        QS_ASSIGN(const bool goesOn, produce(*first.producer, first.item, parts));
        if (!goesOn)
            return false;
    }
    return true;
}

} // namespace

Result<void> writePayload(const std::vector<OutputTensor> &tensors, const ByteSink &write, const TaskContext &context)
{
    const auto produce = [&](const Producer &producer, std::size_t item,
                             std::span<const OutputPart> parts) -> Result<bool> {
        QS_CHECK(producer.produce(item, parts, context));
        return true;
    };
    QS_CHECK(forEachItem(tensors, write, context, produce));
    return {};
}

Result<bool> writeMeasured(const std::vector<OutputTensor> &tensors, const ByteSink &write, AnalysisCache &cache,
                           const TaskContext &context)
{
    return forEachItem(tensors, write, context,
                       [&](const Producer &producer, std::size_t item, std::span<const OutputPart> parts) {
                           return producer.produceMeasured(item, parts, cache, context);
                       });
}

ByteSink sinkInto(AtomicFile &file)
{
    return [&file](std::uint64_t offset, std::span<const std::byte> bytes) { return file.write(offset, bytes); };
}

Result<void> writeCopies(const std::vector<CopiedRange> &ranges, AtomicFile &file, const TaskContext &context)
{
    constexpr std::uint64_t kPieceBytes = std::uint64_t{1} << 20U;
    ReadBuffer buffer;
    for (const auto &[range, target] : ranges) {
        for (std::uint64_t done = 0; done < range.size; done += kPieceBytes) {
            QS_CHECK(context.check());
            const auto piece = buffer.bytes(std::min(kPieceBytes, range.size - done));
            QS_CHECK(range.file->read(range.begin + done, piece));
            QS_CHECK(file.write(target + done, piece));
        }
    }
    return {};
}

} // namespace qs
