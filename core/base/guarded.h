// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// guarded(): the place where exceptions of libraries and of the allocator become errors.
#pragma once

#include "core/base/result.h"

#include <exception>
#include <new>

namespace qs {

/// Calls `function`, which returns a Result; no exception leaves.
template <class Function> auto guarded(Function function) -> decltype(function())
{
    try {
        return function();
    } catch (const std::bad_alloc &) {
        return fail(ErrorCode::Work, Text::of("not enough memory"));
    } catch (const std::exception &exception) {
        return fail(ErrorCode::Work, Text::asIs(exception.what()));
    }
}

} // namespace qs
