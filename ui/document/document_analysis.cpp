// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The part of Document that runs the analysis and publishes its results layer by layer.
#include "ui/document/document.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace qs::ui {

namespace {

/// Results are shown in gulps: a repaint of everything per layer would cost more than the analysis.
constexpr auto kPublishPause = std::chrono::milliseconds(40);
constexpr auto kPublishPausePerLayer = std::chrono::microseconds(50);

} // namespace

std::size_t Document::freshLayers() const
{
    return static_cast<std::size_t>(std::ranges::count(m_fresh, true));
}

void Document::setAnalysis(Analysis state)
{
    m_analysis = state;
    emit analysisChanged();
}

void Document::scheduleAnalysis()
{
    m_tasks.drop(kAnalysisTask);
    m_publishTimer.stop();
    m_networkRequested = false;
    m_fresh.assign(m_fresh.size(), false);
    m_restartTimer.start();
    setAnalysis(Analysis::Running);
}

void Document::startAnalysis()
{
    if (!m_model)
        return;
    m_restartTimer.stop();
    AnalyzeOptions options;
    options.outputError = m_networkRequested ? OutputErrorRequest::Network : OutputErrorRequest::Auto;
    options.inputs = m_inputs;
    options.keepChannels = true;
    options.previewKept = true;
    options.allowUnmatched = true;
    options.wanted = [onShow = m_onShow] {
        const std::lock_guard lock(onShow->mutex);
        return onShow->layers;
    };
    m_fresh.assign(m_fresh.size(), false);
    m_batch = std::make_shared<Batch>();
    m_tasks.run(
        kAnalysisTask, this,
        [model = m_model, recipe = m_recipe, options, cache = m_cache, batch = m_batch](const TaskContext &context) {
            return analyze(*model, recipe, options, *cache, context,
                           [&batch](std::size_t index, std::shared_ptr<const LayerReport> layer) {
                               const std::lock_guard lock(batch->mutex);
                               batch->layers.emplace_back(index, std::move(layer));
                           });
        },
        [this](Result<std::shared_ptr<const Report>> result) { finishAnalysis(std::move(result)); });
    // A repaint takes the longer the more layers there are; it must not take all the time.
    const auto pause = kPublishPause + kPublishPausePerLayer * m_model->layers.size();
    m_publishTimer.start(std::chrono::duration_cast<std::chrono::milliseconds>(pause));
    setAnalysis(Analysis::Running);
}

void Document::setLayersOnShow(std::vector<std::size_t> layers)
{
    const std::lock_guard lock(m_onShow->mutex);
    m_onShow->layers = std::move(layers);
}

std::vector<std::size_t> Document::layersOnShow() const
{
    const std::lock_guard lock(m_onShow->mutex);
    return m_onShow->layers;
}

void Document::cancelAnalysis()
{
    if (m_restartTimer.isActive()) {
        m_restartTimer.stop();
        setAnalysis(Analysis::Cancelled);
    }
    m_tasks.cancel(kAnalysisTask);
}

void Document::runNetwork()
{
    m_networkRequested = true;
    startAnalysis();
}

/// A layer's first result comes before its network error: until that is there too, the old one stays.
std::shared_ptr<const LayerReport> Document::merged(std::size_t index,
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

void Document::takeBatch()
{
    std::vector<std::pair<std::size_t, std::shared_ptr<const LayerReport>>> layers;
    {
        const std::lock_guard lock(m_batch->mutex);
        layers.swap(m_batch->layers);
    }
    if (layers.empty())
        return;
    auto report = std::make_shared<Report>(*m_report);
    report->complete = false;
    for (const auto &[index, layer] : layers) {
        report->layers[index] = merged(index, layer);
        m_fresh[index] = true;
        m_canQuantize[index] = layer->canQuantize;
    }
    m_report = std::move(report);
    emit resultsChanged();
    refreshDistribution();
}

void Document::finishAnalysis(Result<std::shared_ptr<const Report>> result)
{
    m_publishTimer.stop();
    takeBatch();
    if (!result) {
        const bool cancelled = result.error().code == ErrorCode::Cancelled;
        if (!cancelled && m_inputsBefore) {
            m_inputs = *std::exchange(m_inputsBefore, std::nullopt);
            emit refused(QString::fromStdString(result.error().text()));
            startAnalysis();
            return;
        }
        setAnalysis(cancelled ? Analysis::Cancelled : Analysis::Failed);
        if (!cancelled)
            emit analysisFailed(QString::fromStdString(result.error().text()));
        return;
    }
    m_inputsBefore.reset();
    m_report = std::move(*result);
    m_fresh.assign(m_fresh.size(), true);
    for (std::size_t i = 0; i < m_report->layers.size(); ++i)
        m_canQuantize[i] = m_report->layers[i]->canQuantize;
    m_analysis = Analysis::Done;
    emit resultsChanged();
    emit analysisChanged();
    refreshDistribution();
}

void Document::setInputs(const QString &inputsPath, const QString &labelsPath)
{
    if (!m_model)
        return;
    if (inputsPath.isEmpty()) {
        m_inputs.reset();
        m_inputsBefore.reset();
        scheduleAnalysis();
        return;
    }
    m_tasks.run(
        kInputsTask, this,
        [inputs = inputsPath.toStdString(), labels = labelsPath.toStdString()](const TaskContext &) {
            return loadInputs(inputs, labels);
        },
        [this](Result<std::shared_ptr<const NetworkInputs>> inputs) {
            if (!inputs) {
                emit refused(QString::fromStdString(inputs.error().text()));
                return;
            }
            if (!m_inputsBefore)
                m_inputsBefore = m_inputs;
            m_inputs = std::move(*inputs);
            scheduleAnalysis();
        });
}

} // namespace qs::ui
