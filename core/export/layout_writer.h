// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Layout of a file → its bytes.
#pragma once

#include "core/export/containers/container.h"

namespace qs {

/// Writes everything that the layout holds, and what the container adds in the end (null: nothing).
Result<void> writeLayout(const FileLayout &layout, const Container *container, AtomicFile &file,
                         const TaskContext &context);

} // namespace qs
