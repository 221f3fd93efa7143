// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/network/network_source.h"

#include "core/base/guarded.h"

namespace qs {

Result<std::shared_ptr<const Network>> NetworkSource::network(const Model &model, const TaskContext &context) const
{
    const std::lock_guard lock(m_mutex);
    if (m_made)
        return *m_made;
    auto made = guarded([&]() -> Result<std::shared_ptr<const Network>> {
        QS_ASSIGN(Network network, m_make(model, context));
        return std::make_shared<const Network>(std::move(network));
    });
    if (made || made.error().code != ErrorCode::Cancelled)
        m_made = made;
    return made;
}

} // namespace qs
