// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/export/folder.h"

#include "core/base/input_file.h"
#include "core/base/text.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <set>
#include <system_error>

#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace qs {

namespace {

FileLayout layoutOf(FolderFile &&file)
{
    FileLayout layout;
    if (auto *bytes = std::get_if<std::string>(&file.content)) {
        layout.bytes = bytes->size();
        layout.fixed.push_back({0, std::move(*bytes)});
    } else {
        const FileRange &range = std::get<FileRange>(file.content);
        layout.bytes = range.size;
        layout.copied.push_back({range, 0});
    }
    return layout;
}

/// "model.safetensors", or with its number among several.
std::string shardName(std::size_t shard, std::size_t count)
{
    return count == 1 ? std::string("model.safetensors")
                      : fmt::format("model-{:05}-of-{:05}.safetensors", shard + 1, count);
}

/// As the libraries that write shards do.
std::string indexText(const std::vector<FolderPart> &shards)
{
    nlohmann::json index;
    std::uint64_t total = 0;
    for (const FolderPart &shard : shards)
        for (const OutputTensor &tensor : shard.layout.tensors) {
            total += tensor.byteSize();
            index["weight_map"][tensor.name] = shard.name;
        }
    index["metadata"]["total_size"] = total;
    return index.dump(2) + "\n";
}

std::filesystem::path folderOf(const std::filesystem::path &target)
{
    return target.has_parent_path() ? target.parent_path() : std::filesystem::path(".");
}

} // namespace

Result<std::vector<FolderPart>> layOutFolder(FileContents contents, const Container &container)
{
    std::set<std::size_t> files;
    for (const OutputTensor &tensor : contents.tensors)
        files.insert(tensor.shard);
    std::vector<FolderPart> parts;
    for (const std::size_t file : files) {
        FileContents shard;
        shard.metadata = contents.metadata;
        for (const OutputTensor &tensor : contents.tensors)
            if (tensor.shard == file)
                shard.tensors.push_back(tensor);
        QS_ASSIGN(FileLayout layout, container.layOut(std::move(shard)));
        parts.push_back({shardName(parts.size(), files.size()), std::move(layout)});
    }
    if (parts.size() > 1)
        contents.folderFiles.push_back({"model.safetensors.index.json", indexText(parts)});
    for (FolderFile &file : contents.folderFiles) {
        std::string name = file.name;
        parts.push_back({std::move(name), layoutOf(std::move(file))});
    }
    return parts;
}

FileLayout summaryOf(const std::vector<FolderPart> &parts)
{
    FileLayout summary;
    for (const FolderPart &part : parts) {
        summary.tensors.insert(summary.tensors.end(), part.layout.tensors.begin(), part.layout.tensors.end());
        summary.bytes += part.layout.bytes;
    }
    return summary;
}

std::filesystem::path withoutSlash(const std::filesystem::path &target)
{
    return target.has_filename() ? target : target.parent_path();
}

std::vector<Text> folderRefusals(const std::filesystem::path &target, const std::vector<FolderPart> &parts,
                                 bool overwrite)
{
    std::error_code error;
    const std::string name = inQuotes(target.native());
    const auto status = std::filesystem::symlink_status(target, error);
    if (!std::filesystem::exists(status))
        return {};
    if (!std::filesystem::is_directory(status))
        return {Text::of("the output {} exists and is no folder, expected a new name", name)};
    std::string foreign;
    bool empty = true;
    for (auto entry = std::filesystem::directory_iterator(target, error);
         !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
        empty = false;
        const std::string file = entry->path().filename().native();
        const bool ours = std::ranges::find(parts, file, &FolderPart::name) != parts.end();
        if (!ours || !entry->is_regular_file(error))
            foreign = file;
    }
    if (error)
        return {Text::of("the folder {} cannot be read: {}", name, error.message())};
    if (!foreign.empty())
        return {Text::of("the folder {} holds {}, which is not of this export; expected a new or an empty folder", name,
                         inQuotes(foreign))};
    if (!empty && !overwrite)
        return {Text::of("the output {} exists already, expected a new name or permission to replace it", name)};
    return {};
}

Result<std::unique_ptr<NewFolder>> NewFolder::create(const std::filesystem::path &target, std::uint64_t bytes)
{
    std::unique_ptr<NewFolder> folder(new NewFolder);
    folder->m_target = withoutSlash(target);
    std::uint64_t number = 0;
    if (::getrandom(&number, sizeof number, 0) != sizeof number)
        return folder->systemError(Text::of("no random name can be made"), errno);
    const std::filesystem::path temporary =
        folderOf(folder->m_target) / fmt::format(".quantoscope-{:016x}.part", number);
    if (::mkdir(temporary.c_str(), 0777) != 0)
        return folder->systemError(Text::of("no folder can be made"), errno);
    folder->m_temporary = temporary;
    struct statvfs system = {};
    if (::statvfs(temporary.c_str(), &system) == 0 &&
        system.f_bavail < bytes / std::max<std::uint64_t>(system.f_frsize, 1))
        return fail(ErrorCode::Work,
                    Text::of("no space left in the folder {} for {} bytes", inQuotes(folderOf(target).native()), bytes),
                    inQuotes(target.native()));
    return folder;
}

std::unique_ptr<NewFolder> NewFolder::adopt(const std::filesystem::path &staged, const std::filesystem::path &target)
{
    std::unique_ptr<NewFolder> folder(new NewFolder);
    folder->m_target = withoutSlash(target);
    folder->m_temporary = staged;
    folder->m_isStaged = true;
    return folder;
}

NewFolder::~NewFolder()
{
    std::error_code ignored;
    if (!m_temporary.empty() && !m_isStaged)
        std::filesystem::remove_all(m_temporary, ignored);
}

std::unexpected<Error> NewFolder::systemError(const Text &what, int code) const
{
    return fail(
        ErrorCode::Work,
        Text::of("{} in {}: {}", what, inQuotes(folderOf(m_target).native()), std::generic_category().message(code)),
        inQuotes(m_target.native()));
}

Result<void> NewFolder::commit(bool replace)
{
    const auto flush = [](const std::filesystem::path &folder) { // not every file system can
        const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (descriptor >= 0) {
            ::fsync(descriptor);
            ::close(descriptor);
        }
    };
    flush(m_temporary);
    struct stat own = {};
    const bool known = ::stat(m_temporary.c_str(), &own) == 0;
    // An empty folder gives way to another, a filled one does not.
    if (::rename(m_temporary.c_str(), m_target.c_str()) == 0) {
        m_temporary.clear();
    } else {
        const int code = errno;
        if (code == EXDEV)
            return copyToTarget(replace);
        // Of two programs that give the same folder its name, one comes first.
        struct stat named = {};
        if (m_isStaged && known && code == ENOENT && ::stat(m_target.c_str(), &named) == 0 &&
            named.st_ino == own.st_ino && named.st_dev == own.st_dev)
            return {};
        const bool filled = code == ENOTEMPTY || code == EEXIST;
        // The old folder takes the hidden name, and goes with it.
        if (!filled || !replace ||
            ::renameat2(AT_FDCWD, m_temporary.c_str(), AT_FDCWD, m_target.c_str(), RENAME_EXCHANGE) != 0)
            return systemError(Text::of("the folder cannot be given its name"), filled && replace ? errno : code);
        m_isStaged = false;
    }
    flush(folderOf(m_target));
    return {};
}

Result<void> NewFolder::copyToTarget(bool replace)
{
    std::uint64_t bytes = 0;
    std::error_code error;
    std::vector<std::filesystem::path> files;
    for (auto entry = std::filesystem::directory_iterator(m_temporary, error);
         !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
        files.push_back(entry->path());
        bytes += entry->file_size(error);
    }
    if (error)
        return systemError(Text::of("the folder cannot be read"), error.value());
    QS_ASSIGN(const auto copy, create(m_target, bytes));
    for (const std::filesystem::path &file : files) {
        QS_ASSIGN(const auto source, InputFile::open(file));
        QS_ASSIGN(const auto target,
                  AtomicFile::create(copy->temporaryPath() / file.filename(), source->size(), false));
        QS_CHECK(writeCopies({{{source, 0, source->size()}, 0}}, *target, {}));
        QS_CHECK(target->verify(false));
        QS_CHECK(target->commit());
    }
    QS_CHECK(copy->commit(replace));
    m_isStaged = false; // what was copied is not needed any more
    return {};
}

} // namespace qs
