// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/parallel.h"

#include "core/base/guarded.h"

#include <algorithm>
#include <atomic>
#include <limits>
#include <memory>
#include <mutex>
#include <optional>

#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/parallel_for.h>
#include <oneapi/tbb/partitioner.h>
#include <oneapi/tbb/task_arena.h>

namespace qs {
namespace {

// One limit for the whole process: two loops at once share the processors instead of each taking all of them.
struct ThreadLimit {
    std::mutex mutex; ///< guards all but the count
    std::unique_ptr<tbb::global_control> control;
    std::shared_ptr<tbb::task_arena> arena; ///< made once per limit: making one for each loop costs microseconds
    std::atomic<int> count{0};              ///< 0: all processors
};

ThreadLimit &threadLimit()
{
    static ThreadLimit limit;
    return limit;
}

std::shared_ptr<tbb::task_arena> arenaFor(int threads)
{
    ThreadLimit &limit = threadLimit();
    const std::lock_guard lock(limit.mutex);
    if (!limit.arena)
        limit.arena = std::make_shared<tbb::task_arena>(threads);
    return limit.arena;
}

// True while this thread works inside a loop: an inner loop stays in the arena of the outer one.
thread_local bool insideLoop = false;

/// State of one parallelFor call.
class Loop
{
public:
    Loop(std::size_t count, const TaskContext &context, const std::function<Result<void>(std::size_t)> &body)
        : m_count(count)
        , m_context(context)
        , m_body(body)
    {}

    /// On the calling thread alone.
    void runInPlace()
    {
        const bool outer = insideLoop;
        insideLoop = true;
        takeItems();
        insideLoop = outer;
    }

    void run(int threads)
    {
        const auto workers = static_cast<int>(std::min<std::size_t>(m_count, static_cast<std::size_t>(threads)));
        const auto work = [this](int) { runInPlace(); };
        // Isolated, so that a thread that waits for this loop does not pick up an item of an outer one meanwhile.
        tbb::this_task_arena::isolate([&] { tbb::parallel_for(0, workers, work, tbb::simple_partitioner()); });
    }

    Result<void> result()
    {
        if (m_error)
            return std::unexpected(std::move(*m_error));
        return m_done.load() == m_count ? Result<void>{} : m_context.check();
    }

private:
    // Items are handed out in index order. Whatever fails first, all lower ones have been started and are finished,
    // so the reported error does not depend on timing.
    void takeItems()
    {
        while (!m_failed.load(std::memory_order_relaxed) && !m_context.cancelled()) {
            const std::size_t index = m_next.fetch_add(1, std::memory_order_relaxed);
            if (index >= m_count)
                return;
            if (Result<void> result = guarded([&] { return m_body(index); }); result)
                m_done.fetch_add(1, std::memory_order_relaxed);
            else
                remember(index, std::move(result).error());
        }
    }

    void remember(std::size_t index, Error error)
    {
        const std::lock_guard lock(m_mutex);
        m_failed = true;
        if (index < m_errorIndex) {
            m_errorIndex = index;
            m_error = std::move(error);
        }
    }

    const std::size_t m_count;
    const TaskContext &m_context;
    const std::function<Result<void>(std::size_t)> &m_body;
    std::atomic<std::size_t> m_next{0};
    std::atomic<std::size_t> m_done{0};
    std::atomic<bool> m_failed{false};
    std::mutex m_mutex;
    std::size_t m_errorIndex = std::numeric_limits<std::size_t>::max();
    std::optional<Error> m_error;
};

} // namespace

void setThreadCount(int count)
{
    ThreadLimit &limit = threadLimit();
    const std::lock_guard lock(limit.mutex);
    limit.control.reset();
    limit.arena.reset();
    if (count > 0)
        limit.control = std::make_unique<tbb::global_control>(tbb::global_control::max_allowed_parallelism,
                                                              static_cast<std::size_t>(count));
    limit.count = std::max(count, 0);
}

int threadCount()
{
    const int count = threadLimit().count;
    return count > 0 ? count : tbb::this_task_arena::max_concurrency();
}

Result<void> parallelFor(std::size_t count, const TaskContext &context,
                         const std::function<Result<void>(std::size_t)> &body)
{
    Loop loop(count, context, body);
    const int threads = threadCount();
    if (count == 0)
        return {};
    if (count == 1 || threads == 1)
        loop.runInPlace();
    else if (insideLoop)
        loop.run(threads);
    else
        arenaFor(threads)->execute([&] { loop.run(threads); });
    return loop.result();
}

} // namespace qs
