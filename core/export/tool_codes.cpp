// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/export/tool_codes.h"

#include "core/base/checked_math.h"
#include "core/base/scratch_file.h"
#include "core/export/named_producer.h"
#include "core/scheme/scale_table.h"
#include "core/tensor/small_floats.h"

#include <algorithm>
#include <array>
#include <cstring>

#include <fmt/format.h>

namespace qs {

namespace {

constexpr unsigned kWordBits = 32;
constexpr std::array<unsigned, 8> kAwqOrder{0, 2, 4, 6, 1, 3, 5, 7}; // outputs in the nibbles of a word, low first
constexpr std::uint64_t kPanelCodes = std::uint64_t{32} << 20U;      // in memory while words are made

struct NamedNumbers {
    std::string_view name;
    NumbersTensor tensor = nullptr;
};

/// Every function of the header that makes such a tensor.
constexpr std::array<NamedNumbers, 7> kNumbersTensors{{{"plain-scales", plainScales},
                                                       {"turned-scales", turnedScales},
                                                       {"zero-point-columns", zeroPointColumns},
                                                       {"zero-point-rows", zeroPointRows},
                                                       {"zero-point-rows-less-one", zeroPointRowsLessOne},
                                                       {"awq-zero-point-rows", awqZeroPointRows},
                                                       {"added-offsets", addedOffsets}}};

std::string_view nameOf(WordOrder order)
{
    return order == WordOrder::Gptq ? "along-inputs" : "along-outputs";
}

/// Takes what a producer writes in pieces of one type.
template <typename T> ByteSink collectInto(std::vector<T> &values)
{
    return [&values](std::uint64_t offset, std::span<const std::byte> bytes) -> Result<void> {
        std::memcpy(reinterpret_cast<std::byte *>(values.data()) + offset, bytes.data(), bytes.size());
        return {};
    };
}

class CodesWithNumbers final : public NamedProducer
{
public:
    CodesWithNumbers(const Model &model, std::span<const Decision> decisions, std::shared_ptr<const Producer> codes,
                     std::vector<NumbersTensor> tensors)
        : m_model(model)
        , m_decisions(decisions)
        , m_codes(std::move(codes))
        , m_tensors(std::move(tensors))
    {}

    std::string name() const override
    {
        const auto *codes = dynamic_cast<const NamedProducer *>(m_codes.get());
        if (codes == nullptr || codes->name().empty())
            return {};
        std::string name = "numbers ";
        for (const NumbersTensor tensor : m_tensors)
            name += fmt::format("{} ", std::ranges::find(kNumbersTensors, tensor, &NamedNumbers::tensor)->name);
        return fmt::format("{}of {}", name, codes->name());
    }

    Result<void> produce(std::size_t item, std::span<const OutputPart> parts, const TaskContext &context) const override
    {
        const Decision &decision = m_decisions[item];
        const MatrixShape shape = matrixShape(m_model.tensorOf(m_model.layers[item]), decision.channelAxis);
        const ScaleGeometry geometry{decision.scheme.granularity, shape};
        LayerNumbers numbers{.channels = shape.channels,
                             .groups = geometry.groupsPerChannel(),
                             .scheme = decision.scheme,
                             .scales = std::vector<float>(geometry.count()),
                             .zeroPoints = std::vector<std::int8_t>(geometry.count()),
                             .offsets = {}};
        std::vector<OutputPart> inner(kOffsets + 1);
        if (!parts.empty())
            inner[kCodes] = parts[0];
        inner[kScales] = {DType::F32, collectInto(numbers.scales)};
        if (decision.scheme.hasZeroPoints())
            inner[kZeroPoints] = {DType::I8, collectInto(numbers.zeroPoints)};
        if (decision.scheme.hasOffsets()) {
            numbers.offsets.resize(geometry.count());
            inner[kOffsets] = {DType::F32, collectInto(numbers.offsets)};
        }
        QS_CHECK(m_codes->produce(item, inner, context));
        for (std::size_t i = 1; i < parts.size(); ++i)
            if (parts[i].write)
                QS_CHECK(parts[i].write(0, m_tensors[i - 1](numbers, parts[i].dtype)));
        return {};
    }

private:
    const Model &m_model;
    std::span<const Decision> m_decisions;
    std::shared_ptr<const Producer> m_codes;
    std::vector<NumbersTensor> m_tensors;
};

/// Rows of codes that were read, [rows, K].
struct Panel {
    std::span<const std::int8_t> codes;
    std::uint64_t rows = 0;
    std::uint64_t columns = 0; ///< K
    int bits = 4;

    std::uint32_t field(std::uint64_t row, std::uint64_t column) const
    {
        return static_cast<std::uint32_t>(codes[row * columns + column] + (1 << (bits - 1)));
    }
};

class WordCodes final : public NamedProducer
{
public:
    WordCodes(const Model &model, std::span<const Decision> decisions, WordOrder order)
        : m_model(model)
        , m_decisions(decisions)
        , m_order(order)
    {}

    std::string name() const override { return fmt::format("words {}", nameOf(m_order)); }

    Result<void> produce(std::size_t item, std::span<const OutputPart> parts, const TaskContext &context) const override
    {
        const auto bytes = layerCodes(m_model, m_decisions, byteCodes());
        if (parts.empty() || !parts[kCodes].write)
            return bytes->produce(item, parts, context);
        QS_ASSIGN(ScratchFile scratch, ScratchFile::create());
        std::vector<OutputPart> inBytes(parts.begin(), parts.end());
        inBytes[kCodes] = {DType::I8, [&scratch](std::uint64_t offset, std::span<const std::byte> piece) {
                               return scratch.writeAt(offset, piece);
                           }};
        QS_CHECK(bytes->produce(item, inBytes, context));
        QS_ASSIGN(const std::shared_ptr<const InputFile> codes, scratch.finish("codes"));
        const Decision &decision = m_decisions[item];
        const MatrixShape shape = matrixShape(m_model.tensorOf(m_model.layers[item]), decision.channelAxis);
        // As many rows at a time as fit, so that writes are long; a multiple of the outputs of a word.
        const std::uint64_t rowsAtATime = std::max<std::uint64_t>(kPanelCodes / shape.weights / 32 * 32, 32);
        std::vector<std::int8_t> piece;
        for (std::uint64_t first = 0; first < shape.channels; first += rowsAtATime) {
            const std::uint64_t rows = std::min(rowsAtATime, shape.channels - first);
            piece.resize(rows * shape.weights);
            QS_CHECK(codes->read(first * shape.weights, std::as_writable_bytes(std::span(piece))));
            const Panel panel{piece, rows, shape.weights, decision.scheme.bits};
            QS_CHECK(m_order == WordOrder::Gptq ? writeGptq(panel, first, shape.channels, parts[kCodes].write, context)
                                                : writeAwq(panel, first, shape.channels, parts[kCodes].write, context));
        }
        return {};
    }

private:
    static Result<void> writeWords(std::span<const std::uint32_t> words, std::uint64_t first, const ByteSink &write)
    {
        return write(first * sizeof(std::uint32_t), std::as_bytes(words));
    }

    static Result<void> writeGptq(const Panel &panel, std::uint64_t first, std::uint64_t outputs, const ByteSink &write,
                                  const TaskContext &context)
    {
        const auto bits = static_cast<unsigned>(panel.bits);
        const std::uint64_t each = kWordBits / bits;
        std::vector<std::uint32_t> words(panel.rows);
        for (std::uint64_t k = 0; k < panel.columns; k += each) {
            QS_CHECK(context.check());
            for (std::uint64_t row = 0; row < panel.rows; ++row) {
                words[row] = 0;
                for (unsigned i = 0; i < each; ++i)
                    words[row] |= panel.field(row, k + i) << (i * bits);
            }
            QS_CHECK(writeWords(words, k / each * outputs + first, write));
        }
        return {};
    }

    static Result<void> writeAwq(const Panel &panel, std::uint64_t first, std::uint64_t outputs, const ByteSink &write,
                                 const TaskContext &context)
    {
        constexpr std::uint64_t kEach = kAwqOrder.size();
        std::vector<std::uint32_t> words(panel.rows / kEach);
        for (std::uint64_t k = 0; k < panel.columns; ++k) {
            QS_CHECK(context.check());
            for (std::uint64_t word = 0; word < words.size(); ++word) {
                words[word] = 0;
                for (unsigned i = 0; i < kEach; ++i)
                    words[word] |= panel.field(word * kEach + kAwqOrder[i], k) << (4 * i);
            }
            QS_CHECK(writeWords(words, (k * outputs + first) / kEach, write));
        }
        return {};
    }

    const Model &m_model;
    std::span<const Decision> m_decisions;
    WordOrder m_order;
};

std::vector<std::byte> encoded(std::span<const float> values, DType type)
{
    std::vector<std::byte> bytes;
    encodeFloats(type, values, bytes);
    return bytes;
}

/// Zero point of a group without its sign.
std::uint32_t zeroField(const LayerNumbers &numbers, std::uint64_t channel, std::uint64_t group, int less)
{
    const int bits = numbers.scheme.bits;
    const int value = numbers.zeroPoints[channel * numbers.groups + group] + (1 << (bits - 1)) - less;
    return static_cast<std::uint32_t>(value) & ((1U << static_cast<unsigned>(bits)) - 1);
}

std::vector<std::byte> rowsOfZeroPoints(const LayerNumbers &numbers, int less, bool awq)
{
    const auto bits = static_cast<unsigned>(numbers.scheme.bits);
    const std::uint64_t each = kWordBits / bits;
    std::vector<std::uint32_t> words(numbers.groups * (numbers.channels / each));
    for (std::uint64_t i = 0; i < words.size(); ++i) {
        const std::uint64_t group = i / (numbers.channels / each);
        const std::uint64_t first = i % (numbers.channels / each) * each;
        for (unsigned j = 0; j < each; ++j)
            words[i] |= zeroField(numbers, first + (awq ? kAwqOrder[j] : j), group, less) << (j * bits);
    }
    const auto bytes = std::as_bytes(std::span(words));
    return {bytes.begin(), bytes.end()};
}

} // namespace

std::shared_ptr<const Producer> codesWithNumbers(const Model &model, std::span<const Decision> decisions,
                                                 std::shared_ptr<const Producer> codes,
                                                 std::vector<NumbersTensor> tensors)
{
    return std::make_shared<CodesWithNumbers>(model, decisions, std::move(codes), std::move(tensors));
}

std::shared_ptr<const Producer> wordCodes(const Model &model, std::span<const Decision> decisions, WordOrder order)
{
    return std::make_shared<WordCodes>(model, decisions, order);
}

NumbersTensor findNumbersTensor(std::string_view name)
{
    const auto found = std::ranges::find(kNumbersTensors, name, &NamedNumbers::name);
    return found == kNumbersTensors.end() ? nullptr : found->tensor;
}

std::optional<WordOrder> findWordOrder(std::string_view name)
{
    for (const WordOrder order : {WordOrder::Gptq, WordOrder::Awq})
        if (name == nameOf(order))
            return order;
    return std::nullopt;
}

std::vector<std::byte> plainScales(const LayerNumbers &numbers, DType type)
{
    return encoded(numbers.scales, type);
}

std::vector<std::byte> turnedScales(const LayerNumbers &numbers, DType type)
{
    std::vector<float> turned(numbers.scales.size());
    for (std::uint64_t channel = 0; channel < numbers.channels; ++channel)
        for (std::uint64_t group = 0; group < numbers.groups; ++group)
            turned[group * numbers.channels + channel] = numbers.scales[channel * numbers.groups + group];
    return encoded(turned, type);
}

std::vector<std::byte> zeroPointColumns(const LayerNumbers &numbers, DType /*type*/)
{
    const auto bits = static_cast<unsigned>(numbers.scheme.bits);
    const std::uint64_t each = kWordBits / bits;
    std::vector<std::uint32_t> words(ceilDiv(numbers.channels, each) * numbers.groups);
    for (std::uint64_t channel = 0; channel < numbers.channels; ++channel)
        for (std::uint64_t group = 0; group < numbers.groups; ++group)
            words[channel / each * numbers.groups + group] |= zeroField(numbers, channel, group, 0)
                                                              << (channel % each * bits);
    const auto bytes = std::as_bytes(std::span(words));
    return {bytes.begin(), bytes.end()};
}

std::vector<std::byte> zeroPointRows(const LayerNumbers &numbers, DType /*type*/)
{
    return rowsOfZeroPoints(numbers, 0, false);
}

std::vector<std::byte> zeroPointRowsLessOne(const LayerNumbers &numbers, DType /*type*/)
{
    return rowsOfZeroPoints(numbers, 1, false);
}

std::vector<std::byte> awqZeroPointRows(const LayerNumbers &numbers, DType /*type*/)
{
    return rowsOfZeroPoints(numbers, 0, true);
}

std::vector<std::byte> addedOffsets(const LayerNumbers &numbers, DType type)
{
    if (!numbers.offsets.empty())
        return encoded(numbers.offsets, type);
    std::vector<float> offsets(numbers.scales.size());
    const int half = 1 << (numbers.scheme.bits - 1);
    for (std::size_t i = 0; i < offsets.size(); ++i)
        offsets[i] = static_cast<float>(-half - numbers.zeroPoints[i]) * numbers.scales[i];
    return encoded(offsets, type);
}

} // namespace qs
