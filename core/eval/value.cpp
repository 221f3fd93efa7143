// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/eval/value.h"

#include "core/base/checked_math.h"

#include <algorithm>
#include <atomic>
#include <cassert>
#include <cstring>
#include <limits>
#include <mutex>
#include <new>
#include <unordered_map>

namespace qs {
namespace {

constexpr std::align_val_t kAlignment{64};
constexpr std::size_t kShownAxes = 16;
constexpr std::uint64_t kLeastSpare = 16384; // bytes of a block that is kept for the next value
constexpr std::uint64_t kShareOfSpares = 16; // of the limit, all of them

} // namespace

struct MemoryBudget::Account {
    explicit Account(std::uint64_t bytes)
        : limit(bytes)
    {}
    ~Account() { dropSpares(); }
    Account(const Account &) = delete;
    Account &operator=(const Account &) = delete;

    void dropSpares()
    {
        for (auto &[size, blocks] : spares)
            for (std::byte *const block : blocks)
                ::operator delete(block, kAlignment);
        spares.clear();
        spareBytes = 0;
    }

    const std::uint64_t limit;
    std::atomic<std::uint64_t> used = 0;
    std::atomic<std::uint64_t> peak = 0;
    std::atomic<std::uint64_t> refusals = 0;
    std::mutex mutex;                                                   ///< guards what follows
    std::unordered_map<std::uint64_t, std::vector<std::byte *>> spares; ///< by size
    std::uint64_t spareBytes = 0;
};

std::string shapeText(const Shape &shape)
{
    std::string result = "[";
    for (std::size_t i = 0; i < std::min(shape.size(), kShownAxes); ++i)
        result += (i == 0 ? "" : ", ") + std::to_string(shape[i]);
    return result + (shape.size() > kShownAxes ? ", …]" : "]");
}

std::optional<std::int64_t> elementCount(std::span<const std::int64_t> shape)
{
    std::int64_t count = 1;
    bool empty = false;
    for (const std::int64_t size : shape) {
        if (size < 0 || __builtin_mul_overflow(count, std::max<std::int64_t>(size, 1), &count))
            return std::nullopt;
        empty = empty || size == 0;
    }
    if (shape.size() > kMaxRank)
        return std::nullopt;
    return empty ? 0 : count;
}

MemoryBudget::MemoryBudget(std::uint64_t limit)
    : m_account(std::make_shared<Account>(limit))
{}

std::uint64_t MemoryBudget::limit() const
{
    return m_account->limit;
}

std::uint64_t MemoryBudget::used() const
{
    return m_account->used;
}

std::uint64_t MemoryBudget::peak() const
{
    return m_account->peak;
}

std::uint64_t MemoryBudget::refusals() const
{
    return m_account->refusals;
}

Result<void> MemoryBudget::take(std::uint64_t bytes)
{
    std::uint64_t used = m_account->used;
    do {
        if (bytes > m_account->limit || used > m_account->limit - bytes) {
            ++m_account->refusals;
            return fail(ErrorCode::Work, Text::of("{} bytes of memory are needed beside {} in use; {} are allowed",
                                                  bytes, used, m_account->limit));
        }
    } while (!m_account->used.compare_exchange_weak(used, used + bytes));
    std::uint64_t peak = m_account->peak;
    while (peak < used + bytes && !m_account->peak.compare_exchange_weak(peak, used + bytes)) {
    }
    return {};
}

void MemoryBudget::giveBack(std::uint64_t bytes)
{
    m_account->used -= bytes;
}

std::byte *MemoryBudget::allocate(std::uint64_t bytes)
{
    if (bytes >= kLeastSpare) {
        const std::lock_guard lock(m_account->mutex);
        if (const auto found = m_account->spares.find(bytes); found != m_account->spares.end()) {
            std::byte *const block = found->second.back();
            found->second.pop_back();
            if (found->second.empty())
                m_account->spares.erase(found);
            m_account->spareBytes -= bytes;
            return block;
        }
        if (m_account->used + m_account->spareBytes > m_account->limit)
            m_account->dropSpares();
    }
    return static_cast<std::byte *>(::operator new(std::max<std::uint64_t>(bytes, 1), kAlignment, std::nothrow));
}

void MemoryBudget::release(std::byte *memory, std::uint64_t bytes)
{
    if (bytes >= kLeastSpare) {
        const std::lock_guard lock(m_account->mutex);
        if (bytes <= m_account->limit / kShareOfSpares - m_account->spareBytes) {
            m_account->spares[bytes].push_back(memory);
            m_account->spareBytes += bytes;
            return;
        }
    }
    ::operator delete(memory, kAlignment);
}

Result<std::shared_ptr<Value>> Value::make(ElementKind kind, Shape shape, MemoryBudget &budget)
{
    const auto count = elementCount(shape);
    const auto bytes = count ? checkedMul(static_cast<std::uint64_t>(*count),
                                          kind == ElementKind::Float ? sizeof(float) : sizeof(std::int64_t))
                             : std::nullopt;
    const auto all = bytes ? checkedAdd(*bytes, kOwnBytes) : std::nullopt;
    if (!all)
        return fail(ErrorCode::Work, Text::of("a value of shape {} is not possible in any memory", shapeText(shape)));
    QS_CHECK(budget.take(*all));
    std::byte *const memory = budget.allocate(*bytes);
    if (memory == nullptr) {
        budget.giveBack(*all);
        return fail(ErrorCode::Work, Text::of("the system has no {} bytes of memory left", *bytes));
    }
    std::shared_ptr<std::byte> storage(memory, [account = budget, size = *bytes](std::byte *bytesOfValue) mutable {
        account.release(bytesOfValue, size);
        account.giveBack(size);
    });
    return std::make_shared<Value>(Key(), kind, std::move(shape), std::move(storage), budget);
}

Result<std::shared_ptr<const Value>> Value::view(const std::shared_ptr<const Value> &value, Shape shape)
{
    const auto count = elementCount(shape);
    if (!count || static_cast<std::size_t>(*count) != value->size())
        return fail(ErrorCode::Work, Text::of("the shape {} does not hold the elements of the shape {}",
                                              shapeText(shape), shapeText(value->shape())));
    MemoryBudget budget = value->m_budget;
    QS_CHECK(budget.take(kOwnBytes));
    return std::make_shared<const Value>(Key(), value->kind(), std::move(shape), value->m_storage, std::move(budget));
}

Value::Value(Key /*key*/, ElementKind kind, Shape shape, std::shared_ptr<std::byte> storage, MemoryBudget budget)
    : m_kind(kind)
    , m_shape(std::move(shape))
    , m_size(static_cast<std::size_t>(elementCount(m_shape).value_or(0)))
    , m_storage(std::move(storage))
    , m_budget(std::move(budget))
{}

Value::~Value()
{
    m_budget.giveBack(kOwnBytes);
}

float *Value::floatData() const
{
    assert(isFloat());
    return reinterpret_cast<float *>(m_storage.get());
}

std::int64_t *Value::intData() const
{
    assert(!isFloat());
    return reinterpret_cast<std::int64_t *>(m_storage.get());
}

bool Value::operator==(const Value &other) const
{
    return m_kind == other.m_kind && m_shape == other.m_shape &&
           (m_storage == other.m_storage || std::memcmp(m_storage.get(), other.m_storage.get(), bytes()) == 0);
}

} // namespace qs
