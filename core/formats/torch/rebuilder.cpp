// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/torch/rebuilder.h"

#include "core/base/checked_math.h"
#include "core/base/text.h"

#include <utility>

namespace qs::torch {
namespace {

/// Elements that are counted again and again (strides of 0) may make a tensor this much larger than its storage; above
/// that it is no weight, but one buffer that was saved after expand(), …
constexpr std::uint64_t kMaxExpansion = 8;
/// … and above so many elements its values are not read: a file of a few bytes could ask for any number of them.
constexpr std::uint64_t kMostRepeated = std::uint64_t{1} << 28U;
constexpr int kMaxWraps = 100; // parameters in parameters; real files have one

bool isPacked(const TensorInfo &tensor)
{
    std::uint64_t expected = 1;
    for (std::size_t i = tensor.shape.size(); i-- > 0;) {
        if (tensor.shape[i] != 1 && tensor.strides[i] != expected)
            return false;
        expected *= tensor.shape[i];
    }
    return true;
}

} // namespace

Result<void> Rebuilder::rebuild(const NamedTensor &named, TensorInfo &tensor)
{
    m_name = named.name;
    m_value = named.value;
    m_quantizer = pickle::kNone;
    m_isRepeated = false;
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
                            Text::of("sparse tensors are listed without values"));
        case Rebuild::Meta:
            return listOnly(tensor, "meta", argument(arguments, 1),
                            Text::of("the file holds no values of this tensor"));
        case Rebuild::Subclass:
            return listOnly(tensor, "subclass", argument(arguments, 2),
                            Text::of("values of this subclass of tensors are kept in a form that is not read"));
        case Rebuild::Foreign:
            return listOnly(tensor, "foreign", pickle::kNone,
                            Text::of("values of this tensor are kept in a form that is not read"));
        case Rebuild::Wrapped: {
            const Index inner = argument(arguments, 0);
            if (m_content.kind(inner) != Kind::Object)
                return wrong(inner, Text::of("a tensor was expected, not {}", pickle::describe(m_content.kind(inner))));
            global = m_content.callableName(inner);
            list = m_content.object(inner).arguments;
            break;
        }
        case Rebuild::FromType: {
            const Index function = argument(arguments, 0);
            const Index inner = argument(arguments, 2);
            if (m_content.kind(function) != Kind::Global || m_content.kind(inner) != Kind::Tuple)
                return wrong(m_value, Text::of("a function and its arguments were expected"));
            global = m_content.globalName(function);
            list = inner;
            break;
        }
        case Rebuild::None:
            return listOnly(tensor, "foreign", pickle::kNone,
                            Text::of("the values would be made by {}", inQuotes(global)));
        }
    }
    return wrong(m_value, Text::of("the tensor is wrapped more than {} times", kMaxWraps));
}

Result<void> Rebuilder::listOnly(TensorInfo &tensor, const char *name, Index sizes, Text reason)
{
    if (sizes != pickle::kNone) {
        QS_ASSIGN(tensor.shape, numbers(sizes, "size"));
        QS_CHECK(elementsOf(tensor.shape));
    }
    tensor.dtype = DType::Encoded;
    const Encoding *&known = m_reasons[reason.str()];
    if (known == nullptr)
        known = &m_model.encodings.emplace_back(Encoding{name, 0, 0, nullptr, std::move(reason)});
    tensor.encoding = known;
    return {};
}

Result<void> Rebuilder::fillStrided(TensorInfo &tensor, std::span<const Index> arguments,
                                    std::optional<ElementType> element)
{
    const Index storageValue = argument(arguments, 0);
    const auto found = m_storages.find(storageValue);
    if (found == m_storages.end())
        return wrong(storageValue,
                     Text::of("a storage was expected, not {}", pickle::describe(m_content.kind(storageValue))));
    const Storage &storage = found->second;
    if (!element)
        element = storage.type.element;
    if (!element)
        return wrong(storageValue, Text::of("the storage is untyped and the tensor does not say its element type"));
    tensor.dtype = element->dtype;
    tensor.encoding = element->encoding;
    tensor.bigEndian = m_parts.bigEndian && element->bytes() > 1;
    QS_ASSIGN(std::uint64_t offset, wholeNumber(argument(arguments, 1), "offset"));
    QS_ASSIGN(tensor.shape, numbers(argument(arguments, 2), "size"));
    QS_ASSIGN(tensor.strides, numbers(argument(arguments, 3), "stride"));
    if (tensor.shape.size() != tensor.strides.size())
        return wrong(argument(arguments, 3),
                     Text::of("'stride' has {} dimensions, 'size' has {}", tensor.strides.size(), tensor.shape.size()));
    return place(tensor, storage, *element, offset);
}

/// Checks that all elements are inside the storage, and finds their bytes.
Result<void> Rebuilder::place(TensorInfo &tensor, const Storage &storage, const ElementType &element,
                              std::uint64_t offset)
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
            return wrong(m_value, Text::of("offset {}, size {} and stride {} reach past the {} elements of storage {}",
                                           offset, shapeText(tensor.shape), shapeText(tensor.strides), available,
                                           inQuotes(storage.key)));
        m_isRepeated = count / kMaxExpansion > available;
        if (m_isRepeated && count > kMostRepeated) {
            tensor.strides.clear();
            return listOnly(tensor, "repeated", pickle::kNone,
                            Text::of("it repeats {} stored elements more often than is read", available));
        }
        const Record &record = m_records.at(storage.key);
        tensor.file = record.file;
        tensor.byteOffset = record.byteOffset + (offset + storage.offset) * bytes;
        tensor.byteSize = (*last - offset - storage.offset + 1) * bytes;
    }
    if (count == 0 || isPacked(tensor))
        tensor.strides.clear();
    return {};
}

} // namespace qs::torch
