// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/document/clipping_job.h"

#include "ui/document/document.h"
#include "ui/text/translation.h"

namespace qs::ui {

ClippingJob::ClippingJob(Setup &setup, const QString &id)
    : m_setup(setup)
    , m_id(id)
{
    connect(&setup.document().inputs(), &Inputs::changed, this, &ClippingJob::forgetOutputs);
}

/// They belong to other inputs, or to another activation, than those in force.
void ClippingJob::forgetOutputs()
{
    m_setup.document().tasks().drop(outputsId());
    if (!m_shown.outputs)
        return;
    m_shown.outputs.reset();
    emit changed();
}

void ClippingJob::reset()
{
    m_setup.document().tasks().drop(m_id);
    m_setup.document().tasks().drop(outputsId());
    m_wanted = {};
    m_shown = {};
}

bool ClippingJob::isPending() const
{
    const TaskRunner &tasks = m_setup.document().tasks();
    return tasks.isRunning(m_id) || tasks.isRunning(outputsId());
}

void ClippingJob::show(const Target &target)
{
    if (m_shown.outputs && m_activation != m_setup.recipe().activation)
        forgetOutputs();
    if (target == m_wanted) {
        // The network may have been run in the meantime.
        if (m_shown.target == target && m_shown.curve && !m_shown.outputs &&
            !m_setup.document().tasks().isRunning(outputsId()))
            showOutputs();
        return;
    }
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
            m_shown = {.target = target, .curve = nullptr, .problem = {}};
            if (curve) {
                m_shown.curve = std::make_shared<const ClippingCurve>(std::move(*curve));
                showOutputs();
            } else {
                m_shown.problem = text::words(curve.error().sentence());
                m_wanted = {}; // so that it can be asked for again
            }
            emit changed();
        });
}

/// Only where the network has been run, so that a look at a page does not start what takes long.
void ClippingJob::showOutputs()
{
    const auto &report = m_setup.report();
    if (!report || report->outputError.kind == OutputErrorKind::None || report->outputError.onRequest)
        return;
    m_activation = m_setup.recipe().activation;
    m_setup.document().tasks().run(
        {outputsId(), tr("Trying clipping points on outputs …"), JobRank::View}, this,
        [model = m_setup.model(), shown = m_shown, activation = m_setup.recipe().activation,
         options = m_setup.analysisJob().options(),
         cache = m_setup.document().cache()](const TaskContext &context) -> Result<OutputClipping> {
            QS_ASSIGN(const auto moments,
                      momentsOfLayer(*model, shown.target.layer, activation, options, *cache, context));
            if (!moments)
                return OutputClipping{};
            return clippingOutputs(*model, model->layers[shown.target.layer], *shown.target.quantization,
                                   shown.target.channel, shown.target.group, *shown.curve, *moments, context);
        },
        [this, target = m_shown.target](Result<OutputClipping> outputs) {
            if (!(m_shown.target == target))
                return;
            // Where nothing is known of the inputs, one curve says what can be said: no errors, and no second try.
            m_shown.outputs = std::make_shared<const OutputClipping>(outputs ? std::move(*outputs) : OutputClipping{});
            emit changed();
        });
}

} // namespace qs::ui
