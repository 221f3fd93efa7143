// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/tasks/task_runner.h"

#include <QSignalSpy>
#include <QTest>
#include <QThread>

#include <atomic>
#include <chrono>
#include <thread>

using namespace qs;
using namespace qs::ui;
using namespace std::chrono_literals;

namespace {

/// Work that ends when it is told to.
Result<int> waitForStop(const TaskContext &context)
{
    while (!context.cancelled())
        std::this_thread::sleep_for(1ms);
    return fail(ErrorCode::Cancelled, Text::of("stopped on request"));
}

} // namespace

class TestTaskRunner : public QObject
{
    Q_OBJECT
private slots:
    void deliversInGuiThread();
    void replacesByTag();
    void cancels();
    void forgetsGoneContext();
    void throttlesProgress();
    void waitsInDestructor();
};

void TestTaskRunner::deliversInGuiThread()
{
    TaskRunner runner;
    QObject context;
    QSignalSpy ended(&runner, &TaskRunner::ended);
    Qt::HANDLE worker = nullptr;
    int result = 0;
    Qt::HANDLE receiver = nullptr;
    runner.run(
        {"tag", {}, JobRank::View}, &context,
        [&](const TaskContext &) {
            worker = QThread::currentThreadId();
            return 7;
        },
        [&](int value) {
            result = value;
            receiver = QThread::currentThreadId();
        });
    QVERIFY(runner.isRunning("tag"));
    QVERIFY(ended.wait());
    QCOMPARE(result, 7);
    QVERIFY(worker != QThread::currentThreadId());
    QVERIFY(receiver == QThread::currentThreadId());
    QVERIFY(!runner.isRunning("tag"));
}

void TestTaskRunner::replacesByTag()
{
    TaskRunner runner;
    QObject context;
    QStringList delivered;
    runner.run({"tag", {}, JobRank::View}, &context, waitForStop, [&](const Result<int> &) { delivered << "old"; });
    runner.run(
        {"other", {}, JobRank::View}, &context, [](const TaskContext &) { return 1; },
        [&](int) { delivered << "other"; });
    runner.run(
        {"tag", {}, JobRank::View}, &context, [](const TaskContext &) { return 2; }, [&](int) { delivered << "new"; });
    QTRY_COMPARE(delivered.size(), 2);
    QTest::qWait(30);
    delivered.sort();
    QCOMPARE(delivered, QStringList({"new", "other"}));
}

void TestTaskRunner::cancels()
{
    TaskRunner runner;
    QObject context;
    bool cancelled = false;
    runner.run({"tag", {}, JobRank::View}, &context, waitForStop,
               [&](const Result<int> &result) { cancelled = !result && result.error().code == ErrorCode::Cancelled; });
    runner.cancel("tag");
    QTRY_VERIFY(cancelled);
}

void TestTaskRunner::forgetsGoneContext()
{
    TaskRunner runner;
    QSignalSpy ended(&runner, &TaskRunner::ended);
    bool delivered = false;
    {
        QObject context;
        runner.run(
            {"tag", {}, JobRank::View}, &context, [](const TaskContext &) { return 1; },
            [&](int) { delivered = true; });
    }
    QVERIFY(ended.wait());
    QVERIFY(!delivered);
}

void TestTaskRunner::throttlesProgress()
{
    TaskRunner runner;
    QObject context;
    QSignalSpy progress(&runner, &TaskRunner::progressed);
    QSignalSpy ended(&runner, &TaskRunner::ended);
    runner.run(
        {"tag", {}, JobRank::View}, &context,
        [](const TaskContext &task) {
            for (int i = 0; i < 100000; ++i)
                task.report(i / 100000.0, Text::of("work"));
            return 1;
        },
        [](int) {});
    QVERIFY(ended.wait());
    QVERIFY2(progress.size() >= 1 && progress.size() < 60, qPrintable(QString::number(progress.size())));
}

void TestTaskRunner::waitsInDestructor()
{
    std::atomic<bool> finished = false;
    QObject context;
    {
        TaskRunner runner;
        runner.run(
            {"tag", {}, JobRank::View}, &context,
            [&](const TaskContext &task) {
                const auto result = waitForStop(task);
                std::this_thread::sleep_for(20ms);
                finished = true;
                return result;
            },
            [](const Result<int> &) { QFAIL("delivered after the end"); });
    }
    QVERIFY(finished);
}

QTEST_GUILESS_MAIN(TestTaskRunner)
#include "tst_task_runner.moc"
