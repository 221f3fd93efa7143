// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Value: a tensor that a run of a network makes; immutable once somebody else sees it, and shared.
#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace qs {

/// What the elements of a Value are: float32 (all floating types of files), or int64 (all integers and booleans; Bool
/// values are 0 or 1).
enum class ElementKind : std::uint8_t { Float, Int, Bool };

/// Sizes of axes, outermost first; none is negative.
using Shape = std::vector<std::int64_t>;

/// "[1, 3, 320, 320]"; of many axes the first 16.
std::string shapeText(const Shape &shape);

inline constexpr std::size_t kMaxRank = 64;

/// Number of elements; empty when a size is negative, the sizes that are not 0 multiplied do not fit 63 bits, or there
/// are more than kMaxRank axes.
std::optional<std::int64_t> elementCount(std::span<const std::int64_t> shape);

/// How much memory the values of a run may take. A cheap handle: copies share one account, and values that outlive the
/// handle give back what they took when they go. Safe to use from several threads.
class MemoryBudget
{
public:
    explicit MemoryBudget(std::uint64_t limit);

    std::uint64_t limit() const;
    std::uint64_t used() const;
    /// The most that was ever used at once.
    std::uint64_t peak() const;
    /// How often something did not fit.
    std::uint64_t refusals() const;
    /// Takes `bytes`. Error{Work} with the numbers when that is more than is left.
    Result<void> take(std::uint64_t bytes);
    void giveBack(std::uint64_t bytes);

    /// Memory for `bytes` that were taken, at a multiple of 64; null when the system has none.
    std::byte *allocate(std::uint64_t bytes);
    /// Keeps some of what is large for the next value of its size: asking the system for every value of every run costs
    /// as much as a convolution.
    void release(std::byte *memory, std::uint64_t bytes);

private:
    struct Account;
    std::shared_ptr<Account> m_account;
};

/// Row-major elements behind an address that is a multiple of 64: vector code then never starts with single elements,
/// so that results depend on shapes alone.
class Value
{
    struct Key {};

public:
    /// What a value takes beside its elements; it counts, too: a network may make millions of small ones.
    static constexpr std::uint64_t kOwnBytes = 256;

    /// Elements are not set. Error{Work} when the shape has no size in 63 bits or the budget has not enough left.
    static Result<std::shared_ptr<Value>> make(ElementKind kind, Shape shape, MemoryBudget &budget);
    /// The same elements under another shape. Error{Work} when it has not as many, or nothing is left in the budget of
    /// the other one.
    static Result<std::shared_ptr<const Value>> view(const std::shared_ptr<const Value> &value, Shape shape);
    /// Made by make() and view().
    Value(Key key, ElementKind kind, Shape shape, std::shared_ptr<std::byte> storage, MemoryBudget budget);
    ~Value();
    Value(const Value &) = delete;
    Value &operator=(const Value &) = delete;

    ElementKind kind() const { return m_kind; }
    bool isFloat() const { return m_kind == ElementKind::Float; }
    const Shape &shape() const { return m_shape; }
    std::size_t rank() const { return m_shape.size(); }
    /// Number of elements.
    std::size_t size() const { return m_size; }
    std::uint64_t bytes() const { return m_size * (isFloat() ? sizeof(float) : sizeof(std::int64_t)); }

    /// Only of the right kind.
    std::span<const float> floats() const { return {floatData(), m_size}; }
    std::span<float> floats() { return {floatData(), m_size}; }
    std::span<const std::int64_t> ints() const { return {intData(), m_size}; }
    std::span<std::int64_t> ints() { return {intData(), m_size}; }

    /// Same kind, shape and bits.
    bool operator==(const Value &other) const;

private:
    float *floatData() const;
    std::int64_t *intData() const;

    ElementKind m_kind;
    Shape m_shape;
    std::size_t m_size = 0;
    std::shared_ptr<std::byte> m_storage; ///< shared by views
    MemoryBudget m_budget;
};

using ValuePtr = std::shared_ptr<const Value>;
/// Null where an optional input or output is left out.
using Values = std::vector<ValuePtr>;

} // namespace qs
