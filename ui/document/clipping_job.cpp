// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/document/clipping_job.h"

#include "ui/document/document.h"
#include "ui/text/translation.h"

namespace qs::ui {

ClippingJob::ClippingJob(Setup &setup, const QString &id)
    : m_setup(setup)
    , m_id(id)
{}

void ClippingJob::reset()
{
    m_setup.document().tasks().drop(m_id);
    m_wanted = {};
    m_shown = {};
}

bool ClippingJob::isPending() const
{
    return m_setup.document().tasks().isRunning(m_id);
}

void ClippingJob::show(const Target &target)
{
    if (target == m_wanted)
        return;
    if (!target.quantization) {
        reset();
        emit changed();
        return;
    }
    m_wanted = target;
    m_setup.document().tasks().run(
        {m_id, tr("Trying clipping points …"), JobRank::View}, this,
        [model = m_setup.model(), target](const TaskContext &context) {
            return clippingCurve(*model, model->layers[target.layer], *target.quantization, target.channel,
                                 target.group, context);
        },
        [this, target](Result<ClippingCurve> curve) {
            m_shown = {target, nullptr, {}};
            if (curve) {
                m_shown.curve = std::make_shared<const ClippingCurve>(std::move(*curve));
            } else {
                m_shown.problem = text::words(curve.error().sentence());
                m_wanted = {}; // so that it can be asked for again
            }
            emit changed();
        });
}

} // namespace qs::ui
