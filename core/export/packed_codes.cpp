// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/export/packed_codes.h"

#include "core/base/scratch_file.h"
#include "core/export/named_producer.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

namespace qs {

namespace {

constexpr std::uint64_t kPieceCodes = std::uint64_t{1} << 20U; // a whole number of bytes of any width

class PackedCodes final : public NamedProducer
{
public:
    PackedCodes(const Model &model, std::span<const Decision> decisions, const CodePacker &packer, StreamRows rows)
        : m_model(model)
        , m_decisions(decisions)
        , m_packer(packer)
        , m_rows(rows)
    {}

    std::string name() const override
    {
        return fmt::format("packed {} {}", m_packer.name, m_rows == StreamRows::Whole ? "whole" : "rows");
    }
    std::optional<std::size_t> layerOf(std::size_t item) const override { return item; }

    Result<void> produce(std::size_t item, std::span<const OutputPart> parts, const TaskContext &context) const override
    {
        QS_CHECK(produceBy(item, parts, context,
                           [&](const Producer &codes, std::span<const OutputPart> wanted) -> Result<bool> {
                               QS_CHECK(codes.produce(item, wanted, context));
                               return true;
                           }));
        return {};
    }

    bool measures() const override { return true; }

    Result<bool> produceMeasured(std::size_t item, std::span<const OutputPart> parts, AnalysisCache &cache,
                                 const TaskContext &context) const override
    {
        return produceBy(item, parts, context, [&](const Producer &codes, std::span<const OutputPart> wanted) {
            return codes.produceMeasured(item, wanted, cache, context);
        });
    }

private:
    /// `make` has one of layerCodes() make the parts, and says whether they mean anything.
    template <class Make>
    Result<bool> produceBy(std::size_t item, std::span<const OutputPart> parts, const TaskContext &context,
                           Make make) const
    {
        if (parts.empty() || !parts[kCodes].write)
            return make(*layerCodes(m_model, m_decisions, byteCodes()), parts);
        const TensorInfo &tensor = m_model.tensorOf(m_model.layers[item]);
        const int axis = m_decisions[item].channelAxis;
        const std::uint64_t channel = matrixShape(tensor, axis).weights;
        const std::uint64_t row = streamRow(tensor, m_rows);
        // Channels one behind the other make the rows, or fill whole bytes of the only one.
        const bool inOrder = axis == tensor.stackAxes && (row == channel || channel % m_packer.unit() == 0);
        if (inOrder)
            return make(*layerCodes(m_model, m_decisions, m_packer), parts);
        QS_ASSIGN(ScratchFile scratch, ScratchFile::create());
        std::vector<OutputPart> inBytes(parts.begin(), parts.end());
        inBytes[kCodes] = {DType::I8, [&scratch](std::uint64_t offset, std::span<const std::byte> bytes) {
                               return scratch.writeAt(offset, bytes);
                           }};
        QS_ASSIGN(const bool holds, make(*layerCodes(m_model, m_decisions, byteCodes()), inBytes));
        if (!holds)
            return false;
        QS_ASSIGN(const std::shared_ptr<const InputFile> codes, scratch.finish("codes"));
        QS_CHECK(pack(*codes, row, tensor.elements(), parts[kCodes].write, context));
        return true;
    }

    Result<void> pack(const InputFile &codes, std::uint64_t row, std::uint64_t count, const ByteSink &write,
                      const TaskContext &context) const
    {
        // Several short rows at a time, or a piece of a long one.
        const std::uint64_t rowsAtATime = std::max<std::uint64_t>(kPieceCodes / row, 1);
        std::vector<std::int8_t> piece;
        std::vector<std::byte> bytes;
        std::uint64_t written = 0;
        for (std::uint64_t done = 0; done < count;) {
            QS_CHECK(context.check());
            const std::uint64_t wanted =
                row > kPieceCodes ? std::min(kPieceCodes, row - done % row) : rowsAtATime * row;
            piece.resize(std::min(wanted, count - done));
            QS_CHECK(codes.read(done, std::as_writable_bytes(std::span(piece))));
            const std::uint64_t line = std::min<std::uint64_t>(row, piece.size());
            bytes.resize(m_packer.bytes(line) * (piece.size() / line));
            for (std::uint64_t first = 0; first < piece.size(); first += line)
                m_packer.pack({std::span(piece).subspan(first, line)},
                              bytes.data() + first / line * m_packer.bytes(line));
            QS_CHECK(write(written, bytes));
            written += bytes.size();
            done += piece.size();
        }
        return {};
    }

    const Model &m_model;
    std::span<const Decision> m_decisions;
    const CodePacker &m_packer;
    StreamRows m_rows;
};

DType scaleDType(ScaleType type)
{
    return type == ScaleType::F16 ? DType::F16 : type == ScaleType::BF16 ? DType::BF16 : DType::F32;
}

} // namespace

std::uint64_t streamRow(const TensorInfo &tensor, StreamRows rows)
{
    std::uint64_t count = tensor.elements();
    for (std::size_t i = 0; rows == StreamRows::FirstAxis && i <= tensor.stackAxes; ++i)
        count /= tensor.shape[i];
    return count;
}

std::uint64_t streamBytes(const TensorInfo &tensor, StreamRows rows, const CodePacker &packer)
{
    const std::uint64_t row = streamRow(tensor, rows);
    return tensor.elements() / row * packer.bytes(row);
}

std::shared_ptr<const Producer> packedCodes(const Model &model, std::span<const Decision> decisions,
                                            const CodePacker &packer, StreamRows rows)
{
    return std::make_shared<PackedCodes>(model, decisions, packer, rows);
}

Result<std::vector<OutputTensor>> codedTensors(const ExportInput &input)
{
    std::map<const CodePacker *, std::shared_ptr<const Producer>> producers;
    return modelTensors(input, [&](std::size_t layer) -> std::vector<OutputTensor> {
        const Decision &decision = input.decisions[layer];
        if (!decision.quantize)
            return {};
        const CodePacker *packer = packerFor(input, layer);
        std::shared_ptr<const Producer> &codes = producers[packer];
        if (!codes)
            codes = packer ? packedCodes(input.model, input.decisions, *packer, StreamRows::FirstAxis)
                           : layerCodes(input.model, input.decisions, byteCodes());
        return codesAndScales(input, layer, codes, scaleDType(decision.scheme.scaleType), packer);
    });
}

} // namespace qs
