// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/document/screening.h"

#include "ui/document/document.h"
#include "ui/document/setup.h"
#include "ui/text/format.h"

namespace qs::ui {

namespace {

constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 30U;

QString taskId()
{
    return QStringLiteral("screening");
}

} // namespace

Screening &Screening::of(Setup &setup)
{
    auto *known = setup.findChild<Screening *>({}, Qt::FindDirectChildrenOnly);
    return known ? *known : *new Screening(setup);
}

Screening::Screening(Setup &setup)
    : QObject(&setup)
    , m_setup(setup)
{
    connect(&setup, &Setup::changed, this, &Screening::follow);
    follow(Change::Analysis);
}

bool Screening::isPending() const
{
    return m_setup.document().tasks().isRunning(taskId());
}

QStringList Screening::sentencesOf(std::size_t layer) const
{
    QStringList sentences;
    for (const Trouble &trouble : m_troubles)
        if (trouble.layer == layer)
            sentences << text::sentence(trouble.sentence);
    return sentences;
}

/// After the numbers that somebody waits for.
void Screening::follow(Changes changes)
{
    TaskRunner &tasks = m_setup.document().tasks();
    if (changes & Change::Model) {
        tasks.drop(taskId());
        m_asked = false;
        m_troubles.clear();
    }
    const std::shared_ptr<const Model> model = m_setup.model();
    if (m_asked || !model || m_setup.analysis() != Setup::Analysis::Done || model->bytes() > kMostBytes)
        return;
    m_asked = true;
    tasks.run(
        {taskId(), tr("Looking for what makes layers hard …"), JobRank::View}, this,
        [model](const TaskContext &context) {
            AnalysisCache cache;
            return findTroubles(*model, cache, context);
        },
        [this](Result<std::vector<Trouble>> troubles) {
            // A file that cannot be read any more is told by the analysis.
            if (troubles)
                m_troubles = std::move(*troubles);
            emit changed();
        });
}

} // namespace qs::ui
