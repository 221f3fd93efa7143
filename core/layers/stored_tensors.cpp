// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/layers/stored_tensors.h"

#include "core/base/checked_math.h"
#include "core/base/text.h"
#include "core/layers/layer_rules.h"
#include "core/model/names.h"
#include "core/parse/json.h"
#include "core/recipe/scheme_json.h"
#include "core/scheme/scale_table.h"
#include "core/tensor/tensor_bytes.h"

#include <algorithm>
#include <array>
#include <limits>
#include <unordered_set>

#include <fmt/format.h>

namespace qs {
namespace {

constexpr const char *kKey = "quantoscope.tensors";
constexpr std::array<std::string_view, 3> kRequired{"bits", "mode", "granularity"};

std::unexpected<Error> wrong(Text message)
{
    return fail(ErrorCode::Input, std::move(message));
}

std::string partName(const TensorInfo &tensor, std::string_view part)
{
    return fmt::format("{}.{}", moduleName(tensor.name), part);
}

/// The stored type of scales decides, whatever the metadata says. F64 has no name of its own in schemes.
void takeScaleType(Scheme &scheme, DType type)
{
    if (type == DType::F16)
        scheme.scaleType = ScaleType::F16;
    else if (type == DType::BF16)
        scheme.scaleType = ScaleType::BF16;
    else
        scheme.scaleType = ScaleType::F32;
}

Result<int> axisFrom(const std::string &key, const json::Value &value, std::size_t rank)
{
    if (value.kind != json::Kind::Unsigned || value.number >= rank)
        return wrong(Text::of("'{}' must be a whole number from 0 to {}", key, rank - 1));
    return static_cast<int>(value.number);
}

Result<DType> sourceTypeFrom(const json::Value &value)
{
    const auto type = value.kind == json::Kind::String ? dtypeFromName(value.text) : std::nullopt;
    if (!type || !isWeightFloat(*type))
        return wrong(Text::of("'dtype' must be f64, f32, f16 or bf16"));
    return *type;
}

/// What the metadata says, before it is compared with the tensors. Unknown keys are refused: they could change what
/// the codes mean.
Result<StoredTensor> declared(const json::Value &object, const TensorInfo &tensor)
{
    if (object.kind != json::Kind::Object)
        return wrong(Text::of("it must be an object, not {}", json::describe(object.kind)));
    StoredTensor stored;
    static const Text kReason = Text::of("as the file's metadata says");
    stored.channelAxisReason = kReason;
    stored.quantization.scheme.convention = kDefaultConvention; // of files older than the others
    SchemePatch patch;
    for (const auto &[key, value] : object.members) {
        if (key == "axis") {
            QS_ASSIGN(stored.channelAxis, axisFrom(key, value, tensor.shape.size()));
        } else if (key == "stack") {
            QS_ASSIGN(const int stack, axisFrom(key, value, std::min<std::size_t>(tensor.shape.size(), UINT8_MAX)));
            stored.stackAxes = static_cast<std::uint8_t>(stack);
        } else if (key == "packing" || key == "shape") {
            continue; // unpacked() has used them
        } else if (key == "dtype") {
            QS_ASSIGN(stored.quantization.sourceDType, sourceTypeFrom(value));
        } else {
            QS_CHECK(setSchemeField(patch, key, value));
        }
    }
    for (std::string_view key : kRequired)
        if (object.find(key) == nullptr)
            return wrong(Text::of("'{}' is missing", key));
    patch.applyTo(stored.quantization.scheme);
    QS_CHECK(stored.quantization.scheme.validate());
    if (stored.stackAxes > stored.channelAxis)
        return wrong(Text::of("'stack' counts axes before 'axis' only"));
    return stored;
}

Result<void> attachParts(const Model &model, const TensorInfo &tensor, StoredTensor &stored)
{
    StoredQuantization &quantization = stored.quantization;
    const auto expected = scalesShape(tensor, stored.channelAxis, quantization.scheme.granularity);
    const auto part = [&](std::string_view suffix, bool isScale) -> Result<std::size_t> {
        const std::string name = partName(tensor, suffix);
        const auto index = model.findTensor(name);
        if (!index)
            return wrong(Text::of("there is no tensor {}", inQuotes(name)));
        const TensorInfo &info = model.tensors[*index];
        if (info.shape != expected)
            return wrong(
                Text::of("{} has shape {} instead of {}", inQuotes(name), shapeText(info.shape), shapeText(expected)));
        if (isScale ? !isWeightFloat(info.dtype) : info.dtype != DType::I8)
            return wrong(Text::of("{} has the type {}", inQuotes(name), info.typeName()));
        return *index;
    };
    QS_ASSIGN(quantization.scales, part("scales", true));
    takeScaleType(quantization.scheme, model.tensors[*quantization.scales].dtype);
    const Scheme &scheme = quantization.scheme;
    if (scheme.hasZeroPoints()) {
        QS_ASSIGN(quantization.zeroPoints, part("zero_points", false));
    } else if (model.findTensor(partName(tensor, "zero_points"))) {
        return wrong(scheme.hasOffsets() ? Text::of("it has offsets and zero points")
                                         : Text::of("it is symmetric but has zero points"));
    }
    if (scheme.hasOffsets()) {
        QS_ASSIGN(quantization.offsets, part("offsets", true));
    }
    return {};
}

Result<std::uint64_t> shapeProduct(const json::Value *list, std::vector<std::uint64_t> &shape)
{
    std::optional<std::uint64_t> product = 1;
    if (list == nullptr || list->kind != json::Kind::Array || list->items.size() < 2)
        return wrong(Text::of("'shape' must be a list of two or more lengths"));
    for (const json::Value &item : list->items) {
        const bool isLength = item.kind == json::Kind::Unsigned && item.number > 0;
        product = isLength && product ? checkedMul(*product, item.number) : std::nullopt;
        if (!product || *product > std::numeric_limits<std::uint64_t>::max() / 8)
            return wrong(Text::of("'shape' must be a list of lengths from 1 on whose product fits 61 bits"));
        shape.push_back(item.number);
    }
    return *product;
}

/// Codes of 2 to 7 bits in U8, rows of streams of bits, as "packing" and "shape" say: what they are in truth. Rows are
/// counted by the same axes as in the file.
Result<TensorInfo> unpacked(const json::Value &object, const TensorInfo &packed)
{
    constexpr std::string_view kPrefix = "uint";
    const json::Value &packing = *object.find("packing");
    const bool isKnown = packing.kind == json::Kind::String && packing.text.starts_with(kPrefix);
    const auto type = isKnown ? dtypeFromName("u" + packing.text.substr(kPrefix.size())) : std::nullopt;
    if (!type || bitsOf(*type) >= 8)
        return wrong(Text::of("'packing' must be uint2 to uint7"));
    TensorInfo tensor = packed;
    tensor.inFile = std::make_shared<const TensorInfo>(packed);
    tensor.dtype = *type;
    tensor.shape.clear();
    QS_ASSIGN(std::uint64_t row, shapeProduct(object.find("shape"), tensor.shape));
    std::vector<std::uint64_t> expected;
    for (std::size_t i = 0; i < tensor.shape.size() && i + 1 < packed.shape.size(); ++i) {
        row /= tensor.shape[i];
        expected.push_back(tensor.shape[i]);
    }
    expected.push_back(ceilDiv(row * bitsOf(*type), 8));
    if (packed.dtype != DType::U8 || packed.shape != expected || !isPacked(packed))
        return wrong(Text::of("packed codes must be u8 {}, not {} {}", shapeText(expected), packed.typeName(),
                              shapeText(packed.shape)));
    tensor.rowElements = row;
    return tensor;
}

Result<StoredTensor> storedFrom(Model &model, std::size_t index, const json::Value &object)
{
    TensorInfo &tensor = model.tensors[index];
    if (object.kind == json::Kind::Object && object.find("packing") != nullptr) {
        QS_ASSIGN(tensor, unpacked(object, tensor));
    } else if (tensor.dtype != DType::I8 || tensor.shape.size() < 2) {
        return wrong(
            Text::of("codes must be i8 with two or more axes, not {} {}", tensor.typeName(), shapeText(tensor.shape)));
    }
    QS_ASSIGN(StoredTensor stored, declared(object, tensor));
    if (tensor.rowElements != 0 && bitsOf(tensor.dtype) != static_cast<unsigned>(stored.quantization.scheme.bits))
        return wrong(
            Text::of("'bits' is {}, the packed codes have {}", stored.quantization.scheme.bits, bitsOf(tensor.dtype)));
    stored.tensor = index;
    tensor.stackAxes = stored.stackAxes;
    QS_CHECK(attachParts(model, tensor, stored));
    return stored;
}

/// The same by name. Where something is wrong, the tensor stays as it was.
Result<StoredTensor> storedFrom(Model &model, const std::string &name, const json::Value &object)
{
    const auto index = model.findTensor(name);
    if (!index)
        return wrong(Text::of("there is no such tensor"));
    const TensorInfo before = model.tensors[*index];
    Result<StoredTensor> stored = storedFrom(model, *index, object);
    if (!stored)
        model.tensors[*index] = before;
    return stored;
}

/// Of the metadata or, in files that have none, of a tensor of bytes.
std::string metadataText(const Model &model)
{
    if (const auto text = model.metadata.find(kKey); text != model.metadata.end())
        return text->second;
    constexpr std::uint64_t kMostBytes = std::uint64_t{64} << 20U;
    const auto index = model.findTensor(kKey);
    if (!index || model.tensors[*index].dtype != DType::U8 || model.tensors[*index].byteSize > kMostBytes ||
        !isPacked(model.tensors[*index]))
        return {};
    const auto bytes = model.view(*index).bytes();
    return bytes ? std::string(reinterpret_cast<const char *>(bytes->data()), bytes->size()) : std::string();
}

std::vector<StoredTensor> fromMetadata(Model &model, std::unordered_set<std::string> &mentioned)
{
    std::vector<StoredTensor> result;
    const std::string text = metadataText(model);
    if (text.empty())
        return result;
    const auto root = json::parse(text, kKey);
    if (!root || root->kind != json::Kind::Object) {
        model.warnings.push_back(Text::of("the metadata '{}' is not used: {}", kKey,
                                          root ? Text::of("it must be an object") : root.error().sentence()));
        return result;
    }
    for (const auto &[name, object] : root->members) {
        mentioned.insert(name);
        if (auto stored = storedFrom(model, name, object))
            result.push_back(std::move(*stored));
        else
            model.warnings.push_back(Text::of("the metadata '{}' about tensor {} is not used: {}", kKey, inQuotes(name),
                                              stored.error().sentence()));
    }
    return result;
}

} // namespace

Text storedProblem(const Model &model, const TensorInfo &tensor, int channelAxis, const StoredQuantization &stored)
{
    if (!stored.scales)
        return tensor.encoding ? Text() : Text::of("there are no scales");
    const ScaleGeometry geometry{stored.scheme.granularity, matrixShape(tensor, channelAxis)};
    const TensorInfo &scales = model.tensors[*stored.scales];
    if (!holdsCodes(tensor.dtype))
        return Text::of("codes of type {} are not decoded", tensor.typeName());
    if (!scales.hasFloatValues() || scales.elements() != geometry.count())
        return Text::of("{} is {} {}, expected {} floating-point scales", inQuotes(scales.name), scales.typeName(),
                        shapeText(scales.shape), geometry.count());
    if (!stored.zeroPoints)
        return {};
    const TensorInfo &zeroPoints = model.tensors[*stored.zeroPoints];
    const bool packed = stored.packedZeroPoints && zeroPoints.dtype == DType::I32 && zeroPoints.shape.size() == 2;
    const bool fits = zeroPoints.dtype == tensor.dtype || zeroPoints.dtype == DType::I8 ||
                      isWeightFloat(zeroPoints.dtype); // the signed form, or whole numbers as floats
    if (!packed && (!fits || zeroPoints.elements() != geometry.count()))
        return Text::of("{} is {} {}, expected {} zero points of type {}", inQuotes(zeroPoints.name),
                        zeroPoints.typeName(), shapeText(zeroPoints.shape), geometry.count(), tensor.typeName());
    return {};
}

std::vector<StoredTensor> findStoredTensors(Model &model)
{
    std::unordered_set<std::string> mentioned;
    std::vector<StoredTensor> result = fromMetadata(model, mentioned);
    for (std::size_t i = 0; i < model.tensors.size(); ++i) {
        const TensorInfo &tensor = model.tensors[i];
        if (tensor.dtype != DType::I8 || tensor.shape.size() != 2 || moduleName(tensor.name) == tensor.name ||
            mentioned.contains(tensor.name) || model.aliases.contains(i))
            continue;
        StoredTensor stored{.tensor = i, .channelAxis = 0, .channelAxisReason = {}, .quantization = {}};
        if (!attachParts(model, tensor, stored))
            continue; // an I8 tensor like any other
        static const Text kReason = Text::of("int8 Linear weights are stored [out, in]");
        stored.channelAxisReason = kReason;
        stored.quantization.scheme.convention = kDefaultConvention;
        stored.quantization.sourceDType = model.tensors[*stored.quantization.scales].dtype;
        result.push_back(std::move(stored));
    }
    return result;
}

} // namespace qs
