// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/eval/network_inputs.h"

#include "core/base/fingerprint.h"
#include "core/base/parallel.h"
#include "core/eval/stored_value.h"
#include "core/formats/npy.h"
#include "core/formats/npz.h"
#include "core/formats/open_model.h"
#include "core/tensor/float_blocks.h"
#include "core/tensor/integers.h"

#include <bit>
#include <cmath>
#include <numbers>

namespace qs {

namespace {

constexpr std::uint64_t kMostInputBytes = std::uint64_t{1} << 30U; // of one file

/// Hash of the contents (FNV-1a over 32-bit words).
std::uint64_t contentId(const NetworkInputs &inputs)
{
    std::uint64_t hash = 0xcbf29ce484222325ULL;
    const auto mix = [&hash](std::uint64_t word) { hash = (hash ^ word) * 0x100000001b3ULL; };
    mix(inputs.samples);
    mix(inputs.features);
    for (float value : inputs.values)
        mix(std::bit_cast<std::uint32_t>(value));
    for (std::int64_t label : inputs.labels)
        mix(static_cast<std::uint64_t>(label));
    return hash;
}

/// Uniform in (0, 1).
double uniform(std::uint64_t seed, std::uint64_t counter)
{
    return (static_cast<double>(randomBits(seed, counter) >> 11) + 0.5) * 0x1p-53;
}

void mixArray(const InputArray &array, Fingerprint &id)
{
    id.add(array.name);
    for (const std::int64_t size : array.value->shape())
        id.add(static_cast<std::uint64_t>(size));
    if (array.value->isFloat()) {
        for (const float value : array.value->floats())
            id.add(std::uint64_t{std::bit_cast<std::uint32_t>(value)});
    } else {
        for (const std::int64_t value : array.value->ints())
            id.add(static_cast<std::uint64_t>(value));
    }
}

/// The arrays of a `.npy` or `.npz` file.
Result<void> readArrays(const InputFileName &file, std::vector<InputArray> &arrays, const TaskContext &context)
{
    QS_ASSIGN(const auto opened, openModel(file.path.string(), context));
    MemoryBudget budget(kMostInputBytes);
    if (!file.input.empty() && opened->tensors.size() != 1)
        return fail(ErrorCode::Input,
                    Text::of("the file holds {} arrays; one is expected for the input {}", opened->tensors.size(),
                             inQuotes(file.input)),
                    file.path.string());
    for (std::size_t i = 0; i < opened->tensors.size(); ++i) {
        InputArray array;
        // A file of one array names it after itself, which says nothing.
        const bool named = opened->format == kNpzReader.name;
        array.name = !file.input.empty() ? file.input : named ? opened->tensors[i].name : std::string();
        array.file = file.path.filename().string();
        QS_ASSIGN(array.value, tensorValue(*opened, i, budget, context));
        arrays.push_back(std::move(array));
    }
    return {};
}

/// Whether a file is samples as chains take them, or cannot be read at all.
bool isSamples(const InputFileName &file)
{
    if (!file.input.empty() || file.path.extension() != ".npy")
        return false;
    const auto opened = openModel(file.path.string(), {});
    if (!opened || (*opened)->tensors.size() != 1)
        return true;
    const TensorInfo &array = (*opened)->tensors[0];
    return array.shape.size() <= 2 && !isInteger(array.dtype);
}

Result<void> requireFinite(const std::vector<float> &values, std::uint64_t features, const std::string &where)
{
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (!std::isfinite(values[i]))
            return fail(ErrorCode::Input,
                        Text::of("sample {} has a value that is not finite at feature {}; inputs must be finite",
                                 i / features, i % features),
                        where);
    }
    return {};
}

Result<std::vector<std::int64_t>> labelsOf(const Model &model, std::size_t tensor)
{
    const TensorView view = model.view(tensor);
    const IntegerLoader load = integerLoader(view.info->dtype);
    if (!load)
        return fail(ErrorCode::Input, Text::of("labels must be whole numbers"), view.info->name);
    QS_ASSIGN(const std::vector<std::byte> bytes, view.bytes());
    std::vector<std::int64_t> labels(view.info->elements());
    for (std::size_t i = 0; i < labels.size(); ++i) {
        const std::optional<std::int64_t> label = load(bytes.data(), i, false);
        if (!label)
            return fail(ErrorCode::Input, Text::of("label {} is above 2^63 - 1", i), view.info->name);
        labels[i] = *label;
    }
    return labels;
}

Result<void> requireSamples(std::uint64_t samples, std::uint64_t features, const std::string &where)
{
    if (samples > 0 && features > 0)
        return {};
    return fail(
        ErrorCode::Input,
        Text::of("inputs have shape [{}, {}]; at least one sample and one feature are needed", samples, features),
        where);
}

} // namespace

/// SplitMix64's output function (Steele, Lea, Flood 2014) of a counter: any number of the sequence on its own.
std::uint64_t randomBits(std::uint64_t seed, std::uint64_t counter)
{
    std::uint64_t z = (seed * 0xd1342543de82ef95ULL) + (counter + 1) * 0x9e3779b97f4a7c15ULL;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
}

float randomNormal(std::uint64_t seed, std::uint64_t counter)
{
    // Box and Muller, one of the pair, so that each number depends on its own counter alone.
    const double radius = std::sqrt(-2 * std::log(uniform(seed, 2 * counter)));
    const double angle = 2 * std::numbers::pi * uniform(seed, 2 * counter + 1);
    return static_cast<float>(radius * std::cos(angle));
}

Result<std::shared_ptr<const NetworkInputs>>
loadInputs(const std::vector<InputFileName> &files, const std::filesystem::path &labelsPath, const TaskContext &context)
{
    if (files.size() == 1 && isSamples(files[0]))
        return loadInputs(files[0].path, labelsPath);
    std::vector<InputArray> arrays;
    for (const InputFileName &file : files)
        QS_CHECK(readArrays(file, arrays, context));
    return inputsOf(std::move(arrays), labelsPath, Text::asIs(files.front().path.filename().string()));
}

Result<std::shared_ptr<const NetworkInputs>> inputsOf(std::vector<InputArray> arrays,
                                                      const std::filesystem::path &labelsPath, Text about)
{
    auto result = std::make_shared<NetworkInputs>();
    result->arrays = std::move(arrays);
    Fingerprint id;
    for (const InputArray &array : result->arrays)
        mixArray(array, id);
    if (!labelsPath.empty()) {
        QS_ASSIGN(result->labels, loadNpyLabels(labelsPath));
        for (const std::int64_t label : result->labels)
            id.add(static_cast<std::uint64_t>(label));
    }
    result->id = id.hash();
    result->about = std::move(about);
    return result;
}

Result<std::shared_ptr<const NetworkInputs>> loadInputs(const std::filesystem::path &inputsPath,
                                                        const std::filesystem::path &labelsPath)
{
    QS_ASSIGN(NpyMatrix matrix, loadNpyMatrix(inputsPath));
    QS_CHECK(requireSamples(matrix.rows, matrix.cols, inputsPath.string()));
    QS_CHECK(requireFinite(matrix.values, matrix.cols, inputsPath.string()));
    auto result = std::make_shared<NetworkInputs>();
    result->samples = matrix.rows;
    result->features = matrix.cols;
    result->values = std::move(matrix.values);
    const std::string name = inputsPath.filename().string();
    result->about = result->samples == 1 ? Text::of("1 sample from {}", name)
                                         : Text::of("{} samples from {}", result->samples, name);
    if (!labelsPath.empty()) {
        QS_ASSIGN(result->labels, loadNpyLabels(labelsPath));
        if (result->labels.size() != result->samples)
            return fail(ErrorCode::Input,
                        Text::of("{} labels for {} samples; there must be one for each", result->labels.size(),
                                 result->samples),
                        labelsPath.string());
        result->about = Text::of("{}, labels from {}", result->about, labelsPath.filename().string());
    }
    result->id = contentId(*result);
    return result;
}

Result<std::shared_ptr<const NetworkInputs>> samplesOf(const Model &model)
{
    const ModelSamples &samples = *model.network->samples;
    const TensorInfo &info = model.tensors[samples.inputs];
    auto result = std::make_shared<NetworkInputs>();
    result->samples = info.shape[0];
    result->features = info.shape[1];
    QS_CHECK(requireSamples(result->samples, result->features, info.name));
    const FloatBlocks blocks(model.view(samples.inputs), 0);
    QS_CHECK(blocks.read({0, result->samples, 0, result->features}, result->values));
    QS_CHECK(requireFinite(result->values, result->features, info.name));
    if (samples.labels) {
        QS_ASSIGN(result->labels, labelsOf(model, *samples.labels));
    }
    result->about =
        samples.about.empty() ? Text::of("{} samples from the file", result->samples) : Text::asIs(samples.about);
    result->id = contentId(*result);
    return result;
}

Result<std::shared_ptr<const NetworkInputs>> gaussianInputs(std::uint64_t features, std::uint64_t seed,
                                                            const TaskContext &context, std::uint64_t samples)
{
    auto result = std::make_shared<NetworkInputs>();
    result->samples = samples;
    result->features = features;
    result->values.resize(samples * features);
    QS_CHECK(parallelFor(samples, context, [&](std::size_t sample) -> Result<void> {
        for (std::uint64_t i = sample * features; i < (sample + 1) * features; ++i)
            result->values[i] = randomNormal(seed, i);
        return {};
    }));
    result->about = Text::of("{} samples N(0, 1), seed {}", samples, seed);
    result->id = contentId(*result);
    return result;
}

} // namespace qs
