// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Fuzzes the comparison of two models: what each tensor is, which weights are the same, and what is said of them.
//
// An input is either a zero byte, four bytes with the length of the first safetensors file, and both files; or lines
// "<F32 4x8 3 name" (a tensor of the reference: type, shape, what it holds), "> …" (of the candidate) and "= …" (of the
// map), of which the files are made.
#include "core/analysis/compare.h"
#include "core/base/input_file.h"
#include "core/formats/registry.h"
#include "core/layers/layer_rules.h"
#include "core/tensor/dtype.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

namespace {

constexpr std::size_t kMostTensors = 96;
constexpr std::uint64_t kMostElements = 4096;
constexpr std::size_t kMostMetadata = 40;

/// A safetensors file that is put together tensor by tensor.
class FileBuilder
{
public:
    /// "F32 4x8 3 name"; lines that do not fit are left out.
    void add(std::string_view line)
    {
        const std::string_view type = word(line);
        std::string_view sizes = word(line);
        const std::string_view content = word(line);
        const auto dtype = qs::dtypeFromSafetensors(type);
        const auto isPlain = [](char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; };
        if (!dtype || line.empty() || content.empty() || !std::ranges::all_of(line, isPlain) ||
            ++m_count > kMostTensors)
            return;
        std::string shape;
        std::uint64_t elements = 1;
        while (!sizes.empty()) {
            const std::size_t end = std::min(sizes.find('x'), sizes.size());
            const std::uint64_t size = std::strtoull(std::string(sizes.substr(0, end)).c_str(), nullptr, 10);
            elements *= std::min(size, kMostElements + 1);
            if (elements > kMostElements)
                return;
            shape += (shape.empty() ? "" : ",") + std::to_string(size);
            sizes.remove_prefix(std::min(end + 1, sizes.size()));
        }
        const std::size_t begin = m_data.size();
        const std::size_t bytes = (elements * qs::bitsOf(*dtype) + 7) / 8;
        for (std::size_t i = 0; i < bytes; ++i) // small finite numbers in most types
            m_data += static_cast<char>((static_cast<unsigned char>(content[0]) + 37 * i) % 61);
        m_header += ",\"" + std::string(line) + "\":{\"dtype\":\"" + std::string(type) + "\",\"shape\":[" + shape +
                    "],\"data_offsets\":[" + std::to_string(begin) + "," + std::to_string(m_data.size()) + "]}";
    }

    std::string bytes() const
    {
        const std::string header = "{\"__metadata__\":{}" + m_header + "}";
        std::string result;
        for (std::uint64_t i = 0, length = header.size(); i < 8; ++i)
            result += static_cast<char>(length >> (8 * i) & 0xffU);
        return result + header + m_data;
    }

private:
    static std::string_view word(std::string_view &line)
    {
        const std::size_t end = std::min(line.find(' '), line.size());
        const std::string_view result = line.substr(0, end);
        line.remove_prefix(std::min(end + 1, line.size()));
        return result;
    }

    std::string m_header;
    std::string m_data;
    std::size_t m_count = 0;
};

struct Pair {
    std::string reference;
    std::string candidate;
    std::string map;
};

Pair pairOf(std::string_view text)
{
    constexpr std::size_t kHead = 5;
    if (text.size() >= kHead && text[0] == '\0') {
        std::uint32_t length = 0;
        std::memcpy(&length, text.data() + 1, sizeof length);
        text.remove_prefix(kHead);
        const std::size_t first = std::min<std::size_t>(length, text.size());
        return {std::string(text.substr(0, first)), std::string(text.substr(first)), {}};
    }
    FileBuilder reference;
    FileBuilder candidate;
    std::string map;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.starts_with('<'))
            reference.add(line.substr(1));
        else if (line.starts_with('>'))
            candidate.add(line.substr(1));
        else if (line.starts_with('='))
            map += std::string(line.substr(1)) + "\n";
    }
    return {reference.bytes(), candidate.bytes(), std::move(map)};
}

std::optional<qs::Model> modelOf(const std::string &bytes)
{
    const auto readers = qs::formatReaders();
    const auto reader = std::ranges::find(readers, std::string_view("safetensors"), &qs::FormatReader::name);
    qs::Model model;
    model.path = "fuzzed";
    if (reader == readers.end() ||
        !(*reader)->read(qs::InputFile::fromMemory(std::as_bytes(std::span(bytes)), "fuzzed"), model, {}))
        return std::nullopt;
    qs::findLayers(model);
    std::uint64_t elements = 0;
    for (const qs::TensorInfo &tensor : model.tensors)
        elements += std::min<std::uint64_t>(tensor.elements(), std::uint64_t{1} << 32U);
    constexpr std::uint64_t kMostOfAll = std::uint64_t{1} << 20U; // more tell nothing new
    return elements > kMostOfAll ? std::nullopt : std::optional(std::move(model));
}

/// What holds of every comparison, whatever the files are.
void check(const qs::Model &reference, const qs::Model &candidate, const qs::Comparison &comparison)
{
    const double coverage = comparison.coverage();
    if (!(coverage >= 0 && coverage <= 1) || (coverage < 1 && !comparison.incomplete()))
        std::abort();
    if (comparison.reference.compared > comparison.reference.values ||
        comparison.candidate.compared > comparison.candidate.values)
        std::abort();
    if (comparison.tensors.size() > std::min(reference.tensors.size(), candidate.tensors.size()) ||
        comparison.unmatched.size() > reference.tensors.size() + candidate.tensors.size() + kMostMetadata)
        std::abort();
}

/// A model is itself: all that can be read is equal.
void checkItself(const qs::Model &model)
{
    const auto same = qs::compare(model, model, {});
    if (!same)
        return;
    for (const qs::TensorComparison &tensor : same->tensors)
        if (tensor.metrics.maxAbsError.value_or(0) != 0)
            std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const Pair pair = pairOf({reinterpret_cast<const char *>(data), size});
    const auto reference = modelOf(pair.reference);
    const auto candidate = modelOf(pair.candidate);
    if (!reference || !candidate)
        return 0;
    const auto map = qs::parseNameMap(pair.map, "fuzzed");
    const auto comparison = qs::compare(*reference, *candidate, {}, map ? *map : qs::NameMap());
    if (comparison)
        check(*reference, *candidate, *comparison);
    checkItself(*reference);
    return 0;
}
