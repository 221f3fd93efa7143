// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/npy_header.h"

#include "core/base/text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace qs {
namespace {

constexpr std::string_view kMagic = "\x93NUMPY";
constexpr std::size_t kMaxHeaderBytes = kMaxNpyHeaderBytes - 12; // as NumPy's default
constexpr std::size_t kMaxDims = 32;

struct Type {
    std::string_view descr; ///< without byte order
    DType type;
};
constexpr std::array<Type, 13> kTypes{{
    {"b1", DType::Bool},
    {"i1", DType::I8},
    {"i2", DType::I16},
    {"i4", DType::I32},
    {"i8", DType::I64},
    {"u1", DType::U8},
    {"u2", DType::U16},
    {"u4", DType::U32},
    {"u8", DType::U64},
    {"f2", DType::F16},
    {"f4", DType::F32},
    {"f8", DType::F64},
    {"c8", DType::C64},
}};

/// Elements that NumPy writes and that nobody can turn into floats without being told what they are; else null.
const Encoding *listedOnly(std::string_view descr)
{
    struct Listed {
        std::string_view descr;
        Encoding encoding;
    };
    static const std::array<Listed, 3> kListed{{
        {"c16", {"c128", 1, 16, nullptr, Text::of("complex numbers are not shown")}},
        {"V1",
         {"v1", 1, 1, nullptr, Text::of("NumPy says only that these elements have one byte (often an 8-bit float)")}},
        {"V2", {"v2", 1, 2, nullptr, Text::of("NumPy says only that these elements have two bytes (often bfloat16)")}},
    }};
    for (const Listed &listed : kListed)
        if (listed.descr == descr)
            return &listed.encoding;
    return nullptr;
}

/// Reads {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }.
class DictReader
{
public:
    DictReader(std::string_view text, std::size_t baseOffset, const std::string &where)
        : m_text(text)
        , m_base(baseOffset)
        , m_where(where)
    {}

    Result<NpyHeader> read()
    {
        QS_CHECK(expect('{'));
        while (!take('}')) {
            QS_CHECK(readPair());
            if (!take(',')) {
                QS_CHECK(expect('}'));
                break;
            }
        }
        skipSpace();
        if (m_at != m_text.size())
            return wrong(Text::of("text follows the closing '}}'"));
        if (!m_hasType || !m_hasOrder || !m_hasShape)
            return wrong(Text::of("the key '{}' is missing", !m_hasType    ? "descr"
                                                             : !m_hasOrder ? "fortran_order"
                                                                           : "shape"));
        return std::move(m_header);
    }

private:
    std::unexpected<Error> wrong(Text message) const
    {
        return fail(ErrorCode::Input, std::move(message), Text::of("{}, NPY header, byte {}", m_where, m_base + m_at));
    }

    void skipSpace()
    {
        while (m_at < m_text.size() && std::string_view(" \t\r\n").find(m_text[m_at]) != std::string_view::npos)
            ++m_at;
    }

    bool take(char c)
    {
        skipSpace();
        if (m_at == m_text.size() || m_text[m_at] != c)
            return false;
        ++m_at;
        return true;
    }

    bool takeWord(std::string_view word)
    {
        skipSpace();
        if (!m_text.substr(m_at).starts_with(word))
            return false;
        m_at += word.size();
        return true;
    }

    Result<void> expect(char c)
    {
        if (take(c))
            return {};
        return wrong(Text::of("'{}' was expected, not {}", std::string(1, c), inQuotes(m_text.substr(m_at, 1))));
    }

    Result<std::string_view> string()
    {
        skipSpace();
        const char quote = m_at < m_text.size() ? m_text[m_at] : '\0';
        if (quote != '\'' && quote != '"')
            return wrong(Text::of("a string in quotes was expected, not {}", inQuotes(m_text.substr(m_at, 1))));
        const std::size_t end = m_text.find(quote, m_at + 1);
        if (end == std::string_view::npos)
            return wrong(Text::of("a string is not closed"));
        const std::string_view value = m_text.substr(m_at + 1, end - m_at - 1);
        if (value.find('\\') != std::string_view::npos)
            return wrong(Text::of("escapes in strings are not allowed"));
        m_at = end + 1;
        return value;
    }

    Result<void> readPair()
    {
        QS_ASSIGN(const std::string_view key, string());
        QS_CHECK(expect(':'));
        bool *seen = key == "descr"           ? &m_hasType
                     : key == "fortran_order" ? &m_hasOrder
                     : key == "shape"         ? &m_hasShape
                                              : nullptr;
        if (seen == nullptr)
            return wrong(Text::of("unknown key {}; known: descr, fortran_order, shape", inQuotes(key)));
        if (*seen)
            return wrong(Text::of("the key '{}' stands there twice", key));
        *seen = true;
        return seen == &m_hasType ? readType() : seen == &m_hasOrder ? readOrder() : readShape();
    }

    Result<void> readType()
    {
        skipSpace();
        if (m_text.substr(m_at).starts_with('['))
            return wrong(Text::of("structured arrays are not supported"));
        QS_ASSIGN(const std::string_view descr, string());
        const char order = descr.empty() ? '\0' : descr[0];
        const std::string_view kind = descr.substr(descr.empty() ? 0 : 1);
        if (kind.starts_with('O'))
            return wrong(Text::of("object arrays are refused: they hold Python code"));
        const auto type = std::ranges::find(kTypes, kind, &Type::descr);
        m_header.encoding = listedOnly(kind);
        const bool hasOrder = type != kTypes.end() ? bitsOf(type->type) > 8 : kind == "c16";
        // '=' means the writer's own order: nearly always little-endian.
        if ((type != kTypes.end() || m_header.encoding != nullptr) &&
            (order == '<' || order == '>' || order == '=' || (order == '|' && !hasOrder))) {
            m_header.dtype = type != kTypes.end() ? type->type : DType::Encoded;
            m_header.bigEndian = order == '>' && hasOrder;
            return {};
        }
        return wrong(
            Text::of("'descr' {} is not supported, expected one like '<f4', '<f8', '<i8', '|u1'", inQuotes(descr)));
    }

    Result<void> readOrder()
    {
        m_header.fortranOrder = takeWord("True");
        if (!m_header.fortranOrder && !takeWord("False"))
            return wrong(Text::of("'fortran_order' must be True or False"));
        return {};
    }

    Result<void> readShape()
    {
        QS_CHECK(expect('('));
        bool comma = false;
        while (!take(')')) {
            if (!m_header.shape.empty() && !comma)
                return wrong(Text::of("',' or ')' was expected in 'shape'"));
            QS_ASSIGN(const std::uint64_t dim, wholeNumber());
            m_header.shape.push_back(dim);
            if (m_header.shape.size() > kMaxDims)
                return wrong(Text::of("'shape' has more than {} dimensions, the limit", kMaxDims));
            comma = take(',');
        }
        if (m_header.shape.size() == 1 && !comma)
            return wrong(Text::of("'shape' must be a tuple: (n,) and not (n)"));
        return {};
    }

    Result<std::uint64_t> wholeNumber()
    {
        skipSpace();
        std::uint64_t value = 0;
        const char *begin = m_text.data() + m_at;
        const char *end = m_text.data() + m_text.size();
        const auto [stop, error] = std::from_chars(begin, end, value);
        if (error != std::errc())
            return wrong(Text::of("'shape' must hold whole numbers from 0 to 2^64 - 1, not {}",
                                  inQuotes(m_text.substr(m_at, 24))));
        m_at += static_cast<std::size_t>(stop - begin);
        if (m_at < m_text.size() && m_text[m_at] == 'L') // Python 2
            ++m_at;
        return value;
    }

    std::string_view m_text;
    std::size_t m_base;
    const std::string &m_where;
    std::size_t m_at = 0;
    bool m_hasType = false;
    bool m_hasOrder = false;
    bool m_hasShape = false;
    NpyHeader m_header;
};

} // namespace

Result<NpyHeader> readNpyHeader(std::span<const std::byte> head, std::uint64_t size, const std::string &where)
{
    const std::string_view text(reinterpret_cast<const char *>(head.data()), head.size());
    const auto byteAt = [&](std::size_t i) { return std::to_integer<std::size_t>(head[i]); };
    if (!text.starts_with(kMagic))
        return fail(ErrorCode::Input, Text::of("not an NPY array: it must start with 0x93 and NUMPY"),
                    where + ", NPY magic, byte 0");
    if (size < 8 || byteAt(6) < 1 || byteAt(6) > 3 || byteAt(7) != 0)
        return fail(ErrorCode::Input,
                    size < 8 ? Text::of("the NPY file ends inside its version")
                             : Text::of("NPY version {}.{} is unknown; known: 1.0, 2.0, 3.0", byteAt(6), byteAt(7)),
                    where + ", NPY version, byte 6");
    const std::size_t lengthBytes = byteAt(6) == 1 ? 2 : 4;
    const std::size_t start = 8 + lengthBytes;
    if (size < start)
        return fail(ErrorCode::Input, Text::of("the NPY file ends inside its header length"),
                    where + ", NPY header length, byte 8");
    std::size_t length = 0;
    for (std::size_t i = 0; i < lengthBytes; ++i)
        length |= byteAt(8 + i) << (8 * i);
    if (length > kMaxHeaderBytes || length > size - start || length == 0)
        return fail(ErrorCode::Input,
                    Text::of("the NPY header length is {}, expected 1 to {}, of which {} bytes are there", length,
                             kMaxHeaderBytes, size - start),
                    where + ", NPY header length, byte 8");
    QS_ASSIGN(NpyHeader header, DictReader(text.substr(start, length), start, where).read());
    header.byteOffset = start + length;
    return header;
}

} // namespace qs
