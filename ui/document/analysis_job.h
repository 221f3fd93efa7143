// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// AnalysisJob: keeps the results of one setup up to date and publishes them layer by layer.
#pragma once

#include "core/analysis/analyze.h"
#include "ui/document/changes.h"

#include <QObject>
#include <QTimer>

#include <memory>
#include <mutex>
#include <vector>

namespace qs::ui {

class Setup;

enum class AnalysisState { None, Running, Done, Cancelled, Failed };

class AnalysisJob : public QObject
{
    Q_OBJECT
public:
    /// `id` names the job among all that run.
    AnalysisJob(Setup &setup, const QString &id);

    AnalysisState state() const { return m_state; }
    /// Never null while a model is open; its layers are null until they were computed for the first time.
    const std::shared_ptr<const Report> &report() const { return m_report; }
    /// True when the layer's results are those of the present recipe.
    bool isFresh(std::size_t layer) const { return m_fresh[layer]; }
    std::size_t freshLayers() const;
    bool canQuantize(std::size_t layer) const { return m_canQuantize[layer]; }
    /// True when results of an earlier recipe have been on show for so long that a view should say so.
    bool isStale() const { return m_stale; }

    /// Another model is open: forgets everything. `chain` says which network can be run, or why none can.
    void reset(std::shared_ptr<const ChainSearch> chain);
    /// Forgets that layers are fresh, and starts in the next turn of the event loop, or when `pause` is over.
    void schedule(std::chrono::milliseconds pause = {});
    /// Also continues after a cancellation and tries again after a failure.
    void start();
    void cancel();
    /// While it is on, nothing starts by itself; what was to start does so afterwards.
    void setPaused(bool on);
    /// Nobody looks at this setup: nothing is computed until somebody does.
    void setIdle(bool idle);
    /// What analyses are run with: inputs, layers on show, whether the network was asked for.
    AnalyzeOptions options() const;
    /// Runs the network once although it is too large to be run by itself.
    void runNetwork();
    /// Layers that can be seen now: an analysis does those first.
    void setLayersOnShow(std::vector<std::size_t> layers);
    std::vector<std::size_t> layersOnShow() const;

signals:
    void changed(qs::ui::Changes changes);
    void failed(const QString &sentence);

private:
    /// Results on their way from the analysis thread.
    struct Batch {
        std::mutex mutex;
        std::shared_ptr<const Report> totals; ///< final, with all layers so far; or null
        std::vector<std::pair<std::size_t, std::shared_ptr<const LayerReport>>> layers;
    };
    /// Layers that can be seen now, for the analysis thread to look up.
    struct OnShow {
        std::mutex mutex;
        std::vector<std::size_t> layers;
    };

    Changes setState(AnalysisState state);
    Changes setStale(bool stale);
    void takeBatch();
    std::shared_ptr<Report> withTotals(const Report &totals) const;
    void finish(Result<std::shared_ptr<const Report>> result);
    void failWith(const Error &error);
    std::shared_ptr<const LayerReport> merged(std::size_t index, const std::shared_ptr<const LayerReport> &fresh) const;

    Setup &m_setup;
    QString m_id;
    AnalysisState m_state = AnalysisState::None;
    std::shared_ptr<const Report> m_report;
    std::vector<bool> m_fresh;
    std::vector<bool> m_canQuantize;
    bool m_stale = false;
    bool m_hasTotals = false; ///< those on show are of the present recipe
    bool m_networkRequested = false;
    bool m_isPaused = false;
    bool m_waits = false; ///< for the end of the pause
    bool m_idle = false;
    QTimer m_startTimer;
    QTimer m_publishTimer;
    QTimer m_staleTimer;
    std::shared_ptr<Batch> m_batch;
    std::shared_ptr<OnShow> m_onShow = std::make_shared<OnShow>();
};

} // namespace qs::ui
