// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/shards/staged.h"

#include "core/base/checksum.h"
#include "core/shards/unit_report.h"

#include <algorithm>
#include <functional>
#include <iterator>

namespace qs {

namespace {

constexpr std::string_view kBegin = "output-";
constexpr std::string_view kEnd = ".staged";

using ReadPlace = std::function<Result<void>(const Place &place, std::uint64_t at, std::span<std::byte> bytes)>;

/// `known`: of the chunks whose checksums are known already.
Result<std::string> checksumOf(const UnitPlaces &all, const ReadPlace &read, const TaskContext &context,
                               std::vector<std::string> known = {})
{
    Checksum checksum;
    std::size_t chunk = 0;
    std::vector<std::byte> buffer(kChunkBytes);
    for (const Place &place : all.places) {
        for (std::uint64_t done = 0; done < place.bytes; done += kChunkBytes, ++chunk) {
            if (chunk < known.size() && !known[chunk].empty()) {
                checksum.add(known[chunk]);
                continue;
            }
            QS_CHECK(context.check());
            const auto bytes = std::span(buffer).first(std::min(kChunkBytes, place.bytes - done));
            QS_CHECK(read(place, done, bytes));
            checksum.add(checksumOfChunk(bytes));
        }
    }
    return checksum.hex();
}

/// Of files that are opened once.
ReadPlace readFrom(const Work &work, const std::filesystem::path &output)
{
    return [&work, output, files = std::map<std::size_t, std::shared_ptr<const InputFile>>()](
               const Place &place, std::uint64_t at, std::span<std::byte> bytes) mutable -> Result<void> {
        std::shared_ptr<const InputFile> &file = files[place.file];
        if (!file) {
            QS_ASSIGN(file, InputFile::openShared(fileOfOutput(work, output, place.file)));
        }
        return file->read(place.begin + at, bytes);
    };
}

} // namespace

std::filesystem::path stagedPath(const Work &work, const std::filesystem::path &folder)
{
    constexpr std::size_t kDigits = 8;
    std::string name(kBegin);
    name.append(work.identity, 0, kDigits);
    name.append(kEnd);
    return folder / name;
}

std::filesystem::path fileOfOutput(const Work &work, const std::filesystem::path &output, std::size_t file)
{
    const std::string &name = work.plan.files[file].name;
    return name.empty() ? output : output / name;
}

bool isStaged(const Work &work, const std::filesystem::path &folder)
{
    std::error_code ignored;
    return std::filesystem::exists(stagedPath(work, folder), ignored);
}

bool isStagedName(const std::filesystem::path &path)
{
    const std::string name = path.filename().string();
    return name.starts_with(kBegin) && name.ends_with(kEnd);
}

Result<void> prepareStaged(const Work &work, const std::filesystem::path &folder)
{
    if (isStaged(work, folder))
        return {};
    std::error_code error;
    std::vector<std::filesystem::path> others;
    for (auto entry = std::filesystem::directory_iterator(folder, error);
         !error && entry != std::filesystem::directory_iterator(); entry.increment(error))
        if (isStagedName(entry->path()))
            others.push_back(entry->path());
    for (const std::filesystem::path &other : others)
        std::filesystem::remove_all(other, error);
    const std::filesystem::path staged = stagedPath(work, folder);
    const bool isFolder = !work.file.folder.empty() || !work.plan.files.front().name.empty();
    if (isFolder && !std::filesystem::create_directory(staged, error) && !std::filesystem::is_directory(staged))
        return fail(ErrorCode::Work, Text::of("no folder can be made: {}", error.message()), inQuotes(staged.native()));
    return {};
}

Result<std::unique_ptr<UnitWriter>> UnitWriter::create(const Work &work, std::size_t unit, const UnitPlaces &places,
                                                       const std::filesystem::path &folder, const TaskContext &context)
{
    std::unique_ptr<UnitWriter> writer(new UnitWriter(work, places, stagedPath(work, folder)));
    if (places.writesOutput()) {
        QS_CHECK(prepareStaged(work, folder));
    }
    for (const Place &place : places.places) {
        if (place.inPart || writer->m_files.contains(place.file))
            continue;
        QS_ASSIGN(writer->m_files[place.file], AtomicFile::stage(fileOfOutput(work, writer->m_staged, place.file),
                                                                 work.plan.files[place.file].bytes, context));
    }
    if (places.partBytes > 0) {
        QS_ASSIGN(writer->m_part, AtomicFile::create(partPath(folder, unit), places.partBytes, true));
    }
    return writer;
}

Result<void> UnitWriter::write(std::uint64_t offset, std::span<const std::byte> bytes)
{
    if (bytes.empty())
        return {};
    for (auto place = std::prev(std::ranges::upper_bound(m_places.places, offset, {}, &Place::from)); !bytes.empty();
         ++place) {
        const std::uint64_t at = offset - place->from;
        const auto here = bytes.first(std::min<std::uint64_t>(bytes.size(), place->bytes - at));
        QS_CHECK(m_chunks.add(static_cast<std::size_t>(place - m_places.places.begin()), at, here));
        offset += here.size();
        bytes = bytes.subspan(here.size());
    }
    return {};
}

Result<void> UnitWriter::writeChunk(const Place &place, std::uint64_t at, std::span<const std::byte> bytes)
{
    return place.inPart ? m_part->write(place.partBegin + at, bytes)
                        : m_files.find(place.file)->second->write(place.begin + at, bytes);
}

Result<std::string> UnitWriter::flushed()
{
    QS_ASSIGN(std::vector<std::string> known, m_chunks.finish());
    for (const auto &[number, file] : m_files) {
        QS_CHECK(file->verify(false));
        QS_CHECK(file->commit());
    }
    if (m_part) {
        QS_CHECK(m_part->verify(false));
    }
    const ReadPlace inOutput = readFrom(m_work, m_staged);
    const auto read = [&](const Place &place, std::uint64_t at, std::span<std::byte> bytes) {
        return place.inPart ? m_part->read(place.partBegin + at, bytes) : inOutput(place, at, bytes);
    };
    return checksumOf(m_places, read, {}, std::move(known));
}

Result<void> UnitWriter::commitPart()
{
    return m_part ? m_part->commit() : Result<void>{};
}

Result<std::string> checksumOfUnit(const Work &work, std::size_t unit, const UnitPlaces &places,
                                   const std::filesystem::path &folder, bool merged, const TaskContext &context)
{
    if (merged)
        return checksumOf(places, readFrom(work, work.plan.output), context);
    std::shared_ptr<const InputFile> part;
    if (places.partBytes > 0) {
        QS_ASSIGN(part, InputFile::openShared(partPath(folder, unit)));
    }
    const ReadPlace inOutput = readFrom(work, stagedPath(work, folder));
    const auto read = [&](const Place &place, std::uint64_t at, std::span<std::byte> bytes) {
        return place.inPart ? part->read(place.partBegin + at, bytes) : inOutput(place, at, bytes);
    };
    return checksumOf(places, read, context);
}

} // namespace qs
