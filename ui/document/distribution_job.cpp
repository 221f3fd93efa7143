// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/document/distribution_job.h"

#include "ui/document/document.h"
#include "ui/selection/selection.h"
#include "ui/text/format.h"
#include "ui/text/translation.h"

namespace qs::ui {

DistributionJob::Target DistributionJob::Target::of(const Selection &selection)
{
    Target target;
    if (selection.layer() < 0)
        return target;
    target.layer = static_cast<std::size_t>(selection.layer());
    if (selection.channel() >= 0)
        target.part.channel = static_cast<std::uint64_t>(selection.channel());
    if (selection.group() >= 0)
        target.part.group = static_cast<std::uint64_t>(selection.group());
    return target;
}

QString DistributionJob::Target::name(const Model &model) const
{
    if (!layer)
        return {};
    const QString whole = text::oneLine(model.layers[*layer].module);
    if (!part.channel)
        return whole;
    return part.group
               ? DistributionJob::tr("%1, channel %2, group %3").arg(whole).arg(*part.channel).arg(*part.group + 1)
               : DistributionJob::tr("%1, channel %2").arg(whole).arg(*part.channel);
}

DistributionJob::DistributionJob(Setup &setup, const QString &id)
    : m_setup(setup)
    , m_id(id)
{}

void DistributionJob::reset()
{
    m_setup.document().tasks().drop(m_id);
    m_wanted = {};
    m_shown = {};
    m_source.reset();
}

bool DistributionJob::isPending() const
{
    return m_setup.document().tasks().isRunning(m_id);
}

void DistributionJob::show(const Target &target)
{
    if (target == m_wanted)
        return;
    m_wanted = target;
    m_source.reset();
    if (target.layer) {
        update();
        return;
    }
    reset();
    emit changed();
}

void DistributionJob::update()
{
    Target target = m_wanted;
    if (!target.layer)
        return;
    const std::shared_ptr<const LayerReport> layer = m_setup.report()->layers[*target.layer];
    if (!layer || (layer->quantization && layer->quantization == m_source))
        return;
    m_source = layer->quantization;
    if (!m_source || !target.part.isOf({m_source->scheme.granularity, m_source->shape}))
        target.part.group.reset();
    TaskRunner &tasks = m_setup.document().tasks();
    if (!m_source) {
        tasks.drop(m_id);
        m_shown = {target, nullptr, {}, text::words(layer->decision.reason)};
        emit changed();
        return;
    }
    tasks.run(
        {m_id, tr("Counting weights …"), JobRank::View}, this,
        [model = m_setup.model(), target, source = m_source](const TaskContext &context) {
            return qs::distribution(*model, model->layers[*target.layer], source->channelAxis, *source, target.part,
                                    context);
        },
        [this, target, source = m_source](Result<Distribution> result) {
            m_shown = {target, nullptr, source->scheme, {}};
            if (result)
                m_shown.values = std::make_shared<const Distribution>(std::move(*result));
            else
                m_shown.problem = text::words(result.error().sentence());
            emit changed();
        });
}

} // namespace qs::ui
