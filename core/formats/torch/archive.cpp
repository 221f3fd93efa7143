// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The archive form (FORMATS.md §3.6.1): a ZIP with one root folder, data.pkl and data/<key>.
#include "core/formats/torch/archive.h"

#include "core/base/file_image.h"
#include "core/base/input_file.h"
#include "core/base/text.h"
#include "core/formats/torch/pickled_model.h"
#include "core/formats/unpacked_entries.h"

#include <algorithm>
#include <unordered_map>

#include <fmt/format.h>

namespace qs::torch {
namespace {

constexpr std::uint64_t kMaxShortText = 64;
constexpr unsigned kNewestVersion = 10;

class ArchiveReader
{
public:
    ArchiveReader(const InputFile &file, Model &model, const TaskContext &context)
        : m_file(file)
        , m_where(inQuotes(file.path().native()))
        , m_model(model)
        , m_context(context)
        , m_unpacked(m_file, m_where, context)
    {}

    Result<void> read()
    {
        QS_ASSIGN(const zip::Directory directory, zip::readDirectory(m_file, m_where));
        m_model.warnings = directory.warnings;
        QS_CHECK(findRoot(directory));
        QS_ASSIGN(const bool bigEndian, readByteOrder());
        QS_CHECK(readVersion());
        const std::size_t warnings = m_model.warnings.size();
        QS_CHECK(readPickle("data", bigEndian));
        if (m_model.tensors.empty() && m_entries.contains("constants.pkl")) { // a frozen script keeps all weights there
            m_model.warnings.resize(warnings);
            QS_CHECK(readPickle("constants", bigEndian));
            for (TensorInfo &tensor : m_model.tensors)
                tensor.name.insert(0, "constants.");
        }
        if (!m_larger.empty())
            m_model.warnings.push_back(Text::of("{} storages are larger in the archive than the pickle says: {}",
                                                m_larger.size(), listInQuotes(m_larger, 3)));
        return {};
    }

    Result<std::shared_ptr<const InputFile>> unpacked() { return m_unpacked.finish(); }

private:
    /// The tensors of FOLDER.pkl, whose storages are entries of FOLDER.
    Result<void> readPickle(const std::string &folder, bool bigEndian)
    {
        const zip::Entry &entry = *m_entries.at(folder + ".pkl");
        QS_ASSIGN(const std::shared_ptr<const InputFile> unpacked, unpackPickle(entry));
        const std::string where = fmt::format("{}, ZIP entry {}", m_where, inQuotes(entry.name));
        const pickle::Options options{.isFixed = isFixed, .memory = memoryFor(m_file.size()), .base = 0};
        const FileImage image(unpacked ? *unpacked : m_file);
        const pickle::Extent extent{unpacked ? 0 : entry.dataOffset, entry.size};
        QS_ASSIGN(const pickle::Content content, pickle::parse(image, extent, options, where, m_context));
        if (content.end() != entry.size)
            m_model.warnings.push_back(Text::of("{} bytes after the pickle were ignored", entry.size - content.end()));
        const auto find = [&](const Storage &storage, std::uint64_t size) { return findRecord(folder, storage, size); };
        const auto store = [&](std::span<const std::byte> part) -> Result<Record> {
            QS_ASSIGN(const std::uint64_t offset, m_unpacked.add(part));
            return Record{1, offset, part.size()};
        };
        const Parts parts{.bigEndian = bigEndian, .file = m_file, .store = store};
        return listTensors(content, find, parts, m_entries.contains("constants.pkl"), m_model, where, m_context);
    }

    std::unexpected<Error> wrong(const zip::Entry &entry, Text message) const
    {
        return fail(ErrorCode::Input, std::move(message),
                    Text::of("{}, ZIP entry {}, byte {}", m_where, inQuotes(entry.name), entry.dataOffset));
    }

    /// All entries lie in one folder, whatever its name.
    Result<void> findRoot(const zip::Directory &directory)
    {
        std::string_view root;
        for (const zip::Entry &entry : directory.entries) {
            const std::string_view name = entry.name;
            const std::size_t slash = name.find('/');
            if (root.empty())
                root = name.substr(0, slash);
            if (slash == std::string_view::npos || name.substr(0, slash) != root)
                return wrong(entry, Text::of("a PyTorch archive has one folder for all entries; this one is not in "
                                             "{}",
                                             inQuotes(root)));
            m_entries.emplace(name.substr(slash + 1), &entry);
        }
        if (m_entries.contains("archive_format"))
            return fail(ErrorCode::Input,
                        Text::of("the archive is a program that torch.export wrote, which is not read; a file that "
                                 "torch.save wrote of the model's state_dict() is"),
                        m_where + ", ZIP entries, byte 0");
        if (!m_entries.contains("data.pkl"))
            return fail(
                ErrorCode::Input,
                Text::of("the archive is no PyTorch file, which would hold 'data.pkl', and no NPZ, which would start "
                         "with an array"),
                m_where + ", ZIP entries, byte 0");
        return {};
    }

    /// Content of a short entry.
    Result<std::string> shortText(const zip::Entry &entry) const
    {
        if (entry.size > kMaxShortText)
            return wrong(entry, Text::of("it has {} bytes, the limit is {}", entry.size, kMaxShortText));
        std::string text;
        const auto keep = [&](std::span<const std::byte> bytes) -> Result<void> {
            text.append(reinterpret_cast<const char *>(bytes.data()), bytes.size());
            return {};
        };
        QS_CHECK(zip::unpack(m_file, entry, entry.size, m_where, m_context, keep));
        return text;
    }

    Result<bool> readByteOrder() const
    {
        const auto found = m_entries.find("byteorder");
        if (found == m_entries.end())
            return false;
        QS_ASSIGN(const std::string text, shortText(*found->second));
        if (text != "little" && text != "big")
            return wrong(*found->second, Text::of("it must be 'little' or 'big', not {}", inQuotes(text)));
        return text == "big";
    }

    Result<void> readVersion()
    {
        const auto found = m_entries.find("version");
        if (found == m_entries.end()) {
            m_model.warnings.push_back(Text::of("the archive has no entry 'version'"));
            return {};
        }
        QS_ASSIGN(const std::string text, shortText(*found->second));
        const std::string_view number = std::string_view(text).substr(0, text.find_last_not_of(" \r\n") + 1);
        const bool isNumber =
            !number.empty() && number.size() < 6 && number.find_first_not_of("0123456789") == std::string_view::npos;
        if (!isNumber || std::stoul(std::string(number)) > kNewestVersion)
            m_model.warnings.push_back(
                Text::of("the version of the archive is {}; known are 1 to {}", inQuotes(number), kNewestVersion));
        else
            m_model.metadata["pytorch.version"] = number;
        return {};
    }

    /// Null when the pickle is stored as it is. PyTorch can write archives without checksums, so a wrong one is odd
    /// only.
    Result<std::shared_ptr<const InputFile>> unpackPickle(const zip::Entry &entry)
    {
        if (entry.size > pickle::kMaxBytes)
            return wrong(entry, Text::of("the pickle has {} bytes, the limit is {}", entry.size, pickle::kMaxBytes));
        if (entry.deflated) {
            UnpackedEntries unpacked(m_file, m_where, m_context);
            QS_CHECK(unpacked.add(entry));
            return unpacked.finish();
        }
        const auto nothing = [](std::span<const std::byte>) { return Result<void>(); };
        QS_ASSIGN(const std::uint32_t crc, zip::unpack(m_file, entry, entry.size, m_where, m_context, nothing));
        if (crc != entry.crc)
            m_model.warnings.push_back(Text::of("the checksum of {} is {} instead of {}: the file is damaged "
                                                "or was written without checksums",
                                                inQuotes(entry.name), fmt::format("{:08X}", crc),
                                                fmt::format("{:08X}", entry.crc)));
        return nullptr;
    }

    Result<Record> findRecord(const std::string &folder, const Storage &storage, std::uint64_t bytes)
    {
        const std::string name = fmt::format("{}/{}", folder, storage.key);
        const auto found = m_entries.find(name);
        if (found == m_entries.end())
            return fail(ErrorCode::Input, Text::of("the archive has no entry '{}' for this storage", name),
                        Text::of("{}, pickle, persistent id at byte {}", m_where, storage.position));
        const zip::Entry &entry = *found->second;
        if (entry.size < bytes)
            return wrong(entry, Text::of("the pickle says that storage {} has {} bytes, the archive has {}",
                                         storage.key, bytes, entry.size));
        if (entry.size > bytes)
            m_larger.push_back(entry.name);
        if (!entry.deflated)
            return Record{0, entry.dataOffset, entry.size};
        QS_ASSIGN(const std::uint64_t offset, m_unpacked.add(entry));
        return Record{1, offset, entry.size};
    }

    const InputFile &m_file;
    const std::string m_where;
    Model &m_model;
    const TaskContext &m_context;
    UnpackedEntries m_unpacked;
    std::unordered_map<std::string, const zip::Entry *> m_entries; ///< by name in the folder
    std::vector<std::string> m_larger;
};

} // namespace

Result<void> readArchive(const std::shared_ptr<const InputFile> &file, Model &model, const TaskContext &context)
{
    ArchiveReader reader(*file, model, context);
    QS_CHECK(reader.read());
    QS_ASSIGN(std::shared_ptr<const InputFile> unpacked, reader.unpacked());
    model.files.push_back(file);
    if (unpacked)
        model.files.push_back(std::move(unpacked));
    return {};
}

} // namespace qs::torch
