// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/onnx/folded_operators.h"

#include "core/base/checked_math.h"
#include "core/base/text.h"
#include "core/formats/onnx/folded_elements.h"
#include "core/formats/onnx/folded_layout.h"
#include "core/formats/onnx/folded_sums.h"

#include <algorithm>

namespace qs::onnx {

bool FoldCall::allKnown() const
{
    return std::ranges::all_of(inputs, [](const auto &input) { return !input || input->known; });
}

std::optional<std::vector<std::int64_t>> FoldCall::numbers(std::size_t input) const
{
    if (!has(input) || !inputs[input]->known || !inputs[input]->isWhole())
        return std::nullopt;
    return inputs[input]->integers;
}

Result<void> FoldCall::take(const Shape &shape) const
{
    std::optional<std::uint64_t> count = 1;
    for (const std::uint64_t size : shape)
        count = count ? checkedMul(*count, size) : count;
    if (!count || *count > largest)
        return notComputed(Text::of("a value on the way has the shape {}", shapeText(shape)));
    return spend(*count);
}

std::unexpected<Error> FoldCall::wrongInputs() const
{
    return notComputed(Text::of("{} has {} inputs", op(), inputs.size()));
}

std::unexpected<Error> FoldCall::wrongType(DType type) const
{
    return notComputed(Text::of("{} computes with {}", op(), nameOf(type)));
}

FoldOperator foldOperator(std::string_view name)
{
    if (const FoldOperator found = elementOperator(name); found != nullptr)
        return found;
    if (const FoldOperator found = layoutOperator(name); found != nullptr)
        return found;
    return sumOperator(name);
}

} // namespace qs::onnx
