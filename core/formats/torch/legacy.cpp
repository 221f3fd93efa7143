// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The form before archives (FORMATS.md §3.6.5): five pickles back to back, then the storages.
#include "core/formats/torch/legacy.h"

#include "core/base/file_image.h"
#include "core/base/input_file.h"
#include "core/base/text.h"
#include "core/formats/torch/pickled_model.h"
#include "core/formats/unpacked_entries.h"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>

namespace qs::torch {
namespace {

using pickle::Content;
using pickle::Index;
using pickle::Kind;

/// The pickle of 0x1950a86a20f9469cfc6c.
constexpr std::string_view kMagic("\x80\x02\x8A\x0A\x6C\xFC\x9C\x46\xF9\x20\x6A\xA8\x50\x19\x2E", 15);
constexpr std::int64_t kProtocol = 1001;

class LegacyReader
{
public:
    LegacyReader(const InputFile &file, Model &model, const TaskContext &context)
        : m_file(file)
        , m_image(file)
        , m_where(inQuotes(file.path().native()))
        , m_model(model)
        , m_context(context)
        , m_others(file, m_where, context)
        , m_at(kMagic.size())
    {}

    Result<void> read()
    {
        QS_ASSIGN(const Content protocol, nextPickle());
        if (protocol.kind(protocol.root()) != Kind::Int || protocol.integer(protocol.root()) != kProtocol)
            return wrong("protocol", kMagic.size(), Text::of("the protocol must be the number {}", kProtocol));
        const std::uint64_t systemOffset = m_at;
        QS_ASSIGN(const Content system, nextPickle());
        const Index little = system.find(system.root(), "little_endian");
        if (system.kind(little) != Kind::Bool)
            return wrong("system", systemOffset, Text::of("'little_endian' must be True or False"));
        const bool bigEndian = system.integer(little) == 0;
        QS_ASSIGN(const Content object, nextPickle());
        const std::uint64_t keysOffset = m_at;
        QS_ASSIGN(const Content keys, nextPickle());
        QS_ASSIGN(const Storages storages, readStorages(object, m_where));
        QS_CHECK(placeStorages(keys, keysOffset, storages));
        for (const Content *content : {&protocol, &system, &keys})
            addForeignGlobals(*content, false, m_model.foreignGlobals);
        const auto find = [&](const Storage &storage, std::uint64_t bytes) { return findRecord(storage, bytes); };
        const auto store = [&](std::span<const std::byte> part) -> Result<Record> {
            QS_ASSIGN(const std::uint64_t offset, m_others.add(part));
            return Record{1, offset, part.size()};
        };
        const Parts parts{.bigEndian = bigEndian, .file = m_file, .store = store};
        QS_CHECK(listTensors(object, find, parts, false, m_model, m_where, m_context));
        if (m_at < m_image.size())
            m_model.warnings.push_back(Text::of("{} bytes after the last storage were ignored", m_image.size() - m_at));
        return {};
    }

    /// The second file of the model, if there is one.
    Result<std::shared_ptr<const InputFile>> others() { return m_others.finish(); }

private:
    std::unexpected<Error> wrong(std::string_view part, std::uint64_t at, Text message) const
    {
        return fail(ErrorCode::Input, std::move(message), Text::of("{}, PyTorch {}, byte {}", m_where, part, at));
    }

    Result<Content> nextPickle()
    {
        const pickle::Options options{.isFixed = isFixed, .memory = memoryFor(m_image.size()), .base = m_at};
        QS_ASSIGN(Content content, pickle::parse(m_image, {m_at, m_image.size() - m_at}, options, m_where, m_context));
        m_at = content.end();
        return content;
    }

    /// Storages follow in the order of the list of keys: number of elements, then the elements.
    Result<void> placeStorages(const Content &keys, std::uint64_t keysOffset, const Storages &storages)
    {
        if (keys.kind(keys.root()) != Kind::List)
            return wrong("list of storages", keysOffset,
                         Text::of("it must be a list, not {}", pickle::describe(keys.kind(keys.root()))));
        std::map<std::string_view, const Storage *> byKey;
        for (const auto &[value, storage] : storages)
            byKey.emplace(storage.key, &storage);
        for (const Index item : keys.items(keys.root())) {
            QS_CHECK(m_context.check());
            const std::string_view key = keys.kind(item) == Kind::String ? keys.text(item) : std::string_view();
            const auto found = byKey.find(key);
            if (found == byKey.end())
                return wrong("list of storages", keys.position(item),
                             Text::of("{} is no storage of the file", inQuotes(key)));
            QS_CHECK(placeStorage(*found->second));
        }
        return {};
    }

    Result<void> placeStorage(const Storage &storage)
    {
        const std::string part = fmt::format("storage {}", inQuotes(storage.key));
        std::int64_t count = 0;
        if (m_image.size() - m_at < sizeof count)
            return wrong(part, m_at, Text::of("the file ends before the number of its elements"));
        QS_ASSIGN(const std::span<const std::byte> bytesOfCount, m_image.at(m_at, sizeof count));
        std::memcpy(&count, bytesOfCount.data(), sizeof count);
        if (count < 0 || static_cast<std::uint64_t>(count) != storage.count)
            return wrong(part, m_at, Text::of("it has {} elements here and {} in the pickle", count, storage.count));
        m_at += sizeof count;
        if (storage.count > (m_image.size() - m_at) / storage.elementBytes())
            return wrong(part, m_at,
                         Text::of("{} elements of {} bytes are announced, {} bytes follow", count,
                                  storage.elementBytes(), m_image.size() - m_at));
        const std::uint64_t bytes = storage.count * storage.elementBytes();
        if (!m_records.emplace(storage.key, Record{0, m_at, bytes}).second)
            return wrong(part, m_at, Text::of("it is listed twice"));
        m_at += bytes;
        return {};
    }

    Result<Record> findRecord(const Storage &storage, std::uint64_t) const
    {
        const auto found = m_records.find(std::string(storage.key));
        if (found == m_records.end())
            return wrong("list of storages", m_at, Text::of("storage {} is missing", inQuotes(storage.key)));
        return found->second;
    }

    const InputFile &m_file;
    FileImage m_image;
    const std::string m_where;
    Model &m_model;
    const TaskContext &m_context;
    UnpackedEntries m_others; ///< what stands in the pickles
    std::uint64_t m_at;
    std::map<std::string, Record> m_records;
};

} // namespace

bool isLegacy(std::span<const std::byte> head)
{
    return head.size() >= kMagic.size() && std::memcmp(head.data(), kMagic.data(), kMagic.size()) == 0;
}

Result<void> readLegacy(const std::shared_ptr<const InputFile> &file, Model &model, const TaskContext &context)
{
    LegacyReader reader(*file, model, context);
    QS_CHECK(reader.read());
    QS_ASSIGN(std::shared_ptr<const InputFile> others, reader.others());
    model.files.push_back(file);
    if (others)
        model.files.push_back(std::move(others));
    return {};
}

} // namespace qs::torch
