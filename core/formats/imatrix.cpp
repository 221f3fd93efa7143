// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/imatrix.h"

#include "core/base/fingerprint.h"
#include "core/base/input_file.h"
#include "core/formats/open_model.h"
#include "core/tensor/tensor_bytes.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <string_view>

namespace qs {
namespace {

constexpr std::string_view kSums{".in_sum2"};
constexpr std::string_view kCounts{".counts"};
constexpr std::uint32_t kMostEntries = 1'000'000;
constexpr std::uint32_t kMostNameBytes = 65536;
constexpr std::uint64_t kMostNumbers = std::uint64_t{1} << 27U; // of all entries together

/// The older form, from its start to its end.
class BinaryReader
{
public:
    explicit BinaryReader(const InputFile &file)
        : m_file(file)
    {}

    Result<ImportanceFile> read()
    {
        ImportanceFile result;
        QS_ASSIGN(const std::uint32_t entries, number("number of entries", 1, kMostEntries));
        for (std::uint32_t i = 0; i < entries; ++i) {
            QS_ASSIGN(ImportanceEntry entry, readEntry());
            result.entries.push_back(std::move(entry));
        }
        return result;
    }

private:
    Text place() const { return Text::of("{}, importance file, byte {}", m_file.path().string(), m_offset); }

    Result<std::uint32_t> number(std::string_view what, std::uint32_t least, std::uint32_t most)
    {
        std::uint32_t value = 0;
        const Text where = place();
        QS_CHECK(take(std::as_writable_bytes(std::span(&value, 1))));
        if (value < least || value > most)
            return fail(ErrorCode::Input, Text::of("{} is {}; from {} to {} is expected", what, value, least, most),
                        where);
        return value;
    }

    Result<void> take(std::span<std::byte> bytes)
    {
        if (bytes.size() > m_file.size() - m_offset)
            return fail(ErrorCode::Input,
                        Text::of("{} bytes are expected, but there are {}", bytes.size(), m_file.size() - m_offset),
                        place());
        QS_CHECK(m_file.read(m_offset, bytes));
        m_offset += bytes.size();
        return {};
    }

    Result<ImportanceEntry> readEntry()
    {
        ImportanceEntry entry;
        QS_ASSIGN(const std::uint32_t length, number("length of a name", 1, kMostNameBytes));
        entry.name.resize(length);
        QS_CHECK(take(std::as_writable_bytes(std::span(entry.name))));
        QS_ASSIGN(const std::uint32_t calls, number("number of calls", 0, 0x7fffffff));
        const auto left =
            static_cast<std::uint32_t>(std::min<std::uint64_t>((m_file.size() - m_offset) / 4, 0x7fffffff));
        QS_ASSIGN(const std::uint32_t count, number("number of inputs", 1, left));
        m_numbers += count;
        if (m_numbers > kMostNumbers)
            return fail(ErrorCode::Input, Text::of("there are more than {} numbers", kMostNumbers), place());
        std::vector<float> values(count);
        QS_CHECK(take(std::as_writable_bytes(std::span(values))));
        entry.rows = calls;
        entry.means.resize(count);
        for (std::uint32_t i = 0; i < count; ++i)
            entry.means[i] = calls > 0 ? static_cast<double>(values[i]) / calls : 1;
        return entry;
    }

    const InputFile &m_file;
    std::uint64_t m_offset = 0;
    std::uint64_t m_numbers = 0;
};

Result<std::vector<float>> floatsOf(const Model &model, std::size_t tensor)
{
    const TensorInfo &info = model.tensors[tensor];
    if (!info.hasFloatValues() || info.elements() > kMostNumbers)
        return fail(ErrorCode::Input, Text::of("at most {} floats are expected", kMostNumbers),
                    Text::of("tensor {}", inQuotes(info.name)));
    std::vector<float> values(info.elements());
    QS_CHECK(TensorElements(model.view(tensor)).floats(0, values.size(), values.data()));
    return values;
}

Result<ImportanceEntry> entryOf(const Model &model, std::size_t tensor)
{
    const std::string &name = model.tensors[tensor].name;
    ImportanceEntry entry;
    entry.name = name.substr(0, name.size() - kSums.size());
    const auto counted = model.findTensor(entry.name + std::string(kCounts));
    if (!counted)
        return fail(ErrorCode::Input,
                    Text::of("the tensor {} is missing", inQuotes(entry.name + std::string(kCounts))));
    QS_ASSIGN(const std::vector<float> sums, floatsOf(model, tensor));
    QS_ASSIGN(const std::vector<float> counts, floatsOf(model, *counted));
    if (counts.empty() || sums.empty() || sums.size() % counts.size() != 0)
        return fail(ErrorCode::Input, Text::of("{} sums do not fit {} counts", sums.size(), counts.size()),
                    Text::of("tensor {}", inQuotes(name)));
    entry.matrices = counts.size();
    const std::size_t inputs = sums.size() / counts.size();
    for (std::size_t i = 0; i < sums.size(); ++i) {
        const auto count = static_cast<double>(counts[i / inputs]);
        entry.means.push_back(count > 0 ? static_cast<double>(sums[i]) / count : 1);
    }
    for (const float count : counts)
        entry.rows += count > 0 && count < 1e18F ? static_cast<std::uint64_t>(count) : 0;
    return entry;
}

Result<ImportanceFile> readGguf(const std::filesystem::path &path, const TaskContext &context)
{
    QS_ASSIGN(const auto model, openModel(path.string(), context));
    ImportanceFile result;
    std::uint64_t numbers = 0;
    for (std::size_t t = 0; t < model->tensors.size(); ++t) {
        if (!model->tensors[t].name.ends_with(kSums))
            continue;
        QS_CHECK(context.check());
        QS_ASSIGN(ImportanceEntry entry, entryOf(*model, t));
        numbers += entry.means.size();
        if (numbers > kMostNumbers)
            return fail(ErrorCode::Input, Text::of("there are more than {} numbers", kMostNumbers), path.string());
        result.entries.push_back(std::move(entry));
    }
    if (result.entries.empty())
        return fail(ErrorCode::Input, Text::of("no tensor is called '*.in_sum2', so this is no importance file"),
                    path.string());
    return result;
}

} // namespace

Result<std::shared_ptr<const ImportanceFile>> loadImatrix(const std::filesystem::path &path, const TaskContext &context)
{
    QS_ASSIGN(const auto file, InputFile::open(path));
    QS_ASSIGN(const std::vector<std::byte> head, file->head(4));
    const bool gguf = head.size() == 4 && std::memcmp(head.data(), "GGUF", 4) == 0;
    Result<ImportanceFile> read = gguf ? readGguf(path, context) : BinaryReader(*file).read();
    if (!read)
        return std::unexpected(std::move(read).error());
    auto result = std::make_shared<ImportanceFile>(*std::move(read));
    Fingerprint id;
    for (const ImportanceEntry &entry : result->entries) {
        id.add(entry.name);
        for (const double mean : entry.means) {
            if (!std::isfinite(mean) || mean < 0)
                return fail(ErrorCode::Input, Text::of("{} has a mean square of {}", inQuotes(entry.name), mean),
                            path.string());
            id.add(std::bit_cast<std::uint64_t>(mean));
        }
    }
    result->id = id.hash();
    result->about = Text::of("the importance file {}", inQuotes(path.filename().string()));
    return result;
}

} // namespace qs
