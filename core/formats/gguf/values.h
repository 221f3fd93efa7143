// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Bytes and values of a GGUF header, read one after the other.
#pragma once

#include "core/base/file_image.h"
#include "core/base/result.h"
#include "core/tensor/integers.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace qs::gguf {

/// A position in a file that says where it is when something is missing.
class Cursor
{
public:
    Cursor(const InputFile &file, const std::string &where)
        : m_image(file)
        , m_where(where)
    {}

    std::uint64_t position() const { return m_position; }
    std::uint64_t left() const { return m_image.size() - m_position; }
    void setBigEndian(bool bigEndian) { m_bigEndian = bigEndian; }

    /// "'model.gguf', GGUF key count, byte 16".
    Text place(std::string_view field) const { return placeAt(field, m_position); }
    Text placeAt(std::string_view field, std::uint64_t byte) const
    {
        return Text::of("{}, GGUF {}, byte {}", m_where, field, byte);
    }
    std::unexpected<Error> wrong(Text message, std::string_view field) const
    {
        return fail(ErrorCode::Input, std::move(message), place(field));
    }

    template <class T> Result<T> take(std::string_view field)
    {
        if (left() < sizeof(T))
            return wrong(Text::of("the file ends here, {} bytes were expected", sizeof(T)), field);
        QS_ASSIGN(const std::span<const std::byte> bytes, m_image.at(m_position, sizeof(T)));
        const T value = loadElement<T>(bytes.data(), m_bigEndian);
        m_position += sizeof(T);
        return value;
    }

    /// A text with its length in front; the view lives as long as the cursor.
    Result<std::string_view> takeText(std::string_view field, std::uint64_t limit);

    /// Passes over `size` bytes that have been checked to be there.
    void skip(std::uint64_t size) { m_position += size; }

private:
    FileImage m_image;
    const std::string &m_where;
    std::uint64_t m_position = 0;
    bool m_bigEndian = false;
};

/// Kinds of values by the numbers that stand in the file.
enum class ValueType : std::uint32_t { U8, I8, U16, I16, U32, I32, F32, Bool, Text, Array, U64, I64, F64 };
inline constexpr std::uint32_t kValueTypes = 13;

/// One value as people read it.
struct ShownValue {
    std::string text;
    ValueType type = ValueType::U8;
    std::optional<std::uint64_t> number; ///< of whole numbers that are not negative
};

/// A value behind its type number; arrays and texts are read to their end and shortened. `field` names the key.
Result<ShownValue> takeValue(Cursor &cursor, std::string_view field);

} // namespace qs::gguf
