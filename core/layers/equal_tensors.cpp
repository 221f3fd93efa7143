// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/layers/equal_tensors.h"

#include "core/base/checksum.h"
#include "core/model/names.h"
#include "core/tensor/tensor_bytes.h"

#include <algorithm>
#include <cstring>
#include <tuple>

namespace qs {
namespace {

constexpr std::uint64_t kPiece = std::uint64_t{1} << 20U;
constexpr std::uint64_t kSampled = 4096; ///< bytes at the start that tell most weights apart

/// The bytes of a tensor one behind the other; of strided ones in row-major order.
class TensorBytes
{
public:
    TensorBytes(const Model &model, std::size_t tensor)
        : m_view(model.view(tensor))
        , m_elements(m_view)
        , m_width(m_view.info->strides.empty() ? 0 : bitsOf(m_view.info->dtype) / 8)
    {}

    std::uint64_t size() const { return m_width == 0 ? m_view.info->byteSize : m_view.info->elements() * m_width; }
    Result<void> read(std::uint64_t first, std::span<std::byte> target) const
    {
        return m_width == 0 ? m_view.read(first, target)
                            : m_elements.bytes(first / m_width, target.size() / m_width, target.data());
    }

private:
    TensorView m_view;
    TensorElements m_elements;
    std::uint64_t m_width; ///< of an element; 0: the bytes of the file as they stand
};

/// use(piece) for the bytes up to `most`.
template <class Use>
Result<void> forEachPiece(const TensorBytes &bytes, std::uint64_t most, const TaskContext &context, Use use)
{
    std::vector<std::byte> buffer;
    const std::uint64_t size = std::min(bytes.size(), most);
    for (std::uint64_t first = 0; first < size; first += kPiece) {
        QS_CHECK(context.check());
        buffer.resize(std::min(kPiece, size - first));
        QS_CHECK(bytes.read(first, buffer));
        use(buffer);
    }
    return {};
}

Result<std::string> checksumOf(const Model &model, std::size_t tensor, std::uint64_t most, const TaskContext &context)
{
    Checksum checksum;
    QS_CHECK(forEachPiece(TensorBytes(model, tensor), most, context,
                          [&](const std::vector<std::byte> &piece) { checksum.add(piece); }));
    return checksum.hex();
}

Result<bool> isOneValue(const Model &model, std::size_t tensor, const TaskContext &context)
{
    const std::size_t width = std::max<std::size_t>(bitsOf(model.tensors[tensor].dtype) / 8, 1);
    std::vector<std::byte> value;
    bool same = true;
    QS_CHECK(forEachPiece(TensorBytes(model, tensor), std::numeric_limits<std::uint64_t>::max(), context,
                          [&](const std::vector<std::byte> &piece) {
                              if (value.empty())
                                  value.assign(piece.begin(), piece.begin() + static_cast<std::ptrdiff_t>(
                                                                                  std::min(width, piece.size())));
                              for (std::size_t i = 0; same && i + width <= piece.size(); i += width)
                                  same = std::memcmp(piece.data() + i, value.data(), width) == 0;
                          }));
    return same;
}

Result<bool> areEqual(const Model &model, std::size_t a, std::size_t b, const TaskContext &context)
{
    const TensorBytes other(model, b);
    std::vector<std::byte> buffer;
    std::uint64_t done = 0;
    bool same = true;
    Result<void> read;
    QS_CHECK(forEachPiece(TensorBytes(model, a), std::numeric_limits<std::uint64_t>::max(), context,
                          [&](const std::vector<std::byte> &piece) {
                              if (!same || !read)
                                  return;
                              buffer.resize(piece.size());
                              read = other.read(done, buffer);
                              same = buffer == piece;
                              done += piece.size();
                          }));
    QS_CHECK(read);
    return same;
}

/// Tensors with the same key could hold the same bytes.
auto keyOf(const TensorInfo &info)
{
    return std::tuple(info.shape, info.dtype, std::string(info.typeName()), info.bigEndian && bitsOf(info.dtype) > 8,
                      info.strides.empty() ? info.rowElements : 0);
}

std::vector<bool> ofCodes(const Model &model)
{
    std::vector<bool> result(model.tensors.size());
    for (const Layer &layer : model.layers) {
        if (!layer.stored)
            continue;
        result[layer.tensor] = layer.hasCodes();
        for (const std::size_t part : layer.stored->parts())
            result[part] = true;
    }
    return result;
}

/// `tensors` with equal checksums of their first `most` bytes.
Result<EqualTensors> split(const Model &model, const std::vector<std::size_t> &tensors, std::uint64_t most,
                           const TaskContext &context)
{
    std::map<std::string, std::vector<std::size_t>> bySum;
    for (const std::size_t tensor : tensors) {
        QS_ASSIGN(const std::string sum, checksumOf(model, tensor, most, context));
        bySum[sum].push_back(tensor);
    }
    EqualTensors groups;
    for (auto &[sum, group] : bySum)
        if (group.size() > 1)
            groups.push_back(std::move(group));
    return groups;
}

} // namespace

Result<EqualTensors> findEqualTensors(const Model &model, const TaskContext &context)
{
    const std::vector<bool> isCoded = ofCodes(model);
    std::map<decltype(keyOf(model.tensors[0])), std::vector<std::size_t>> alike;
    for (std::size_t i = 0; i < model.tensors.size(); ++i) {
        const TensorInfo &info = model.tensors[i];
        if (info.shape.size() >= 2 && info.elements() > 1 && !info.inFile && !isCoded[i] && !model.isSample(i) &&
            !model.aliases.contains(i) && info.byteSize > 0)
            alike[keyOf(info)].push_back(i);
    }
    EqualTensors result;
    for (const auto &[key, tensors] : alike) {
        if (tensors.size() < 2)
            continue;
        QS_ASSIGN(const auto likely, split(model, tensors, kSampled, context));
        for (const std::vector<std::size_t> &some : likely) {
            QS_ASSIGN(auto groups, split(model, some, std::numeric_limits<std::uint64_t>::max(), context));
            for (std::vector<std::size_t> &group : groups) {
                QS_ASSIGN(const bool constant, isOneValue(model, group.front(), context));
                if (constant)
                    continue;
                std::ranges::sort(group, naturalLess,
                                  [&](std::size_t i) -> std::string_view { return model.tensors[i].name; });
                result.push_back(std::move(group));
            }
        }
    }
    std::ranges::sort(result, naturalLess, [&](const std::vector<std::size_t> &group) -> std::string_view {
        return model.tensors[group.front()].name;
    });
    return result;
}

Result<bool> addTies(Model &model, const std::map<std::string, std::string> &ties, const TaskContext &context)
{
    const std::vector<bool> isCoded = ties.empty() ? std::vector<bool>() : ofCodes(model);
    const auto original = [&](std::size_t tensor) {
        const auto alias = model.aliases.find(tensor);
        return alias == model.aliases.end() ? tensor : alias->second;
    };
    bool changed = false;
    for (const auto &[name, same] : ties) {
        const auto found = model.findTensor(name);
        const auto other = model.findTensor(same);
        if (!found || !other || original(*found) == original(*other))
            continue;
        const std::size_t tensor = original(*found);
        const std::size_t target = original(*other);
        const TensorInfo &a = model.tensors[tensor];
        const TensorInfo &b = model.tensors[target];
        if (isCoded[tensor] || isCoded[target] || keyOf(a) != keyOf(b))
            return fail(ErrorCode::Usage,
                        Text::of("only weights of one shape and type can be tied, not {} {} and {} {}", a.typeName(),
                                 shapeText(a.shape), b.typeName(), shapeText(b.shape)),
                        Text::of("tie of {} and {}", inQuotes(name), inQuotes(same)));
        QS_ASSIGN(const bool equal, areEqual(model, tensor, target, context));
        if (!equal)
            return fail(ErrorCode::Usage, Text::of("their values differ, so they are no tie"),
                        Text::of("tie of {} and {}", inQuotes(name), inQuotes(same)));
        for (auto &[alias, of] : model.aliases)
            of = of == tensor ? target : of;
        model.aliases.emplace(tensor, target);
        changed = true;
    }
    return changed;
}

} // namespace qs
