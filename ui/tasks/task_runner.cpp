// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/tasks/task_runner.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <mutex>
#include <string>
#include <thread>

namespace qs::ui {

namespace {

constexpr auto kProgressInterval = std::chrono::milliseconds(30);
constexpr double kProgressStep = 0.001;

/// Lets through what a person can follow.
class Throttle
{
public:
    bool passes(double fraction, const Text &text)
    {
        const std::lock_guard lock(m_mutex);
        const auto now = std::chrono::steady_clock::now();
        const bool news = std::abs(fraction - m_fraction) >= kProgressStep || text != m_text;
        if (!news || now - m_time < kProgressInterval)
            return false;
        m_time = now;
        m_fraction = fraction;
        m_text = text;
        return true;
    }

private:
    std::mutex m_mutex;
    std::chrono::steady_clock::time_point m_time;
    double m_fraction = -1;
    Text m_text;
};

} // namespace

struct TaskRunner::Job {
    JobInfo info;
    std::stop_source stop;
    bool dropped = false; ///< touched by the GUI thread only
    Throttle throttle;
    std::thread thread;
};

TaskRunner::TaskRunner(QObject *parent)
    : QObject(parent)
{}

TaskRunner::~TaskRunner()
{
    blockSignals(true);
    stopAll();
}

void TaskRunner::start(const JobInfo &info, Body body)
{
    drop(info.id);
    auto job = std::make_shared<Job>();
    job->info = info;
    m_jobs.push_back(job);
    TaskContext context;
    context.stop = job->stop.get_token();
    // The job's thread is joined before the job goes away, so a plain pointer is enough here.
    context.progress = [this, raw = job.get(), weak = std::weak_ptr(job)](double fraction, const Text &text) {
        if (!raw->throttle.passes(fraction, text))
            return;
        QMetaObject::invokeMethod(
            this,
            [this, weak, fraction, text] {
                if (const auto strong = weak.lock(); strong && !strong->dropped)
                    emit progressed(strong->info.id, fraction, text);
            },
            Qt::QueuedConnection);
    };
    job->thread = std::thread([this, weak = std::weak_ptr(job), context, body = std::move(body)]() mutable {
        std::function<void()> deliver = body(context);
        // What the work holds (a model, its cache) is released before the result is announced.
        body = nullptr;
        QMetaObject::invokeMethod(
            this,
            [this, weak, deliver = std::move(deliver)] {
                if (const auto strong = weak.lock())
                    finish(strong, deliver);
            },
            Qt::QueuedConnection);
    });
    emit started(info.id);
}

void TaskRunner::finish(const std::shared_ptr<Job> &job, const std::function<void()> &deliver)
{
    job->thread.join();
    std::erase(m_jobs, job);
    if (job->dropped)
        return;
    // The result may start the same job anew: then it has not ended.
    deliver();
    if (!isRunning(job->info.id))
        emit ended(job->info.id);
}

std::shared_ptr<TaskRunner::Job> TaskRunner::current(const QString &id) const
{
    const auto found =
        std::ranges::find_if(m_jobs, [&](const auto &job) { return job->info.id == id && !job->dropped; });
    return found == m_jobs.end() ? nullptr : *found;
}

bool TaskRunner::isRunning(const QString &id) const
{
    return current(id) != nullptr;
}

std::optional<JobInfo> TaskRunner::foremost() const
{
    std::optional<JobInfo> foremost;
    for (const auto &job : m_jobs)
        if (!job->dropped && (!foremost || job->info.rank >= foremost->rank))
            foremost = job->info;
    return foremost;
}

void TaskRunner::cancel(const QString &id)
{
    if (const auto job = current(id))
        job->stop.request_stop();
}

void TaskRunner::drop(const QString &id)
{
    if (const auto job = current(id)) {
        job->stop.request_stop();
        job->dropped = true;
        emit ended(id);
    }
}

void TaskRunner::stopAll()
{
    for (const auto &job : m_jobs)
        job->stop.request_stop();
    auto jobs = std::exchange(m_jobs, {});
    for (const auto &job : jobs) {
        const bool wasDropped = std::exchange(job->dropped, true);
        job->thread.join();
        if (!wasDropped)
            emit ended(job->info.id);
    }
}

} // namespace qs::ui
