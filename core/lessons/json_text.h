// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Texts of the data files beside lessons: glossary and explanations.
#pragma once

#include "core/lessons/lesson.h"
#include "core/parse/json.h"

#include <string>
#include <string_view>

namespace qs {

/// Puts the text of a key into `target`, which stays as it is when there is no such key. False when the value is no
/// text, or one longer than LessonLimits::kText.
inline bool takeText(const json::Value &object, std::string_view key, std::string &target)
{
    const json::Value *value = object.find(key);
    if (value == nullptr)
        return true;
    if (value->kind != json::Kind::String || value->text.size() > LessonLimits::kText)
        return false;
    target = value->text;
    return true;
}

} // namespace qs
