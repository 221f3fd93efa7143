// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What the opcodes of the pickle machine work with: the bytes, the stack, the values, the limits.
#pragma once

#include "core/base/text.h"
#include "core/parse/pickle.h"
#include "core/parse/pickle_opcodes.h"

#include <algorithm>
#include <cstring>

namespace qs::pickle {

inline constexpr std::uint64_t kBlockBytes = 32; // the allocator's smallest block
inline constexpr std::uint64_t kPieceBytes = std::uint64_t{64} << 10U;

/// One run of the machine. Errors name the opcode that is being executed and its byte.
class Workspace
{
protected:
    Workspace(const FileImage &file, const Extent &extent, const Options &options, const std::string &where)
        : m_options(options)
        , m_where(where)
        , m_file(file)
        , m_begin(extent.offset)
        , m_size(std::min<std::uint64_t>(extent.size, kMaxBytes))
        , m_stop(m_size < extent.size ? Text::of("the pickle is longer than {} bytes, the limit", kMaxBytes)
                                      : Text::of("the pickle is cut off here"))
    {
        m_content.m_base = options.base;
        m_content.m_text = {reinterpret_cast<const char *>(file.bytes().data()) + m_begin, m_size};
        m_content.m_values.emplace_back();
        m_content.m_items.emplace_back();
    }

    // Errors and limits

    Text place() const { return Text::of("{}, pickle, byte {}", m_where, m_options.base + m_start); }

    std::unexpected<Error> wrong(Text message) const
    {
        return fail(ErrorCode::Input, std::move(message),
                    Text::of("{}, pickle opcode {}, byte {}", m_where, opcodeName(m_opcode), m_options.base + m_start));
    }

    Result<void> spend(std::uint64_t bytes)
    {
        m_spent += bytes;
        if (m_spent > m_options.memory)
            return wrong(Text::of("the pickle needs more than {} bytes of memory, the limit", m_options.memory));
        return {};
    }

    // Bytes

    /// Sees to it that the next `size` bytes, which are part of the pickle, are in memory.
    Result<void> need(std::uint64_t size)
    {
        if (size <= m_ready - m_at)
            return {};
        const std::uint64_t piece = std::min(std::max(size, kPieceBytes), m_size - m_at);
        QS_CHECK(m_file.at(m_begin + m_at, piece));
        m_ready = m_at + piece;
        return {};
    }

    Result<std::uint64_t> number(std::size_t size)
    {
        if (m_size - m_at < size)
            return wrong(m_stop);
        QS_CHECK(need(size));
        std::uint64_t value = 0;
        std::memcpy(&value, m_content.m_text.data() + m_at, size);
        m_at += size;
        return value;
    }

    Result<std::string_view> textOf(std::uint64_t size)
    {
        if (m_size - m_at < size)
            return wrong(Text::of("{} bytes of text are announced, {} follow", size, m_size - m_at));
        QS_CHECK(need(size));
        const std::string_view text = m_content.m_text.substr(m_at, size);
        m_at += size;
        return text;
    }

    Result<std::string_view> line()
    {
        QS_CHECK(need(std::min<std::uint64_t>(kMaxGlobalBytes + 1, m_size - m_at)));
        const std::string_view rest = m_content.m_text.substr(m_at, kMaxGlobalBytes + 1);
        const std::size_t size = rest.find('\n');
        if (size == std::string_view::npos)
            return wrong(rest.size() > kMaxGlobalBytes
                             ? Text::of("the name has more than {} bytes, the limit", kMaxGlobalBytes)
                             : m_stop);
        m_at += size + 1;
        return rest.substr(0, size);
    }

    // Stack and values

    std::size_t floor() const { return m_marks.empty() ? 0 : m_marks.back(); }

    Result<Index> pop()
    {
        if (m_stack.size() <= floor())
            return wrong(Text::of("the stack is empty"));
        const Index value = m_stack.back();
        m_stack.pop_back();
        return value;
    }

    Result<Index> top() const
    {
        if (m_stack.size() <= floor())
            return wrong(Text::of("the stack is empty"));
        return m_stack.back();
    }

    /// What was pushed since the last mark.
    Result<std::vector<Index>> popToMark()
    {
        if (m_marks.empty())
            return wrong(Text::of("there is no mark"));
        const auto begin = m_stack.begin() + static_cast<std::ptrdiff_t>(m_marks.back());
        std::vector<Index> values(begin, m_stack.end());
        m_stack.erase(begin, m_stack.end());
        m_marks.pop_back();
        return values;
    }

    Result<void> push(Index value)
    {
        m_stack.push_back(value);
        return spend(2 * sizeof(Index)); // vectors double as they grow, so an item may take twice its size
    }

    Result<void> make(Kind kind, std::uint64_t data)
    {
        QS_CHECK(spend(2 * sizeof(Content::Value)));
        if (m_content.m_values.size() > kMaxValues)
            return wrong(Text::of("the pickle makes more than {} values, the limit", kMaxValues));
        m_content.m_values.push_back({kind, static_cast<std::uint32_t>(m_start), data});
        return push(static_cast<Index>(m_content.m_values.size() - 1));
    }

    Result<void> makeItems(Kind kind, std::vector<Index> items)
    {
        QS_CHECK(spend(2 * sizeof(items) + kBlockBytes + items.size() * sizeof(Index)));
        m_content.m_items.push_back(std::move(items));
        return make(kind, m_content.m_items.size() - 1);
    }

    Result<void> makeText(Kind kind, std::string_view text)
    {
        const auto offset = static_cast<std::uint64_t>(text.data() - m_content.m_text.data());
        return make(kind, offset | static_cast<std::uint64_t>(text.size()) << 32);
    }

    Result<void> addItems(std::uint32_t part, std::span<const Index> items)
    {
        QS_CHECK(spend(2 * items.size() * sizeof(Index)));
        std::vector<Index> &target = m_content.m_items[part];
        target.insert(target.end(), items.begin(), items.end());
        return {};
    }

    Kind kindOf(Index value) const { return m_content.kind(value); }

    /// The object, unless it is a tensor or the like.
    Result<Object *> openObject(Index value)
    {
        if (kindOf(value) != Kind::Object)
            return wrong(Text::of("it does not work on {}", describe(kindOf(value))));
        const std::string_view global = m_content.callableName(value);
        if (m_options.isFixed != nullptr && m_options.isFixed(global))
            return wrong(Text::of("it does not work on what {} makes", inQuotes(global)));
        return &m_content.m_objects[m_content.m_values[value].part()];
    }

    const Options &m_options;
    const std::string &m_where;
    const FileImage &m_file;
    std::uint64_t m_begin; ///< of the pickle in the file
    std::uint64_t m_size;  ///< from there on
    Text m_stop;           ///< what to say where the bytes end
    Content m_content;
    std::vector<Index> m_stack;
    std::vector<std::size_t> m_marks; ///< heights of the stack
    std::uint64_t m_spent = 0;
    std::uint64_t m_at = 0;
    std::uint64_t m_ready = 0; ///< end of what is in memory
    std::uint64_t m_start = 0; ///< of the opcode
    std::uint8_t m_opcode = 0;
};

} // namespace qs::pickle
