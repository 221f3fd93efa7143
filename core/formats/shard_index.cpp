// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/shard_index.h"

#include "core/base/input_file.h"
#include "core/base/text.h"
#include "core/formats/safetensors/safetensors.h"
#include "core/formats/torch/torch.h"
#include "core/parse/json.h"

#include <algorithm>
#include <map>
#include <system_error>
#include <unordered_map>

#include <fmt/format.h>

namespace qs {
namespace {

constexpr std::uint64_t kMaxIndexBytes = std::uint64_t{64} << 20;

bool recognises(std::span<const std::byte> head, std::uint64_t)
{
    const std::string_view text(reinterpret_cast<const char *>(head.data()), head.size());
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    return first != std::string_view::npos && text[first] == '{' &&
           text.find("\"weight_map\"") != std::string_view::npos;
}

bool isPlainFileName(std::string_view name)
{
    return !name.empty() && name != "." && name != ".." &&
           name.find_first_of(std::string_view("/\\\0", 3)) == std::string_view::npos;
}

/// Adds the shards of one index to a model.
class ShardReader
{
public:
    ShardReader(const InputFile &index, Model &model, const TaskContext &context)
        : m_where(inQuotes(index.path().native()))
        , m_folder(index.path().parent_path())
        , m_model(model)
        , m_context(context)
    {}

    Result<void> readMap(std::string_view text)
    {
        QS_ASSIGN(const json::Value root, json::parse(text, m_where));
        const json::Value *map = root.find("weight_map");
        if (map == nullptr || map->kind != json::Kind::Object)
            return wrong(Text::of("the shard index has no object 'weight_map'"));
        for (const auto &[tensor, file] : map->members) {
            if (file.kind != json::Kind::String)
                return wrong(Text::of("the shard of tensor {} must be a file name, not {}", inQuotes(tensor),
                                      json::describe(file.kind)));
            if (!isPlainFileName(file.text))
                return wrong(Text::of("the shard of tensor {} must be a file name without a folder, not {}",
                                      inQuotes(tensor), inQuotes(file.text)));
            m_shards[file.text].push_back(tensor);
            m_shardOf.emplace(tensor, file.text);
        }
        return {};
    }

    Result<void> readShards()
    {
        std::size_t done = 0;
        for (const auto &[name, tensors] : m_shards) {
            QS_CHECK(m_context.check());
            QS_CHECK(readShard(name, tensors));
            m_context.report(static_cast<double>(++done) / static_cast<double>(m_shards.size()),
                             Text::of("reading shards"));
        }
        addWarnings();
        return {};
    }

private:
    std::unexpected<Error> wrong(Text message) const { return fail(ErrorCode::Input, std::move(message), m_where); }

    Result<void> readShard(const std::string &name, const std::vector<std::string> &expected)
    {
        const std::filesystem::path path = m_folder / name;
        std::error_code ignored;
        if (!std::filesystem::exists(path, ignored)) {
            m_model.missingFiles.push_back(name);
            return {};
        }
        noteLink(path);
        QS_ASSIGN(std::shared_ptr<const InputFile> file, InputFile::open(path));
        Model shard;
        shard.path = path;
        QS_CHECK(readPart(std::move(file), shard));
        for (const Text &warning : shard.warnings)
            m_model.warnings.push_back(Text::of("{}: {}", inQuotes(name), warning));
        m_model.metadata.merge(shard.metadata);
        m_model.foreignGlobals.insert(m_model.foreignGlobals.end(), shard.foreignGlobals.begin(),
                                      shard.foreignGlobals.end());
        addTensors(shard, name);
        m_model.files.insert(m_model.files.end(), shard.files.begin(), shard.files.end());
        for (const std::string &tensor : expected)
            if (!m_found.contains(tensor) || m_found.at(tensor) != name)
                m_model.missingFiles.push_back(fmt::format("{} (tensor {})", name, tensor));
        return {};
    }

    /// Shards of one model have one format; the first one tells which.
    Result<void> readPart(std::shared_ptr<const InputFile> file, Model &shard)
    {
        QS_ASSIGN(const std::vector<std::byte> head, file->head(kHeadBytes));
        const FormatReader &reader = kTorchReader.recognises(head, file->size()) ? kTorchReader : kSafetensorsReader;
        if (m_reader != nullptr && m_reader != &reader)
            return fail(ErrorCode::Input,
                        Text::of("this shard is a {} file, the ones before it are {}", reader.name, m_reader->name),
                        inQuotes(file->path().native()));
        m_reader = &reader;
        QS_CHECK(reader.read(std::move(file), shard, m_context));
        m_model.format = shard.format;
        return {};
    }

    /// The index decides which of two tensors of one name counts; without its word the first shard does.
    void addTensors(Model &shard, const std::string &name)
    {
        std::unordered_map<std::size_t, std::size_t> numbers; // of tensors, in the shard and in the model
        for (std::size_t i = 0; i < shard.tensors.size(); ++i) {
            TensorInfo &tensor = shard.tensors[i];
            const auto mapped = m_shardOf.find(tensor.name);
            const bool elsewhere = mapped != m_shardOf.end() && mapped->second != name;
            if (elsewhere || m_found.contains(tensor.name)) {
                m_repeated.push_back(tensor.name);
                continue;
            }
            if (mapped == m_shardOf.end())
                m_unmapped.push_back(tensor.name);
            m_found.emplace(tensor.name, name);
            numbers.emplace(i, m_model.tensors.size());
            tensor.file += m_model.files.size();
            keepEncoding(tensor, shard);
            m_model.tensors.push_back(std::move(tensor));
        }
        for (const auto &[alias, original] : shard.aliases)
            if (numbers.contains(alias) && numbers.contains(original))
                m_model.aliases.emplace(numbers[alias], numbers[original]);
        for (auto &[tensor, role] : shard.roles)
            if (numbers.contains(tensor))
                m_model.roles.emplace(numbers[tensor], moved(std::move(role), numbers));
    }

    /// A role with the numbers that its tensors have in the model. Without all of its parts a tensor is kept as it is.
    static TensorRole moved(TensorRole role, const std::unordered_map<std::size_t, std::size_t> &numbers)
    {
        bool complete = true;
        const auto move = [&](std::size_t &part) {
            const auto found = numbers.find(part);
            complete = complete && found != numbers.end();
            part = found != numbers.end() ? found->second : 0;
        };
        const auto moveOptional = [&](std::optional<std::size_t> &part) {
            if (part)
                move(*part);
        };
        moveOptional(role.bias);
        if (role.stored) {
            moveOptional(role.stored->scales);
            moveOptional(role.stored->zeroPoints);
            std::ranges::for_each(role.stored->others, move);
        }
        if (!complete)
            return {.reason = Text::of("its scales are taken from another shard"), .quantizable = false};
        return role;
    }

    /// Encodings that only the shard has move into the model.
    void keepEncoding(TensorInfo &tensor, const Model &shard)
    {
        const auto isOwn = [&](const Encoding &own) { return &own == tensor.encoding; };
        if (std::ranges::none_of(shard.encodings, isOwn))
            return;
        const auto [known, isNew] =
            m_encodings.emplace(tensor.encoding->name + tensor.encoding->withoutValues.str(), nullptr);
        if (isNew)
            known->second = &m_model.encodings.emplace_back(*tensor.encoding);
        tensor.encoding = known->second;
    }

    void noteLink(const std::filesystem::path &path)
    {
        std::error_code error;
        const auto target = std::filesystem::canonical(path, error);
        const auto folder = std::filesystem::canonical(m_folder.empty() ? "." : m_folder, error);
        if (!error && target.parent_path() != folder)
            m_linked.push_back(target.native());
    }

    void addWarnings()
    {
        std::ranges::sort(m_model.foreignGlobals);
        const auto again = std::ranges::unique(m_model.foreignGlobals);
        m_model.foreignGlobals.erase(again.begin(), again.end());
        const auto warn = [&](const std::vector<std::string> &names, Text text) {
            if (!names.empty())
                m_model.warnings.push_back(std::move(text));
        };
        warn(m_model.missingFiles,
             Text::of("{} shards or tensors of shards are missing, so the model is not complete: {}",
                      m_model.missingFiles.size(), listInQuotes(m_model.missingFiles, 3)));
        warn(m_linked,
             Text::of("{} shards are links to files in other folders: {}", m_linked.size(), listInQuotes(m_linked, 3)));
        warn(m_unmapped, Text::of("{} tensors are in a shard but not in the index: {}", m_unmapped.size(),
                                  listInQuotes(m_unmapped, 3)));
        warn(m_repeated, Text::of("{} tensors are in a second shard, too, and were taken from one only: {}",
                                  m_repeated.size(), listInQuotes(m_repeated, 3)));
    }

    const std::string m_where;
    const std::filesystem::path m_folder;
    Model &m_model;
    const TaskContext &m_context;
    std::map<std::string, std::vector<std::string>> m_shards; ///< tensors by file name
    std::unordered_map<std::string, std::string> m_shardOf;   ///< file name by tensor, as the index says
    std::unordered_map<std::string, std::string> m_found;     ///< file name by tensor, as it was found
    const FormatReader *m_reader = nullptr;
    std::unordered_map<std::string, const Encoding *> m_encodings;
    std::vector<std::string> m_linked;
    std::vector<std::string> m_unmapped;
    std::vector<std::string> m_repeated;
};

Result<void> read(std::shared_ptr<const InputFile> file, Model &model, const TaskContext &context)
{
    if (file->size() > kMaxIndexBytes)
        return fail(ErrorCode::Input,
                    Text::of("a shard index has at most {} bytes, this file has {}", kMaxIndexBytes, file->size()),
                    inQuotes(file->path().native()));
    model.format = "safetensors";
    ShardReader reader(*file, model, context);
    QS_ASSIGN(const std::string text, file->text());
    QS_CHECK(reader.readMap(text));
    model.files.push_back(std::move(file)); // kept, so that an export does not overwrite it
    return reader.readShards();
}

} // namespace

const FormatReader kShardIndexReader{.name = "shard-index",
                                     .description = Text::constant("index of shards"),
                                     .suffixes = "*.safetensors.index.json *.bin.index.json",
                                     .recognises = recognises,
                                     .read = read,
                                     .isIndex = true,
                                     .hasConfig = true};

} // namespace qs
