// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/layers/coded_bitsandbytes.h"

#include "core/base/checked_math.h"
#include "core/base/text.h"
#include "core/parse/json.h"

namespace qs {
namespace {

using Do = ValueStep::Op;

constexpr std::uint64_t kMostStateBytes = 65536;

/// The JSON text that a tensor of bytes holds.
struct QuantState {
    std::string type; ///< "nf4", "fp4"
    std::uint64_t blockSize = 0;
    std::uint64_t nestedBlockSize = 0;
    float nestedOffset = 0;
    DType dtype = DType::F32;
    std::vector<std::uint64_t> shape;
};

std::uint64_t wholeMember(const json::Value &state, std::string_view key)
{
    const json::Value *value = state.find(key);
    return value != nullptr && value->kind == json::Kind::Unsigned ? value->number : 0;
}

std::string textMember(const json::Value &state, std::string_view key)
{
    const json::Value *value = state.find(key);
    return value != nullptr && value->kind == json::Kind::String ? value->text : std::string();
}

float realMember(const json::Value &state, std::string_view key)
{
    const json::Value *value = state.find(key);
    if (value == nullptr)
        return 0;
    switch (value->kind) {
    case json::Kind::Float:
        return static_cast<float>(value->real);
    case json::Kind::Unsigned:
        return static_cast<float>(value->number);
    case json::Kind::Signed:
        return static_cast<float>(value->negative);
    default:
        return 0;
    }
}

Result<QuantState> readState(const CodedParts &parts, std::string_view suffix)
{
    const TensorPart part = parts.part(*parts.find(suffix));
    const std::string name = inQuotes(part.info.name);
    if (!part.file || part.info.dtype != DType::U8 || part.info.elements() > kMostStateBytes)
        return notUnderstood(
            Text::of("{} is {} {}, expected text", name, part.info.typeName(), shapeText(part.info.shape)));
    QS_ASSIGN(const std::vector<std::byte> bytes, part.bytes(0, part.info.elements(), 1, part.info.elements()));
    const std::string_view text(reinterpret_cast<const char *>(bytes.data()), bytes.size());
    QS_ASSIGN(const json::Value root, json::parse(text, name));
    const json::Value *shape = root.kind == json::Kind::Object ? root.find("shape") : nullptr;
    if (shape == nullptr || shape->kind != json::Kind::Array)
        return notUnderstood(Text::of("{} does not say the shape of the weight", name));
    QuantState state;
    for (const json::Value &length : shape->items) {
        if (length.kind != json::Kind::Unsigned || length.number == 0)
            return notUnderstood(Text::of("{} gives a shape that is none", name));
        state.shape.push_back(length.number);
    }
    const std::string dtype = textMember(root, "dtype");
    state.dtype = dtype == "float16" ? DType::F16 : dtype == "bfloat16" ? DType::BF16 : DType::F32;
    state.type = textMember(root, "quant_type");
    state.blockSize = wholeMember(root, "blocksize");
    state.nestedBlockSize = wholeMember(root, "nested_blocksize");
    state.nestedOffset = realMember(root, "nested_offset");
    if (state.blockSize == 0)
        return notUnderstood(Text::of("{} does not say the size of blocks", name));
    return state;
}

Result<std::uint64_t> elementsOf(const std::vector<std::uint64_t> &shape)
{
    std::optional<std::uint64_t> count = 1;
    for (const std::uint64_t length : shape)
        count = count ? checkedMul(*count, length) : std::nullopt;
    if (!count || shape.empty())
        return notUnderstood(Text::of("the shape {} is too large", shapeText(shape)));
    return *count;
}

/// One factor per block; nested: codes with a codebook of 256 values, factors of their own, and an offset.
Result<CodedNumbers> blockFactors(const CodedParts &parts, const QuantState &state, std::uint64_t blocks)
{
    const bool isNested = parts.find(".weight.nested_absmax").has_value();
    Packing packing;
    if (isNested) {
        QS_ASSIGN(std::vector<float> meaning, parts.floats(".weight.nested_quant_map", 256));
        packing = bytePacking(std::move(meaning));
    }
    QS_ASSIGN(NumberGrid grid, parts.grid(".weight.absmax", std::move(packing), 1, 1, blocks));
    CodedNumbers factors{.grid = std::move(grid), .columnsEach = state.blockSize};
    if (!isNested)
        return factors;
    if (state.nestedBlockSize == 0)
        return notUnderstood(Text::of("the size of blocks of 'absmax' is not said"));
    QS_ASSIGN(NumberGrid outer, parts.grid(".weight.nested_absmax", {}, 1, 1, ceilDiv(blocks, state.nestedBlockSize)));
    factors.steps = {stepWith(Do::Multiply, {.grid = std::move(outer), .columnsEach = state.nestedBlockSize}),
                     stepWith(Do::Add, state.nestedOffset)};
    return factors;
}

} // namespace

Result<CodedPlan> planBitsAndBytes4(const CodedParts &parts)
{
    const std::string_view suffix =
        parts.firstOf({".weight.quant_state.bitsandbytes__nf4", ".weight.quant_state.bitsandbytes__fp4"});
    if (suffix.empty())
        return notUnderstood(Text::of("there is no quant_state"));
    QS_ASSIGN(const QuantState state, readState(parts, suffix));
    QS_ASSIGN(const std::uint64_t count, elementsOf(state.shape));
    QS_ASSIGN(std::vector<float> codebook, parts.floats(".weight.quant_map", 16));
    QS_ASSIGN(CodedNumbers factors, blockFactors(parts, state, ceilDiv(count, state.blockSize)));
    QS_ASSIGN(NumberGrid codes, parts.codesGrid(highFirstPacking(std::move(codebook)), 1, 1, count));
    CodedNumbers numbers{.grid = std::move(codes)};
    numbers.steps = {stepWith(Do::Multiply, std::move(factors), state.dtype)};
    CodedPlan plan{.shape = state.shape,
                   .typeName = suffix.ends_with("fp4") ? "bnb_fp4" : "bnb_nf4",
                   .bits = 4,
                   .granularity = groupsOf(state.blockSize, count),
                   .sourceDType = state.dtype};
    QS_ASSIGN(plan.values, CodedWeight::make(std::move(numbers), false));
    return plan;
}

Result<CodedPlan> planLlmInt8(const CodedParts &parts)
{
    const std::vector<std::uint64_t> &shape = parts.codes().shape;
    if (shape.size() != 2 || parts.codes().elements() == 0)
        return notUnderstood(Text::of("codes of shape {}", shapeText(shape)));
    if (parts.find(".weight_format")) {
        QS_ASSIGN(const std::vector<std::uint64_t> format, parts.wholeNumbers(".weight_format", 1));
        if (format[0] != 0)
            return notUnderstood(Text::of("the codes are ordered for one kernel (format {})", format[0]));
    }
    QS_ASSIGN(NumberGrid codes, parts.codesGrid(bytePacking(signedMeaning(8)), 1, shape[0], shape[1]));
    QS_ASSIGN(NumberGrid grid, parts.grid(".SCB", {}, 1, shape[0], 1));
    CodedNumbers numbers{.grid = std::move(codes)};
    // The library multiplies by the float32 nearest to 1/127.
    numbers.steps = {stepWith(Do::Multiply, {.grid = std::move(grid), .columnsEach = shape[1]}),
                     stepWith(Do::Multiply, 7.874015718698502e-3F)};
    CodedPlan plan{.shape = shape, .typeName = "llm_int8", .bits = 8, .sourceDType = DType::F16};
    if (parts.metadata("config.torch_dtype") == "bfloat16")
        plan.sourceDType = DType::BF16;
    QS_ASSIGN(plan.values, CodedWeight::make(std::move(numbers), false));
    return plan;
}

} // namespace qs
