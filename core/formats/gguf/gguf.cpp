// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/gguf/gguf.h"

#include "core/base/input_file.h"
#include "core/base/text.h"
#include "core/formats/gguf/header.h"
#include "core/formats/gguf/types.h"

#include <algorithm>
#include <map>
#include <system_error>
#include <unordered_set>

#include <fmt/format.h>

namespace qs {
namespace {

constexpr std::uint64_t kMaxSplits = 10'000;

bool recognises(std::span<const std::byte> head, std::uint64_t)
{
    return head.size() >= 4 && std::string_view(reinterpret_cast<const char *>(head.data()), 4) == "GGUF";
}

/// Adds a file, or all files of a split model, to a model.
class GgufModel
{
public:
    GgufModel(Model &model, const TaskContext &context)
        : m_model(model)
        , m_context(context)
    {}

    Result<void> read(std::shared_ptr<const InputFile> file)
    {
        const std::filesystem::path path = file->path();
        QS_ASSIGN(GgufHeader header, headerOf(*file));
        m_model.format = fmt::format("GGUF v{}{}", header.version, header.bigEndian ? ", big-endian" : "");
        const std::uint64_t count = header.splitCount.value_or(1);
        const std::uint64_t number = header.splitNumber.value_or(0);
        if (count <= 1) {
            add(std::move(header), std::move(file));
        } else {
            if (count > kMaxSplits || number >= count)
                return fail(ErrorCode::Input,
                            Text::of("it is part {} of {}, the limits are the number of parts and {}", number, count,
                                     kMaxSplits),
                            inQuotes(path.native()) + ", GGUF key 'split.count'");
            QS_CHECK(readSplits(std::move(header), std::move(file), path));
        }
        QS_CHECK(checkNames());
        if (const auto name = m_model.metadata.find("general.name"); name != m_model.metadata.end())
            m_model.title = name->second;
        if (m_unknown > 0)
            m_model.warnings.push_back(
                Text::of("{} tensors have types that are not known, the first is {}", m_unknown, m_firstUnknown));
        return {};
    }

private:
    Result<GgufHeader> headerOf(const InputFile &file)
    {
        return readGgufHeader(file, inQuotes(file.path().native()), m_context);
    }

    /// The other parts stand beside the one that was opened; all their names differ in the number alone.
    Result<void> readSplits(GgufHeader first, std::shared_ptr<const InputFile> file, const std::filesystem::path &path)
    {
        const std::uint64_t count = *first.splitCount;
        const std::uint64_t number = first.splitNumber.value_or(0);
        const std::string name = path.filename().native();
        const std::string suffix = fmt::format("-{:05}-of-{:05}.gguf", number + 1, count);
        if (!name.ends_with(suffix))
            return fail(
                ErrorCode::Input,
                Text::of("it is part {} of {}, so its name must end in {}", number + 1, count, inQuotes(suffix)),
                inQuotes(path.native()));
        const std::string prefix = name.substr(0, name.size() - suffix.size());
        for (std::uint64_t i = 0; i < count; ++i) {
            QS_CHECK(m_context.check());
            m_context.report(static_cast<double>(i) / static_cast<double>(count), Text::of("reading parts"));
            if (i == number) {
                add(std::move(first), std::move(file));
            } else {
                QS_CHECK(readPart(path.parent_path() / fmt::format("{}-{:05}-of-{:05}.gguf", prefix, i + 1, count), i,
                                  count));
            }
        }
        if (!m_model.missingFiles.empty())
            m_model.warnings.push_back(Text::of("{} of {} parts are missing, so the model is not complete: {}",
                                                m_model.missingFiles.size(), count,
                                                listInQuotes(m_model.missingFiles, 3)));
        return {};
    }

    Result<void> readPart(const std::filesystem::path &path, std::uint64_t number, std::uint64_t count)
    {
        std::error_code ignored;
        if (!std::filesystem::exists(path, ignored)) {
            m_model.missingFiles.push_back(path.filename().native());
            return {};
        }
        QS_ASSIGN(std::shared_ptr<const InputFile> file, InputFile::open(path));
        QS_ASSIGN(GgufHeader header, headerOf(*file));
        if (header.splitCount != count || header.splitNumber != number)
            return fail(ErrorCode::Input,
                        Text::of("it says that it is part {} of {}, expected part {} of {}",
                                 header.splitNumber.value_or(0), header.splitCount.value_or(1), number, count),
                        inQuotes(path.native()) + ", GGUF keys 'split.no' and 'split.count'");
        add(std::move(header), std::move(file));
        return {};
    }

    void add(GgufHeader header, std::shared_ptr<const InputFile> file)
    {
        m_model.metadata.merge(header.metadata); // the first part's words count
        for (Text &warning : header.warnings)
            m_model.warnings.push_back(std::move(warning));
        for (GgufTensor &tensor : header.tensors) {
            tensor.info.file = m_model.files.size();
            declare(tensor);
            m_model.tensors.push_back(std::move(tensor.info));
        }
        m_model.files.push_back(std::move(file));
    }

    /// Encoding and role of a tensor that is about to be added.
    void declare(GgufTensor &tensor)
    {
        const std::size_t index = m_model.tensors.size();
        const std::size_t axes = tensor.info.shape.size();
        const GgufType *type = ggufType(tensor.type);
        if (type == nullptr) {
            if (m_unknown++ == 0)
                m_firstUnknown = inQuotes(tensor.info.name);
            tensor.info.dtype = DType::Encoded;
            tensor.info.encoding = unknownType(tensor.type);
            m_model.roles[index] = {.reason = tensor.info.encoding->withoutValues, .layer = false};
            return;
        }
        if (type->dtype == DType::Encoded)
            tensor.info.encoding = &type->encoding;
        if (axes < 2 || type->dtype != DType::Encoded)
            return; // names say what it is
        TensorRole role;
        StoredQuantization &stored = role.stored.emplace();
        stored.scheme.bits = type->bits;
        stored.scheme.mode = type->mode;
        stored.scheme.granularity = Granularity::group(type->groupSize);
        stored.sourceDType = DType::F32;
        m_model.roles[index] = std::move(role);
    }

    const Encoding *unknownType(std::uint32_t id)
    {
        const auto [found, added] = m_unknownTypes.try_emplace(id, nullptr);
        if (added)
            found->second = &m_model.encodings.emplace_back(Encoding{fmt::format("unknown type {}", id), 0, 0, nullptr,
                                                                     Text::of("nobody knows what this type means")});
        return found->second;
    }

    Result<void> checkNames() const
    {
        std::unordered_set<std::string_view> names;
        names.reserve(m_model.tensors.size());
        for (const TensorInfo &tensor : m_model.tensors)
            if (!names.insert(tensor.name).second)
                return fail(ErrorCode::Input, Text::of("the tensor {} stands in two parts", inQuotes(tensor.name)),
                            inQuotes(m_model.files[tensor.file]->path().native()));
        return {};
    }

    Model &m_model;
    const TaskContext &m_context;
    std::map<std::uint32_t, const Encoding *> m_unknownTypes;
    std::size_t m_unknown = 0;
    std::string m_firstUnknown;
};

Result<void> read(std::shared_ptr<const InputFile> file, Model &model, const TaskContext &context)
{
    return GgufModel(model, context).read(std::move(file));
}

} // namespace

const FormatReader kGgufReader{.name = "gguf",
                               .description = Text::constant("GGUF"),
                               .suffixes = "*.gguf",
                               .recognises = recognises,
                               .read = read,
                               .joinsParts = true};

} // namespace qs
