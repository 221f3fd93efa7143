// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Small models of three formats, and recipes of which every export format takes one.
#pragma once

#include "core/export/registry.h"
#include "core/recipe/recipe.h"
#include "core/scheme/convention.h"
#include "core/shards/work.h"
#include "tests/support/gguf_bytes.h"
#include "tests/support/protobuf_writer.h"
#include "tests/support/test_model.h"

#include <QDir>
#include <QMap>

#include <filesystem>

namespace qs::test {

using namespace qs::test::onnx;

inline QByteArray safetensorsSource(float odd = 0.5F)
{
    std::vector<FloatTensor> tensors;
    for (std::uint32_t i = 0; i < 6; ++i) {
        tensors.push_back({"layer" + std::to_string(i) + ".weight", {8 + i, 64}, randomValues((8 + i) * 64, i + 1)});
        tensors.push_back({"layer" + std::to_string(i) + ".bias", {8 + i}, randomValues(8 + i, i + 100)});
    }
    tensors[2].values[5] = odd;
    return safetensorsBytes(tensors);
}

/// Two shards of a checkpoint, their index and what stands beside them, in a folder of its own: its path.
inline std::string shardedSource(const QTemporaryDir &folder)
{
    QDir(folder.path()).mkpath("sharded");
    std::string weights;
    for (std::uint32_t shard = 0; shard < 2; ++shard) {
        const std::string name = "model-0000" + std::to_string(shard + 1) + "-of-00002.safetensors";
        std::vector<FloatTensor> tensors;
        for (std::uint32_t i = 0; i < 3; ++i) {
            const std::string layer = "model.layers." + std::to_string(shard) + ".mlp.fc" + std::to_string(i);
            tensors.push_back({layer + ".weight", {64, 128}, randomValues(64 * 128, shard * 10 + i)});
            tensors.push_back({layer + ".bias", {64}, randomValues(64, shard * 10 + i + 100)});
        }
        writeFile(folder, QString::fromStdString("sharded/" + name), safetensorsBytes(tensors));
        for (const FloatTensor &tensor : tensors)
            weights += (weights.empty() ? "\"" : ", \"") + tensor.name + "\": \"" + name + "\"";
    }
    writeFile(folder, "sharded/model.safetensors.index.json",
              QByteArray::fromStdString("{\"weight_map\": {" + weights + "}}"));
    writeFile(folder, "sharded/config.json", R"({"model_type": "llama"})");
    writeFile(folder, "sharded/tokenizer.json", R"({"version": "1.0"})");
    return folder.filePath("sharded").toStdString();
}

inline QByteArray onnxSource()
{
    const QByteArray w = tensor("w", 1, {64, 16}, rawData(raw(randomValues(64 * 16, 7))));
    const QByteArray v = tensor("v", 1, {16, 32}, rawData(raw(randomValues(16 * 32, 8))));
    return number(1, 10) +
           bytesField(
               7, graph({node("MatMul", {"x", "w"}, {"a"}), node("MatMul", {"a", "v"}, {"y"})}, {w, v}, {"x"}, {"y"})) +
           opset(21);
}

inline QByteArray ggufSource()
{
    GgufFile file{.keys = {textKey("general.architecture", "llama")}, .tensors = {}, .data = {}};
    file.tensors = {{"blk.0.attn_q.weight", {64, 4}, 0, 0}, {"output.weight", {64, 4}, 0, 1024}};
    GgufBytes data;
    for (const float value : randomValues(512, 1))
        data.add(value);
    file.data = data.bytes();
    return file.bytes();
}

inline QByteArray contents(const std::filesystem::path &path)
{
    QFile file(QString::fromStdString(path.string()));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// Bytes of a file, or of all files of a folder, by name.
inline QMap<QString, QByteArray> filesOf(const std::filesystem::path &path)
{
    if (!std::filesystem::is_directory(path))
        return {{QString(), contents(path)}};
    QMap<QString, QByteArray> files;
    for (const auto &entry : std::filesystem::directory_iterator(path))
        if (entry.is_regular_file())
            files[QString::fromStdString(entry.path().filename().string())] = contents(entry.path());
    return files;
}

inline std::vector<Recipe> recipesFor(const Model &model)
{
    std::vector<Recipe> recipes(4, defaultRecipe(model));
    for (Recipe &recipe : recipes)
        recipe.rules.clear();
    recipes[1].scheme.bits = 4;
    recipes[1].scheme.granularity = Granularity::group(32);
    recipes[2].scheme = findConvention("gguf-q4_0")->scheme();
    recipes[3].scheme.bits = 4;
    return recipes;
}

/// The first recipe that the format takes for that target and that quantizes something; -1 when there is none.
inline int fittingRecipe(const Model &model, const ExportFormat &format, const std::vector<Recipe> &recipes,
                         const std::filesystem::path &target)
{
    for (std::size_t i = 0; i < recipes.size(); ++i) {
        AnalysisCache cache;
        const auto plan = planExport(format, model, recipes[i], target, {}, cache, {});
        if (plan && plan->refusals.empty() && plan->quantized() > 0)
            return static_cast<int>(i);
    }
    return -1;
}

inline Result<Work> plannedWork(const std::string &source, const std::shared_ptr<const Model> &model,
                                const QString &format, const Recipe &recipe, const std::filesystem::path &output,
                                std::size_t units, const ExportOptions &options = {})
{
    AnalysisCache cache;
    return planWork({.model = model,
                     .location = source,
                     .part = {},
                     .format = *findExportFormat(format.toStdString()),
                     .recipe = recipe,
                     .output = output,
                     .options = options,
                     .units = units},
                    cache, {});
}

} // namespace qs::test
