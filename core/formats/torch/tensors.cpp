// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/torch/tensors.h"

#include "core/base/checked_math.h"
#include "core/base/text.h"

#include <algorithm>
#include <tuple>
#include <unordered_map>

#include <fmt/format.h>

namespace qs::torch {
namespace {

using pickle::Content;
using pickle::Index;
using pickle::Kind;

constexpr std::size_t kMaxDims = 32;
constexpr std::size_t kMaxTensors = 2'000'000;
/// Elements that are counted again and again (strides of 0) may make a tensor this much larger than its storage.
constexpr std::uint64_t kMaxExpansion = 8;
constexpr int kMaxWraps = 100; // parameters in parameters; real files have one

/// Turns one record after the other into tensors of the model.
class TensorReader
{
public:
    TensorReader(const Content &content, const Storages &storages, const std::map<std::string_view, Record> &records,
                 bool bigEndian, Model &model, const std::string &where)
        : m_content(content)
        , m_storages(storages)
        , m_records(records)
        , m_bigEndian(bigEndian)
        , m_model(model)
        , m_where(where)
    {}

    Result<void> add(const NamedTensor &named)
    {
        m_name = named.name;
        m_value = named.value;
        if (m_model.tensors.size() == kMaxTensors)
            return wrong(m_value, fmt::format("the file has more than {} tensors, the limit", kMaxTensors));
        TensorInfo tensor;
        tensor.name = uniqueName(named.name);
        QS_CHECK(fill(tensor));
        noteAlias(tensor);
        m_model.tensors.push_back(std::move(tensor));
        return {};
    }

    void addWarnings()
    {
        if (!m_renamed.empty())
            m_model.warnings.push_back(fmt::format("{} tensors had the name of another one and were renamed: {}",
                                                   m_renamed.size(), listInQuotes(m_renamed, 3)));
    }

private:
    std::unexpected<Error> wrong(Index value, std::string message) const
    {
        return fail(ErrorCode::Input, std::move(message),
                    fmt::format("{}, pickle, tensor {}, byte {}", m_where, inQuotes(m_name),
                                m_content.position(value == pickle::kNone ? m_value : value)));
    }

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

    /// Argument `index` of the record, or None.
    Index argument(std::span<const Index> arguments, std::size_t index) const
    {
        return index < arguments.size() ? arguments[index] : pickle::kNone;
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
                return fillStrided(tensor, arguments, {});
            case Rebuild::Sparse:
                return listOnly(tensor, "sparse", lastTuple(argument(arguments, 1)),
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

    Index lastTuple(Index value) const
    {
        Index last = pickle::kNone;
        if (m_content.kind(value) == Kind::Tuple)
            for (const Index item : m_content.items(value))
                if (isSizes(item))
                    last = item;
        return last;
    }

    bool isSizes(Index value) const
    {
        return m_content.kind(value) == Kind::Tuple || m_content.kind(value) == Kind::List ||
               (m_content.kind(value) == Kind::Object && m_content.callableName(value) == "torch.Size");
    }

    Result<void> listOnly(TensorInfo &tensor, const char *name, Index sizes, std::string reason)
    {
        if (sizes != pickle::kNone) {
            QS_ASSIGN(tensor.shape, numbers(sizes, "size"));
            QS_CHECK(elementsOf(tensor.shape));
        }
        tensor.dtype = DType::Encoded;
        const auto known = std::ranges::find(m_model.encodings, reason, &Encoding::withoutValues);
        tensor.encoding = known != m_model.encodings.end()
                              ? &*known
                              : &m_model.encodings.emplace_back(Encoding{name, 0, 0, nullptr, std::move(reason)});
        return {};
    }

    Result<ElementType> elementFrom(Index value) const
    {
        const auto element =
            m_content.kind(value) == Kind::Global ? elementTypeOf(m_content.globalName(value)) : std::nullopt;
        if (!element)
            return wrong(value, fmt::format("the element type {} is unknown",
                                            m_content.kind(value) == Kind::Global
                                                ? inQuotes(m_content.globalName(value))
                                                : std::string(pickle::describe(m_content.kind(value)))));
        return *element;
    }

    /// A tuple of whole numbers from 0 on.
    Result<std::vector<std::uint64_t>> numbers(Index value, const char *field) const
    {
        Index list = value;
        if (isSizes(list) && m_content.kind(list) == Kind::Object)
            list = argument(m_content.items(m_content.object(list).arguments), 0);
        if (m_content.kind(list) != Kind::Tuple && m_content.kind(list) != Kind::List)
            return wrong(value, fmt::format("'{}' must be a tuple of whole numbers, not {}", field,
                                            pickle::describe(m_content.kind(value))));
        const auto items = m_content.items(list);
        if (items.size() > kMaxDims)
            return wrong(value, fmt::format("'{}' has {} dimensions, the limit is {}", field, items.size(), kMaxDims));
        std::vector<std::uint64_t> result;
        for (const Index item : items) {
            QS_ASSIGN(const std::uint64_t number, wholeNumber(item, field));
            result.push_back(number);
        }
        return result;
    }

    Result<std::uint64_t> wholeNumber(Index value, const char *field) const
    {
        if (m_content.kind(value) != Kind::Int)
            return wrong(value, fmt::format("'{}' must be a whole number, not {}", field,
                                            pickle::describe(m_content.kind(value))));
        if (m_content.integer(value) < 0)
            return wrong(value, fmt::format("'{}' must not be negative, not {}", field, m_content.integer(value)));
        return static_cast<std::uint64_t>(m_content.integer(value));
    }

    /// Product of the dimensions; those beside a zero must make sense as well.
    Result<std::uint64_t> elementsOf(const std::vector<std::uint64_t> &shape) const
    {
        std::optional<std::uint64_t> count = 1;
        bool empty = false;
        for (std::uint64_t dim : shape) {
            empty = empty || dim == 0;
            if (count && dim != 0)
                count = checkedMul(*count, dim);
        }
        if (!count || !checkedMul(*count, sizeof(double) * 2))
            return wrong(m_value, fmt::format("the shape {} has more than 2^64 - 1 bytes", shapeText(shape)));
        return empty ? 0 : *count;
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
        tensor.bigEndian = m_bigEndian && element->bytes() > 1;
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

    const Content &m_content;
    const Storages &m_storages;
    const std::map<std::string_view, Record> &m_records;
    const bool m_bigEndian;
    Model &m_model;
    const std::string &m_where;
    std::string m_name; ///< of the tensor that is being read
    Index m_value = pickle::kNone;
    std::unordered_map<std::string, std::size_t> m_names;
    std::vector<std::string> m_renamed;
    std::map<std::tuple<std::size_t, std::uint64_t, DType, std::vector<std::uint64_t>, std::vector<std::uint64_t>>,
             std::size_t>
        m_places; ///< tensors by where and how they lie
};

} // namespace

Result<void> addTensors(const Content &content, const StateDict &dict, const Storages &storages,
                        const std::map<std::string_view, Record> &records, bool bigEndian, Model &model,
                        const std::string &where, const TaskContext &context)
{
    TensorReader reader(content, storages, records, bigEndian, model, where);
    for (const NamedTensor &tensor : dict.tensors) {
        QS_CHECK(context.check());
        QS_CHECK(reader.add(tensor));
    }
    reader.addWarnings();
    return {};
}

} // namespace qs::torch
