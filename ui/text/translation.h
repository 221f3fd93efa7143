// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The language of the program: the only place that looks up what core says.
#pragma once

#include "core/base/text.h"

#include <QString>

namespace qs::ui::text {

/// What core says, in the language of the program. Translations are those of resources/translations: English, which
/// holds plural forms, and the language of the system, if there is one. They are installed with the application object.
QString words(const Text &text);

} // namespace qs::ui::text
