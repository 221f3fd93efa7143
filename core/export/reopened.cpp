// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/export/reopened.h"

#include "core/base/text.h"
#include "core/formats/open_model.h"
#include "core/quant/stored.h"
#include "core/tensor/small_floats.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

namespace qs {

namespace {

constexpr std::uint64_t kValuesAlwaysChecked = std::uint64_t{1} << 24U; // weights: some hundredths of a second

class ReopenedCheck
{
public:
    ReopenedCheck(const WrittenFile &file, const Model &reopened)
        : m_file(file)
        , m_model(file.model)
        , m_reopened(reopened)
    {}

    Result<void> run(bool allValues, const TaskContext &context) const
    {
        if (m_file.planned.container->named) {
            QS_CHECK(checkTensors());
        }
        std::uint64_t left = kValuesAlwaysChecked;
        for (std::size_t i = 0; m_file.format.readable && i < m_model.layers.size(); ++i) {
            QS_CHECK(context.check());
            const Layer &layer = m_model.layers[i];
            if (layer.stored) {
                QS_CHECK(checkCopied(layer, allValues, left, context));
                continue;
            }
            const Decision &decision = m_file.planned.plan.decisions[i];
            QS_ASSIGN(const Layer *found, findLayer(layer, decision));
            const std::uint64_t weights = m_model.tensorOf(layer).elements();
            if (!found || !decision.quantize || (!allValues && weights > left))
                continue;
            left -= std::min(left, weights);
            QS_CHECK(checkValues(layer, *found, decision, context));
        }
        return {};
    }

private:
    std::unexpected<Error> wrong(Text message) const
    {
        return fail(ErrorCode::Work, Text::of("{}; nothing was written", message), inQuotes(m_file.target.native()));
    }

    Result<void> checkTensors() const
    {
        std::unordered_map<std::string_view, const TensorInfo *> tensors;
        for (const TensorInfo &tensor : m_reopened.tensors) {
            const TensorInfo &inFile = tensor.inFile ? *tensor.inFile : tensor;
            tensors.emplace(inFile.name, &inFile);
        }
        for (const OutputTensor &tensor : m_file.planned.layout.tensors) {
            const auto found = tensors.find(tensor.name);
            if (found == tensors.end())
                return wrong(Text::of("tensor {} is missing when the file is opened again", inQuotes(tensor.name)));
            const TensorInfo &info = *found->second;
            const bool sameBytes = info.byteSize == 0 || info.byteOffset == tensor.byteOffset;
            if (info.dtype != tensor.dtype || info.shape != tensor.shape || !sameBytes)
                return wrong(Text::of("tensor {} is another one when the file is opened again", inQuotes(tensor.name)));
        }
        return {};
    }

    /// Codes of the source are copied as they are; nothing in another kind of file may say what they stand for.
    Result<void> checkCopied(const Layer &layer, bool allValues, std::uint64_t &left, const TaskContext &context) const
    {
        const std::uint64_t weights = m_model.tensorOf(layer).elements();
        if (m_file.format.decodes || !m_file.planned.container->reopens || !withoutValues(m_model, layer).empty() ||
            (!allValues && weights > left))
            return {};
        left -= std::min(left, weights);
        const auto tensor = m_reopened.findTensor(layer.name);
        const auto index = tensor ? m_reopened.layerOf(*tensor) : std::nullopt;
        const Layer *found = index ? &m_reopened.layers[*index] : nullptr;
        bool same = found != nullptr && withoutValues(m_reopened, *found).empty() &&
                    found->channelAxis == layer.channelAxis &&
                    m_reopened.tensorOf(*found).shape == m_model.tensorOf(layer).shape;
        if (same) {
            QS_ASSIGN(same, sameValues(layer, *found, context));
        }
        if (!same)
            return wrong(Text::of("layer {} holds codes that are not known again when the file is opened; the format "
                                  "float decodes them",
                                  inQuotes(layer.name)));
        return {};
    }

    Result<bool> sameValues(const Layer &layer, const Layer &found, const TaskContext &context) const
    {
        LayerQuantization ours;
        LayerQuantization theirs;
        if (layer.hasCodes()) {
            QS_ASSIGN(ours, storedQuantization(m_model, layer, context));
        }
        if (found.hasCodes()) {
            QS_ASSIGN(theirs, storedQuantization(m_reopened, found, context));
        }
        const LayerValues source(m_model, layer, layer.channelAxis, &ours);
        const LayerValues copy(m_reopened, found, found.channelAxis, &theirs);
        const BlockLayout layout(matrixShape(m_model.tensorOf(layer), layer.channelAxis), false);
        std::vector<float> expected;
        std::vector<float> read;
        for (std::uint64_t i = 0; i < layout.count(); ++i) {
            QS_CHECK(context.check());
            QS_CHECK(source.read(layout.block(i), expected));
            QS_CHECK(copy.read(layout.block(i), read));
            const auto equal = [](float a, float b) { return a == b || (std::isnan(a) && std::isnan(b)); };
            if (!std::ranges::equal(expected, read, equal))
                return false;
        }
        return true;
    }

    /// The layer in the file; null when the container cannot tell that it is one and nothing depends on it.
    Result<const Layer *> findLayer(const Layer &layer, const Decision &decision) const
    {
        const bool codes = decision.quantize && !m_file.format.decodes;
        const bool described = m_file.planned.container->reopens;
        const auto tensor = m_reopened.findTensor(layer.name);
        const auto index = tensor ? m_reopened.layerOf(*tensor) : std::nullopt;
        if (!index && !codes && !described)
            return nullptr;
        if (!index)
            return wrong(Text::of("layer {} is none when the file is opened again", inQuotes(layer.name)));
        const Layer &found = m_reopened.layers[*index];
        if (codes != (found.stored != nullptr) || (codes && !sameCodes(layer, found, decision, described)))
            return wrong(
                Text::of("layer {} has other codes or scales when the file is opened again", inQuotes(layer.name)));
        return &found;
    }

    bool sameCodes(const Layer &layer, const Layer &found, const Decision &decision, bool described) const
    {
        const Scheme &scheme = found.stored->scheme;
        if (found.channelAxis != decision.channelAxis)
            return false;
        const TensorInfo &tensor = m_model.tensorOf(layer);
        if (found.hasCodes() && found.stored->sourceDType != tensor.dtype)
            return false;
        if (found.hasCodes() && described)
            return scheme == decision.scheme;
        // Layouts of other tools tell less: a group as long as its row is a channel to them, some have zero points
        // always.
        const MatrixShape shape = matrixShape(tensor, decision.channelAxis);
        const bool sameUnits = ScaleGeometry{scheme.granularity, shape}.unitSize() ==
                               ScaleGeometry{decision.scheme.granularity, shape}.unitSize();
        const bool sameKind =
            !found.hasCodes() || (scheme.mode == decision.scheme.mode && scheme.scaleType == decision.scheme.scaleType);
        return scheme.bits == decision.scheme.bits && sameUnits && sameKind;
    }

    /// How far apart two values may be, relative to the largest one, whose parts were rounded to the type.
    static float roundingSlack(DType type)
    {
        return type == DType::BF16 ? 0x1p-6F : type == DType::F16 ? 0x1p-9F : 0x1p-21F;
    }

    Result<void> checkValues(const Layer &layer, const Layer &found, const Decision &decision,
                             const TaskContext &context) const
    {
        LayerQuantization stored;
        if (found.hasCodes()) {
            QS_ASSIGN(stored, storedQuantization(m_reopened, found, context));
        }
        const LayerValues values(m_reopened, found, decision.channelAxis, &stored);
        const bool isEncoded = found.stored != nullptr && !found.hasCodes();
        const DType type = isEncoded ? decision.valuesAs.value_or(DType::F32) : m_reopened.tensorOf(found).dtype;
        const float slack = isEncoded && m_file.format.roundsParts ? roundingSlack(found.stored->sourceDType) : 0;
        const CodeSink compare = [&](const CodeBlock &block) -> Result<void> {
            thread_local std::vector<float> read;
            QS_CHECK(values.read({block.channel, block.channels, block.weight, block.weights}, read));
            float largest = 0;
            for (std::size_t i = 0; slack > 0 && i < read.size(); ++i)
                largest = std::max(largest, std::abs(block.values[i]));
            for (std::size_t i = 0; i < read.size(); ++i) {
                const float planned = found.hasCodes() ? block.values[i] : roundTo(type, block.values[i]);
                if (read[i] != planned && !(std::abs(read[i] - planned) <= slack * largest))
                    return wrong(
                        Text::of("layer {} has other values when the file is opened again", inQuotes(layer.name)));
            }
            return {};
        };
        QS_CHECK(quantizeLayer({.model = m_model,
                                .layer = layer,
                                .channelAxis = decision.channelAxis,
                                .scheme = decision.scheme,
                                .keep = Keep::Scales,
                                .sink = compare,
                                .moments = decision.moments.get()},
                               context));
        return {};
    }

    const WrittenFile &m_file;
    const Model &m_model;
    const Model &m_reopened;
};

} // namespace

Result<void> checkReopened(const WrittenFile &file, bool allValues, const TaskContext &context)
{
    const auto reopened = openModel(file.path.native(), context, {}, file.target.native());
    if (!reopened && reopened.error().code != ErrorCode::Input)
        return std::unexpected(reopened.error());
    if (!reopened)
        return fail(
            ErrorCode::Work,
            Text::of("the file could not be opened again, so nothing was written: {}", reopened.error().message),
            inQuotes(file.target.native()));
    return ReopenedCheck(file, **reopened).run(allValues, context);
}

} // namespace qs
