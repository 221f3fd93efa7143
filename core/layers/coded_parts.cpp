// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/layers/coded_parts.h"

#include "core/base/checked_math.h"
#include "core/base/text.h"

#include <bit>
#include <charconv>

namespace qs {
namespace {

constexpr std::uint64_t kUsualBlock = 128;

} // namespace

TensorRole applyPlan(Model &model, std::size_t tensor, CodedPlan plan)
{
    TensorInfo &info = model.tensors[tensor];
    info.inFile = std::make_shared<const TensorInfo>(info);
    Encoding &encoding = model.encodings.emplace_back();
    encoding.name = std::move(plan.typeName);
    encoding.values = std::move(plan.values);
    info.dtype = DType::Encoded;
    info.encoding = &encoding;
    info.strides.clear();
    info.bigEndian = false;
    info.shape = std::move(plan.shape);
    TensorRole role;
    role.channelAxis = plan.channelAxis;
    StoredQuantization &stored = role.stored.emplace();
    stored.scheme.bits = plan.bits;
    stored.scheme.mode = plan.mode;
    stored.scheme.granularity = plan.granularity;
    stored.sourceDType = plan.sourceDType;
    return role;
}

std::unexpected<Error> notUnderstood(Text message)
{
    return fail(ErrorCode::Input, std::move(message));
}

std::optional<std::size_t> CodedParts::find(std::string_view suffix) const
{
    return m_model.findTensor(m_prefix + std::string(suffix));
}

const TensorInfo *CodedParts::info(std::string_view suffix) const
{
    const auto index = find(suffix);
    return index ? &m_model.tensors[*index] : nullptr;
}

std::string_view CodedParts::firstOf(std::initializer_list<std::string_view> suffixes) const
{
    for (const std::string_view suffix : suffixes)
        if (find(suffix))
            return suffix;
    return {};
}

TensorPart CodedParts::part(std::size_t tensor) const
{
    const TensorInfo &info = m_model.tensors[tensor];
    return {info, info.file < m_model.files.size() ? m_model.files[info.file] : nullptr};
}

Result<NumberGrid> CodedParts::grid(std::string_view suffix, Packing packing, std::uint64_t matrices,
                                    std::uint64_t rows, std::uint64_t columns) const
{
    const auto index = find(suffix);
    if (!index)
        return notUnderstood(Text::of("there is no tensor {}", inQuotes(m_prefix + std::string(suffix))));
    return NumberGrid::make(part(*index), std::move(packing), matrices, rows, columns);
}

Result<NumberGrid> CodedParts::codesGrid(Packing packing, std::uint64_t matrices, std::uint64_t rows,
                                         std::uint64_t columns) const
{
    return NumberGrid::make(part(m_codes), std::move(packing), matrices, rows, columns);
}

std::string_view CodedParts::metadata(const std::string &key) const
{
    const auto found = m_model.metadata.find(key);
    return found == m_model.metadata.end() ? std::string_view() : std::string_view(found->second);
}

std::optional<std::uint64_t> CodedParts::number(const std::string &key) const
{
    const std::string_view text = metadata(key);
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value == 0)
        return std::nullopt;
    return value;
}

Result<std::vector<std::uint64_t>> CodedParts::wholeNumbers(std::string_view suffix, std::uint64_t count) const
{
    QS_ASSIGN(const NumberGrid checked, grid(suffix, {}, 1, 1, count));
    const TensorPart &part = checked.part();
    if (!isInteger(part.info.dtype))
        return notUnderstood(Text::of("{} has the type {}", inQuotes(part.info.name), part.info.typeName()));
    std::vector<double> values(count);
    QS_CHECK(part.wholeNumbers(0, count, values.data()));
    std::vector<std::uint64_t> result;
    constexpr double kMost = 1ULL << 48U;
    for (const double value : values) {
        if (value < 0 || value > kMost)
            return notUnderstood(Text::of("{} holds {}", inQuotes(part.info.name), value));
        result.push_back(static_cast<std::uint64_t>(value));
    }
    return result;
}

Result<std::vector<float>> CodedParts::floats(std::string_view suffix, std::uint64_t count) const
{
    QS_ASSIGN(const NumberGrid values, grid(suffix, {}, 1, 1, count));
    std::vector<float> result(count);
    QS_CHECK(values.read({0, 0, 1, 0, count}, result.data()));
    return result;
}

ValueStep stepWith(ValueStep::Op op, CodedNumbers operand, DType rounded)
{
    return {.op = op, .operand = std::make_shared<const CodedNumbers>(std::move(operand)), .rounded = rounded};
}

ValueStep stepWith(ValueStep::Op op, float constant, DType rounded)
{
    return {.op = op, .constant = constant, .rounded = rounded};
}

Packing scalePacking(const TensorInfo &scales)
{
    const bool powers = scales.dtype == DType::U8 || scales.dtype == DType::F8E8M0;
    return powers ? bytePacking(e8m0Meaning()) : Packing{};
}

Result<std::uint64_t> blockLength(std::uint64_t length, std::uint64_t count)
{
    if (count == 0 || length == 0 || count > length)
        return notUnderstood(Text::of("{} scales do not divide {} weights", count, length));
    if (count == 1)
        return length;
    if (ceilDiv(length, kUsualBlock) == count)
        return kUsualBlock;
    if (length % count == 0)
        return length / count;
    const std::uint64_t power = std::bit_ceil(ceilDiv(length, count));
    if (ceilDiv(length, power) != count)
        return notUnderstood(Text::of("{} scales do not divide {} weights", count, length));
    return power;
}

Granularity groupsOf(std::uint64_t length, std::uint64_t weights)
{
    return length >= weights || length > UINT32_MAX ? Granularity::channel()
                                                    : Granularity::group(static_cast<std::uint32_t>(length));
}

DType valueType(const TensorInfo &scales)
{
    return scales.dtype == DType::F16 || scales.dtype == DType::BF16 ? scales.dtype : DType::F32;
}

} // namespace qs
