// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Targets that are folders: shards of tensors, their index, and what stands beside them.
#pragma once

#include "core/export/containers/container.h"

#include <filesystem>

namespace qs {

/// One file of the folder.
struct FolderPart {
    std::string name;
    FileLayout layout;
};

/// The whole folder: the tensors in as many shards as the model has files that they come from, "model.safetensors" or
/// "model-00001-of-00002.safetensors" … with an index, and the other files. Error{Work} as Container::layOut().
Result<std::vector<FolderPart>> layOutFolder(FileContents contents, const Container &container);
/// All tensors with their offsets in their own files, and the bytes of all files.
FileLayout summaryOf(const std::vector<FolderPart> &parts);

/// "out" of "out/".
std::filesystem::path withoutSlash(const std::filesystem::path &target);

/// Why a folder of these parts cannot stand at `target`; empty when it can. An existing folder is replaced only when
/// `overwrite` allows it and it holds nothing but files of the same names.
std::vector<Text> folderRefusals(const std::filesystem::path &target, const std::vector<FolderPart> &parts,
                                 bool overwrite);

/// A folder that is being written: it has a hidden name beside the target until it is complete.
class NewFolder
{
public:
    /// Error{Work} when it cannot be made, or when there is no space for that many bytes.
    static Result<std::unique_ptr<NewFolder>> create(const std::filesystem::path &target, std::uint64_t bytes);
    /// A folder that others have begun, as AtomicFile::adopt(): it stays where it is until it gets its name.
    static std::unique_ptr<NewFolder> adopt(const std::filesystem::path &staged, const std::filesystem::path &target);
    /// Removes it with all that is in it, unless it has got its name or was adopted.
    ~NewFolder();
    NewFolder(const NewFolder &) = delete;
    NewFolder &operator=(const NewFolder &) = delete;

    const std::filesystem::path &temporaryPath() const { return m_temporary; }
    /// Gives the folder its name. An existing folder, which `replace` allows to go, is removed afterwards.
    Result<void> commit(bool replace);

private:
    NewFolder() = default;

    std::unexpected<Error> systemError(const Text &what, int code) const;
    Result<void> copyToTarget(bool replace);

    Leftover m_leftover;
    std::filesystem::path m_target;
    std::filesystem::path m_temporary; ///< what is removed in the end
    bool m_isStaged = false;           ///< and this one is not, until it has given way to the target
};

} // namespace qs
