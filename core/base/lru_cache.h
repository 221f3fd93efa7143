// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// LruCache: values by key within a budget of bytes; those that were not used for longest go first.
#pragma once

#include <cstddef>
#include <functional>
#include <list>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <utility>

namespace qs {

/// Thread-safe. Values are copied in and out under a lock, so large ones are held as shared_ptr<const T>.
template <class Key, class Value, class Hash = std::hash<Key>> class LruCache
{
public:
    /// What an entry counts beside its value: its key, and its places in the table and in the order of use.
    static constexpr std::size_t kEntryBytes = sizeof(Key) + sizeof(Value) + 96;

    /// Values that alone take more than `largestBytes` are not kept, so that one of them cannot drive out many.
    LruCache(std::size_t budgetBytes, std::size_t largestBytes)
        : m_budgetBytes(budgetBytes)
        , m_largestBytes(largestBytes)
    {}

    explicit LruCache(std::size_t budgetBytes)
        : LruCache(budgetBytes, budgetBytes)
    {}

    /// Makes the entry the one that was used last. Empty when there is none.
    std::optional<Value> find(const Key &key)
    {
        const std::lock_guard lock(m_mutex);
        const auto found = m_entries.find(key);
        if (found == m_entries.end())
            return std::nullopt;
        m_order.splice(m_order.begin(), m_order, found->second.use);
        return found->second.value;
    }

    /// `bytes`: what the value takes outside of itself. A key that is there already keeps its value: whoever computes
    /// the same thing twice at the same time comes to the same result.
    void store(const Key &key, Value value, std::size_t bytes)
    {
        bytes += kEntryBytes;
        const std::lock_guard lock(m_mutex);
        if (bytes > m_largestBytes || m_entries.contains(key))
            return;
        const auto entry = m_entries.emplace(key, Entry{std::move(value), bytes, {}}).first;
        m_order.push_front(&entry->first);
        entry->second.use = m_order.begin();
        m_bytes += bytes;
        while (m_bytes > m_budgetBytes) {
            const auto oldest = m_entries.find(*m_order.back());
            m_bytes -= oldest->second.bytes;
            m_order.pop_back();
            m_entries.erase(oldest);
        }
    }

private:
    struct Entry {
        Value value;
        std::size_t bytes = 0;
        typename std::list<const Key *>::iterator use;
    };

    const std::size_t m_budgetBytes;
    const std::size_t m_largestBytes;
    std::mutex m_mutex;
    std::unordered_map<Key, Entry, Hash> m_entries;
    std::list<const Key *> m_order; ///< into m_entries, whose keys stay where they are; most recently used first
    std::size_t m_bytes = 0;
};

} // namespace qs
