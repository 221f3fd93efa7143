// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Glossary: the terms of the field in English and Chinese, as a data file.
#pragma once

#include "core/lessons/lesson.h"

namespace qs {

struct GlossaryTerm {
    LessonWords term;
    LessonWords meaning; ///< may be empty
    std::string lesson;  ///< id of the lesson that shows it; may be empty
};

/// Error{Input} that names the first wrong entry. At most a MiB and 1000 terms.
Result<std::vector<GlossaryTerm>> glossaryFromJson(std::string_view text, const std::string &where);

} // namespace qs
