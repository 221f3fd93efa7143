// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/export/formats/gguf/from_hugging_face.h"

#include "core/base/checked_math.h"
#include "core/base/parallel.h"
#include "core/export/formats/folders/hugging_face.h"
#include "core/export/formats/gguf/bpe_tokenizer.h"
#include "core/export/formats/gguf/keys.h"
#include "core/export/formats/gguf/llama_names.h"
#include "core/formats/gguf/types.h"
#include "core/tensor/float_blocks.h"
#include "core/tensor/small_floats.h"

#include <algorithm>

namespace qs {

namespace {

constexpr std::uint64_t kAlignment = 32;
constexpr std::size_t kMostNameBytes = 63; // of llama.cpp

/// Where row `row` of a tensor goes when the rows of each head, [2, d/2], become [d/2, 2].
std::uint64_t turnedRow(std::uint64_t row, std::uint64_t rows, std::uint64_t heads)
{
    const std::uint64_t size = rows / heads;
    const std::uint64_t within = row % size;
    return row - within + within % (size / 2) * 2 + within / (size / 2);
}

/// Rows that another producer writes, in the order of rotary pairs.
class TurnedRows final : public Producer
{
public:
    TurnedRows(std::shared_ptr<const Producer> rows, std::uint64_t count, std::uint64_t rowBytes, std::uint64_t heads)
        : m_rows(std::move(rows))
        , m_count(count)
        , m_rowBytes(rowBytes)
        , m_heads(heads)
    {}

    Result<void> produce(std::size_t item, std::span<const OutputPart> parts, const TaskContext &context) const override
    {
        const OutputPart &part = parts[0];
        const OutputPart turned{
            part.dtype, [&](std::uint64_t offset, std::span<const std::byte> bytes) -> Result<void> {
                while (!bytes.empty()) {
                    const std::uint64_t row = offset / m_rowBytes;
                    const std::uint64_t within = offset % m_rowBytes;
                    const auto piece = bytes.first(std::min<std::uint64_t>(bytes.size(), m_rowBytes - within));
                    QS_CHECK(part.write(turnedRow(row, m_count, m_heads) * m_rowBytes + within, piece));
                    offset += piece.size();
                    bytes = bytes.subspan(piece.size());
                }
                return {};
            }};
        return m_rows->produce(item, std::span(&turned, 1), context);
    }

private:
    std::shared_ptr<const Producer> m_rows;
    std::uint64_t m_count;
    std::uint64_t m_rowBytes;
    std::uint64_t m_heads;
};

/// Item: a tensor of floats; its values as rows of outputs along `axis`, in the part's type.
class FloatRows final : public Producer
{
public:
    FloatRows(const Model &model, int axis, float added)
        : m_model(model)
        , m_axis(axis)
        , m_added(added)
    {}

    Result<void> produce(std::size_t item, std::span<const OutputPart> parts, const TaskContext &context) const override
    {
        const FloatBlocks blocks(m_model.view(item), m_axis);
        const std::uint64_t row = matrixShape(m_model.tensors[item], m_axis).weights;
        const std::size_t size = bitsOf(parts[0].dtype) / 8;
        return parallelFor(blocks.layout().count(), context, [&](std::size_t index) -> Result<void> {
            const BlockRange range = blocks.layout().block(index);
            std::vector<float> values;
            QS_CHECK(blocks.read(range, values));
            for (float &value : values)
                value += m_added;
            std::vector<std::byte> bytes;
            encodeFloats(parts[0].dtype, values, bytes);
            for (std::uint64_t c = 0; c < range.channels; ++c)
                QS_CHECK(parts[0].write(((range.channel + c) * row + range.weight) * size,
                                        std::span(bytes).subspan(c * range.weights * size, range.weights * size)));
            return {};
        });
    }

private:
    const Model &m_model;
    int m_axis;
    float m_added;
};

class GgufMaker
{
public:
    GgufMaker(const Model &model, const GgufFamily &family)
        : m_model(model)
        , m_family(family)
    {}

    Result<FileContents> make(const ReplaceGgufTensor &replace)
    {
        for (std::size_t i = 0; i < m_model.tensors.size(); ++i) {
            QS_ASSIGN(const GgufName name, m_family.nameOf(m_model.tensors[i].name));
            const std::size_t original = untied(m_model, i);
            QS_ASSIGN(const GgufName nameOfOriginal, m_family.nameOf(m_model.tensors[original].name));
            if (!name.leftOut && !isTiedOutput(m_model, i, name.name, nameOfOriginal.name))
                QS_CHECK(addTensor(i, name, replace));
        }
        gguf::KeyWriter keys;
        keys.add("general.architecture", m_family.architecture());
        keys.add("general.name", m_model.path.parent_path().filename().native());
        m_family.addKeys(keys);
        if (!addBpeTokenizer(keys, m_model.path.parent_path(), m_family.vocabulary(), m_family.config()).empty())
            keys.add("tokenizer.ggml.model", "none");
        keys.add("general.file_type", gguf::fileTypeOf(m_typeCounts));
        keys.add("general.quantization_version", std::uint32_t{2});
        std::string start = "GGUF";
        gguf::put(start, 3, 4);
        gguf::put(start, m_contents.tensors.size(), 8);
        gguf::put(start, keys.count(), 8);
        start += keys.bytes();
        start += m_infos;
        start.resize(alignUp(start.size(), kAlignment));
        m_contents.pieces.emplace_back(std::move(start));
        std::ranges::move(m_payloads, std::back_inserter(m_contents.pieces));
        return std::move(m_contents);
    }

private:
    Result<void> addTensor(std::size_t index, const GgufName &name, const ReplaceGgufTensor &replace)
    {
        const TensorInfo &info = m_model.tensors[index];
        const Text where = Text::of("tensor {}", inQuotes(info.name));
        if (name.name.size() > kMostNameBytes)
            return fail(ErrorCode::Work, Text::of("the name {} is longer than llama.cpp allows", name.name), where);
        if (info.shape.empty() || info.shape.size() > 2 || !isWeightFloat(info.dtype))
            return fail(ErrorCode::Work,
                        Text::of("a tensor of type {} and shape {} has no place in llama.cpp", info.typeName(),
                                 shapeText(info.shape)),
                        where);
        const std::uint64_t rows = name.change == GgufChange::Transposed ? info.shape[1] : info.shape[0];
        if (name.change == GgufChange::HeadRows && (rows % name.heads != 0 || rows / name.heads % 2 != 0))
            return fail(ErrorCode::Work, Text::of("its {} rows do not belong to {} heads", rows, name.heads), where);
        std::vector<std::uint64_t> shape = info.shape;
        if (name.change == GgufChange::Transposed)
            std::swap(shape[0], shape[1]);
        std::optional<NewGgufTensor> output = replace(untied(m_model, index));
        if (!output)
            output = plain(index, name, shape);
        if (name.change == GgufChange::HeadRows)
            output->tensor.producer = std::make_shared<TurnedRows>(output->tensor.producer, rows,
                                                                   output->tensor.byteSize() / rows, name.heads);
        output->tensor.name = name.name;
        add(std::move(*output), shape);
        return {};
    }

    /// In its own type, or as f32 what llama.cpp wants so.
    NewGgufTensor plain(std::size_t index, const GgufName &name, const std::vector<std::uint64_t> &shape) const
    {
        const TensorInfo &info = m_model.tensors[index];
        const bool single = info.shape.size() == 1 || name.staysFloat32 || info.dtype == DType::F64;
        const DType type = single ? DType::F32 : info.dtype;
        const int axis = name.change == GgufChange::Transposed ? 1 : 0;
        const float added = name.change == GgufChange::PlusOne ? 1.0F : 0.0F;
        return {{name.name, type, shape, std::make_shared<FloatRows>(m_model, axis, added), index, 0, 0}, nameOf(type)};
    }

    void add(NewGgufTensor output, const std::vector<std::uint64_t> &shape)
    {
        const std::uint32_t type = ggufTypeNamed(output.type)->id;
        gguf::putText(m_infos, output.tensor.name);
        gguf::put(m_infos, shape.size(), 4);
        for (auto dim = shape.rbegin(); dim != shape.rend(); ++dim)
            gguf::put(m_infos, *dim, 8);
        gguf::put(m_infos, type, 4);
        gguf::put(m_infos, m_payloadBytes, 8);
        if (shape.size() > 1)
            ++m_typeCounts[type];
        const std::uint64_t size = output.tensor.byteSize();
        const std::uint64_t padding = alignUp(size, kAlignment) - size;
        m_payloads.emplace_back(m_contents.tensors.size());
        m_payloads.emplace_back(std::string(padding, '\0'));
        m_contents.tensors.push_back(std::move(output.tensor));
        m_payloadBytes += size + padding;
    }

    const Model &m_model;
    const GgufFamily &m_family;
    std::string m_infos;
    std::vector<FilePiece> m_payloads;
    std::uint64_t m_payloadBytes = 0;
    std::map<std::uint32_t, std::size_t> m_typeCounts;
    FileContents m_contents;
};

} // namespace

Text whyNoGgufOfHuggingFace(const Model &model)
{
    if (Text reason = whyNoHuggingFaceFolder(model); !reason.empty())
        return Text::of("a GGUF file is made of a GGUF file or of a Hugging Face model: {}", reason);
    const auto family = GgufFamily::of(model);
    return family ? Text() : family.error().sentence();
}

Text whyNoBlocks(const Model &model, const Layer &layer, int channelAxis, std::uint64_t block)
{
    const TensorInfo &tensor = model.tensorOf(layer);
    const auto family = GgufFamily::of(model);
    const auto name = family ? family->nameOf(tensor.name) : std::unexpected(family.error());
    if (!name)
        return {}; // said of the whole file
    const int axis = name->change == GgufChange::Transposed ? 1 : 0;
    if (tensor.shape.size() != 2 || name->staysFloat32)
        return Text::of("llama.cpp wants it in float");
    if (channelAxis != axis)
        return Text::of("llama.cpp has the outputs of this weight on axis {}, not {}", axis, channelAxis);
    const std::uint64_t weights = matrixShape(tensor, axis).weights;
    if (weights % block != 0)
        return Text::of("its rows of {} weights are not made of whole blocks of {}", weights, block);
    return {};
}

Result<FileContents> ggufOfHuggingFace(const Model &model, const ReplaceGgufTensor &replace)
{
    QS_ASSIGN(const GgufFamily family, GgufFamily::of(model));
    return GgufMaker(model, family).make(replace);
}

std::vector<Text> tokenizerNotes(const Model &model)
{
    const auto family = GgufFamily::of(model);
    if (!family)
        return {};
    gguf::KeyWriter keys;
    const Text reason = addBpeTokenizer(keys, model.path.parent_path(), family->vocabulary(), family->config());
    if (reason.empty())
        return {};
    return {Text::of("the file has no tokenizer, so that it runs on numbers of tokens only: {}", reason)};
}

} // namespace qs
