// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The walker: what runs again after a change, what is kept, and that it comes to the same as a run from nothing.
#include "core/eval/stored_value.h"
#include "core/eval/trace.h"
#include "core/network/makers.h"
#include "tests/support/onnx_networks.h"

#include <random>

using namespace qs;
using namespace qs::test;

namespace {

constexpr std::uint64_t kBytes = std::uint64_t{1} << 24U;

/// A network with its stored values, some of which are replaced by others.
struct Bench {
    explicit Bench(const QByteArray &bytes)
        : model(openBytes(folder, "a.onnx", bytes))
    {
        const auto search = findNetwork(*model, {}, {});
        if (!search || !search->network)
            qFatal("there is no network");
        auto made = RunPlan::make(*model, search->network);
        if (!made)
            qFatal("%s", made.error().text().c_str());
        plan = *made;
        keepAll.assign(plan->network().values.size(), true);
    }

    std::uint32_t value(const std::string &name) const
    {
        const auto &values = plan->network().values;
        for (std::uint32_t v = 0; v < values.size(); ++v)
            if (values[v].name == name)
                return v;
        qFatal("there is no value %s", name.c_str());
    }

    ValuePtr randomLike(const Value &other, std::uint32_t seed)
    {
        const auto result = Value::make(ElementKind::Float, other.shape(), budget).value();
        std::ranges::copy(randomValues(result->size(), seed), result->floats().begin());
        return result;
    }

    Result<ValuePtr> stored(std::uint32_t v)
    {
        if (const auto found = replaced.find(v); found != replaced.end())
            return found->second;
        const NetworkValue &about = plan->network().values[v];
        return about.tensor ? tensorValue(*model, *about.tensor, budget, {})
                            : constantValue(plan->network().constants[about.constant], budget);
    }

    void feed(Trace &trace, std::uint32_t seed)
    {
        trace.values.resize(plan->network().values.size());
        const auto x = Value::make(ElementKind::Float, {1, 6}, budget).value();
        std::ranges::copy(randomValues(6, seed, 1), x->floats().begin());
        trace.values[value("x")] = x;
    }

    /// Names of the nodes that ran, in order.
    QStringList run(Trace &trace, const std::vector<std::uint32_t> &changed, const std::vector<bool> &keep)
    {
        QStringList names;
        TraceRun request{*plan, [this](std::uint32_t v, const TaskContext &) { return stored(v); }, keep, budget};
        request.onStep = [&](std::size_t step, double) -> Result<void> {
            names << QString::fromStdString(plan->nodeOf(plan->steps()[step]).op);
            return {};
        };
        if (const auto done = qs::run(request, changed, trace, {}); !done)
            qFatal("%s", done.error().text().c_str());
        return names;
    }

    QTemporaryDir folder;
    std::shared_ptr<const Model> model;
    std::shared_ptr<const RunPlan> plan;
    MemoryBudget budget{kBytes};
    std::vector<bool> keepAll;
    std::map<std::uint32_t, ValuePtr> replaced;
};

bool equal(const Trace &a, const Trace &b)
{
    return std::ranges::equal(a.values, b.values,
                              [](const ValuePtr &x, const ValuePtr &y) { return (!x && !y) || (x && y && *x == *y); });
}

} // namespace

class TestEvalTrace : public QObject
{
    Q_OBJECT

private slots:
    void layersInOrderOfUse()
    {
        const Bench bench(onnx::branchingNetwork());
        QStringList names;
        for (const LayerSlot &slot : bench.plan->layerSlots())
            names << QString::fromStdString(bench.model->layers[slot.layer].name) + ":" +
                         QString::fromStdString(bench.plan->network().values[slot.output].name);
        QCOMPARE(names.join(' '),
                 QString("fc1.weight:a fc2.weight:d shared.weight:s1 then.weight:then.y else.weight:else.m"));
    }

    void onlyWhatChangesRuns()
    {
        Bench bench(onnx::branchingNetwork());
        Trace trace;
        bench.feed(trace, 1);
        QCOMPARE(bench.run(trace, {}, bench.keepAll).size(), 13);
        QCOMPARE(bench.run(trace, {}, bench.keepAll).size(), 0);
        // Behind fc2: its shape comes out as it was, and the Reshape runs because of its data.
        const std::uint32_t weight = bench.value("fc2.weight");
        bench.replaced[weight] = bench.randomLike(*bench.stored(weight).value(), 77);
        QCOMPARE(bench.run(trace, {weight}, bench.keepAll).join(' '),
                 QString("MatMul Add Shape Reshape MatMul MatMul ReduceSum Less If Softmax"));
        Trace fresh;
        bench.feed(fresh, 1);
        bench.run(fresh, {}, bench.keepAll);
        QVERIFY(equal(trace, fresh));
    }

    void wholeNumbersStopTheChange()
    {
        Bench bench(onnx::model(
            onnx::typedGraph({onnx::node("MatMul", {"x", "w"}, {"a"}), onnx::node("Shape", {"a"}, {"s"}),
                              onnx::node("ConstantOfShape", {"s"}, {"zeros"}),
                              onnx::node("Add", {"zeros", "zeros"}, {"b"}), onnx::node("MatMul", {"b", "v"}, {"y"})},
                             {onnx::randomTensor("w", {6, 4}, 1), onnx::randomTensor("v", {4, 3}, 2)},
                             {onnx::port("x", {1, 6})}, {onnx::port("y", {1, 3})})));
        Trace trace;
        bench.feed(trace, 1);
        bench.run(trace, {}, bench.keepAll);
        const std::uint32_t weight = bench.value("w");
        bench.replaced[weight] = bench.randomLike(*bench.stored(weight).value(), 77);
        QCOMPARE(bench.run(trace, {weight}, bench.keepAll).join(' '), QString("MatMul Shape"));
    }

    /// After any edits the trace is that of a run from nothing, bit for bit: of all values, and of those that are kept
    /// to start again from.
    void editsEqualFreshRuns_data()
    {
        QTest::addColumn<bool>("all");
        QTest::newRow("all values kept") << true;
        QTest::newRow("values to start from") << false;
    }

    void editsEqualFreshRuns()
    {
        QFETCH(const bool, all);
        Bench bench(onnx::branchingNetwork());
        std::vector<bool> keep = all ? bench.keepAll : bench.plan->restartValues();
        keep[bench.value("x")] = true;
        for (const std::uint32_t output : bench.plan->network().graphs[0].outputs)
            keep[output] = true;
        Trace trace;
        bench.feed(trace, 3);
        bench.run(trace, {}, keep);
        std::mt19937 random(5);
        std::size_t conditions = 0;
        for (std::uint32_t edit = 0; edit < 200; ++edit) {
            std::vector<std::uint32_t> changed;
            for (const LayerSlot &slot : bench.plan->layerSlots()) {
                if (random() % 3 != 0)
                    continue;
                for (const std::uint32_t value : slot.values) {
                    changed.push_back(value);
                    if (random() % 2 == 0)
                        bench.replaced[value] = bench.randomLike(*bench.stored(value).value(), edit * 31 + value);
                    else
                        bench.replaced.erase(value);
                }
            }
            bench.run(trace, changed, keep);
            Trace fresh;
            bench.feed(fresh, 3);
            bench.run(fresh, {}, keep);
            QVERIFY2(equal(trace, fresh), qPrintable(QString("edit %1").arg(edit)));
            conditions += fresh.values[bench.value("sum")]->floats()[0] > 0;
        }
        QVERIFY(conditions > 20 && conditions < 180); // both branches were taken
    }

    void valuesGoWhenNothingTakesThem()
    {
        Bench bench(onnx::branchingNetwork());
        std::vector<bool> keep(bench.keepAll.size());
        keep[bench.value("y")] = true;
        keep[bench.value("x")] = true;
        Trace trace;
        bench.feed(trace, 1);
        bench.run(trace, {}, keep);
        std::size_t left = 0;
        for (const ValuePtr &value : trace.values)
            left += value != nullptr;
        QCOMPARE(left, 2U);
        // What was not kept is made again where it is needed.
        Trace all;
        bench.feed(all, 1);
        bench.run(all, {}, bench.keepAll);
        QVERIFY(*trace.values[bench.value("y")] == *all.values[bench.value("y")]);
        QVERIFY(bench.run(trace, {bench.value("fc2.weight")}, keep).contains("Relu"));
    }

    void stopsAndTellsOfErrors()
    {
        Bench bench(onnx::branchingNetwork());
        Trace trace;
        bench.feed(trace, 1);
        const TraceRun request{*bench.plan, [&](std::uint32_t v, const TaskContext &) { return bench.stored(v); },
                               bench.keepAll, bench.budget};
        std::stop_source stop;
        stop.request_stop();
        const auto stopped = qs::run(request, {}, trace, {stop.get_token(), {}});
        QVERIFY(!stopped && stopped.error().code == ErrorCode::Cancelled);
        bench.feed(trace, 1);
        const auto wrong = Value::make(ElementKind::Float, {1, 7}, bench.budget).value();
        std::ranges::fill(wrong->floats(), 1.F);
        trace.values[bench.value("x")] = wrong;
        const auto failed = qs::run(request, {}, trace, {});
        QVERIFY(!failed);
        QVERIFY2(failed.error().text().find("'a'") != std::string::npos, failed.error().text().c_str());
    }
};

QTEST_GUILESS_MAIN(TestEvalTrace)
#include "tst_eval_trace.moc"
