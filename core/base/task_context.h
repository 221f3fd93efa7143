// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// TaskContext: how a caller stops long work and hears how far it is.
#pragma once

#include "core/base/result.h"

#include <functional>
#include <stop_token>

namespace qs {

/// Passed last to every function that may take long. Copyable; the default one never stops and tells nothing.
struct TaskContext {
    std::stop_token stop;
    /// Called with a fraction 0..1 and what is being done, from any thread, possibly often.
    std::function<void(double, const Text &)> progress;

    bool cancelled() const { return stop.stop_requested(); }

    /// Error{Cancelled} once the stop token was triggered.
    Result<void> check() const
    {
        if (cancelled())
            return fail(ErrorCode::Cancelled, Text::of("stopped on request"));
        return {};
    }

    void report(double fraction, const Text &what) const
    {
        if (progress)
            progress(fraction, what);
    }

    /// A context whose 0..1 is the part [from, to] of this one.
    TaskContext part(double from, double to) const
    {
        TaskContext result{stop, {}};
        if (progress)
            result.progress = [outer = progress, from, to](double fraction, const Text &what) {
                outer(from + (to - from) * fraction, what);
            };
        return result;
    }
};

} // namespace qs
