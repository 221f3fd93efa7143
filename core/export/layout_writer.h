// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Layout of a file → its bytes.
#pragma once

#include "core/export/containers/container.h"

#include <functional>

namespace qs {

/// Writes all tensors of a layout into the file, wherever their bytes come from.
using PayloadWriter =
    std::function<Result<void>(const FileLayout &layout, AtomicFile &file, const TaskContext &context)>;

/// Writes everything that the layout holds, and what the container adds in the end (null: nothing).
Result<void> writeLayout(const FileLayout &layout, const Container *container, AtomicFile &file,
                         const PayloadWriter &payload, const TaskContext &context);

} // namespace qs
