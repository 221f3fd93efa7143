// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Files beside an ONNX model that hold its tensors: which paths are allowed, and how they are opened.
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace qs {
class InputFile;
}

namespace qs::onnx {

/// A location taken apart. Error{Input} (without a place) unless it is a relative path below the model's folder that
/// is written plainly: no "..", no backslash, no drive, no URL, no zero byte.
Result<std::vector<std::string>> locationParts(std::string_view location);

/// Opens `parts` below `folder` one after the other, following no link. Error{Input} (without a place) when the
/// target is not a regular file. `hardLinks` gets the number of names that the file has.
Result<std::shared_ptr<const InputFile>> openBelow(const std::filesystem::path &folder,
                                                   const std::vector<std::string> &parts, std::uint64_t &hardLinks);

/// A decimal number without sign or spaces, at most 19 digits. Error{Input} without a place.
Result<std::uint64_t> strictDecimal(std::string_view text);

} // namespace qs::onnx
