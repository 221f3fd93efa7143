// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/layers/compressed_tensors.h"

#include "core/base/checked_math.h"
#include "core/base/text.h"
#include "core/tensor/tensor_bytes.h"

#include <algorithm>
#include <array>

namespace qs {
namespace {

constexpr std::string_view kPacked = ".weight_packed";
constexpr std::string_view kWeight = ".weight";
constexpr unsigned kWordBits = 32;
// Releases differ in how they pack other widths (FORMATS.md §6.3).
constexpr std::array kBits{4U, 8U};

std::unexpected<Error> wrong(Text message)
{
    return fail(ErrorCode::Input, std::move(message));
}

/// One weight and the tensors beside it.
class Weight
{
public:
    Weight(Model &model, std::size_t tensor, std::string_view suffix)
        : m_model(model)
        , m_tensor(tensor)
        , m_prefix(
              std::string_view(model.tensors[tensor].name).substr(0, model.tensors[tensor].name.size() - suffix.size()))
    {
        m_prefix += kWeight;
    }

    bool hasScale() const { return part("_scale").has_value(); }

    /// I8 codes that stand there as they are.
    Result<void> declarePlain() { return declare(8, m_model.tensors[m_tensor].shape, false); }

    /// I32 words.
    Result<void> declarePacked()
    {
        QS_ASSIGN(const std::vector<std::uint64_t> shape, unpackedShape());
        TensorInfo &tensor = m_model.tensors[m_tensor];
        const auto bits = std::ranges::find_if(kBits, [&](unsigned b) {
            const auto all = checkedMul(shape[1], b);
            return all && ceilDiv(*all, kWordBits) == tensor.shape[1];
        });
        if (tensor.shape[0] != shape[0] || bits == kBits.end())
            return wrong(Text::of("words of shape {} do not hold a weight of shape {} in 4 or 8 bits",
                                  shapeText(tensor.shape), shapeText(shape)));
        if (m_model.findTensor(m_prefix))
            return wrong(Text::of("there is a tensor {}, too", inQuotes(m_prefix)));
        QS_CHECK(declare(static_cast<int>(*bits), shape, true));
        const std::uint64_t row = tensor.shape[1] * (kWordBits / *bits);
        tensor.inFile = std::make_shared<const TensorInfo>(tensor);
        tensor.name = m_prefix;
        tensor.dtype = *bits == 4 ? DType::U4 : DType::U8;
        tensor.shape = shape;
        if (row != shape[1])
            tensor.strides = {row, 1};
        return {};
    }

private:
    std::optional<std::size_t> part(std::string_view suffix) const
    {
        return m_model.findTensor(m_prefix + std::string(suffix));
    }

    /// The two numbers of `weight_shape`.
    Result<std::vector<std::uint64_t>> unpackedShape() const
    {
        const auto index = part("_shape");
        if (!index)
            return wrong(Text::of("there is no tensor {}", inQuotes(m_prefix + "_shape")));
        const TensorInfo &tensor = m_model.tensors[*index];
        if (!isInteger(tensor.dtype) || tensor.encoding || tensor.shape != std::vector<std::uint64_t>{2})
            return wrong(Text::of("{} must hold two whole numbers, not {} {}", inQuotes(tensor.name), tensor.typeName(),
                                  shapeText(tensor.shape)));
        std::array<double, 2> values{};
        QS_CHECK(TensorElements(m_model.view(*index)).wholeNumbers(0, 2, values.data()));
        constexpr double kMost = 1ULL << 53U;
        if (std::ranges::any_of(values, [](double value) { return value < 1 || value > kMost; }))
            return wrong(Text::of("{} holds {} and {}, expected the lengths of two axes", inQuotes(tensor.name),
                                  values[0], values[1]));
        return std::vector{static_cast<std::uint64_t>(values[0]), static_cast<std::uint64_t>(values[1])};
    }

    Result<Granularity> granularityOf(const TensorInfo &scales, const std::vector<std::uint64_t> &shape) const
    {
        if (scales.elements() == 1 && scales.shape.size() <= 2 && shape[0] != 1)
            return Granularity::tensor();
        const bool perRow = !scales.shape.empty() && scales.shape.size() <= 2 && scales.shape[0] == shape[0];
        const std::uint64_t groups = scales.shape.size() == 2 ? scales.shape[1] : 1;
        if (!perRow || groups == 0 || shape[1] % groups != 0 || shape[1] / groups > UINT32_MAX)
            return wrong(Text::of("{} of shape {} does not divide a weight of shape {}", inQuotes(scales.name),
                                  shapeText(scales.shape), shapeText(shape)));
        return groups == 1 ? Granularity::channel() : Granularity::group(static_cast<std::uint32_t>(shape[1] / groups));
    }

    Result<void> takeZeroPoints(StoredQuantization &stored, const std::vector<std::uint64_t> &shape, bool packed) const
    {
        stored.zeroPoints = part("_zero_point");
        if (!stored.zeroPoints)
            return {};
        stored.scheme.mode = Mode::Asymmetric;
        const TensorInfo &zeroPoints = m_model.tensors[*stored.zeroPoints];
        std::vector<std::uint64_t> expected = m_model.tensors[*stored.scales].shape;
        packed = packed && zeroPoints.dtype == DType::I32; // a single one is not
        if (packed)
            expected = {ceilDiv(shape[0] * static_cast<unsigned>(stored.scheme.bits), kWordBits),
                        expected.size() == 2 ? expected[1] : 1};
        if (zeroPoints.shape != expected || zeroPoints.dtype != (packed ? DType::I32 : DType::I8))
            return wrong(Text::of("{} is {} {} instead of {} {}", inQuotes(zeroPoints.name), zeroPoints.typeName(),
                                  shapeText(zeroPoints.shape), packed ? "i32" : "i8", shapeText(expected)));
        stored.packedZeroPoints = packed;
        return {};
    }

    Result<void> declare(int bits, const std::vector<std::uint64_t> &shape, bool packed)
    {
        if (part("_g_idx"))
            return wrong(Text::of("its columns are in groups by activation order, which is not decoded"));
        const auto scales = part("_scale");
        if (!scales)
            return wrong(Text::of("there is no tensor {}", inQuotes(m_prefix + "_scale")));
        const TensorInfo &scale = m_model.tensors[*scales];
        if (!isWeightFloat(scale.dtype))
            return wrong(Text::of("{} has the type {}", inQuotes(scale.name), scale.typeName()));
        StoredQuantization stored;
        stored.scales = scales;
        stored.scheme.bits = bits;
        stored.scheme.scaleType = scale.dtype == DType::F16    ? ScaleType::F16
                                  : scale.dtype == DType::BF16 ? ScaleType::BF16
                                                               : ScaleType::F32;
        stored.sourceDType = scale.dtype;
        QS_ASSIGN(stored.scheme.granularity, granularityOf(scale, shape));
        QS_CHECK(takeZeroPoints(stored, shape, packed));
        if (const auto shapeTensor = part("_shape"))
            stored.others.push_back(*shapeTensor);
        TensorRole &role = m_model.roles[m_tensor];
        role.op = Op::Linear;
        role.channelAxis = 0;
        static const Text kReason = Text::of("compressed-tensors stores weights [out, in]");
        role.reason = kReason;
        role.stored = std::move(stored);
        return {};
    }

    Model &m_model;
    std::size_t m_tensor;
    std::string m_prefix; ///< "layer.weight"
};

} // namespace

bool declareCompressedTensors(Model &model)
{
    bool renamed = false;
    std::size_t failed = 0;
    Text first;
    for (std::size_t i = 0; i < model.tensors.size(); ++i) {
        const TensorInfo &tensor = model.tensors[i];
        const bool packed = tensor.dtype == DType::I32 && tensor.name.ends_with(kPacked);
        const bool plain = tensor.dtype == DType::I8 && tensor.name.ends_with(kWeight);
        if ((!packed && !plain) || tensor.shape.size() != 2 || !isPacked(tensor))
            continue;
        Weight weight(model, i, packed ? kPacked : kWeight);
        if (plain && !weight.hasScale())
            continue;
        const std::string name = inQuotes(tensor.name);
        const Result<void> declared = packed ? weight.declarePacked() : weight.declarePlain();
        renamed |= packed && declared;
        if (!declared && failed++ == 0)
            first = Text::of("{}: {}", name, declared.error().sentence());
    }
    if (failed > 0)
        model.warnings.push_back(Text::of(
            "{} weights that look quantized by compressed-tensors are not decoded, the first is {}", failed, first));
    return renamed;
}

} // namespace qs
