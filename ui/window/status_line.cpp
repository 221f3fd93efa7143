// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/status_line.h"

#include "ui/document/document.h"
#include "ui/pages/export/export_panel.h"
#include "ui/text/format.h"
#include "ui/widgets/elided_label.h"

#include <QLabel>
#include <QProgressBar>
#include <QPushButton>

namespace qs::ui {

namespace {

constexpr int kBarSteps = 1000;
constexpr int kShowAfter = 150;
constexpr int kLongestName = 32; ///< a name must not set the width of the window

/// Jobs that a user waits for, the most important one first.
constexpr const char *kTags[] = {kExportTask, kOpenTask, kRecipeTask, kInputsTask, kAnalysisTask};

} // namespace

StatusLine::StatusLine(Document *document, QWidget *parent)
    : QStatusBar(parent)
    , m_document(document)
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
    connect(m_continue, &QPushButton::clicked, document, &Document::startAnalysis);
    connect(&m_delay, &QTimer::timeout, this, &StatusLine::refreshJob);
    TaskRunner *tasks = &document->tasks();
    connect(tasks, &TaskRunner::started, this, [this](const QString &tag) {
        m_progress.remove(tag);
        if (!m_delay.isActive() && m_bar->isHidden())
            m_delay.start();
    });
    connect(tasks, &TaskRunner::progressed, this, [this](const QString &tag, double fraction, const QString &text) {
        m_progress[tag] = {fraction, text};
        if (!m_delay.isActive())
            refreshJob();
    });
    connect(tasks, &TaskRunner::ended, this, &StatusLine::refreshJob);
    connect(document, &Document::analysisChanged, this, &StatusLine::refreshJob);
    for (auto signal : {&Document::modelChanged, &Document::recipeChanged, &Document::resultsChanged})
        connect(document, signal, this, &StatusLine::refreshCounts);
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
    const auto &model = m_document->model();
    if (!model) {
        m_counts->setText(tr("No model is open"));
        return;
    }
    const std::size_t stored = m_document->storedLayers();
    const std::size_t open = model->layers.size() - stored;
    std::size_t quantized = 0;
    for (std::size_t i = 0; i < model->layers.size(); ++i)
        quantized += m_document->isQuantized(i) ? 1 : 0;
    const auto layers = [](std::size_t count) { return count == 1 ? tr("1 layer") : tr("%1 layers").arg(count); };
    QStringList counts;
    if (open > 0 || stored == 0)
        counts << tr("%1 quantized, %2 kept").arg(layers(quantized)).arg(open - quantized);
    if (stored > 0)
        counts << tr("%1 quantized in the file").arg(layers(stored));
    const QStringList parts{text::oneLine(model->title), tr("%1 parameters").arg(text::count(model->parameters())),
                            counts.join(QStringLiteral(", "))};
    m_counts->setText(parts.join(QStringLiteral("  ·  ")));
}

QString StatusLine::runningTag() const
{
    for (const char *tag : kTags)
        if (m_document->tasks().isRunning(QLatin1String(tag)))
            return QLatin1String(tag);
    return {};
}

QString StatusLine::textOf(const QString &tag) const
{
    const QString what = text::shortName(text::oneLine(m_progress.value(tag).text.toStdString()), kLongestName);
    if (tag == QLatin1String(kOpenTask))
        return tr("Opening …");
    if (tag == QLatin1String(kExportTask))
        return tr("Exporting …");
    if (tag == QLatin1String(kAnalysisTask) && m_document->model())
        return tr("%1  %2 of %3")
            .arg(what.isEmpty() ? tr("Quantizing") : what)
            .arg(m_document->freshLayers())
            .arg(m_document->model()->layers.size());
    return tr("Reading …");
}

void StatusLine::refreshJob()
{
    const QString tag = runningTag();
    const bool running = !tag.isEmpty();
    if (running && m_delay.isActive())
        return;
    m_bar->setVisible(running);
    m_cancel->setVisible(running);
    m_bar->setValue(static_cast<int>(m_progress.value(tag).fraction * kBarSteps));
    const bool cancelled = !running && m_document->analysis() == Document::Analysis::Cancelled;
    const bool failed = !running && m_document->analysis() == Document::Analysis::Failed;
    m_continue->setVisible(cancelled || failed);
    m_continue->setText(failed ? tr("Try again") : tr("Continue"));
    if (running)
        m_job->setText(textOf(tag));
    else if (cancelled)
        m_job->setText(tr("Cancelled, %1 of %2 layers are up to date.")
                           .arg(m_document->freshLayers())
                           .arg(m_document->model()->layers.size()));
    else if (failed)
        m_job->setText(tr("The analysis failed."));
    else
        m_job->setText(tr("Ready"));
}

bool StatusLine::cancelJob()
{
    const QString tag = runningTag();
    // An analysis may also be waiting for the end of the pause after an edit.
    const bool analysis =
        tag == QLatin1String(kAnalysisTask) || (tag.isEmpty() && m_document->analysis() == Document::Analysis::Running);
    if (analysis)
        m_document->cancelAnalysis();
    else
        m_document->tasks().cancel(tag);
    return analysis || !tag.isEmpty();
}

} // namespace qs::ui
