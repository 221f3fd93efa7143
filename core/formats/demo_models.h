// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The built-in models: safetensors files that the assembler puts into the library.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace qs {

struct DemoModel {
    std::string_view name;
    std::span<const std::byte> bytes;
};

std::span<const DemoModel> demoModels();

/// Names of the built-in models: "digits", "lesson", "notebook".
std::span<const std::string_view> demoModelNames();

} // namespace qs
