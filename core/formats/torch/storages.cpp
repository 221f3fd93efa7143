// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/torch/storages.h"

#include "core/base/text.h"

#include <algorithm>

namespace qs::torch {
namespace {

using pickle::Content;
using pickle::Index;
using pickle::Kind;

constexpr std::size_t kMaxKeyBytes = 20; // a number of 64 bits

class StorageReader
{
public:
    StorageReader(const Content &content, const std::string &where)
        : m_content(content)
        , m_where(where)
    {}

    Result<Storages> read()
    {
        Storages result;
        std::map<std::string_view, Storage> byKey;
        for (Index value = 0; value < m_content.size(); ++value) {
            if (m_content.kind(value) != Kind::Persistent)
                continue;
            const Index id = m_content.persistentId(value);
            if (isModuleSource(id))
                continue;
            QS_ASSIGN(const Storage storage, storageFrom(id));
            const auto [known, isNew] = byKey.emplace(storage.key, storage);
            if (!isNew && (known->second.type.element != storage.type.element || known->second.count != storage.count))
                return wrong(id, Text::of("storage {} has another type or size than at byte {}", inQuotes(storage.key),
                                          known->second.position));
            result.emplace_hint(result.end(), value, storage);
        }
        return result;
    }

private:
    std::unexpected<Error> wrong(Index value, Text message) const
    {
        return fail(ErrorCode::Input, std::move(message),
                    Text::of("{}, pickle, persistent id at byte {}", m_where, m_content.position(value)));
    }

    std::span<const Index> itemsOf(Index id) const
    {
        return m_content.kind(id) == Kind::Tuple ? m_content.items(id) : std::span<const Index>();
    }

    bool isText(Index value, std::string_view text) const
    {
        return m_content.kind(value) == Kind::String && m_content.text(value) == text;
    }

    /// ("module", class, file, source) of old files that hold whole modules.
    bool isModuleSource(Index id) const
    {
        const auto items = itemsOf(id);
        return items.size() == 4 && isText(items[0], "module");
    }

    Result<Storage> storageFrom(Index id) const
    {
        const auto items = itemsOf(id);
        if (m_content.kind(id) != Kind::Tuple)
            return wrong(id, Text::of("it must be a tuple ('storage', type, key, location, size), not {}",
                                      pickle::describe(m_content.kind(id))));
        if (items.size() < 5 || items.size() > 6 || !isText(items[0], "storage"))
            return wrong(
                id, items.empty() || isText(items[0], "storage")
                        ? Text::of("it must be a tuple ('storage', type, key, location, size) and has {} items",
                                   items.size())
                        : Text::of("it must be a tuple ('storage', type, key, location, size) and has {} items, the "
                                   "first of which is not 'storage'",
                                   items.size()));
        Storage storage;
        storage.position = m_content.position(id);
        QS_ASSIGN(storage.type, typeFrom(items[1]));
        QS_ASSIGN(storage.key, keyFrom(items[2]));
        if (m_content.kind(items[4]) != Kind::Int || m_content.integer(items[4]) < 0)
            return wrong(items[4], Text::of("storage {}: its size must be a whole number from 0 on, not {}",
                                            inQuotes(storage.key), shown(items[4])));
        storage.count = static_cast<std::uint64_t>(m_content.integer(items[4]));
        if (items.size() == 6 && items[5] != pickle::kNone) {
            QS_ASSIGN(storage.offset, viewFrom(items[5], storage));
        }
        return storage;
    }

    Text shown(Index value) const
    {
        return m_content.kind(value) == Kind::Int ? Text::asIs(std::to_string(m_content.integer(value)))
                                                  : pickle::describe(m_content.kind(value));
    }

    Result<StorageType> typeFrom(Index value) const
    {
        if (m_content.kind(value) != Kind::Global)
            return wrong(value, Text::of("the type of a storage must be a global, not {}",
                                         pickle::describe(m_content.kind(value))));
        const auto type = storageTypeOf(m_content.globalName(value));
        if (!type)
            return wrong(value, Text::of("the storage type {} is unknown", inQuotes(m_content.globalName(value))));
        return *type;
    }

    Result<std::string_view> keyFrom(Index value) const
    {
        const std::string_view key = m_content.kind(value) == Kind::String ? m_content.text(value) : std::string_view();
        if (key.empty() || key.size() > kMaxKeyBytes || key.find_first_not_of("0123456789") != std::string_view::npos)
            return wrong(value,
                         Text::of("the key of a storage must be a decimal number, not {}",
                                  m_content.kind(value) == Kind::String ? Text::asIs(inQuotes(m_content.text(value)))
                                                                        : shown(value)));
        return key;
    }

    /// (key, offset, size) of a part of the storage, in files before 0.4.
    Result<std::uint64_t> viewFrom(Index value, const Storage &storage) const
    {
        const auto items = itemsOf(value);
        const auto isCount = [&](Index item) {
            return m_content.kind(item) == Kind::Int && m_content.integer(item) >= 0;
        };
        if (items.size() != 3 || !isCount(items[1]) || !isCount(items[2]))
            return wrong(value, Text::of("the view of a storage must be a tuple (key, offset, size)"));
        const auto offset = static_cast<std::uint64_t>(m_content.integer(items[1]));
        if (offset > storage.count || static_cast<std::uint64_t>(m_content.integer(items[2])) > storage.count - offset)
            return wrong(value, Text::of("a view of {} elements from {} on reaches past the {} of storage {}",
                                         shown(items[2]), offset, storage.count, inQuotes(storage.key)));
        return offset;
    }

    const Content &m_content;
    const std::string &m_where;
};

} // namespace

Result<Storages> readStorages(const Content &content, const std::string &where)
{
    return StorageReader(content, where).read();
}

} // namespace qs::torch
