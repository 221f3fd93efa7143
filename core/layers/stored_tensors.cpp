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

Result<StoredTensor> storedFrom(Model &model, const std::string &name, const json::Value &object)
{
    const auto index = model.findTensor(name);
    if (!index)
        return wrong(Text::of("there is no such tensor"));
    TensorInfo &tensor = model.tensors[*index];
    if (tensor.dtype != DType::I8 || tensor.shape.size() < 2)
        return wrong(
            Text::of("codes must be i8 with two or more axes, not {} {}", tensor.typeName(), shapeText(tensor.shape)));
    QS_ASSIGN(StoredTensor stored, declared(object, tensor));
    stored.tensor = *index;
    tensor.stackAxes = stored.stackAxes;
    QS_CHECK(attachParts(model, tensor, stored));
    return stored;
}

std::vector<StoredTensor> fromMetadata(Model &model, std::unordered_set<std::string> &mentioned)
{
    std::vector<StoredTensor> result;
    const auto text = model.metadata.find(kKey);
    if (text == model.metadata.end())
        return result;
    const auto root = json::parse(text->second, kKey);
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
    const bool fits = zeroPoints.dtype == tensor.dtype || zeroPoints.dtype == DType::I8; // the signed form
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
            mentioned.contains(tensor.name))
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
