// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/npz.h"

#include "core/base/input_file.h"
#include "core/base/text.h"
#include "core/formats/npy.h"
#include "core/formats/unpacked_entries.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

namespace qs {
namespace {

constexpr std::string_view kSuffix = ".npy";

bool recognisesNpy(std::span<const std::byte> head, std::uint64_t)
{
    return std::string_view(reinterpret_cast<const char *>(head.data()), head.size()).starts_with("\x93NUMPY");
}

bool recognisesNpz(std::span<const std::byte> head, std::uint64_t)
{
    return zip::firstFileName(head).ends_with(kSuffix);
}

/// Tells which tensors are shown without values, and why.
void warnOfTypes(Model &model)
{
    std::map<const Encoding *, std::vector<std::string>> names;
    for (const TensorInfo &tensor : model.tensors)
        if (tensor.encoding)
            names[tensor.encoding].push_back(tensor.name);
    for (const auto &[encoding, tensors] : names)
        model.warnings.push_back(Text::of("{} of {} arrays have elements of type {}: {}; they are {}", tensors.size(),
                                          model.tensors.size(), encoding->name, encoding->withoutValues,
                                          listInQuotes(tensors, 3)));
}

Result<void> readNpy(std::shared_ptr<const InputFile> file, Model &model, const TaskContext &)
{
    QS_ASSIGN(const std::vector<std::byte> head, file->head(kMaxNpyHeaderBytes));
    QS_ASSIGN(NpyArray array, parseNpy(head, file->size(), inQuotes(file->path().native())));
    const std::string stem = file->path().stem().native();
    model.format = "npy";
    model.tensors.push_back(tensorFrom(array, isUtf8(stem) ? stem : printable(stem)));
    model.warnings = std::move(array.warnings);
    model.files.push_back(std::move(file));
    warnOfTypes(model);
    return {};
}

/// Lists the arrays of one archive.
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
        QS_ASSIGN(zip::Directory directory, zip::readDirectory(m_file, m_where));
        m_model.warnings = std::move(directory.warnings);
        std::vector<std::string> others;
        for (const zip::Entry &entry : directory.entries) {
            QS_CHECK(m_context.check());
            if (entry.name.ends_with(kSuffix))
                QS_CHECK(readArray(entry));
            else if (!entry.isFolder())
                others.push_back(entry.name);
        }
        if (!others.empty())
            m_model.warnings.push_back(
                Text::of("{} entries are no arrays and were ignored: {}", others.size(), listInQuotes(others, 3)));
        return {};
    }

    /// The second file of the model, if any entry was packed.
    Result<std::shared_ptr<const InputFile>> unpacked() { return m_unpacked.finish(); }

private:
    Result<void> readArray(const zip::Entry &entry)
    {
        const std::string place =
            fmt::format("{}, ZIP entry {} at byte {}", m_where, inQuotes(entry.name), entry.dataOffset);
        QS_ASSIGN(const NpyArray array, headerOf(entry, place));
        const std::uint64_t end = array.header.byteOffset + array.byteSize;
        if (end != entry.size)
            return fail(ErrorCode::Input,
                        Text::of("the entry has {} bytes, but its array ends after {}", entry.size, end),
                        Text::of("{}, NPY data, byte {}", place, end));
        TensorInfo tensor = tensorFrom(array, entry.name.substr(0, entry.name.size() - kSuffix.size()));
        if (entry.deflated) {
            QS_ASSIGN(const std::uint64_t offset, m_unpacked.add(entry));
            tensor.file = 1;
            tensor.byteOffset += offset;
        } else {
            tensor.byteOffset += entry.dataOffset;
        }
        m_model.tensors.push_back(std::move(tensor));
        return {};
    }

    Result<NpyArray> headerOf(const zip::Entry &entry, const std::string &place)
    {
        std::vector<std::byte> head;
        const auto keep = [&](std::span<const std::byte> bytes) -> Result<void> {
            head.insert(head.end(), bytes.begin(), bytes.end());
            return {};
        };
        const std::uint64_t limit = std::min<std::uint64_t>(entry.size, kMaxNpyHeaderBytes);
        QS_CHECK(zip::unpack(m_file, entry, limit, m_where, m_context, keep));
        return parseNpy(head, entry.size, place);
    }

    const InputFile &m_file;
    const std::string m_where;
    Model &m_model;
    const TaskContext &m_context;
    UnpackedEntries m_unpacked;
};

Result<void> readNpz(std::shared_ptr<const InputFile> file, Model &model, const TaskContext &context)
{
    ArchiveReader reader(*file, model, context);
    QS_CHECK(reader.read());
    QS_ASSIGN(std::shared_ptr<const InputFile> unpacked, reader.unpacked());
    model.format = "npz";
    model.files.push_back(std::move(file));
    if (unpacked)
        model.files.push_back(std::move(unpacked));
    warnOfTypes(model);
    return {};
}

} // namespace

const FormatReader kNpyReader{.name = "npy",
                              .description = Text::constant("a NumPy array"),
                              .suffixes = "*.npy",
                              .recognises = recognisesNpy,
                              .read = readNpy};
const FormatReader kNpzReader{.name = "npz",
                              .description = Text::constant("NumPy arrays"),
                              .suffixes = "*.npz",
                              .recognises = recognisesNpz,
                              .read = readNpz};

} // namespace qs
