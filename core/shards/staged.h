// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The output while its units write it, in the folder of their parts.
#pragma once

#include "core/base/atomic_file.h"
#include "core/base/input_file.h"
#include "core/shards/chunks.h"

#include <map>
#include <memory>

namespace qs {

/// File or folder that gets the name of the output when it is whole. Another plan has another one.
std::filesystem::path stagedPath(const Work &work, const std::filesystem::path &folder);
/// A file of the output that stands, or will stand, at `output`: of plan.files.
std::filesystem::path fileOfOutput(const Work &work, const std::filesystem::path &output, std::size_t file);
/// Whether it is there.
bool isStaged(const Work &work, const std::filesystem::path &folder);
/// Whether a file in the folder of the parts is such an output, of whatever plan.
bool isStagedName(const std::filesystem::path &path);
/// Before the first byte of it is written: removes those of other plans, which nobody will ever complete, and makes
/// what it needs.
Result<void> prepareStaged(const Work &work, const std::filesystem::path &folder);

/// Writes the bytes of a unit to their places.
class UnitWriter
{
public:
    /// The places must outlive it.
    static Result<std::unique_ptr<UnitWriter>> create(const Work &work, std::size_t unit, const UnitPlaces &places,
                                                      const std::filesystem::path &folder, const TaskContext &context);

    /// At an offset among all bytes of the unit; thread-safe.
    Result<void> write(std::uint64_t offset, std::span<const std::byte> bytes);
    /// All of it comes again.
    void restart() { m_chunks.restart(); }
    /// Of what was written, once it is on the disk.
    Result<std::string> flushed();
    /// Gives the part its name; true when there is none or it has got it. Errors as AtomicFile::commit().
    Result<void> commitPart();

private:
    UnitWriter(const Work &work, const UnitPlaces &places, std::filesystem::path staged)
        : m_work(work)
        , m_places(places)
        , m_staged(std::move(staged))
        , m_chunks(places.places, [this](const Place &place, std::uint64_t at, std::span<const std::byte> bytes) {
            return writeChunk(place, at, bytes);
        })
    {}
    Result<void> writeChunk(const Place &place, std::uint64_t at, std::span<const std::byte> bytes);

    const Work &m_work;
    const UnitPlaces &m_places;
    std::filesystem::path m_staged;
    std::map<std::size_t, std::unique_ptr<AtomicFile>> m_files;
    std::unique_ptr<AtomicFile> m_part; ///< null when nothing waits there
    ChunkGatherer m_chunks;
};

/// Of the bytes of a unit as they stand in its part and in the output that is not finished, or with `merged` all of
/// them in the finished one. Error{Input} when one of the files is missing or too short.
Result<std::string> checksumOfUnit(const Work &work, std::size_t unit, const UnitPlaces &places,
                                   const std::filesystem::path &folder, bool merged, const TaskContext &context);

} // namespace qs
