// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/document/analysis_job.h"

#include "ui/document/document.h"
#include "ui/text/translation.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace qs::ui {

namespace {

/// A long analysis shows its results in batches: drawing everything once per layer would cost more than computing it.
constexpr auto kPublishPause = std::chrono::milliseconds(40);
constexpr auto kPublishPausePerLayer = std::chrono::microseconds(50);
/// Results that are replaced sooner are not worth a flicker.
constexpr auto kStaleAfter = std::chrono::milliseconds(150);

} // namespace

AnalysisJob::AnalysisJob(Setup &setup, const QString &id)
    : m_setup(setup)
    , m_id(id)
{
    m_startTimer.setSingleShot(true);
    connect(&m_startTimer, &QTimer::timeout, this, &AnalysisJob::start);
    connect(&m_publishTimer, &QTimer::timeout, this, &AnalysisJob::takeBatch);
    m_staleTimer.setSingleShot(true);
    m_staleTimer.setInterval(kStaleAfter);
    connect(&m_staleTimer, &QTimer::timeout, this, [this] { emit changed(setStale(true)); });
}

void AnalysisJob::reset(std::shared_ptr<const ChainSearch> chain)
{
    m_setup.document().tasks().drop(m_id);
    m_startTimer.stop();
    m_publishTimer.stop();
    m_networkRequested = false;
    setLayersOnShow({});
    const std::vector<Layer> &layers = m_setup.model()->layers;
    m_fresh.assign(layers.size(), false);
    m_canQuantize.assign(layers.size(), true);
    for (std::size_t i = 0; i < layers.size(); ++i)
        m_canQuantize[i] = !layers[i].stored && layers[i].keptReason.empty();
    auto report = std::make_shared<Report>();
    report->layers.resize(layers.size());
    // Known at once, so that weight errors can be shown as they come where no network will be run.
    if (!m_setup.model()->graph)
        report->outputError.reason = chain->reason;
    report->chain = std::move(chain);
    m_report = std::move(report);
    m_state = AnalysisState::None;
    setStale(false);
}

std::size_t AnalysisJob::freshLayers() const
{
    return static_cast<std::size_t>(std::ranges::count(m_fresh, true));
}

Changes AnalysisJob::setState(AnalysisState state)
{
    m_state = state;
    // Before the first totals there is nothing old on show.
    if (state == AnalysisState::Running && m_report->total.layers > 0) {
        if (!m_hasTotals && !m_stale && !m_staleTimer.isActive())
            m_staleTimer.start();
        return Change::Analysis;
    }
    return Change::Analysis | setStale(state != AnalysisState::Done && !m_hasTotals && m_report->total.layers > 0);
}

Changes AnalysisJob::setStale(bool stale)
{
    m_staleTimer.stop();
    return std::exchange(m_stale, stale) == stale ? Changes() : Changes(Change::Stale);
}

void AnalysisJob::schedule(std::chrono::milliseconds pause)
{
    m_setup.document().tasks().drop(m_id);
    m_publishTimer.stop();
    m_networkRequested = false;
    m_hasTotals = false;
    m_fresh.assign(m_fresh.size(), false);
    if (m_idle)
        return;
    if (m_isPaused) {
        m_waits = true;
        emit changed(setState(AnalysisState::Cancelled));
        return;
    }
    m_startTimer.start(pause);
    emit changed(setState(AnalysisState::Running));
}

void AnalysisJob::setPaused(bool on)
{
    m_isPaused = on;
    if (!on && std::exchange(m_waits, false))
        start();
}

AnalyzeOptions AnalysisJob::options() const
{
    AnalyzeOptions options;
    options.outputError = m_networkRequested ? OutputErrorRequest::Network : OutputErrorRequest::Auto;
    options.inputs = m_setup.document().inputs().current();
    options.keepChannels = true;
    options.previewKept = true;
    options.allowUnmatched = true;
    options.teaching = m_setup.slips();
    options.wanted = [onShow = m_onShow] {
        const std::lock_guard lock(onShow->mutex);
        return onShow->layers;
    };
    return options;
}

void AnalysisJob::start()
{
    if (!m_setup.model() || m_idle)
        return;
    m_startTimer.stop();
    m_hasTotals = false;
    m_fresh.assign(m_fresh.size(), false);
    m_batch = std::make_shared<Batch>();
    AnalyzeOptions how = options();
    how.onTotal = [batch = m_batch](std::shared_ptr<const Report> report) {
        const std::lock_guard lock(batch->mutex);
        batch->layers.clear(); // it has them
        batch->totals = std::move(report);
    };
    m_setup.document().tasks().run(
        {m_id, tr("Quantizing"), JobRank::Analysis}, this,
        [model = m_setup.model(), recipe = m_setup.recipe(), options = std::move(how),
         cache = m_setup.document().cache(), batch = m_batch](const TaskContext &context) {
            return analyze(*model, recipe, options, *cache, context,
                           [&batch](std::size_t index, std::shared_ptr<const LayerReport> layer) {
                               const std::lock_guard lock(batch->mutex);
                               batch->layers.emplace_back(index, std::move(layer));
                           });
        },
        [this](Result<std::shared_ptr<const Report>> result) { finish(std::move(result)); });
    // A repaint takes the longer the more layers there are; it must not take all the time.
    const auto pause = kPublishPause + kPublishPausePerLayer * m_fresh.size();
    m_publishTimer.start(std::chrono::duration_cast<std::chrono::milliseconds>(pause));
    emit changed(setState(AnalysisState::Running));
}

void AnalysisJob::setIdle(bool idle)
{
    if (std::exchange(m_idle, idle) == idle)
        return;
    if (!idle) {
        start();
        return;
    }
    m_setup.document().tasks().drop(m_id);
    m_startTimer.stop();
    m_publishTimer.stop();
    m_state = AnalysisState::None;
}

void AnalysisJob::cancel()
{
    if (m_startTimer.isActive()) {
        m_startTimer.stop();
        emit changed(setState(AnalysisState::Cancelled));
    }
    m_setup.document().tasks().cancel(m_id);
}

void AnalysisJob::runNetwork()
{
    m_networkRequested = true;
    start();
}

void AnalysisJob::setLayersOnShow(std::vector<std::size_t> layers)
{
    const std::lock_guard lock(m_onShow->mutex);
    m_onShow->layers = std::move(layers);
}

std::vector<std::size_t> AnalysisJob::layersOnShow() const
{
    const std::lock_guard lock(m_onShow->mutex);
    return m_onShow->layers;
}

/// A layer's first result comes before its network error: until that is there too, the old one stays.
std::shared_ptr<const LayerReport> AnalysisJob::merged(std::size_t index,
                                                       const std::shared_ptr<const LayerReport> &fresh) const
{
    const LayerReport *old = m_report->layers[index].get();
    const bool hasNew = fresh->outputError.alone || fresh->outputError.upToHere;
    if (hasNew || !old || !(old->outputError.alone || old->outputError.upToHere) || !fresh->decision.quantize)
        return fresh;
    auto copy = std::make_shared<LayerReport>(*fresh);
    copy->outputError = old->outputError;
    return copy;
}

/// The worst layer alone is known when all are: until then that of the report before stays.
std::shared_ptr<Report> AnalysisJob::withTotals(const Report &totals) const
{
    auto report = std::make_shared<Report>(totals);
    const std::optional<std::size_t> worst = m_report->total.worstLayer;
    const bool stays = worst && report->layers[*worst]->decision.quantize;
    report->total.worstLayer = stays ? worst : std::nullopt;
    return report;
}

void AnalysisJob::takeBatch()
{
    std::vector<std::pair<std::size_t, std::shared_ptr<const LayerReport>>> layers;
    std::shared_ptr<const Report> totals;
    {
        const std::lock_guard lock(m_batch->mutex);
        layers.swap(m_batch->layers);
        totals.swap(m_batch->totals);
    }
    if (layers.empty() && !totals)
        return;
    auto report = totals ? withTotals(*totals) : std::make_shared<Report>(*m_report);
    report->complete = false;
    Changes changes = Change::Results;
    if (totals) {
        m_hasTotals = true;
        changes |= setStale(false);
        m_fresh.assign(m_fresh.size(), true);
        for (std::size_t i = 0; i < m_canQuantize.size(); ++i)
            m_canQuantize[i] = report->layers[i]->canQuantize;
    }
    for (const auto &[index, layer] : layers) {
        report->layers[index] = merged(index, layer);
        m_fresh[index] = true;
        m_canQuantize[index] = layer->canQuantize;
    }
    m_report = std::move(report);
    emit changed(changes);
}

void AnalysisJob::finish(Result<std::shared_ptr<const Report>> result)
{
    m_publishTimer.stop();
    if (!result) {
        failWith(result.error());
        return;
    }
    m_setup.document().inputs().accept();
    m_report = std::move(*result);
    m_fresh.assign(m_fresh.size(), true);
    for (std::size_t i = 0; i < m_report->layers.size(); ++i)
        m_canQuantize[i] = m_report->layers[i]->canQuantize;
    emit changed(Change::Results | setState(AnalysisState::Done));
}

void AnalysisJob::failWith(const Error &error)
{
    takeBatch();
    const bool cancelled = error.code == ErrorCode::Cancelled;
    const QString sentence = text::words(error.sentence());
    if (!cancelled && m_setup.document().inputs().reject(sentence))
        return;
    emit changed(setState(cancelled ? AnalysisState::Cancelled : AnalysisState::Failed));
    if (!cancelled)
        emit failed(sentence);
}

} // namespace qs::ui
