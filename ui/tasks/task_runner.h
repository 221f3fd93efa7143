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
#include <type_traits>
#include <vector>

namespace qs::ui {

/// Runs jobs off the GUI thread, each under a tag. Starting a tag that is running stops the old job and drops its
/// result. All methods are called from the GUI thread, and all signals and results arrive there.
class TaskRunner : public QObject
{
    Q_OBJECT
public:
    explicit TaskRunner(QObject *parent = nullptr);
    /// Stops all jobs and waits for them; their results are dropped.
    ~TaskRunner() override;

    /// Calls work(const TaskContext &) on a thread of its own, then done(result) in the GUI thread, unless the job was
    /// replaced or dropped, or `context` is gone.
    template <class Work, class Done> void run(const QString &tag, QObject *context, Work work, Done done)
    {
        using T = std::invoke_result_t<Work, const TaskContext &>;
        start(tag,
              [work = std::move(work), done = std::move(done),
               guard = QPointer<QObject>(context)](const TaskContext &task) mutable -> std::function<void()> {
                  auto result = std::make_shared<T>(work(task));
                  return [result, done = std::move(done), guard]() mutable {
                      if (guard)
                          done(std::move(*result));
                  };
              });
    }

    bool isRunning(const QString &tag) const;
    /// Asks the job to stop; its (cancelled) result is still delivered.
    void cancel(const QString &tag);
    /// Asks the job to stop and forgets it: no result, no more signals.
    void drop(const QString &tag);
    /// Drops every job and returns when all their threads have ended.
    void stopAll();

signals:
    void started(const QString &tag);
    /// At most every 30 ms, and only when the fraction has moved by 0.1 % or the text has changed.
    void progressed(const QString &tag, double fraction, const QString &text);
    /// After the result was delivered, and when a job was dropped.
    void ended(const QString &tag);

private:
    struct Job;
    /// Does the work and returns what is to be done in the GUI thread.
    using Body = std::function<std::function<void()>(const TaskContext &)>;

    void start(const QString &tag, Body body);
    void finish(const std::shared_ptr<Job> &job, const std::function<void()> &deliver);
    std::shared_ptr<Job> current(const QString &tag) const;

    std::vector<std::shared_ptr<Job>> m_jobs; ///< with dropped ones whose threads have not ended yet
};

} // namespace qs::ui
