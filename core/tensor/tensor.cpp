// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensor/tensor.h"

#include "core/base/input_file.h"

#include <cassert>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace qs {

std::string shapeText(const std::vector<std::uint64_t> &shape)
{
    return fmt::format("[{}]", fmt::join(shape, ", "));
}

Result<void> TensorView::read(std::uint64_t first, std::span<std::byte> target) const
{
    assert(first <= info->byteSize && target.size() <= info->byteSize - first);
    return file->read(info->byteOffset + first, target);
}

Result<std::vector<std::byte>> TensorView::bytes() const
{
    std::vector<std::byte> result(info->byteSize);
    QS_CHECK(read(0, result));
    return result;
}

} // namespace qs
