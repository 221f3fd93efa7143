// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/shards/sharing.h"

#include "core/base/checked_math.h"
#include "core/base/checksum.h"

#include <algorithm>
#include <optional>

namespace qs {

namespace {

/// Deals out pieces of work one behind the other, so that all get about as much.
class Dealer
{
public:
    Dealer(std::uint64_t work, std::size_t units)
        : m_perUnit(std::max<std::uint64_t>(ceilDiv(work, units), 1))
        , m_last(units - 1)
    {}

    /// The unit in which the middle of the piece lies.
    std::size_t unitFor(std::uint64_t work)
    {
        const std::uint64_t middle = m_dealt + work / 2;
        m_dealt += work;
        return std::min<std::uint64_t>(middle / m_perUnit, m_last);
    }

private:
    std::uint64_t m_perUnit;
    std::uint64_t m_last;
    std::uint64_t m_dealt = 0;
};

struct Item {
    std::vector<std::size_t> tensors;
    std::optional<std::size_t> layer;
    std::uint64_t bytes = 0;
    std::uint64_t work = 0; ///< bytes that are read or written
};

std::vector<Item> itemsWithWork(const Model &model, const FileLayout &layout)
{
    std::vector<std::size_t> order;
    std::vector<Item> items;
    for (const ItemTensors &tensors : itemsOf(layout.tensors, order)) {
        Item &item = items.emplace_back();
        item.tensors.assign(order.begin() + static_cast<std::ptrdiff_t>(tensors.begin),
                            order.begin() + static_cast<std::ptrdiff_t>(tensors.end));
        const OutputTensor &first = layout.tensors[tensors.first];
        item.layer = first.producer->layerOf(first.item);
        for (const std::size_t tensor : item.tensors)
            item.bytes += layout.tensors[tensor].byteSize();
        // A layer is read once to look at it and once to write it.
        const std::uint64_t read = item.layer ? 2 * model.tensorOf(model.layers[*item.layer]).byteSize : item.bytes;
        item.work = item.bytes + read;
    }
    return items;
}

void addTo(Checksum &checksum, const FileLayout &layout)
{
    checksum.add(layout.bytes);
    for (const OutputTensor &tensor : layout.tensors) {
        checksum.add(tensor.name);
        checksum.add(nameOf(tensor.dtype));
        for (const std::uint64_t size : tensor.shape)
            checksum.add(size);
        checksum.add(tensor.byteOffset);
    }
    for (const FixedBytes &fixed : layout.fixed) {
        checksum.add(fixed.byteOffset);
        checksum.add(fixed.bytes);
    }
    for (const CopiedRange &copied : layout.copied) {
        checksum.add(copied.byteOffset);
        checksum.add(copied.range.begin);
        checksum.add(copied.range.size);
    }
}

} // namespace

std::vector<UnitShare> shareOut(const Model &model, const FileLayout &layout, std::size_t units)
{
    std::vector<UnitShare> shares(units);
    const std::vector<Item> items = itemsWithWork(model, layout);
    std::uint64_t work = 0;
    for (const Item &item : items)
        work += item.work;
    Dealer dealer(work, units);
    std::vector<bool> dealt(model.layers.size());
    for (const Item &item : items) {
        UnitShare &share = shares[dealer.unitFor(item.work)];
        share.tensors.insert(share.tensors.end(), item.tensors.begin(), item.tensors.end());
        share.bytes += item.bytes;
        if (item.layer && !dealt[*item.layer]) {
            dealt[*item.layer] = true;
            share.layers.push_back(*item.layer);
        }
    }
    for (UnitShare &share : shares)
        std::ranges::stable_sort(share.tensors, {}, [&](std::size_t tensor) { return layout.tensors[tensor].shard; });
    // Layers that stay where they are in the source, or whose format does not say what its tensors are made of.
    const auto bytesOf = [&](std::size_t layer) { return model.tensorOf(model.layers[layer]).byteSize; };
    work = 0;
    for (std::size_t i = 0; i < dealt.size(); ++i)
        work += dealt[i] ? 0 : bytesOf(i);
    Dealer others(work, units);
    for (std::size_t i = 0; i < dealt.size(); ++i)
        if (!dealt[i])
            shares[others.unitFor(bytesOf(i))].layers.push_back(i);
    return shares;
}

std::string layoutChecksum(const PlannedFile &file, const std::vector<UnitShare> &shares)
{
    Checksum checksum;
    addTo(checksum, file.layout);
    for (const FolderPart &part : file.folder) {
        checksum.add(part.name);
        addTo(checksum, part.layout);
    }
    for (const UnitShare &share : shares) {
        checksum.add(std::uint64_t{share.tensors.size()});
        for (const std::size_t tensor : share.tensors)
            checksum.add(std::uint64_t{tensor});
        for (const std::size_t layer : share.layers)
            checksum.add(std::uint64_t{layer});
    }
    return checksum.hex();
}

} // namespace qs
