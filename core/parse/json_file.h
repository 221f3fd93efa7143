// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// JSON files beside a model.
#pragma once

#include "core/parse/json.h"

#include <filesystem>

namespace qs::json {

/// The object that a file holds. Error{Input} beyond 64 MiB, and for other values.
Result<Value> readObject(const std::filesystem::path &path);

} // namespace qs::json
