// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/gguf/header.h"

#include "core/base/checked_math.h"
#include "core/base/input_file.h"
#include "core/base/text.h"
#include "core/formats/gguf/types.h"
#include "core/formats/gguf/values.h"

#include <algorithm>
#include <bit>
#include <numeric>
#include <unordered_set>

namespace qs {
namespace {

using gguf::Cursor;
using gguf::ShownValue;
using gguf::ValueType;

constexpr std::uint64_t kMaxTensors = 2'000'000;
constexpr std::uint64_t kMaxKeys = 65536;
constexpr std::uint64_t kMaxKeyBytes = 65535;
constexpr std::uint64_t kMaxNameBytes = std::uint64_t{64} << 10;
constexpr std::uint64_t kUsualNameBytes = 63; // what ggml itself can hold
constexpr std::uint32_t kMaxDims = 4;
constexpr std::uint64_t kMaxDim = INT64_MAX; // ggml counts with signed numbers
constexpr std::uint64_t kMinAlignment = 8;
constexpr std::uint64_t kMaxAlignment = std::uint64_t{1} << 20;
constexpr std::uint64_t kMinKeyBytes = 8 + 1 + 4 + 1;          // length, text, type, value
constexpr std::uint64_t kMinInfoBytes = 8 + 1 + 4 + 0 + 4 + 8; // length, name, dimensions, type, offset

bool isUsualKey(std::string_view key)
{
    return std::ranges::all_of(key, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
    });
}

/// Reads one file from front to back.
class HeaderReader
{
public:
    HeaderReader(const InputFile &file, const std::string &where, const TaskContext &context)
        : m_size(file.size())
        , m_cursor(file, where)
        , m_context(context)
    {}

    Result<GgufHeader> run()
    {
        QS_CHECK(readStart());
        QS_CHECK(readKeys());
        QS_CHECK(readInfos());
        QS_CHECK(placeTensors());
        addWarnings();
        return std::move(m_header);
    }

private:
    std::unexpected<Error> wrongAt(Text message, std::string_view field, std::uint64_t byte) const
    {
        return fail(ErrorCode::Input, std::move(message), m_cursor.placeAt(field, byte));
    }

    std::unexpected<Error> wrongTensor(const GgufTensor &tensor, Text message) const
    {
        return wrongAt(std::move(message), "tensor " + inQuotes(tensor.info.name), tensor.infoByte);
    }

    Result<void> readStart()
    {
        for (const char expected : {'G', 'G', 'U', 'F'}) {
            QS_ASSIGN(const char found, m_cursor.take<char>("magic"));
            if (found != expected)
                return wrongAt(Text::of("the file does not begin with GGUF"), "magic", 0);
        }
        QS_ASSIGN(std::uint32_t version, m_cursor.take<std::uint32_t>("version"));
        // There is no flag: a version is small, so its lower half is zero when it was read the wrong way round.
        m_header.bigEndian = (version & 0xffffU) == 0 && version != 0;
        if (m_header.bigEndian)
            version = __builtin_bswap32(version);
        m_cursor.setBigEndian(m_header.bigEndian);
        if (version != 2 && version != 3)
            return wrongAt(Text::of("the version is {}, supported are 2 and 3", version), "version", 4);
        m_header.version = version;
        QS_ASSIGN(m_tensorCount, takeCount("tensor count", kMaxTensors, kMinInfoBytes));
        QS_ASSIGN(m_keyCount, takeCount("key count", kMaxKeys, kMinKeyBytes));
        return {};
    }

    Result<std::uint64_t> takeCount(std::string_view field, std::uint64_t limit, std::uint64_t smallest)
    {
        const std::uint64_t at = m_cursor.position();
        QS_ASSIGN(const std::uint64_t count, m_cursor.take<std::uint64_t>(field));
        if (count > limit)
            return wrongAt(Text::of("the {} is {}, the limit is {}", field, count, limit), field, at);
        if (count > m_cursor.left() / smallest)
            return wrongAt(Text::of("the {} is {}, but only {} bytes follow", field, count, m_cursor.left()), field,
                           at);
        return count;
    }

    Result<void> readKeys()
    {
        for (std::uint64_t i = 0; i < m_keyCount; ++i) {
            QS_CHECK(m_context.check());
            const std::uint64_t at = m_cursor.position();
            QS_ASSIGN(const std::string_view key, m_cursor.takeText("key", kMaxKeyBytes));
            if (key.empty())
                return wrongAt(Text::of("a key is empty"), "key", at);
            if (!isUsualKey(key) && m_oddKeys++ == 0)
                m_firstOddKey = inQuotes(key);
            const std::string field = "key " + inQuotes(key);
            QS_ASSIGN(ShownValue value, gguf::takeValue(m_cursor, field));
            QS_CHECK(useValue(key, value, field, at));
            m_header.keys.push_back({std::string(key), at, m_cursor.position()});
            if (!m_header.metadata.emplace(key, std::move(value.text)).second)
                return wrongAt(Text::of("the key stands there twice"), field, at);
        }
        return {};
    }

    Result<void> useValue(std::string_view key, const ShownValue &value, const std::string &field, std::uint64_t at)
    {
        if (key == "general.alignment") {
            if (value.type != ValueType::U32)
                return wrongAt(Text::of("the alignment must be a u32"), field, at);
            m_header.alignment = *value.number;
            if (!std::has_single_bit(m_header.alignment) || m_header.alignment < kMinAlignment ||
                m_header.alignment > kMaxAlignment)
                return wrongAt(Text::of("the alignment is {}, expected a power of two from {} to {}",
                                        m_header.alignment, kMinAlignment, kMaxAlignment),
                               field, at);
        }
        if (key == "split.no" || key == "split.count") {
            if (!value.number)
                return wrongAt(Text::of("the value is {}, expected a whole number", inQuotes(value.text)), field, at);
            (key == "split.no" ? m_header.splitNumber : m_header.splitCount) = value.number;
        }
        return {};
    }

    Result<void> readInfos()
    {
        m_header.tensors.reserve(m_tensorCount);
        for (std::uint64_t i = 0; i < m_tensorCount; ++i) {
            if (i % 4096 == 0)
                QS_CHECK(m_context.check());
            GgufTensor tensor;
            tensor.infoByte = m_cursor.position();
            QS_ASSIGN(const std::string_view name, m_cursor.takeText("tensor name", kMaxNameBytes));
            if (name.empty())
                return wrongAt(Text::of("a tensor has an empty name"), "tensor name", tensor.infoByte);
            tensor.info.name = name;
            if (name.size() > kUsualNameBytes && m_longNames++ == 0)
                m_firstLongName = inQuotes(name);
            QS_CHECK(readShape(tensor));
            const std::string_view field = "tensor info";
            QS_ASSIGN(tensor.type, m_cursor.take<std::uint32_t>(field));
            QS_ASSIGN(tensor.info.byteOffset, m_cursor.take<std::uint64_t>(field));
            tensor.info.bigEndian = m_header.bigEndian;
            QS_CHECK(sizeTensor(tensor));
            m_header.tensors.push_back(std::move(tensor));
        }
        std::unordered_set<std::string_view> names;
        names.reserve(m_header.tensors.size());
        for (const GgufTensor &tensor : m_header.tensors)
            if (!names.insert(tensor.info.name).second)
                return wrongTensor(tensor, Text::of("two tensors have the same name"));
        return {};
    }

    Result<void> readShape(GgufTensor &tensor)
    {
        QS_ASSIGN(const std::uint32_t dims, m_cursor.take<std::uint32_t>("tensor dimensions"));
        if (dims > kMaxDims)
            return wrongTensor(tensor, Text::of("it has {} dimensions, the limit is {}", dims, kMaxDims));
        std::vector<std::uint64_t> &shape = tensor.info.shape;
        shape.reserve(dims);
        std::uint64_t product = 1;
        for (std::uint32_t i = 0; i < dims; ++i) {
            QS_ASSIGN(const std::uint64_t dim, m_cursor.take<std::uint64_t>("tensor dimension"));
            if (dim == 0 || dim > kMaxDim)
                return wrongTensor(tensor, Text::of("dimension {} is {}, expected 1 to {}", i, dim, kMaxDim));
            const auto elements = checkedMul(product, dim);
            if (!elements || *elements > kMaxDim)
                return wrongTensor(tensor, Text::of("it has more than {} elements", kMaxDim));
            product = *elements;
            shape.push_back(dim);
        }
        std::ranges::reverse(shape); // the file counts from the axis whose elements are neighbours
        return {};
    }

    /// Fills in the size as the type says; that of unknown types is found out later.
    Result<void> sizeTensor(GgufTensor &tensor)
    {
        if (isWithdrawnGgufType(tensor.type))
            return wrongTensor(tensor, Text::of("its type {} has been withdrawn", tensor.type));
        const GgufType *type = ggufType(tensor.type);
        if (type == nullptr)
            return {};
        TensorInfo &info = tensor.info;
        info.dtype = type->dtype;
        std::optional<std::uint64_t> bytes;
        if (type->dtype == DType::Encoded) {
            const Encoding &encoding = type->encoding;
            const std::uint64_t row = info.shape.empty() ? 1 : info.shape.back();
            if (row % encoding.blockElements != 0)
                return wrongTensor(tensor, Text::of("its rows have {} elements, {} needs a multiple of {}", row,
                                                    encoding.name, encoding.blockElements));
            bytes = checkedMul(info.elements() / encoding.blockElements, encoding.blockBytes);
        } else {
            bytes = checkedMul(info.elements(), bitsOf(info.dtype) / 8);
        }
        if (!bytes)
            return wrongTensor(tensor, Text::of("it has more than 2^64 - 1 bytes"));
        info.byteSize = *bytes;
        return {};
    }

    /// Makes offsets absolute and checks that tensors lie in the file and beside each other.
    Result<void> placeTensors()
    {
        std::vector<GgufTensor> &tensors = m_header.tensors;
        const std::uint64_t start =
            alignUp(m_cursor.position(), m_header.alignment); // cannot wrap: a file is below 2^63
        std::vector<std::size_t> order(tensors.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::ranges::stable_sort(order, {}, [&](std::size_t i) { return tensors[i].info.byteOffset; });
        m_ordered = std::ranges::is_sorted(order);
        std::uint64_t end = 0; // of the tensor before, from the start of the data
        for (std::size_t at = 0; at < order.size(); ++at) {
            GgufTensor &tensor = tensors[order[at]];
            TensorInfo &info = tensor.info;
            if (info.byteOffset % m_header.alignment != 0)
                return wrongTensor(tensor, Text::of("its offset {} is not a multiple of the alignment {}",
                                                    info.byteOffset, m_header.alignment));
            if (start > m_size || info.byteOffset > m_size - start)
                return wrongTensor(tensor, Text::of("its offset is {}, but the file has only {} bytes of data",
                                                    info.byteOffset, m_size - std::min(start, m_size)));
            if (ggufType(tensor.type) == nullptr) {
                const std::uint64_t next =
                    at + 1 < order.size() ? tensors[order[at + 1]].info.byteOffset : m_size - start;
                info.byteSize = std::min(next, m_size - start) - info.byteOffset;
            }
            if (info.byteSize > m_size - start - info.byteOffset)
                return wrongTensor(tensor, Text::of("it needs {} bytes at the offset {}, but the file has only {} "
                                                    "bytes of data",
                                                    info.byteSize, info.byteOffset, m_size - start));
            if (info.byteOffset < end)
                return wrongTensor(tensor, Text::of("its offset is {}, inside the tensor before it, which ends at {}",
                                                    info.byteOffset, end));
            m_holes += info.byteOffset - end >= m_header.alignment;
            end = info.byteOffset + info.byteSize;
        }
        for (GgufTensor &tensor : tensors)
            tensor.info.byteOffset += start;
        return {};
    }

    void addWarnings()
    {
        std::vector<Text> &warnings = m_header.warnings;
        if (m_oddKeys > 0)
            warnings.push_back(Text::of("{} keys hold more than a-z, 0-9, '.', '_' and '-', the first is {}", m_oddKeys,
                                        m_firstOddKey));
        if (m_longNames > 0)
            warnings.push_back(Text::of("{} tensor names are longer than the {} bytes that ggml allows, the first "
                                        "is {}",
                                        m_longNames, kUsualNameBytes, m_firstLongName));
        if (!m_ordered)
            warnings.push_back(Text::of("the tensors' data is not in the order of their list"));
        if (m_holes > 0)
            warnings.push_back(Text::of("there are unused bytes in front of {} tensors", m_holes));
    }

    std::uint64_t m_size;
    Cursor m_cursor;
    const TaskContext &m_context;
    GgufHeader m_header;
    std::uint64_t m_tensorCount = 0;
    std::uint64_t m_keyCount = 0;
    bool m_ordered = true;
    std::size_t m_holes = 0;
    std::size_t m_oddKeys = 0;
    std::string m_firstOddKey;
    std::size_t m_longNames = 0;
    std::string m_firstLongName;
};

} // namespace

Result<GgufHeader> readGgufHeader(const InputFile &file, const std::string &where, const TaskContext &context)
{
    return HeaderReader(file, where, context).run();
}

} // namespace qs
