// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Files beside an ONNX model that hold its tensors: which paths are allowed, and how they are opened.
#pragma once

#include "core/formats/onnx/source.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace qs {
class InputFile;
struct Model;
} // namespace qs

namespace qs::onnx {

/// A location taken apart. Error{Input} (without a place) unless it is a relative path below the model's folder that
/// is written plainly: no "..", no backslash, no drive, no URL, no zero byte.
Result<std::vector<std::string>> locationParts(std::string_view location);

/// Opens `parts` below `folder` one after the other, following no link. Error{Input} (without a place) when the
/// target is not a regular file. `hardLinks` gets the number of names that the file has.
Result<std::shared_ptr<const InputFile>> openBelow(const std::filesystem::path &folder,
                                                   const std::vector<std::string> &parts, std::uint64_t &hardLinks);

/// The files beside a model that were opened, each of them once.
class ExternalFiles
{
public:
    /// `file` is the model's first one, in whose folder the others are.
    ExternalFiles(Source &source, const InputFile &file, Model &model)
        : m_source(source)
        , m_file(file)
        , m_model(model)
    {}

    /// Index into the model's files. Error{Input} without a place, as by locationParts() and openBelow().
    Result<std::size_t> open(std::string_view location);

private:
    Source &m_source;
    const InputFile &m_file;
    Model &m_model;
    std::map<std::vector<std::string>, std::size_t> m_known; ///< file index by location
};

/// A decimal number without sign or spaces, at most 19 digits. Error{Input} without a place.
Result<std::uint64_t> strictDecimal(std::string_view text);

} // namespace qs::onnx
