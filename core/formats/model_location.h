// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// ModelLocation: where a model is: a path, or the name of a built-in model, which people write as "demo:NAME".
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace qs {

struct ModelLocation {
    std::string path;                     ///< of a file, a shard index or a folder; empty for a built-in model
    std::optional<std::string> demo = {}; ///< name of a built-in model; none for a path

    /// As a person writes it. The name is not checked.
    static ModelLocation parse(std::string_view text);
    static ModelLocation ofDemo(std::string_view name) { return {{}, std::string(name)}; }

    bool isDemo() const { return demo.has_value(); }
    /// What parse() reads.
    std::string text() const;
};

} // namespace qs
