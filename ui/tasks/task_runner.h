// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// TaskRunner: the only place that starts background work.
#pragma once

#include "core/base/task_context.h"

#include <QObject>
#include <QPointer>
#include <QString>

#include <functional>
#include <memory>
#include <optional>
#include <type_traits>
#include <vector>

namespace qs::ui {

/// What a user waits for; where several jobs run, the last of these that one of them has is on show.
enum class JobRank { View, Analysis, Reading, Opening, Writing };

struct JobInfo {
    QString id;
    QString title; ///< for people, while it runs
    JobRank rank = JobRank::View;
};

/// Runs jobs off the GUI thread. Starting a job whose id is running stops the old one and drops its result. All methods
/// are called from the GUI thread, and all signals and results arrive there.
class TaskRunner : public QObject
{
    Q_OBJECT
public:
    explicit TaskRunner(QObject *parent = nullptr);
    /// Stops all jobs and waits for them; their results are dropped.
    ~TaskRunner() override;

    /// Calls work(const TaskContext &) on a thread of its own, then done(result) in the GUI thread, unless the job was
    /// replaced or dropped, or `context` is gone.
    template <class Work, class Done> void run(const JobInfo &info, QObject *context, Work work, Done done)
    {
        using T = std::invoke_result_t<Work, const TaskContext &>;
        start(info,
              [work = std::move(work), done = std::move(done),
               guard = QPointer<QObject>(context)](const TaskContext &task) mutable -> std::function<void()> {
                  auto result = std::make_shared<T>(work(task));
                  return [result, done = std::move(done), guard]() mutable {
                      if (guard)
                          done(std::move(*result));
                  };
              });
    }

    bool isRunning(const QString &id) const;
    /// Of the running jobs the one of the highest rank, the newest of those; nothing when none runs.
    std::optional<JobInfo> foremost() const;
    /// Asks the job to stop; its (cancelled) result is still delivered.
    void cancel(const QString &id);
    /// Asks the job to stop and forgets it: no result, no more signals.
    void drop(const QString &id);
    /// Drops every job and returns when all their threads have ended.
    void stopAll();

signals:
    void started(const QString &id);
    /// At most every 30 ms, and only when the fraction has moved by 0.1 % or the text has changed.
    void progressed(const QString &id, double fraction, const qs::Text &text);
    /// After the result was delivered, and when a job was dropped.
    void ended(const QString &id);

private:
    struct Job;
    /// Does the work and returns what is to be done in the GUI thread.
    using Body = std::function<std::function<void()>(const TaskContext &)>;

    void start(const JobInfo &info, Body body);
    void finish(const std::shared_ptr<Job> &job, const std::function<void()> &deliver);
    std::shared_ptr<Job> current(const QString &id) const;

    std::vector<std::shared_ptr<Job>> m_jobs; ///< with dropped ones whose threads have not ended yet
};

} // namespace qs::ui
