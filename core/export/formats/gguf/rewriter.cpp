// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/export/formats/gguf/rewriter.h"

#include "core/base/checked_math.h"
#include "core/export/formats/gguf/keys.h"
#include "core/formats/gguf/header.h"
#include "core/formats/gguf/types.h"

#include <algorithm>
#include <map>

namespace qs {

namespace {

constexpr const char *kFileType = "general.file_type";
constexpr const char *kQuantizationVersion = "general.quantization_version";
constexpr std::uint32_t kCurrentVersion = 2; // of the blocks, not of the file

std::string keyBytes(std::string_view key, std::uint32_t value)
{
    gguf::KeyWriter writer;
    writer.add(key, value);
    return writer.bytes();
}

/// Writes keys and tensors of all parts of a model as one file.
class GgufWriter
{
public:
    explicit GgufWriter(const Model &model)
        : m_model(model)
    {}

    Result<FileContents> write(const ReplaceGgufTensor &replace)
    {
        for (const auto &file : m_model.files) {
            QS_ASSIGN(m_headers.emplace_back(), readGgufHeader(*file, inQuotes(file->path().native()), TaskContext{}));
        }
        for (const GgufHeader &header : m_headers)
            for (const GgufTensor &tensor : header.tensors)
                addTensor(tensor, replace);
        addKeys();
        std::string start = "GGUF";
        gguf::put(start, m_headers.front().version, 4);
        gguf::put(start, m_written, 8);
        gguf::put(start, m_keyCount, 8);
        m_contents.pieces.emplace_back(std::move(start));
        std::ranges::move(m_keys, std::back_inserter(m_contents.pieces));
        std::uint64_t size = 4 + 4 + 8 + 8 + m_keyBytes + m_infos.size();
        m_infos.resize(m_infos.size() + alignUp(size, alignment()) - size);
        m_contents.pieces.emplace_back(std::move(m_infos));
        std::ranges::move(m_payloads, std::back_inserter(m_contents.pieces));
        return std::move(m_contents);
    }

private:
    std::uint64_t alignment() const { return m_headers.front().alignment; }

    void addTensor(const GgufTensor &tensor, const ReplaceGgufTensor &replace)
    {
        const std::size_t index = m_added++;
        const TensorInfo &info = m_model.tensors[index];
        const std::size_t original = untied(m_model, index);
        if (isTiedOutput(m_model, index, info.name, m_model.tensors[original].name))
            return;
        ++m_written;
        std::optional<NewGgufTensor> output = replace(original);
        if (output)
            output->tensor.name = info.name;
        const std::uint32_t type = output ? ggufTypeNamed(output->type)->id : tensor.type;
        gguf::putText(m_infos, info.name);
        gguf::put(m_infos, info.shape.size(), 4);
        for (auto dim = info.shape.rbegin(); dim != info.shape.rend(); ++dim)
            gguf::put(m_infos, *dim, 8);
        gguf::put(m_infos, type, 4);
        gguf::put(m_infos, m_payloadBytes, 8);
        if (info.shape.size() > 1)
            ++m_typeCounts[type];
        std::uint64_t size = info.byteSize;
        if (output) {
            size = output->tensor.byteSize();
            m_payloads.emplace_back(m_contents.tensors.size());
            m_contents.tensors.push_back(std::move(output->tensor));
        } else {
            m_payloads.emplace_back(FileRange{m_model.files[info.file], info.byteOffset, size});
        }
        const std::uint64_t padding = alignUp(size, alignment()) - size;
        m_payloads.emplace_back(std::string(padding, '\0'));
        m_payloadBytes += size + padding;
    }

    /// The first part's keys in their order; those of splits go, since all is one file now.
    void addKeys()
    {
        const auto &file = m_model.files.front();
        bool hasFileType = false;
        bool hasVersion = false;
        for (const GgufKey &key : m_headers.front().keys) {
            if (m_headers.size() > 1 && key.name.starts_with("split."))
                continue;
            if (key.name == kFileType) {
                hasFileType = true;
                addKey(keyBytes(kFileType, gguf::fileTypeOf(m_typeCounts)));
            } else if (key.name == kQuantizationVersion) {
                hasVersion = true;
                addKey(keyBytes(kQuantizationVersion, kCurrentVersion));
            } else {
                m_keys.emplace_back(FileRange{file, key.begin, key.end - key.begin});
                m_keyBytes += key.end - key.begin;
                ++m_keyCount;
            }
        }
        if (!hasFileType)
            addKey(keyBytes(kFileType, gguf::fileTypeOf(m_typeCounts)));
        if (!hasVersion)
            addKey(keyBytes(kQuantizationVersion, kCurrentVersion));
    }

    void addKey(std::string bytes)
    {
        m_keyBytes += bytes.size();
        m_keys.emplace_back(std::move(bytes));
        ++m_keyCount;
    }

    const Model &m_model;
    std::vector<GgufHeader> m_headers;
    std::size_t m_added = 0;   ///< of the model's tensors
    std::size_t m_written = 0; ///< of them
    std::string m_infos;
    std::vector<FilePiece> m_keys;
    std::uint64_t m_keyBytes = 0;
    std::uint64_t m_keyCount = 0;
    std::vector<FilePiece> m_payloads;
    std::uint64_t m_payloadBytes = 0;
    std::map<std::uint32_t, std::size_t> m_typeCounts; ///< of tensors with two or more axes
    FileContents m_contents;
};

/// What llama.cpp takes the matrix of the outputs from when a file has none of its own.
constexpr std::string_view kOutput = "output.weight";
constexpr std::string_view kEmbedding = "token_embd.weight";

} // namespace

std::size_t untied(const Model &model, std::size_t tensor)
{
    const auto alias = model.aliases.find(tensor);
    return alias == model.aliases.end() ? tensor : alias->second;
}

bool isTiedOutput(const Model &model, std::size_t tensor, std::string_view name, std::string_view nameOfOriginal)
{
    return untied(model, tensor) != tensor && name == kOutput && nameOfOriginal == kEmbedding;
}

Text whyNoGguf(const Model &model)
{
    if (!model.format.starts_with("GGUF"))
        return Text::of("a GGUF file can be made of a GGUF file only");
    const bool bigEndian = std::ranges::any_of(model.tensors, &TensorInfo::bigEndian);
    return bigEndian ? Text::of("big-endian GGUF files are not written") : Text();
}

Result<FileContents> rewriteGguf(const Model &model, const ReplaceGgufTensor &replace)
{
    return GgufWriter(model).write(replace);
}

} // namespace qs
