// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/export/layout_writer.h"

namespace qs {

Result<void> writeLayout(const FileLayout &layout, const Container *container, AtomicFile &file,
                         const PayloadWriter &payload, const TaskContext &context)
{
    for (const FixedBytes &fixed : layout.fixed) {
        QS_CHECK(file.write(fixed.byteOffset, std::as_bytes(std::span(fixed.bytes))));
    }
    constexpr double kCopiesShare = 0.15;
    QS_CHECK(writeCopies(layout.copied, file, context.part(0, kCopiesShare)));
    QS_CHECK(payload(layout, file, context.part(kCopiesShare, 1)));
    if (container != nullptr && container->finish != nullptr) {
        QS_CHECK(container->finish(layout, file, context));
    }
    return context.check();
}

} // namespace qs
