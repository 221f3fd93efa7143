// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/safetensors/header.h"

#include "core/base/input_file.h"
#include "core/base/text.h"
#include "core/formats/safetensors/tensor_entry.h"
#include "core/parse/json.h"

#include <algorithm>
#include <cstring>
#include <unordered_set>

#include <fmt/format.h>

namespace qs {
namespace {

constexpr std::uint64_t kPrefixBytes = 8; // the length of the header
constexpr std::size_t kMaxTensors = 2'000'000;

/// Listens to the header's JSON and keeps the tensors, their offsets still relative to the data.
class HeaderBuilder : public json::Handler
{
public:
    HeaderBuilder(const std::string &where, const TaskContext &context)
        : m_where(where)
        , m_context(context)
        , m_entry(where)
    {}

    Result<void> key(std::string &name, std::size_t offset) override
    {
        if (m_skipped > 0)
            return {};
        if (m_depth == 1)
            return beginMember(name, offset);
        return m_inMetadata ? beginMetadata(name, offset) : beginField(name, offset);
    }

    Result<void> scalar(json::Scalar &value, std::size_t offset) override
    {
        if (m_skipped > 0)
            return {};
        if (m_depth == 0)
            return wrong(Text::of("the header must be an object, not {}", json::describe(value.kind)), offset);
        if (m_depth == 1 && m_inMetadata && value.kind == json::Kind::Null)
            return {}; // MLX writes this where it has no metadata, and every other reader takes it
        if (m_depth == 1)
            return wrong(Text::of("the value must be an object, not {}", json::describe(value.kind)), offset);
        if (!m_inMetadata)
            return m_entry.scalar(value, offset);
        if (value.kind != json::Kind::String)
            return wrong(Text::of("the value of {} must be a string, not {}", inQuotes(m_metadataKey),
                                  json::describe(value.kind)),
                         offset);
        header.metadata[m_metadataKey] = std::move(value.text);
        return {};
    }

    Result<void> begin(json::Kind kind, std::size_t offset) override
    {
        if (m_skipped > 0 || (m_depth == 2 && !m_inMetadata && m_entry.field() == TensorEntry::Field::Other)) {
            ++m_skipped;
            return {};
        }
        const bool isArray = kind == json::Kind::Array;
        if (m_depth == 0 && isArray)
            return wrong(Text::of("the header must be an object, not an array"), offset);
        if (m_depth == 1 && isArray)
            return wrong(Text::of("the value must be an object, not an array"), offset);
        if (m_depth == 2 && m_inMetadata)
            return wrong(
                Text::of("the value of {} must be a string, not {}", inQuotes(m_metadataKey), json::describe(kind)),
                offset);
        if (m_depth == 2)
            return m_entry.beginArray(kind, offset);
        ++m_depth;
        return {};
    }

    Result<void> end(std::size_t offset) override
    {
        if (m_skipped > 0) {
            --m_skipped;
            return {};
        }
        if (m_entry.inArray())
            return m_entry.endArray(offset);
        --m_depth;
        return m_depth == 1 && !m_inMetadata ? finishTensor(offset) : Result<void>();
    }

    /// Warns once for all keys that were ignored.
    void finish()
    {
        if (m_ignored > 0)
            header.warnings.push_back(
                Text::of("{} unknown keys in the header were ignored, the first is {}", m_ignored, m_firstIgnored));
    }

    SafetensorsHeader header;
    std::vector<std::size_t> headerBytes; ///< where in the file each tensor's entry ends

private:
    std::unexpected<Error> wrong(Text message, std::size_t offset) const
    {
        Text where = Text::of("{}, safetensors header, byte {}", m_where, offset);
        if (m_depth > 0)
            where = m_inMetadata ? Text::of("{}, safetensors header, '__metadata__', byte {}", m_where, offset)
                                 : tensorPlace(m_where, m_entry.name(), offset);
        return fail(ErrorCode::Input, std::move(message), std::move(where));
    }

    Result<void> beginMember(std::string &name, std::size_t offset)
    {
        m_inMetadata = name == "__metadata__";
        if (m_inMetadata && m_hasMetadata)
            return wrong(Text::of("the key '__metadata__' stands there twice"), offset);
        m_hasMetadata |= m_inMetadata;
        if (m_inMetadata)
            return {};
        QS_CHECK(m_entry.begin(name, offset));
        if (header.tensors.size() == kMaxTensors)
            return wrong(Text::of("there are more than {} tensors, the limit", kMaxTensors), offset);
        return {};
    }

    Result<void> beginMetadata(std::string &name, std::size_t offset)
    {
        m_metadataKey = std::move(name);
        if (header.metadata.contains(m_metadataKey))
            return wrong(Text::of("the key {} stands there twice", inQuotes(m_metadataKey)), offset);
        return {};
    }

    Result<void> beginField(const std::string &name, std::size_t offset)
    {
        QS_CHECK(m_entry.key(name, offset));
        if (m_entry.field() == TensorEntry::Field::Other && m_ignored++ == 0)
            m_firstIgnored = fmt::format("{} of tensor {}", inQuotes(name), inQuotes(m_entry.name()));
        return {};
    }

    Result<void> finishTensor(std::size_t offset)
    {
        QS_ASSIGN(TensorInfo tensor, m_entry.finish(offset));
        header.tensors.push_back(std::move(tensor));
        headerBytes.push_back(offset);
        return header.tensors.size() % 4096 == 0 ? m_context.check() : Result<void>{};
    }

    const std::string &m_where;
    const TaskContext &m_context;
    int m_depth = 0;           ///< 1: in the header, 2: in an entry or one of its arrays
    std::size_t m_skipped = 0; ///< depth inside a value that is ignored
    bool m_inMetadata = false;
    bool m_hasMetadata = false;
    std::string m_metadataKey;
    TensorEntry m_entry;
    std::size_t m_ignored = 0;
    std::string m_firstIgnored;
};

Result<std::uint64_t> headerLength(const InputFile &file, const std::string &where)
{
    QS_ASSIGN(const std::vector<std::byte> bytes, file.head(kPrefixBytes + 1));
    const std::string place = where + ", safetensors header length, byte 0";
    if (bytes.size() < kPrefixBytes)
        return fail(
            ErrorCode::Input,
            Text::of("the file has {} bytes, a safetensors file has at least {}", file.size(), kPrefixBytes + 2),
            place);
    std::uint64_t length = 0;
    std::memcpy(&length, bytes.data(), sizeof length);
    if (length > kMaxHeaderBytes)
        return fail(ErrorCode::Input, Text::of("the header length is {}, the limit is {}", length, kMaxHeaderBytes),
                    place);
    if (length > file.size() - kPrefixBytes)
        return fail(ErrorCode::Input,
                    Text::of("the header length is {}, but only {} bytes follow", length, file.size() - kPrefixBytes),
                    place);
    if (length < 2)
        return fail(ErrorCode::Input, Text::of("the header length is {}, at least 2 was expected", length), place);
    if (bytes[kPrefixBytes] != std::byte{'{'})
        return fail(ErrorCode::Input,
                    Text::of("the header starts with the byte 0x{} instead of '{{'",
                             fmt::format("{:02X}", std::to_integer<unsigned>(bytes[kPrefixBytes]))),
                    where + ", safetensors header, byte 8");
    return length;
}

Result<void> checkUniqueNames(const HeaderBuilder &builder, const std::string &where)
{
    const std::vector<TensorInfo> &tensors = builder.header.tensors;
    // Sorted hashes take a seventh of the memory of a set; only equal ones are looked at as names.
    std::vector<std::pair<std::size_t, std::uint32_t>> hashes;
    hashes.reserve(tensors.size());
    for (std::uint32_t i = 0; i < tensors.size(); ++i)
        hashes.emplace_back(std::hash<std::string_view>{}(tensors[i].name), i);
    std::ranges::sort(hashes);
    for (auto first = hashes.begin(); first != hashes.end();) {
        const auto last = std::find_if(first, hashes.end(), [&](const auto &e) { return e.first != first->first; });
        std::unordered_set<std::string_view> names;
        for (auto entry = first; last - first > 1 && entry != last; ++entry)
            if (!names.insert(tensors[entry->second].name).second)
                return fail(ErrorCode::Input, Text::of("two tensors have the same name"),
                            tensorPlace(where, tensors[entry->second].name, builder.headerBytes[entry->second]));
        first = last;
    }
    return {};
}

/// Brings the tensors into the order of their bytes, which must follow each other without hole or overlap and end
/// with the file; makes offsets absolute.
Result<void> placeTensors(HeaderBuilder &builder, std::uint64_t dataStart, std::uint64_t fileSize,
                          const std::string &where)
{
    std::vector<TensorInfo> &tensors = builder.header.tensors;
    std::vector<std::size_t> order(tensors.size());
    for (std::size_t i = 0; i < order.size(); ++i)
        order[i] = i;
    const auto place = [&](std::size_t i) {
        return std::pair(tensors[i].byteOffset, tensors[i].byteOffset + tensors[i].byteSize);
    };
    const bool isInOrder = std::ranges::is_sorted(order, {}, place); // nearly always
    if (!isInOrder)
        std::ranges::stable_sort(order, {}, place);
    const std::uint64_t dataBytes = fileSize - dataStart;
    std::uint64_t expected = 0;
    for (std::size_t i : order) {
        const TensorInfo &tensor = tensors[i];
        const std::uint64_t end = tensor.byteOffset + tensor.byteSize; // cannot overflow: it is the end in the file
        const Text at = tensor.byteOffset != expected || end > dataBytes
                            ? tensorPlace(where, tensor.name, builder.headerBytes[i])
                            : Text();
        if (tensor.byteOffset < expected)
            return fail(ErrorCode::Input,
                        Text::of("'data_offsets' begins at {}, inside the tensor before it, which ends at {}",
                                 tensor.byteOffset, expected),
                        at);
        if (tensor.byteOffset > expected)
            return fail(ErrorCode::Input,
                        Text::of("'data_offsets' begins at {} and leaves a hole after the tensor before it, which "
                                 "ends at {}",
                                 tensor.byteOffset, expected),
                        at);
        if (end > dataBytes)
            return fail(ErrorCode::Input,
                        Text::of("'data_offsets' ends at {}, but the file has only {} bytes of data", end, dataBytes),
                        at);
        expected = end;
    }
    if (expected != dataBytes)
        return fail(ErrorCode::Input,
                    Text::of("the file has {} bytes of data, but its tensors end at {}", dataBytes, expected),
                    Text::of("{}, safetensors data, byte {}", where, dataStart + expected));
    if (!isInOrder) {
        std::vector<TensorInfo> sorted;
        sorted.reserve(tensors.size());
        for (std::size_t i : order)
            sorted.push_back(std::move(tensors[i]));
        tensors = std::move(sorted);
    }
    for (TensorInfo &tensor : tensors)
        tensor.byteOffset += dataStart;
    return {};
}

} // namespace

Result<SafetensorsHeader> readSafetensorsHeader(const InputFile &file, const std::string &where,
                                                const TaskContext &context)
{
    QS_ASSIGN(const std::uint64_t length, headerLength(file, where));
    std::string text(length, '\0');
    QS_CHECK(file.read(kPrefixBytes, std::as_writable_bytes(std::span(text))));
    HeaderBuilder builder(where, context);
    QS_CHECK(json::parseEvents(text, builder, where + ", safetensors header", kPrefixBytes));
    builder.finish();
    QS_CHECK(checkUniqueNames(builder, where));
    QS_CHECK(placeTensors(builder, kPrefixBytes + length, file.size(), where));
    return std::move(builder.header);
}

} // namespace qs
