// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/export/formats/onnx/block_parts.h"

#include "core/scheme/scale_table.h"
#include "core/tensor/small_floats.h"

#include <cstring>
#include <mutex>

namespace qs::onnx {
namespace {

/// A part that waits in memory, which is bounded as the number of scales is.
template <class T> class Collected
{
public:
    OutputPart part(DType type)
    {
        return {type, [this](std::uint64_t offset, std::span<const std::byte> bytes) -> Result<void> {
                    const std::lock_guard lock(m_mutex);
                    m_values.resize(std::max<std::size_t>(m_values.size(), (offset + bytes.size()) / sizeof(T)));
                    std::memcpy(reinterpret_cast<std::byte *>(m_values.data()) + offset, bytes.data(), bytes.size());
                    return {};
                }};
    }

    /// [rows, columns] the other way round.
    void transpose(std::uint64_t rows, std::uint64_t columns)
    {
        std::vector<T> turned(m_values.size());
        for (std::uint64_t r = 0; r < rows; ++r)
            for (std::uint64_t c = 0; c < columns; ++c)
                turned[c * rows + r] = m_values[r * columns + c];
        m_values = std::move(turned);
    }

    const std::vector<T> &values() const { return m_values; }

private:
    std::mutex m_mutex;
    std::vector<T> m_values;
};

class WithBlockParts final : public Producer
{
public:
    WithBlockParts(const Model &model, std::span<const Decision> decisions, std::shared_ptr<const Producer> codes,
                   const BlockParts &parts)
        : m_model(model)
        , m_decisions(decisions)
        , m_codes(std::move(codes))
        , m_parts(parts)
    {}

    std::optional<std::size_t> layerOf(std::size_t item) const override { return item; }

    Result<void> produce(std::size_t item, std::span<const OutputPart> parts, const TaskContext &context) const override
    {
        const auto wanted = [&](std::size_t part) { return part < parts.size() && parts[part].write; };
        Collected<float> scales;
        Collected<std::int8_t> zeroPoints;
        std::vector<OutputPart> collecting(parts.begin(), parts.end());
        if (wanted(kScales))
            collecting[kScales] = scales.part(DType::F32);
        if (wanted(kZeroPoints))
            collecting[kZeroPoints] = zeroPoints.part(DType::I8);
        QS_CHECK(m_codes->produce(item, collecting, context));
        const Decision &decision = m_decisions[item];
        const MatrixShape shape = matrixShape(m_model.tensorOf(m_model.layers[item]), decision.channelAxis);
        const std::uint64_t groups = ScaleGeometry{decision.scheme.granularity, shape}.groupsPerChannel();
        if (m_parts.groupsFirst && decision.channelAxis > 0 && groups > 1) {
            scales.transpose(shape.channels, groups);
            if (wanted(kZeroPoints))
                zeroPoints.transpose(shape.channels, groups);
        }
        if (wanted(kScales)) {
            std::vector<std::byte> bytes;
            encodeFloats(parts[kScales].dtype, scales.values(), bytes);
            QS_CHECK(parts[kScales].write(0, bytes));
        }
        return wanted(kZeroPoints) ? writeZeroPoints(zeroPoints.values(), groups, parts[kZeroPoints].write)
                                   : Result<void>{};
    }

private:
    Result<void> writeZeroPoints(const std::vector<std::int8_t> &values, std::uint64_t groups,
                                 const ByteSink &write) const
    {
        if (m_parts.packer == nullptr)
            return write(0, std::as_bytes(std::span(values)));
        const std::uint64_t row = m_parts.packRows ? groups : values.size();
        const std::uint64_t rowBytes = m_parts.packer->bytes(row);
        std::vector<std::byte> bytes(values.size() / row * rowBytes);
        for (std::uint64_t first = 0; first < values.size(); first += row)
            m_parts.packer->pack({std::span(values).subspan(first, row)}, bytes.data() + first / row * rowBytes);
        return write(0, bytes);
    }

    const Model &m_model;
    std::span<const Decision> m_decisions;
    std::shared_ptr<const Producer> m_codes;
    BlockParts m_parts;
};

} // namespace

std::shared_ptr<const Producer> withBlockParts(const Model &model, std::span<const Decision> decisions,
                                               std::shared_ptr<const Producer> codes, const BlockParts &parts)
{
    return std::make_shared<WithBlockParts>(model, decisions, std::move(codes), parts);
}

} // namespace qs::onnx
