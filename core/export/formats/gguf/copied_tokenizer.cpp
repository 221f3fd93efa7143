// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/export/formats/gguf/copied_tokenizer.h"

#include "core/base/input_file.h"
#include "core/formats/gguf/header.h"

#include <algorithm>
#include <array>

namespace qs {

namespace {

constexpr std::string_view kStart{"tokenizer."};
constexpr std::string_view kTokens{"tokenizer.ggml.tokens"};

/// Entries of the array of a key. Before its elements stand the name with its length, two types and the count.
Result<std::uint64_t> lengthOf(const InputFile &file, const GgufKey &key)
{
    std::array<std::byte, 8> bytes;
    QS_CHECK(file.read(key.begin + 8 + key.name.size() + 4 + 4, bytes));
    std::uint64_t count = 0;
    for (std::size_t i = bytes.size(); i-- > 0;)
        count = count << 8U | std::to_integer<std::uint64_t>(bytes[i]);
    return count;
}

} // namespace

Result<void> copyTokenizer(gguf::KeyWriter &keys, const std::filesystem::path &path, std::uint64_t vocabulary)
{
    const std::string where = inQuotes(path.native());
    QS_ASSIGN(const std::shared_ptr<const InputFile> file, InputFile::open(path));
    QS_ASSIGN(const GgufHeader header, readGgufHeader(*file, where, TaskContext{}));
    const auto tokens = std::ranges::find(header.keys, kTokens, &GgufKey::name);
    if (tokens == header.keys.end() || header.bigEndian || header.version < 2)
        return fail(ErrorCode::Work, Text::of("the file has no tokenizer that could be copied"), where);
    QS_ASSIGN(const std::uint64_t count, lengthOf(*file, *tokens));
    if (count != vocabulary)
        return fail(
            ErrorCode::Work,
            Text::of("the tokenizer has {} tokens, the model has {}; take one of equal vocabulary", count, vocabulary),
            where);
    for (const GgufKey &key : header.keys) {
        if (!key.name.starts_with(kStart))
            continue;
        std::string bytes(key.end - key.begin, '\0');
        QS_CHECK(file->read(key.begin, std::as_writable_bytes(std::span(bytes))));
        keys.addAll(bytes, 1);
    }
    return {};
}

} // namespace qs
