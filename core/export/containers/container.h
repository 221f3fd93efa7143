// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Containers: how tensors are laid out in a file, whatever they mean.
#pragma once

#include "core/export/payload.h"

#include <map>
#include <variant>

namespace qs {

/// New bytes, bytes of a source file as they stand, or a tensor by its index in FileContents::tensors.
using FilePiece = std::variant<std::string, FileRange, std::size_t>;

/// A small file beside the target.
struct SideFile {
    std::string suffix; ///< of its name, behind the target's without its own: "_load.py"
    std::string bytes;
};

/// A file of a folder that holds no tensors: new bytes, or those of a file beside the model.
struct FolderFile {
    std::string name;
    std::variant<std::string, FileRange> content;
};

/// What a format puts into a file.
struct FileContents {
    std::vector<OutputTensor> tensors;
    std::vector<FilePiece> pieces = {};          ///< the whole file in order, for containers of formats that decide it
    std::map<std::string, std::string> metadata; ///< for containers that hold texts
    std::map<std::string, std::string> ties;     ///< further names, each with the tensor that has the same bytes
    std::vector<SideFile> sideFiles = {};
    std::vector<FolderFile> folderFiles = {}; ///< of formats that write folders
};

/// A piece of the file that is no tensor.
struct FixedBytes {
    std::uint64_t byteOffset = 0;
    std::string bytes;
};

/// Layout of a whole file: tensors have got their offsets.
struct FileLayout {
    std::vector<OutputTensor> tensors;
    std::vector<FixedBytes> fixed;
    std::vector<CopiedRange> copied = {};
    std::uint64_t bytes = 0;
    std::map<std::string, std::string> ties; ///< as in FileContents, for containers that need them to finish
};

/// One kind of file. To add one: a file in this folder that defines such an object.
struct Container {
    std::string_view suffixes;       ///< of its files: "*.pth *.pt"
    bool parametersOnly = false;     ///< every tensor is taken for a parameter: samples have no place
    bool reopens = false;            ///< our own reader opens the file as what it is, schemes and roles included
    bool opens = true;               ///< as a model, whatever it tells of codes
    bool named = true;               ///< the tensors of the layout lie in the file under their names
    std::string_view takenName = {}; ///< of something that is no tensor
    /// Gives the tensors their offsets and makes everything around them. Error{Work} for what the container cannot
    /// hold.
    Result<FileLayout> (*layOut)(FileContents contents);
    /// Writes what depends on the bytes of the tensors, once they are all there; null when nothing does.
    Result<void> (*finish)(const FileLayout &layout, AtomicFile &file, const TaskContext &context);
};

} // namespace qs
