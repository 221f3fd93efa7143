// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/onnx/axis_trace.h"

#include "core/base/checked_math.h"

#include <algorithm>

namespace qs::onnx {

std::optional<std::size_t> normalizedAxis(std::int64_t axis, std::size_t rank)
{
    const auto count = static_cast<std::int64_t>(rank);
    if (axis < -count || axis >= count)
        return std::nullopt;
    return static_cast<std::size_t>(axis < 0 ? axis + count : axis);
}

AxisTrace::AxisTrace(const std::vector<std::uint64_t> &shape)
    : m_stored(shape)
    , m_shape(shape)
{
    for (std::size_t i = 0; i < shape.size(); ++i)
        m_axes.push_back({Factor{i, shape[i], 1}});
}

std::uint64_t AxisTrace::size(std::size_t axis) const
{
    std::uint64_t result = 1;
    for (const Factor &factor : m_axes[axis])
        result *= factor.size;
    return result;
}

std::vector<std::uint64_t> AxisTrace::shape() const
{
    std::vector<std::uint64_t> result;
    for (std::size_t i = 0; i < m_axes.size(); ++i)
        result.push_back(size(i));
    return result;
}

bool AxisTrace::isStored() const
{
    if (m_shape != m_stored)
        return false;
    std::size_t next = 0; // stored axis that comes next
    for (std::size_t i = 0; i < m_axes.size(); ++i) {
        if (size(i) == 1)
            continue;
        while (next < m_shape.size() && m_shape[next] == 1)
            ++next;
        if (storedAxis(i) != static_cast<int>(next++))
            return false;
    }
    return true;
}

bool AxisTrace::transpose(std::span<const std::int64_t> permutation)
{
    std::vector<std::int64_t> order(permutation.begin(), permutation.end());
    if (order.empty()) // the default reverses the axes
        for (std::size_t i = rank(); i > 0; --i)
            order.push_back(static_cast<std::int64_t>(i - 1));
    std::vector<bool> seen(rank(), false);
    if (order.size() != rank())
        return false;
    std::vector<Axis> axes;
    for (std::int64_t entry : order) {
        const auto axis = normalizedAxis(entry, rank());
        if (!axis || seen[*axis])
            return false;
        seen[*axis] = true;
        axes.push_back(m_axes[*axis]);
    }
    m_axes = std::move(axes);
    return true;
}

bool AxisTrace::reshape(std::span<const std::int64_t> dims, bool allowZero)
{
    std::uint64_t total = 1;
    for (std::size_t i = 0; i < rank(); ++i)
        total *= size(i);
    std::vector<std::uint64_t> sizes;
    std::optional<std::size_t> open;
    std::uint64_t product = 1;
    for (std::size_t i = 0; i < dims.size(); ++i) {
        if (dims[i] < -1 || (dims[i] == -1 && open) || (dims[i] == 0 && (allowZero || i >= rank())))
            return false;
        if (dims[i] == -1)
            open = i;
        sizes.push_back(dims[i] == -1 ? 1 : dims[i] == 0 ? size(i) : static_cast<std::uint64_t>(dims[i]));
        const auto next = checkedMul(product, sizes.back());
        if (!next)
            return false;
        product = *next;
    }
    if (open && product != 0) {
        sizes[*open] = total / product;
        product *= sizes[*open];
    }
    return product == total && regroup(sizes);
}

bool AxisTrace::regroup(const std::vector<std::uint64_t> &sizes)
{
    std::vector<Factor> factors; // of size above 1, outermost first
    for (const Axis &axis : m_axes)
        for (const Factor &factor : axis)
            if (factor.size > 1)
                factors.push_back(factor);
    std::ranges::reverse(factors);
    std::vector<Axis> axes;
    for (std::uint64_t left : sizes) {
        Axis axis;
        while (left > 1) {
            if (factors.empty())
                return false;
            Factor &factor = factors.back();
            const bool whole = left % factor.size == 0;
            if (!whole && factor.size % left != 0)
                return false;
            Factor taken = factor;
            if (whole) {
                factors.pop_back();
            } else { // the outer part of the factor; the inner one stays
                factor.size /= left;
                taken = {taken.axis, left, factor.stride * factor.size};
            }
            left /= taken.size;
            // Two parts of one stored axis that belong together again.
            if (!axis.empty() && axis.back().axis == taken.axis && axis.back().stride == taken.size * taken.stride)
                axis.back() = {taken.axis, axis.back().size * taken.size, taken.stride};
            else
                axis.push_back(taken);
        }
        axes.push_back(std::move(axis));
    }
    m_axes = std::move(axes);
    return true;
}

bool AxisTrace::flatten(std::int64_t axis)
{
    const auto count = static_cast<std::int64_t>(rank());
    if (axis < -count || axis > count)
        return false;
    const auto split = static_cast<std::size_t>(axis < 0 ? axis + count : axis);
    std::vector<std::uint64_t> sizes{1, 1};
    for (std::size_t i = 0; i < rank(); ++i)
        sizes[i < split ? 0 : 1] *= size(i);
    return regroup(sizes);
}

bool AxisTrace::squeeze(std::span<const std::int64_t> axes)
{
    std::vector<bool> removed(rank(), false);
    for (std::int64_t entry : axes) {
        const auto axis = normalizedAxis(entry, rank());
        if (!axis || size(*axis) != 1 || removed[*axis])
            return false;
        removed[*axis] = true;
    }
    std::vector<Axis> kept;
    for (std::size_t i = 0; i < rank(); ++i)
        if (axes.empty() ? size(i) != 1 : !removed[i])
            kept.push_back(m_axes[i]);
    m_axes = std::move(kept);
    return true;
}

bool AxisTrace::unsqueeze(std::span<const std::int64_t> axes)
{
    const std::size_t count = rank() + axes.size();
    std::vector<bool> isNew(count, false);
    for (std::int64_t entry : axes) {
        const auto axis = normalizedAxis(entry, count);
        if (!axis || isNew[*axis])
            return false;
        isNew[*axis] = true;
    }
    std::vector<Axis> result;
    for (std::size_t i = 0, old = 0; i < count; ++i)
        result.push_back(isNew[i] ? Axis() : m_axes[old++]);
    m_axes = std::move(result);
    return true;
}

bool AxisTrace::take(std::size_t axis, std::uint64_t entries)
{
    if (axis >= rank() || entries == 0 || entries > size(axis))
        return false;
    if (entries == size(axis))
        return true;
    const std::optional<int> stored = storedAxis(axis);
    if (!stored)
        return false;
    const auto index = static_cast<std::size_t>(*stored);
    m_shape[index] = entries;
    m_axes[axis] = {Factor{index, entries, 1}};
    return true;
}

std::size_t AxisTrace::pickedAxes() const
{
    const auto seen = std::ranges::find_if(m_shape, [](std::uint64_t size) { return size != 1; });
    const auto count = static_cast<std::size_t>(seen - m_shape.begin());
    return std::equal(m_shape.begin(), seen, m_stored.begin()) ? 0 : count;
}

std::optional<int> AxisTrace::storedAxis(std::size_t axis) const
{
    const Axis &factors = m_axes[axis];
    const std::uint64_t total = size(axis);
    const Factor *only = nullptr; // the one factor that is not of size 1; any other one of size 1 may stand beside it
    for (const Factor &factor : factors) {
        if (factor.size == 1 && only != nullptr)
            continue;
        if (only != nullptr && only->size > 1)
            return std::nullopt;
        only = &factor;
    }
    if (only != nullptr)
        return only->size == m_shape[only->axis] ? std::optional(static_cast<int>(only->axis)) : std::nullopt;
    // An axis of size 1 that a node added is as good as any stored one of that size.
    const auto single = std::ranges::find(m_shape, total);
    if (single == m_shape.end())
        return std::nullopt;
    return static_cast<int>(single - m_shape.begin());
}

} // namespace qs::onnx
