// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/demo_models.h"

#include <array>

// Defined in demo_models.S.
extern "C" {
extern const std::byte qs_demo_digits_begin[];
extern const std::byte qs_demo_digits_end[];
extern const std::byte qs_demo_lesson_begin[];
extern const std::byte qs_demo_lesson_end[];
extern const std::byte qs_demo_notebook_begin[];
extern const std::byte qs_demo_notebook_end[];
}

namespace qs {

std::span<const DemoModel> demoModels()
{
    static const std::array<DemoModel, 3> models{{
        {"digits", {qs_demo_digits_begin, qs_demo_digits_end}},
        {"lesson", {qs_demo_lesson_begin, qs_demo_lesson_end}},
        {"notebook", {qs_demo_notebook_begin, qs_demo_notebook_end}},
    }};
    return models;
}

std::span<const std::string_view> demoModelNames()
{
    static const std::array<std::string_view, 3> names{demoModels()[0].name, demoModels()[1].name,
                                                       demoModels()[2].name};
    return names;
}

} // namespace qs
