// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/shards/merged_output.h"

#include "core/base/atomic_file.h"
#include "core/base/checksum.h"
#include "core/base/guarded.h"
#include "core/base/input_file.h"
#include "core/shards/staged.h"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace qs {

namespace {

constexpr std::uint64_t kPieceBytes = std::uint64_t{256} << 10U; // still in the cache when the checksum takes it
constexpr std::uint64_t kMostRecordBytes = std::uint64_t{1} << 32U;

/// False when the file has another size.
Result<bool> addFile(Checksum &checksum, const std::filesystem::path &path, std::uint64_t size,
                     const TaskContext &context)
{
    QS_ASSIGN(const std::shared_ptr<const InputFile> file, InputFile::openShared(path));
    if (file->size() != size)
        return false;
    std::vector<std::byte> buffer(kPieceBytes);
    std::span<std::byte> bytes;
    for (std::uint64_t done = 0; done < size; done += bytes.size()) {
        QS_CHECK(context.check());
        bytes = std::span(buffer).first(std::min(kPieceBytes, size - done));
        QS_CHECK(file->read(done, bytes));
        checksum.add(std::span<const std::byte>(bytes));
    }
    return true;
}

/// Empty when the output has another size.
Result<std::string> checksumOfOutput(const Work &work, const TaskContext &context)
{
    Checksum checksum;
    for (std::size_t file = 0; file < work.plan.files.size(); ++file) {
        QS_ASSIGN(const bool whole,
                  addFile(checksum, fileOfOutput(work, work.plan.output, file), work.plan.files[file].bytes, context));
        if (!whole)
            return std::string();
    }
    return checksum.hex();
}

/// Nothing when there is no record, or one of other work.
std::optional<MergedOutput> recordOf(const Work &work, const std::filesystem::path &folder)
{
    const auto file = InputFile::open(recordPath(folder));
    if (!file || (*file)->size() > kMostRecordBytes)
        return std::nullopt;
    const auto text = (*file)->text();
    const auto json = text ? nlohmann::json::parse(*text, nullptr, false) : nlohmann::json();
    try {
        if (!json.is_object() || json.value("plan", "") != work.identity)
            return std::nullopt;
        return MergedOutput{json.value("bytes", std::uint64_t{0}), json.value("xxh128", ""), json.value("report", "")};
    } catch (const nlohmann::json::exception &) {
        return std::nullopt; // somebody has changed it
    }
}

Result<std::optional<MergedOutput>> merged(const Work &work, const std::filesystem::path &folder,
                                           const TaskContext &context)
{
    auto output = recordOf(work, folder);
    if (!output)
        return std::nullopt;
    const auto checksum = checksumOfOutput(work, context);
    if (!checksum && checksum.error().code == ErrorCode::Cancelled)
        return std::unexpected(checksum.error());
    if (!checksum || *checksum != output->checksum)
        return std::nullopt;
    return output;
}

} // namespace

std::filesystem::path recordPath(const std::filesystem::path &folder)
{
    return folder / "merged.json";
}

Result<void> recordMerge(const Work &work, const std::filesystem::path &folder, const MergedOutput &output)
{
    return guarded([&]() -> Result<void> {
        const nlohmann::json json{
            {"plan", work.identity}, {"bytes", output.bytes}, {"xxh128", output.checksum}, {"report", output.report}};
        return writeWholeFile(recordPath(folder), json.dump() + "\n", true);
    });
}

bool wasMerged(const Work &work, const std::filesystem::path &folder)
{
    return recordOf(work, folder).has_value();
}

Result<std::optional<MergedOutput>> findMerged(const Work &work, const std::filesystem::path &folder,
                                               const TaskContext &context)
{
    return guarded([&] { return merged(work, folder, context); });
}

} // namespace qs
