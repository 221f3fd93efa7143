// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/torch/arguments.h"

#include "core/base/checked_math.h"
#include "core/base/text.h"

#include <optional>

namespace qs::torch {
namespace {

constexpr std::size_t kMaxDims = 32;

} // namespace

std::unexpected<Error> Arguments::wrong(Index value, Text message) const
{
    return fail(ErrorCode::Input, std::move(message),
                Text::of("{}, pickle, tensor {}, byte {}", m_where, inQuotes(m_name),
                         m_content.position(value == pickle::kNone ? m_value : value)));
}

pickle::Index Arguments::argument(std::span<const Index> arguments, std::size_t index)
{
    return index < arguments.size() ? arguments[index] : pickle::kNone;
}

pickle::Index Arguments::lastSizes(Index value) const
{
    Index last = pickle::kNone;
    if (m_content.kind(value) == Kind::Tuple)
        for (const Index item : m_content.items(value))
            if (isSizes(item))
                last = item;
    return last;
}

bool Arguments::isSizes(Index value) const
{
    return m_content.kind(value) == Kind::Tuple || m_content.kind(value) == Kind::List ||
           (m_content.kind(value) == Kind::Object && m_content.callableName(value) == "torch.Size");
}

Result<ElementType> Arguments::elementFrom(Index value) const
{
    const auto element =
        m_content.kind(value) == Kind::Global ? elementTypeOf(m_content.globalName(value)) : std::nullopt;
    if (!element)
        return wrong(value,
                     Text::of("the element type {} is unknown", m_content.kind(value) == Kind::Global
                                                                    ? Text::asIs(inQuotes(m_content.globalName(value)))
                                                                    : pickle::describe(m_content.kind(value))));
    return *element;
}

Result<std::vector<std::uint64_t>> Arguments::numbers(Index value, const char *field) const
{
    Index list = value;
    if (isSizes(list) && m_content.kind(list) == Kind::Object)
        list = argument(m_content.items(m_content.object(list).arguments), 0);
    if (m_content.kind(list) != Kind::Tuple && m_content.kind(list) != Kind::List)
        return wrong(value, Text::of("'{}' must be a tuple of whole numbers, not {}", field,
                                     pickle::describe(m_content.kind(value))));
    const auto items = m_content.items(list);
    if (items.size() > kMaxDims)
        return wrong(value, Text::of("'{}' has {} dimensions, the limit is {}", field, items.size(), kMaxDims));
    std::vector<std::uint64_t> result;
    for (const Index item : items) {
        QS_ASSIGN(const std::uint64_t number, wholeNumber(item, field));
        result.push_back(number);
    }
    return result;
}

Result<std::uint64_t> Arguments::wholeNumber(Index value, const char *field) const
{
    if (m_content.kind(value) != Kind::Int)
        return wrong(value,
                     Text::of("'{}' must be a whole number, not {}", field, pickle::describe(m_content.kind(value))));
    if (m_content.integer(value) < 0)
        return wrong(value, Text::of("'{}' must not be negative, not {}", field, m_content.integer(value)));
    return static_cast<std::uint64_t>(m_content.integer(value));
}

Result<std::uint64_t> Arguments::elementsOf(const std::vector<std::uint64_t> &shape) const
{
    std::optional<std::uint64_t> count = 1;
    bool empty = false;
    for (std::uint64_t dim : shape) {
        empty = empty || dim == 0;
        if (count && dim != 0)
            count = checkedMul(*count, dim);
    }
    if (!count || !checkedMul(*count, sizeof(double) * 2))
        return wrong(m_value, Text::of("the shape {} has more than 2^64 - 1 bytes", shapeText(shape)));
    return empty ? 0 : *count;
}

} // namespace qs::torch
