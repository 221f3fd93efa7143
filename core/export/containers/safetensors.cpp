// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/export/containers/safetensors.h"

#include "core/base/checked_math.h"
#include "core/formats/safetensors/header.h"

#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace qs {

namespace {

std::string jsonText(const std::string &text)
{
    return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Result<FileLayout> layOut(FileContents contents)
{
    std::vector<OutputTensor> &tensors = contents.tensors;
    std::sort(tensors.begin(), tensors.end(), [](const OutputTensor &a, const OutputTensor &b) {
        return a.dtype != b.dtype ? a.dtype > b.dtype : a.name < b.name; // DType is declared in order of rank
    });
    contents.metadata.merge(contents.ties); // as the libraries of this format do with shared tensors
    std::string header = "{\"__metadata__\":{";
    for (const auto &[key, value] : contents.metadata)
        header += fmt::format("{}{}:{}", header.back() == '{' ? "" : ",", jsonText(key), jsonText(value));
    header += '}';
    std::uint64_t offset = 0;
    for (OutputTensor &tensor : tensors) {
        const std::uint64_t end = offset + tensor.byteSize();
        header += fmt::format(",{}:{{\"dtype\":\"{}\",\"shape\":[{}],\"data_offsets\":[{},{}]}}", jsonText(tensor.name),
                              safetensorsNameOf(tensor.dtype), fmt::join(tensor.shape, ","), offset, end);
        tensor.byteOffset = offset;
        offset = end;
    }
    header += '}';
    header.resize(alignUp(header.size(), 8), ' ');
    if (header.size() > kMaxHeaderBytes)
        return fail(ErrorCode::Work,
                    Text::of("the header would take {} bytes; safetensors allows {}", header.size(), kMaxHeaderBytes));
    FileLayout layout;
    const std::uint64_t start = 8 + header.size();
    std::string prefix(8, '\0');
    for (unsigned i = 0; i < 8; ++i)
        prefix[i] = static_cast<char>((header.size() >> (8 * i)) & 0xffU);
    for (OutputTensor &tensor : tensors)
        tensor.byteOffset += start;
    layout.fixed.push_back({0, prefix + header});
    layout.tensors = std::move(tensors);
    layout.bytes = start + offset;
    return layout;
}

} // namespace

constinit const Container kSafetensorsContainer{
    .suffixes = "*.safetensors", .reopens = true, .takenName = "__metadata__", .layOut = layOut, .finish = nullptr};
constinit const Container kForeignSafetensorsContainer{.suffixes = "*.safetensors",
                                                       .parametersOnly = true,
                                                       .takenName = "__metadata__",
                                                       .layOut = layOut,
                                                       .finish = nullptr};

} // namespace qs
