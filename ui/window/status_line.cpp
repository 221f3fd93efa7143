// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/status_line.h"

#include "ui/document/document.h"
#include "ui/document/result_view.h"
#include "ui/text/format.h"
#include "ui/text/translation.h"
#include "ui/widgets/elided_label.h"

#include <QLabel>
#include <QProgressBar>
#include <QPushButton>

namespace qs::ui {

namespace {

constexpr int kBarSteps = 1000;
constexpr int kShowAfter = 150;
constexpr int kLongestName = 32; ///< a name must not set the width of the window

} // namespace

StatusLine::StatusLine(Setup *setup, QWidget *parent)
    : QStatusBar(parent)
    , m_setup(setup)
    , m_counts(new ElidedLabel)
    , m_readout(new ElidedLabel)
    , m_job(new QLabel)
    , m_bar(new QProgressBar)
    , m_cancel(new QPushButton(tr("Cancel")))
    , m_continue(new QPushButton(tr("Continue")))
{
    setSizeGripEnabled(false);
    setContentsMargins(8, 0, 8, 0);
    setMinimumHeight(fontMetrics().height() + 12);
    m_readout->setObjectName(QStringLiteral("secondary"));
    m_readout->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_job->setTextFormat(Qt::PlainText);
    m_counts->setProperty("explains", QStringLiteral("status.model"));
    m_readout->setProperty("explains", QStringLiteral("status.readout"));
    m_bar->setRange(0, kBarSteps);
    m_bar->setTextVisible(false);
    m_bar->setFixedSize(140, 6);
    m_bar->setAccessibleName(tr("Progress"));
    for (QPushButton *button : {m_cancel, m_continue}) {
        button->setFlat(true);
        button->setAutoDefault(false);
        button->setFocusPolicy(Qt::TabFocus);
        // As high as the line's text: the line must not jump when a job starts.
        button->setStyleSheet(QStringLiteral("padding: 0 10px; min-height: 0"));
    }
    addWidget(m_counts, 3);
    addWidget(m_readout, 2);
    for (QWidget *widget : {static_cast<QWidget *>(m_job), static_cast<QWidget *>(m_bar),
                            static_cast<QWidget *>(m_cancel), static_cast<QWidget *>(m_continue)})
        addPermanentWidget(widget);
    m_delay.setSingleShot(true);
    m_delay.setInterval(kShowAfter);

    connect(m_cancel, &QPushButton::clicked, this, &StatusLine::cancelJob);
    connect(m_continue, &QPushButton::clicked, this, [this] { m_setup->analysisJob().start(); });
    connect(&m_delay, &QTimer::timeout, this, &StatusLine::refreshJob);
    TaskRunner *tasks = &setup->document().tasks();
    connect(tasks, &TaskRunner::started, this, [this](const QString &tag) {
        m_progress.remove(tag);
        if (!m_delay.isActive() && m_bar->isHidden())
            m_delay.start();
    });
    connect(tasks, &TaskRunner::progressed, this, [this](const QString &tag, double fraction, const Text &text) {
        m_progress[tag] = {fraction, text::words(text)};
        if (!m_delay.isActive())
            refreshJob();
    });
    connect(tasks, &TaskRunner::ended, this, &StatusLine::refreshJob);
    auto *view = new ResultView(this, [this](Changes changes) {
        if (changes & (Change::Model | Change::Recipe | Change::Results | Change::Preview))
            refreshCounts();
        refreshJob();
    });
    view->follow(setup, Change::Model | Change::Recipe | Change::Results | Change::Analysis | Change::Preview);
    refreshCounts();
    refreshJob();
}

void StatusLine::showReadout(const QString &text)
{
    m_readout->setText(text);
}

QString StatusLine::countsText() const
{
    return m_counts->text();
}

QString StatusLine::jobText() const
{
    return m_job->text();
}

void StatusLine::refreshCounts()
{
    const auto &model = m_setup->model();
    if (!model) {
        m_counts->setText(tr("No model is open"));
        return;
    }
    const std::size_t stored = m_setup->storedLayers();
    const std::size_t open = model->layers.size() - stored;
    std::size_t quantized = 0;
    for (std::size_t i = 0; i < model->layers.size(); ++i)
        quantized += m_setup->isShownQuantized(i) ? 1 : 0;
    const auto layers = [](std::size_t count) { return tr("%n layers", nullptr, text::plural(count)); };
    QStringList counts;
    if (open > 0 || stored == 0)
        counts << (m_setup->preview() ? tr("%1 quantized in the new file, %2 kept") : tr("%1 quantized, %2 kept"))
                      .arg(layers(quantized))
                      .arg(open - quantized);
    if (stored > 0)
        counts << tr("%1 quantized in the file").arg(layers(stored));
    const QStringList parts{
        text::oneLine(model->title),
        tr("%1 parameters", nullptr, text::plural(model->parameters())).arg(text::count(model->parameters())),
        text::listed(counts)};
    m_counts->setText(parts.join(QStringLiteral("  ·  ")));
}

QString StatusLine::textOf(const JobInfo &job) const
{
    const QString what = text::shortName(text::oneLine(m_progress.value(job.id).text.toStdString()), kLongestName);
    if (job.rank != JobRank::Analysis)
        return job.title;
    const std::size_t fresh = m_setup->analysisJob().freshLayers();
    const std::size_t layers = m_setup->model()->layers.size();
    if (fresh == layers && !what.isEmpty())
        return tr("Running the network: %1").arg(what);
    return tr("%1  %2 of %3").arg(what.isEmpty() ? job.title : what).arg(fresh).arg(layers);
}

void StatusLine::refreshJob()
{
    const std::optional<JobInfo> job = m_setup->document().tasks().foremost();
    if (job && m_delay.isActive())
        return;
    m_bar->setVisible(job.has_value());
    m_cancel->setVisible(job.has_value());
    m_bar->setValue(job ? static_cast<int>(m_progress.value(job->id).fraction * kBarSteps) : 0);
    const bool cancelled = !job && m_setup->analysis() == Setup::Analysis::Cancelled;
    const bool failed = !job && m_setup->analysis() == Setup::Analysis::Failed;
    m_continue->setVisible(cancelled || failed);
    m_continue->setText(failed ? tr("Try again") : tr("Continue"));
    if (job)
        m_job->setText(textOf(*job));
    else if (cancelled)
        m_job->setText(tr("Cancelled, %1 of %2 layers are up to date.")
                           .arg(m_setup->analysisJob().freshLayers())
                           .arg(m_setup->model()->layers.size()));
    else if (failed)
        m_job->setText(tr("The analysis failed."));
    else
        m_job->setText(tr("Ready"));
}

bool StatusLine::isBusy() const
{
    return m_setup->document().tasks().foremost() || m_setup->analysis() == Setup::Analysis::Running;
}

void StatusLine::cancelJob()
{
    TaskRunner &tasks = m_setup->document().tasks();
    const std::optional<JobInfo> job = tasks.foremost();
    if (job)
        tasks.cancel(job->id);
    // An analysis may also be waiting for the end of the pause after an edit.
    if (m_setup->analysis() == Setup::Analysis::Running && (!job || job->rank <= JobRank::Analysis))
        m_setup->analysisJob().cancel();
}

} // namespace qs::ui
