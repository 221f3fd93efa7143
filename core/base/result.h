// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Error and Result: how everything that can fail says so.
#pragma once

#include "core/base/text.h"

#include <expected>
#include <string>
#include <utility>

namespace qs {

/// Why something failed; the command line maps it to its exit code.
enum class ErrorCode {
    Input,     ///< the input is missing, damaged, unsupported or changed while it was read
    Work,      ///< the work itself failed: output not writable, refused by the format, odd data
    Usage,     ///< the caller asked for something that does not exist or cannot be combined
    Cancelled, ///< the stop token was triggered
};

/// One clear sentence with the numbers in it, plus the place ("model.safetensors, tensor 'x', byte 1234").
struct Error {
    ErrorCode code = ErrorCode::Work;
    Text message;
    Text where;

    /// "message (where)", or the message alone.
    Text sentence() const { return where.empty() ? message : Text::of("{} ({})", message, where); }
    /// The same in English.
    std::string text() const { return sentence().str(); }
};

template <class T> using Result = std::expected<T, Error>;

inline std::unexpected<Error> fail(ErrorCode code, Text message, Text where = {})
{
    return std::unexpected(Error{code, std::move(message), std::move(where)});
}

/// `where` is a name, or says in terms of a file format where in the file.
inline std::unexpected<Error> fail(ErrorCode code, Text message, std::string where)
{
    return fail(code, std::move(message), Text::asIs(std::move(where)));
}

} // namespace qs

#define QS_JOIN_(a, b) a##b
#define QS_JOIN(a, b) QS_JOIN_(a, b)

/// Returns from the calling function with the error of `expression`, if it has one.
#define QS_CHECK(expression) QS_CHECK_(QS_JOIN(qsResult, __COUNTER__), expression)
#define QS_CHECK_(temporary, expression)                                                                               \
    do {                                                                                                               \
        if (auto temporary = (expression); !temporary)                                                                 \
            return std::unexpected(std::move(temporary).error());                                                      \
    } while (false)

/// Declares or assigns `target` from a Result, or returns its error from the calling function.
#define QS_ASSIGN(target, expression) QS_ASSIGN_(QS_JOIN(qsResult, __COUNTER__), target, expression)
#define QS_ASSIGN_(temporary, target, expression)                                                                      \
    auto temporary = (expression);                                                                                     \
    if (!temporary)                                                                                                    \
        return std::unexpected(std::move(temporary).error());                                                          \
    target = std::move(*temporary)
