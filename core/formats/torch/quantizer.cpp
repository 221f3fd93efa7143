// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/torch/quantizer.h"

#include "core/base/input_file.h"
#include "core/tensor/integers.h"

#include <utility>

#include <fmt/format.h>

namespace qs::torch {
namespace {

/// Codes of u8 are read less 128; so are their zero points.
int middleOf(DType codes)
{
    return codes == DType::U8 ? 128 : 0;
}

} // namespace

/// (scheme, scale, zero point) or (scheme, scales, zero points, axis): the scales become tensors beside the codes.
Result<void> QuantizerReader::read(const NamedTensor &named, pickle::Index quantizer, std::size_t index)
{
    m_name = named.name;
    m_value = named.value;
    m_quantizer = quantizer;
    if (m_content.kind(m_quantizer) != Kind::Tuple)
        return wrong(m_quantizer, Text::of("a quantizer must be a tuple"));
    const auto items = m_content.items(m_quantizer);
    const Index schemeName = argument(items, 0);
    const std::string_view scheme =
        m_content.kind(schemeName) == Kind::Global ? std::string_view(m_content.globalName(schemeName)) : "";
    TensorRole role{.reason = Text::of("quantized by PyTorch in a way that is not read"), .quantizable = false};
    const DType codes = m_model.tensors[index].dtype;
    const bool perTensor = scheme == "torch.per_tensor_affine" || scheme == "torch.per_tensor_symmetric";
    const bool perChannel = scheme == "torch.per_channel_affine" || scheme == "torch.per_channel_symmetric";
    if (codes != DType::I8 && codes != DType::U8)
        role.reason = Text::of("codes of type {} are not decoded", nameOf(codes));
    else if (perTensor) {
        QS_CHECK(addTensorScale(index, argument(items, 1), argument(items, 2), role));
    } else if (perChannel) {
        QS_CHECK(addChannelScales(index, items, role));
    }
    if (m_model.tensors[index].shape.size() > 1)
        m_model.roles[index] = std::move(role);
    return {};
}

Result<void> QuantizerReader::addTensorScale(std::size_t index, Index scale, Index zeroPoint, TensorRole &role)
{
    const DType codes = m_model.tensors[index].dtype;
    if (m_content.kind(scale) != Kind::Float || m_content.kind(zeroPoint) != Kind::Int)
        return wrong(m_quantizer,
                     Text::of("a quantizer per tensor must have a fractional scale and a whole zero point"));
    const std::int64_t zero = m_content.integer(zeroPoint);
    if (zero < middleOf(codes) - 128 || zero > middleOf(codes) + 127)
        return wrong(zeroPoint, Text::of("the zero point {} is no {}", zero, nameOf(codes)));
    const double value = m_content.real(scale);
    StoredQuantization stored;
    stored.zeroPoint = static_cast<int>(zero) - middleOf(codes);
    stored.scheme.mode = stored.zeroPoint == 0 ? Mode::Symmetric : Mode::Asymmetric;
    stored.scheme.granularity = Granularity::tensor();
    QS_ASSIGN(stored.scales, addPart(index, "scale", DType::F64, std::as_bytes(std::span(&value, 1))));
    role = {.reason = Text::of("as its quantizer says"), .stored = std::move(stored)};
    return {};
}

/// Zero points are whole numbers of 64 bits in the file and become some of the codes' type.
Result<void> QuantizerReader::addChannelScales(std::size_t index, std::span<const Index> items, TensorRole &role)
{
    const TensorInfo codes = m_model.tensors[index];
    QS_ASSIGN(const std::uint64_t axis, wholeNumber(argument(items, 3), "axis"));
    TensorInfo scales;
    TensorInfo wide;
    QS_CHECK(rebuildPart(argument(items, 1), scales));
    QS_CHECK(rebuildPart(argument(items, 2), wide));
    const std::vector<std::uint64_t> expected{axis < codes.shape.size() ? codes.shape[axis] : 0};
    if (axis >= codes.shape.size() || scales.shape != expected || wide.shape != expected)
        return wrong(m_quantizer,
                     Text::of("scales {} and zero points {} do not fit axis {} of {}", shapeText(scales.shape),
                              shapeText(wide.shape), axis, shapeText(codes.shape)));
    if (wide.file != 0 || wide.byteSize == 0 || wide.dtype != DType::I64 || !wide.strides.empty() ||
        !isWeightFloat(scales.dtype))
        return {}; // listed without values
    std::vector<std::byte> bytes(wide.byteSize);
    QS_CHECK(m_parts.file.read(wide.byteOffset, bytes));
    std::vector<std::byte> zeroPoints;
    bool allMiddle = true;
    for (std::uint64_t i = 0; i < expected[0]; ++i) {
        const auto zero = loadElement<std::int64_t>(bytes.data() + i * sizeof(std::int64_t), wide.bigEndian);
        if (zero < middleOf(codes.dtype) - 128 || zero > middleOf(codes.dtype) + 127)
            return wrong(m_quantizer, Text::of("the zero point {} is no {}", zero, nameOf(codes.dtype)));
        allMiddle = allMiddle && zero == middleOf(codes.dtype);
        zeroPoints.push_back(static_cast<std::byte>(zero));
    }
    StoredQuantization stored;
    stored.scheme.mode = allMiddle ? Mode::Symmetric : Mode::Asymmetric;
    stored.scheme.granularity = Granularity::channel();
    scales.name = m_names.unique(m_name + ".scales");
    stored.scales = m_model.tensors.size();
    m_model.tensors.push_back(std::move(scales));
    if (!allMiddle) {
        QS_ASSIGN(stored.zeroPoints, addPart(index, "zero_points", codes.dtype, zeroPoints));
    }
    role = {.channelAxis = static_cast<int>(axis),
            .reason = Text::of("as its quantizer says"),
            .stored = std::move(stored)};
    return {};
}

/// A plain tensor inside a quantizer.
Result<void> QuantizerReader::rebuildPart(Index value, TensorInfo &tensor)
{
    m_value = value;
    if (m_content.kind(m_value) != Kind::Object || rebuildOf(m_content.callableName(m_value)) != Rebuild::Strided)
        return wrong(m_value, Text::of("scales and zero points per channel must be tensors"));
    return m_rebuilder.rebuild({m_name, m_value}, tensor);
}

/// A tensor that is no storage of the file.
Result<std::size_t> QuantizerReader::addPart(std::size_t owner, const char *suffix, DType type,
                                             std::span<const std::byte> bytes)
{
    QS_ASSIGN(const Record record, m_parts.store(bytes));
    TensorInfo tensor;
    tensor.name = m_names.unique(fmt::format("{}.{}", m_model.tensors[owner].name, suffix));
    tensor.dtype = type;
    tensor.shape = {bytes.size() * 8 / bitsOf(type)};
    tensor.file = record.file;
    tensor.byteOffset = record.byteOffset;
    tensor.byteSize = bytes.size();
    m_model.tensors.push_back(std::move(tensor));
    return m_model.tensors.size() - 1;
}

} // namespace qs::torch
