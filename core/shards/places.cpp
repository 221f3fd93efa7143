// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/shards/places.h"

#include "core/base/checked_math.h"

#include <algorithm>
#include <tuple>

namespace qs {

namespace {

/// As they follow each other in the files.
std::vector<std::size_t> inOrder(const Work &work, std::size_t unit)
{
    std::vector<std::size_t> tensors = work.shares[unit].tensors;
    std::ranges::sort(tensors, {}, [&](std::size_t tensor) {
        return std::tuple(work.fileOf(tensor), work.file.layout.tensors[tensor].byteOffset, tensor);
    });
    return tensors;
}

void add(UnitPlaces &all, Place place, std::uint64_t end, bool inPart)
{
    if (end <= place.begin)
        return;
    place.bytes = end - place.begin;
    place.inPart = inPart;
    if (inPart) {
        place.partBegin = all.partBytes;
        all.partBytes += place.bytes;
    }
    all.places.push_back(place);
}

/// Whole blocks, and what is around them.
void addCut(UnitPlaces &all, const Place &whole, std::uint64_t block)
{
    const std::uint64_t first = std::min(ceilDiv(whole.begin, block) * block, whole.end());
    const std::uint64_t last = std::max(whole.end() / block * block, first);
    Place rest = whole;
    const auto cut = [&](std::uint64_t end, bool inPart) {
        add(all, rest, end, inPart);
        rest.from += end - rest.begin;
        rest.begin = end;
    };
    cut(first, true);
    cut(last, false);
    cut(whole.end(), true);
}

} // namespace

bool UnitPlaces::writesOutput() const
{
    return std::ranges::any_of(places, [](const Place &place) { return !place.inPart; });
}

UnitPlaces placesOf(const Work &work, std::size_t unit)
{
    UnitPlaces all;
    Place whole;
    for (const std::size_t index : inOrder(work, unit)) {
        const OutputTensor &tensor = work.file.layout.tensors[index];
        const std::size_t file = work.fileOf(index);
        if (file != whole.file || tensor.byteOffset != whole.end()) {
            addCut(all, whole, work.blockBytes);
            whole = {.file = file, .begin = tensor.byteOffset, .from = whole.to()};
        }
        whole.bytes += tensor.byteSize();
    }
    addCut(all, whole, work.blockBytes);
    return all;
}

std::vector<OutputTensor> tensorsOf(const Work &work, std::size_t unit)
{
    std::vector<OutputTensor> tensors;
    std::uint64_t offset = 0;
    for (const std::size_t index : inOrder(work, unit)) {
        OutputTensor &tensor = tensors.emplace_back(work.file.layout.tensors[index]);
        tensor.byteOffset = offset;
        offset += tensor.byteSize();
    }
    return tensors;
}

} // namespace qs
