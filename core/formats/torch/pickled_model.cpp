// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/torch/pickled_model.h"

#include "core/base/checked_math.h"
#include "core/base/input_file.h"
#include "core/base/text.h"

#include <algorithm>

namespace qs::torch {

std::uint64_t memoryFor(std::uint64_t fileBytes)
{
    constexpr std::uint64_t kLeast = std::uint64_t{96} << 20;
    constexpr std::uint64_t kMost = std::uint64_t{1} << 30;
    constexpr std::uint64_t kPerByte = 64; // a value costs about that much, and takes a few bytes
    return fileBytes > kMost / kPerByte ? kMost : std::max(fileBytes * kPerByte, kLeast);
}

Result<void> listTensors(const pickle::Content &content, const FindRecord &findRecord, const Parts &parts,
                         bool isScript, Model &model, const std::string &where, const TaskContext &context)
{
    addForeignGlobals(content, isScript, model.foreignGlobals);
    QS_ASSIGN(const Storages storages, readStorages(content, where));
    std::map<std::string_view, Record> records;
    for (const auto &[value, storage] : storages) {
        if (records.contains(storage.key))
            continue;
        const auto bytes = checkedMul(storage.count, storage.elementBytes());
        if (!bytes)
            return fail(
                ErrorCode::Input,
                Text::of("storage {} has {} elements, more than 2^64 - 1 bytes", inQuotes(storage.key), storage.count),
                Text::of("{}, pickle, byte {}", where, storage.position));
        QS_ASSIGN(records[storage.key], findRecord(storage, *bytes));
    }
    QS_ASSIGN(StateDict dict, findTensors(content, memoryFor(parts.file.size()) / 4, model.part, where, context));
    for (NamedTensor &tensor : dict.tensors) {
        const std::string stem = model.path.stem().native();
        if (tensor.name.empty())
            tensor.name = stem.empty() ? "tensor" : isUtf8(stem) ? stem : printable(stem);
    }
    QS_CHECK(addTensors(content, dict, storages, records, parts, model, where, context));
    if (!dict.key.empty())
        model.metadata["pytorch.weights"] = dict.key;
    model.part = dict.key;
    model.parts = std::move(dict.parts);
    std::vector<std::string> others = model.parts;
    std::erase(others, dict.key);
    if (!dict.key.empty() && !others.empty())
        model.warnings.push_back(
            Text::of("shown are the tensors of '{}'; others are not: {}", dict.key, listInQuotes(others)));
    if (dict.tensors.empty())
        model.warnings.push_back(
            records.empty()
                ? Text::of("the file holds no tensors")
                : Text::of("no tensors were found, though the file holds the values of {}", records.size()));
    return {};
}

} // namespace qs::torch
