// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Words of lesson files.
#pragma once

#include "core/lessons/lesson.h"

namespace qs {

struct SlipName {
    std::string_view name;
    bool Teaching::*member;
};
inline constexpr SlipName kSlips[] = {
    {"forget_zero_point", &Teaching::forgetZeroPoint},
    {"cast_not_round", &Teaching::castNotRound},
    {"zero_outside_range", &Teaching::zeroOutsideRange},
};

struct FormName {
    std::string_view name;
    NumberForm form;
};
inline constexpr FormName kForms[] = {
    {"plain", NumberForm::Plain},     {"integer", NumberForm::Integer}, {"percent", NumberForm::Percent},
    {"decibel", NumberForm::Decibel}, {"bytes", NumberForm::Bytes},     {"size", NumberForm::Size},
    {"right", NumberForm::Right},
};

} // namespace qs
