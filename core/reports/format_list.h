// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The export formats as JSON.
#pragma once

#include <string>

namespace qs {

/// {"quantoscope": version, "formats": [{"name", "description", "suffixes", "runtimes", "decodes"}]}.
std::string formatsJson();

} // namespace qs
