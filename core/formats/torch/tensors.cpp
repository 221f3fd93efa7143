// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/torch/tensors.h"

#include "core/base/checked_math.h"
#include "core/base/text.h"
#include "core/formats/torch/arguments.h"
#include "core/tensor/integers.h"

#include <algorithm>
#include <tuple>
#include <unordered_map>

#include <fmt/format.h>

namespace qs::torch {
namespace {

using pickle::Content;

constexpr std::size_t kMaxTensors = 2'000'000;
/// Elements that are counted again and again (strides of 0) may make a tensor this much larger than its storage.
constexpr std::uint64_t kMaxExpansion = 8;
constexpr int kMaxWraps = 100; // parameters in parameters; real files have one

/// Turns one record after the other into tensors of the model.
class TensorReader : private Arguments
{
public:
    TensorReader(const Content &content, const Storages &storages, const std::map<std::string_view, Record> &records,
                 const Parts &parts, Model &model, const std::string &where)
        : Arguments(content, where)
        , m_storages(storages)
        , m_records(records)
        , m_parts(parts)
        , m_model(model)
    {}

    Result<void> add(const NamedTensor &named)
    {
        m_name = named.name;
        m_value = named.value;
        if (m_model.tensors.size() == kMaxTensors)
            return wrong(m_value, fmt::format("the file has more than {} tensors, the limit", kMaxTensors));
        m_quantizer = pickle::kNone;
        TensorInfo tensor;
        tensor.name = uniqueName(named.name);
        QS_CHECK(fill(tensor));
        noteAlias(tensor);
        if (tensor.dtype == DType::Encoded && tensor.shape.size() > 1)
            m_model.roles[m_model.tensors.size()] = {.reason = tensor.encoding->withoutValues, .quantizable = false};
        m_model.tensors.push_back(std::move(tensor));
        return m_quantizer != pickle::kNone ? addQuantization(m_model.tensors.size() - 1) : Result<void>();
    }

    void addWarnings()
    {
        if (!m_renamed.empty())
            m_model.warnings.push_back(fmt::format("{} tensors had the name of another one and were renamed: {}",
                                                   m_renamed.size(), listInQuotes(m_renamed, 3)));
    }

private:
    std::string uniqueName(const std::string &name)
    {
        std::size_t &count = m_names[name];
        if (++count == 1)
            return name;
        std::string other;
        do {
            other = fmt::format("{} ({})", name, count++);
        } while (m_names.contains(other));
        m_names[other] = 1;
        m_renamed.push_back(name);
        return other;
    }

    Result<void> fill(TensorInfo &tensor)
    {
        std::string_view global = m_content.callableName(m_value);
        Index list = m_content.object(m_value).arguments;
        for (int wraps = 0; wraps < kMaxWraps; ++wraps) {
            const auto arguments = m_content.items(list);
            switch (rebuildOf(global)) {
            case Rebuild::Strided:
                return fillStrided(tensor, arguments, {});
            case Rebuild::StridedTyped: {
                QS_ASSIGN(const ElementType element, elementFrom(argument(arguments, 6)));
                return fillStrided(tensor, arguments, element);
            }
            case Rebuild::Quantized:
                m_quantizer = argument(arguments, 4);
                return fillStrided(tensor, arguments, {});
            case Rebuild::Sparse:
                return listOnly(tensor, "sparse", lastSizes(argument(arguments, 1)),
                                "sparse tensors are listed without values");
            case Rebuild::Meta:
                return listOnly(tensor, "meta", argument(arguments, 1), "the file holds no values of this tensor");
            case Rebuild::Subclass:
                return listOnly(tensor, "subclass", argument(arguments, 2),
                                "values of this subclass of tensors are kept in a form that is not read");
            case Rebuild::Foreign:
                return listOnly(tensor, "foreign", pickle::kNone,
                                "values of this tensor are kept in a form that is not read");
            case Rebuild::Wrapped: {
                const Index inner = argument(arguments, 0);
                if (m_content.kind(inner) != Kind::Object)
                    return wrong(inner,
                                 fmt::format("a tensor was expected, not {}", pickle::describe(m_content.kind(inner))));
                global = m_content.callableName(inner);
                list = m_content.object(inner).arguments;
                break;
            }
            case Rebuild::FromType: {
                const Index function = argument(arguments, 0);
                const Index inner = argument(arguments, 2);
                if (m_content.kind(function) != Kind::Global || m_content.kind(inner) != Kind::Tuple)
                    return wrong(m_value, "a function and its arguments were expected");
                global = m_content.globalName(function);
                list = inner;
                break;
            }
            case Rebuild::None:
                return listOnly(tensor, "foreign", pickle::kNone,
                                fmt::format("the values would be made by {}", inQuotes(global)));
            }
        }
        return wrong(m_value, fmt::format("the tensor is wrapped more than {} times", kMaxWraps));
    }

    Result<void> listOnly(TensorInfo &tensor, const char *name, Index sizes, std::string reason)
    {
        if (sizes != pickle::kNone) {
            QS_ASSIGN(tensor.shape, numbers(sizes, "size"));
            QS_CHECK(elementsOf(tensor.shape));
        }
        tensor.dtype = DType::Encoded;
        const Encoding *&known = m_reasons[reason];
        if (known == nullptr)
            known = &m_model.encodings.emplace_back(Encoding{name, 0, 0, nullptr, std::move(reason)});
        tensor.encoding = known;
        return {};
    }

    Result<void> fillStrided(TensorInfo &tensor, std::span<const Index> arguments, std::optional<ElementType> element)
    {
        const Index storageValue = argument(arguments, 0);
        const auto found = m_storages.find(storageValue);
        if (found == m_storages.end())
            return wrong(storageValue,
                         fmt::format("a storage was expected, not {}", pickle::describe(m_content.kind(storageValue))));
        const Storage &storage = found->second;
        if (!element)
            element = storage.type.element;
        if (!element)
            return wrong(storageValue, "the storage is untyped and the tensor does not say its element type");
        tensor.dtype = element->dtype;
        tensor.encoding = element->encoding;
        tensor.bigEndian = m_parts.bigEndian && element->bytes() > 1;
        QS_ASSIGN(std::uint64_t offset, wholeNumber(argument(arguments, 1), "offset"));
        QS_ASSIGN(tensor.shape, numbers(argument(arguments, 2), "size"));
        QS_ASSIGN(tensor.strides, numbers(argument(arguments, 3), "stride"));
        if (tensor.shape.size() != tensor.strides.size())
            return wrong(argument(arguments, 3), fmt::format("'stride' has {} dimensions, 'size' has {}",
                                                             tensor.strides.size(), tensor.shape.size()));
        return place(tensor, storage, *element, offset);
    }

    /// Checks that all elements are inside the storage, and finds their bytes.
    Result<void> place(TensorInfo &tensor, const Storage &storage, const ElementType &element, std::uint64_t offset)
    {
        const std::uint64_t bytes = element.bytes();
        const std::uint64_t available = storage.count * storage.elementBytes() / bytes; // checked with the record
        QS_ASSIGN(const std::uint64_t count, elementsOf(tensor.shape));
        if (count > 0) {
            std::optional<std::uint64_t> last = checkedAdd(offset, storage.offset);
            for (std::size_t i = 0; i < tensor.shape.size() && last; ++i) {
                const auto step = checkedMul(tensor.shape[i] - 1, tensor.strides[i]);
                last = step ? checkedAdd(*last, *step) : std::nullopt;
            }
            if (!last || *last >= available)
                return wrong(m_value,
                             fmt::format("offset {}, size {} and stride {} reach past the {} elements of storage {}",
                                         offset, shapeText(tensor.shape), shapeText(tensor.strides), available,
                                         inQuotes(storage.key)));
            if (count / kMaxExpansion > available)
                return wrong(m_value, fmt::format("size {} with stride {} makes {} elements of the {} in storage {}; "
                                                  "the limit is {} times as many",
                                                  shapeText(tensor.shape), shapeText(tensor.strides), count, available,
                                                  inQuotes(storage.key), kMaxExpansion));
            const Record &record = m_records.at(storage.key);
            tensor.file = record.file;
            tensor.byteOffset = record.byteOffset + (offset + storage.offset) * bytes;
            tensor.byteSize = (*last - offset - storage.offset + 1) * bytes;
        }
        if (count == 0 || isPacked(tensor))
            tensor.strides.clear();
        return {};
    }

    static bool isPacked(const TensorInfo &tensor)
    {
        std::uint64_t expected = 1;
        for (std::size_t i = tensor.shape.size(); i-- > 0;) {
            if (tensor.shape[i] != 1 && tensor.strides[i] != expected)
                return false;
            expected *= tensor.shape[i];
        }
        return true;
    }

    /// (scheme, scale, zero point) or (scheme, scales, zero points, axis): the scales become tensors beside the codes.
    Result<void> addQuantization(std::size_t index)
    {
        if (m_content.kind(m_quantizer) != Kind::Tuple)
            return wrong(m_quantizer, "a quantizer must be a tuple");
        const auto items = m_content.items(m_quantizer);
        const Index schemeName = argument(items, 0);
        const std::string_view scheme =
            m_content.kind(schemeName) == Kind::Global ? std::string_view(m_content.globalName(schemeName)) : "";
        TensorRole role{.reason = "quantized by PyTorch in a way that is not read", .quantizable = false};
        const DType codes = m_model.tensors[index].dtype;
        const bool perTensor = scheme == "torch.per_tensor_affine" || scheme == "torch.per_tensor_symmetric";
        const bool perChannel = scheme == "torch.per_channel_affine" || scheme == "torch.per_channel_symmetric";
        if (codes != DType::I8 && codes != DType::U8)
            role.reason = fmt::format("codes of type {} are not decoded", nameOf(codes));
        else if (perTensor) {
            QS_CHECK(addTensorScale(index, argument(items, 1), argument(items, 2), role));
        } else if (perChannel) {
            QS_CHECK(addChannelScales(index, items, role));
        }
        if (m_model.tensors[index].shape.size() > 1)
            m_model.roles[index] = std::move(role);
        return {};
    }

    /// Codes of u8 are read less 128; so are their zero points.
    static int middleOf(DType codes) { return codes == DType::U8 ? 128 : 0; }

    Result<void> addTensorScale(std::size_t index, Index scale, Index zeroPoint, TensorRole &role)
    {
        const DType codes = m_model.tensors[index].dtype;
        if (m_content.kind(scale) != Kind::Float || m_content.kind(zeroPoint) != Kind::Int)
            return wrong(m_quantizer, "a quantizer per tensor must have a fractional scale and a whole zero point");
        const std::int64_t zero = m_content.integer(zeroPoint);
        if (zero < middleOf(codes) - 128 || zero > middleOf(codes) + 127)
            return wrong(zeroPoint, fmt::format("the zero point {} is no {}", zero, nameOf(codes)));
        const double value = m_content.real(scale);
        StoredQuantization stored;
        stored.zeroPoint = static_cast<int>(zero) - middleOf(codes);
        stored.scheme.mode = stored.zeroPoint == 0 ? Mode::Symmetric : Mode::Asymmetric;
        stored.scheme.granularity = Granularity::tensor();
        QS_ASSIGN(stored.scales, addPart(index, "scale", DType::F64, std::as_bytes(std::span(&value, 1))));
        role = {.reason = "as its quantizer says", .stored = std::move(stored)};
        return {};
    }

    /// Zero points are whole numbers of 64 bits in the file and become some of the codes' type.
    Result<void> addChannelScales(std::size_t index, std::span<const Index> items, TensorRole &role)
    {
        const TensorInfo codes = m_model.tensors[index];
        QS_ASSIGN(const std::uint64_t axis, wholeNumber(argument(items, 3), "axis"));
        TensorInfo scales;
        TensorInfo wide;
        m_value = argument(items, 1);
        QS_CHECK(fillPart(scales));
        m_value = argument(items, 2);
        QS_CHECK(fillPart(wide));
        const std::vector<std::uint64_t> expected{axis < codes.shape.size() ? codes.shape[axis] : 0};
        if (axis >= codes.shape.size() || scales.shape != expected || wide.shape != expected)
            return wrong(m_quantizer,
                         fmt::format("scales {} and zero points {} do not fit axis {} of {}", shapeText(scales.shape),
                                     shapeText(wide.shape), axis, shapeText(codes.shape)));
        const auto bytes =
            wide.file == 0 ? m_parts.bytes.subspan(wide.byteOffset, wide.byteSize) : std::span<const std::byte>();
        if (wide.dtype != DType::I64 || !wide.strides.empty() || !isWeightFloat(scales.dtype) || bytes.empty())
            return {}; // listed without values
        std::vector<std::byte> zeroPoints;
        bool allMiddle = true;
        for (std::uint64_t i = 0; i < expected[0]; ++i) {
            const auto zero = loadElement<std::int64_t>(bytes.data() + i * sizeof(std::int64_t), wide.bigEndian);
            if (zero < middleOf(codes.dtype) - 128 || zero > middleOf(codes.dtype) + 127)
                return wrong(m_quantizer, fmt::format("the zero point {} is no {}", zero, nameOf(codes.dtype)));
            allMiddle = allMiddle && zero == middleOf(codes.dtype);
            zeroPoints.push_back(static_cast<std::byte>(zero));
        }
        StoredQuantization stored;
        stored.scheme.mode = allMiddle ? Mode::Symmetric : Mode::Asymmetric;
        stored.scheme.granularity = Granularity::channel();
        scales.name = uniqueName(m_name + ".scales");
        stored.scales = m_model.tensors.size();
        m_model.tensors.push_back(std::move(scales));
        if (!allMiddle) {
            QS_ASSIGN(stored.zeroPoints, addPart(index, "zero_points", codes.dtype, zeroPoints));
        }
        role = {.channelAxis = static_cast<int>(axis), .reason = "as its quantizer says", .stored = std::move(stored)};
        return {};
    }

    /// A plain tensor inside a quantizer.
    Result<void> fillPart(TensorInfo &tensor)
    {
        if (m_content.kind(m_value) != Kind::Object || rebuildOf(m_content.callableName(m_value)) != Rebuild::Strided)
            return wrong(m_value, "scales and zero points per channel must be tensors");
        return fill(tensor);
    }

    /// A tensor that is no storage of the file.
    Result<std::size_t> addPart(std::size_t owner, const char *suffix, DType type, std::span<const std::byte> bytes)
    {
        QS_ASSIGN(const Record record, m_parts.store(bytes));
        TensorInfo tensor;
        tensor.name = uniqueName(fmt::format("{}.{}", m_model.tensors[owner].name, suffix));
        tensor.dtype = type;
        tensor.shape = {bytes.size() * 8 / bitsOf(type)};
        tensor.file = record.file;
        tensor.byteOffset = record.byteOffset;
        tensor.byteSize = bytes.size();
        m_model.tensors.push_back(std::move(tensor));
        return m_model.tensors.size() - 1;
    }

    void noteAlias(const TensorInfo &tensor)
    {
        if (tensor.byteSize == 0)
            return;
        const auto [first, isNew] =
            m_places.emplace(std::tuple(tensor.file, tensor.byteOffset, tensor.dtype, tensor.shape, tensor.strides),
                             m_model.tensors.size());
        if (!isNew)
            m_model.aliases.emplace(m_model.tensors.size(), first->second);
    }

    const Storages &m_storages;
    const std::map<std::string_view, Record> &m_records;
    const Parts &m_parts;
    Model &m_model;
    Index m_quantizer = pickle::kNone; ///< of the tensor that is being read
    std::unordered_map<std::string, std::size_t> m_names;
    std::unordered_map<std::string, const Encoding *> m_reasons;
    std::vector<std::string> m_renamed;
    std::map<std::tuple<std::size_t, std::uint64_t, DType, std::vector<std::uint64_t>, std::vector<std::uint64_t>>,
             std::size_t>
        m_places; ///< tensors by where and how they lie
};

} // namespace

Result<void> addTensors(const Content &content, const StateDict &dict, const Storages &storages,
                        const std::map<std::string_view, Record> &records, const Parts &parts, Model &model,
                        const std::string &where, const TaskContext &context)
{
    TensorReader reader(content, storages, records, parts, model, where);
    for (const NamedTensor &tensor : dict.tensors) {
        QS_CHECK(context.check());
        QS_CHECK(reader.add(tensor));
    }
    reader.addWarnings();
    return {};
}

} // namespace qs::torch
