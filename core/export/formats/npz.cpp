// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/export/formats/npz.h"

#include "core/export/containers/npz.h"
#include "core/export/metadata.h"
#include "core/export/producers.h"
#include "core/export/registry.h"
#include "core/scheme/scale_table.h"

#include <cstring>

namespace qs {

namespace {

/// Elements of one type that another producer writes, in a wider type that NumPy has.
class Widened final : public Producer
{
public:
    explicit Widened(std::shared_ptr<const Producer> narrow)
        : m_narrow(std::move(narrow))
    {}

    /// Parts of type I32 come from I8, parts of type F32 from BF16.
    Result<void> produce(std::size_t item, std::span<const OutputPart> parts, const TaskContext &context) const override
    {
        std::vector<OutputPart> narrow(parts.begin(), parts.end());
        for (OutputPart &part : narrow) {
            if (!part.write)
                continue;
            if (part.dtype == DType::I32)
                part = {DType::I8, widening<std::int8_t>(part.write, [](std::int8_t value) {
                            return static_cast<std::uint32_t>(std::int32_t{value});
                        })};
            else if (m_floats && part.dtype == DType::F32)
                part = {DType::BF16, widening<std::uint16_t>(part.write, [](std::uint16_t bits) {
                            return static_cast<std::uint32_t>(bits) << 16U;
                        })};
        }
        return m_narrow->produce(item, narrow, context);
    }

    /// Also floats: of copies of tensors.
    static std::shared_ptr<const Producer> ofFloats(std::shared_ptr<const Producer> narrow)
    {
        auto result = std::make_shared<Widened>(std::move(narrow));
        result->m_floats = true;
        return result;
    }

private:
    template <typename T, typename Widen> static ByteSink widening(ByteSink write, Widen widen)
    {
        return
            [write = std::move(write), widen](std::uint64_t offset, std::span<const std::byte> bytes) -> Result<void> {
                std::vector<std::uint32_t> wide(bytes.size() / sizeof(T));
                for (std::size_t i = 0; i < wide.size(); ++i) {
                    T value{};
                    std::memcpy(&value, bytes.data() + i * sizeof(T), sizeof(T));
                    wide[i] = widen(value);
                }
                return write(offset / sizeof(T) * sizeof(std::uint32_t), std::as_bytes(std::span(wide)));
            };
    }

    std::shared_ptr<const Producer> m_narrow;
    bool m_floats = false;
};

const Container *container(std::string_view suffix)
{
    return hasSuffix(kNpzContainer.suffixes, suffix) ? &kNpzContainer : nullptr;
}

LayerFit fit(const Model &model, std::size_t layer, const Decision &decision)
{
    LayerFit fit{decision};
    if (decision.quantize && model.tensorOf(model.layers[layer]).stackAxes > 0) {
        static const Text kReason = Text::of("the archive has no scales for each matrix of a stack");
        fit.decision.quantize = false;
        fit.decision.reason = kReason;
    }
    return fit;
}

/// Eight bytes of a whole number.
std::string numberBytes(std::int64_t value)
{
    std::string bytes(sizeof value, '\0');
    std::memcpy(bytes.data(), &value, sizeof value);
    return bytes;
}

std::vector<OutputTensor> arraysOf(const ExportInput &input, std::size_t layer,
                                   const std::shared_ptr<const Producer> &codes)
{
    const Decision &decision = input.decisions[layer];
    const Layer &what = input.model.layers[layer];
    const TensorInfo &tensor = input.model.tensorOf(what);
    const bool whole = decision.scheme.granularity.kind == Granularity::Kind::Tensor;
    std::vector<std::uint64_t> shape; // of no axes for a single scale
    if (!whole)
        shape = scalesShape(tensor, decision.channelAxis, decision.scheme.granularity);
    std::vector<OutputTensor> arrays{
        {what.name + ".q", DType::I8, tensor.shape, codes, layer, kCodes, 0},
        {what.name + ".scale", DType::F32, shape, codes, layer, kScales, 0},
        {what.name + ".axis", DType::I64, {}, fixedBytes(numberBytes(decision.channelAxis)), layer, 0, 0}};
    if (decision.scheme.hasZeroPoints())
        arrays.push_back({what.name + ".zero_point", DType::I32, shape, codes, layer, kZeroPoints, 0});
    if (decision.scheme.hasOffsets())
        arrays.push_back({what.name + ".offset", DType::F32, shape, codes, layer, kOffsets, 0});
    return arrays;
}

Result<FileContents> contents(const ExportInput &input)
{
    const auto codes = std::make_shared<Widened>(layerCodes(input.model, input.decisions, byteCodes()));
    FileContents file;
    QS_ASSIGN(file.tensors, modelTensors(input, [&](std::size_t layer) -> std::vector<OutputTensor> {
                  return input.decisions[layer].quantize ? arraysOf(input, layer, codes) : std::vector<OutputTensor>{};
              }));
    for (OutputTensor &tensor : file.tensors)
        if (tensor.dtype == DType::BF16) {
            tensor.dtype = DType::F32;
            tensor.producer = Widened::ofFloats(tensor.producer);
        }
    std::string meta = tensorsMetadata(input);
    const std::uint64_t size = meta.size();
    file.tensors.push_back({"meta", DType::U8, {size}, fixedBytes(std::move(meta)), 0, 0, 0});
    return file;
}

std::vector<Text> notes(const ExportInput &input)
{
    std::vector<Text> notes = byteNotes(input.decisions);
    bool widened = false;
    for (const TensorInfo &tensor : input.model.tensors)
        widened = widened || tensor.dtype == DType::BF16;
    if (widened)
        notes.push_back(Text::of("NumPy has no bf16: tensors of that type are written as f32"));
    return notes;
}

} // namespace

constinit const ExportFormat kNpzFormat{
    .name = "npz",
    .description = Text::constant("NPZ: codes, scales and zero points as NumPy arrays, next to all other tensors"),
    .suffixes = "*.npz",
    .suffix = ".npz",
    .runtimes = Text::constant("NumPy"),
    .usage = "import numpy\narrays = numpy.load({})",
    .container = container,
    .fit = fit,
    .contents = contents,
    .notes = notes,
};

} // namespace qs
