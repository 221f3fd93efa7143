// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/onnx/stored_codes.h"

#include "core/base/checked_math.h"
#include "core/tensor/float_blocks.h"
#include "core/tensor/integers.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace qs::onnx {
namespace {

constexpr std::uint64_t kZeroPointsRead = 65'536; // beyond that many they count as different from 0

bool isSignedCode(DType type)
{
    return type == DType::I8 || type == DType::I4 || type == DType::I2;
}

bool isCode(DType type)
{
    return isSignedCode(type) || type == DType::U8 || type == DType::U4 || type == DType::U2;
}

TensorRole undecoded(const Finding *finding, const Text &why)
{
    TensorRole role;
    if (finding != nullptr) {
        role.op = finding->consumption.op;
        role.channelAxis = finding->storedAxis;
    }
    role.quantizable = false;
    role.reason = Text::of("already quantized, its values are not decoded: {}", why);
    return role;
}

/// Builds the stored quantization; m_why says what stands against it.
class CodesReader
{
public:
    CodesReader(const Model &model, std::size_t tensor, const Dequantizing &dequantizing)
        : m_model(model)
        , m_info(model.tensors[tensor])
        , m_dequantizing(dequantizing)
    {}

    bool read(std::optional<int> outputAxis)
    {
        if (!isCode(m_info.dtype))
            return no(Text::of("codes of type {} are not supported", m_info.typeName()));
        if (m_dequantizing.scale == kNone || (m_dequantizing.hasZeroPoint && m_dequantizing.zeroPoint == kNone))
            return no(Text::of("its scales or zero points are computed when the model runs"));
        const TensorInfo &scales = m_model.tensors[m_dequantizing.scale];
        if (!isWeightFloat(scales.dtype))
            return no(Text::of("scales of type {} are not supported", scales.typeName()));
        m_stored.scales = m_dequantizing.scale;
        m_stored.sourceDType = m_dequantizing.type.value_or(scales.dtype);
        m_stored.scheme.bits = static_cast<int>(bitsOf(m_info.dtype));
        m_stored.scheme.scaleType = scales.dtype == DType::F16    ? ScaleType::F16
                                    : scales.dtype == DType::BF16 ? ScaleType::BF16
                                                                  : ScaleType::F32;
        return placeScales(scales, outputAxis) && placeZeroPoints(scales);
    }

    StoredQuantization takeStored() { return std::move(m_stored); }
    int channelAxis() const { return m_axis; }
    const Text &axisReason() const { return m_axisReason; }
    Text takeWhy() { return std::move(m_why); }

private:
    bool no(Text why)
    {
        m_why = std::move(why);
        return false;
    }

    bool placeScales(const TensorInfo &scales, std::optional<int> outputAxis)
    {
        if (m_dequantizing.blockSize > 0)
            return placeBlocks(scales);
        if (scales.elements() == 1) {
            m_stored.scheme.granularity = Granularity::tensor();
            m_axis = outputAxis.value_or(0);
            m_axisReason = Text::of("one scale for the whole tensor");
            return true;
        }
        const auto axis = m_dequantizing.storedAxis;
        const auto along = std::ranges::find_if(scales.shape, [](std::uint64_t size) { return size != 1; });
        if (!axis || scales.elements() != m_info.shape[static_cast<std::size_t>(*axis)] ||
            std::ranges::count_if(scales.shape, [](std::uint64_t size) { return size != 1; }) > 1)
            return no(Text::of("scales of shape {} do not fit an axis of {}", shapeText(scales.shape),
                               shapeText(m_info.shape)));
        m_stored.scheme.granularity = Granularity::channel();
        m_axis = *axis;
        m_stored.partsAxis = along == scales.shape.end() ? 0 : static_cast<int>(along - scales.shape.begin());
        m_axisReason = Text::of("its scales run along axis {}", *axis);
        return true;
    }

    /// Scales [N, K / block] or [K / block, N].
    bool placeBlocks(const TensorInfo &scales)
    {
        const auto axis = m_dequantizing.storedAxis;
        const std::uint64_t size = m_dequantizing.blockSize;
        if (!axis || m_info.shape.size() != 2 || size > std::numeric_limits<std::uint32_t>::max())
            return no(Text::of("blocks of {} codes are supported along one of two axes only", size));
        std::vector<std::uint64_t> expected = m_info.shape;
        std::uint64_t &blocks = expected[static_cast<std::size_t>(*axis)];
        blocks = ceilDiv(blocks, size);
        if (scales.shape != expected)
            return no(Text::of("scales of shape {} do not fit blocks of {} codes of {}, which need {}",
                               shapeText(scales.shape), size, shapeText(m_info.shape), shapeText(expected)));
        m_stored.scheme.granularity = Granularity::group(static_cast<std::uint32_t>(size));
        m_axis = 1 - *axis;
        m_stored.partsAxis = m_axis;
        m_axisReason = Text::of("its scales reach over {} codes along axis {}", size, *axis);
        return true;
    }

    bool placeZeroPoints(const TensorInfo &scales)
    {
        if (m_dequantizing.zeroPoint == kNone) {
            if (!isSignedCode(m_info.dtype)) { // unsigned codes count from 0, and are read minus half their range
                m_stored.scheme.mode = Mode::Asymmetric;
                m_stored.zeroPoint = -(1 << (m_stored.scheme.bits - 1));
            }
            return true;
        }
        const TensorInfo &zeros = m_model.tensors[m_dequantizing.zeroPoint];
        const bool wholeFloats = isSignedCode(m_info.dtype) && areCodes(zeros);
        if ((zeros.dtype != m_info.dtype && !wholeFloats) || zeros.elements() != scales.elements())
            return no(Text::of("zero points of type {} and shape {} do not fit codes of type {} and scales of "
                               "shape {}",
                               zeros.typeName(), shapeText(zeros.shape), m_info.typeName(), shapeText(scales.shape)));
        if (allZero(zeros)) {
            m_stored.others.push_back(m_dequantizing.zeroPoint);
        } else {
            m_stored.scheme.mode = Mode::Asymmetric;
            m_stored.zeroPoints = m_dequantizing.zeroPoint;
        }
        return true;
    }

    /// True for floats that are whole numbers in the range of the codes.
    bool areCodes(const TensorInfo &zeros) const
    {
        if (!isWeightFloat(zeros.dtype) || zeros.elements() > kZeroPointsRead)
            return false;
        const FloatBlocks blocks(m_model.view(m_dequantizing.zeroPoint), 0);
        std::vector<float> values;
        if (!blocks.read({0, blocks.shape().channels, 0, blocks.shape().weights}, values))
            return false;
        const auto half = static_cast<float>(1 << (m_stored.scheme.bits - 1));
        return std::ranges::all_of(
            values, [half](float value) { return value >= -half && value < half && value == std::nearbyint(value); });
    }

    /// True when no code is shifted: all zero points are 0, or half of the range of unsigned codes.
    bool allZero(const TensorInfo &zeros) const
    {
        const IntegerLoader load = integerLoader(zeros.dtype);
        if (load == nullptr || zeros.elements() > kZeroPointsRead)
            return false;
        const std::int64_t zero = isSignedCode(zeros.dtype) ? 0 : std::int64_t{1} << (m_stored.scheme.bits - 1);
        const auto bytes = m_model.view(m_dequantizing.zeroPoint).bytes();
        if (!bytes) // whoever reads the weights says why
            return false;
        for (std::uint64_t i = 0; i < zeros.elements(); ++i)
            if (load(bytes->data(), i, false) != zero)
                return false;
        return true;
    }

    const Model &m_model;
    const TensorInfo &m_info;
    const Dequantizing &m_dequantizing;
    StoredQuantization m_stored;
    int m_axis = 0;
    Text m_axisReason;
    Text m_why;
};

} // namespace

TensorRole storedCodesRole(const Model &model, std::size_t tensor, const Finding *finding,
                           const Dequantizing &dequantizing)
{
    CodesReader reader(model, tensor, dequantizing);
    if (!reader.read(finding != nullptr ? finding->storedAxis : std::nullopt))
        return undecoded(finding, reader.takeWhy());
    TensorRole role;
    if (finding != nullptr)
        role.op = finding->consumption.op;
    role.channelAxis = reader.channelAxis();
    const bool alsoUsed = finding != nullptr && !finding->reason.empty();
    role.reason = alsoUsed ? Text::of("{}; {}", reader.axisReason(), finding->reason) : reader.axisReason();
    role.stored = reader.takeStored();
    return role;
}

TensorRole undecodedCodesRole(const Model &model, std::size_t tensor, const Finding &finding)
{
    const NodeView &view = finding.view;
    const std::string_view op = view.node().opType;
    if (finding.consumption.codes == Codes::Unscaled)
        return undecoded(&finding, Text::of("{} takes {} codes, and their scale is part of what follows", op,
                                            model.tensors[tensor].typeName()));
    const std::int64_t bits = view.integer("bits", op == "MatMulBnb4" ? 4 : 0);
    const std::int64_t block = view.integer("block_size", 0);
    return undecoded(&finding, bits > 0 && block > 0
                                   ? Text::of("{} holds codes of {} bits in blocks of {}", op, bits, block)
                                   : Text::of("{} holds codes in a layout of its own", op));
}

} // namespace qs::onnx
