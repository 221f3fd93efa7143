// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Sessions: what comes first, and that little memory changes how much is run, but no number.
#include "core/base/parallel.h"
#include "core/eval/network_session.h"
#include "core/eval/stored_value.h"
#include "core/network/makers.h"
#include "tests/support/onnx_networks.h"

#include <cmath>

using namespace qs;
using namespace qs::test;

namespace {

constexpr int kLayers = 8;
constexpr int kRows = 2048;
constexpr int kWidth = 64;
constexpr std::uint64_t kMebi = std::uint64_t{1} << 20U;
constexpr std::uint64_t kEnough = 1024 * kMebi;

/// x → (MatMul → Tanh) × kLayers → y; every value has half a MiB.
QByteArray deepNetwork()
{
    using namespace onnx;
    QByteArrayList nodes;
    QByteArrayList weights;
    QByteArray from = "x";
    for (int k = 0; k < kLayers; ++k) {
        const QByteArray number = QByteArray::number(k);
        weights << randomTensor("w" + number, {kWidth, kWidth}, static_cast<std::uint32_t>(k + 1), 0.3F);
        nodes << node("MatMul", {from, "w" + number}, {"m" + number});
        from = k + 1 == kLayers ? QByteArray("y") : "t" + number;
        nodes << node("Tanh", {"m" + number}, {from});
    }
    return onnx::model(typedGraph(nodes, weights, {port("x", {kRows, kWidth})}, {port("y", {kRows, kWidth})}));
}

} // namespace

class TestEvalSession : public QObject
{
    Q_OBJECT

private slots:
    void littleMemory_data()
    {
        QTest::addColumn<quint64>("mebibytes");
        QTest::addColumn<bool>("upToHere");
        QTest::newRow("one sample is kept") << quint64{60} << true;
        QTest::newRow("none is kept") << quint64{24} << true;
        QTest::newRow("only what is compared fits") << quint64{8} << true;
        QTest::newRow("only outputs fit") << quint64{4} << false;
    }

    void littleMemory()
    {
        QFETCH(const quint64, mebibytes);
        QFETCH(const bool, upToHere);
        const NetworkResult all = measured(MemoryBudget(kEnough), 4);
        MemoryBudget budget(mebibytes * kMebi);
        const NetworkResult few = measured(budget, 4);
        QVERIFY(budget.peak() <= mebibytes * kMebi);
        QVERIFY(all.total.relativeError.has_value());
        QCOMPARE(few.total.relativeError, all.total.relativeError);
        for (std::size_t layer = 0; layer < all.layers.size(); ++layer) {
            QVERIFY(all.layers[layer].alone.has_value());
            QCOMPARE(few.layers[layer].alone, all.layers[layer].alone);
            QCOMPARE(few.layers[layer].upToHere, upToHere ? all.layers[layer].upToHere : std::nullopt);
        }
    }

    void tooLittleMemory()
    {
        MemoryBudget budget(kMebi);
        const auto result = measure(budget, 1, {});
        QVERIFY(!result && result.error().code == ErrorCode::Work);
        QVERIFY2(result.error().text().find("bytes of memory are needed") != std::string::npos,
                 result.error().text().c_str());
    }

    /// As many samples as one likes: only those that fit are held.
    void manySamples()
    {
        MemoryBudget budget(16 * kMebi);
        const NetworkResult result = measured(budget, 40); // of half a MiB each
        QCOMPARE(result.total.samples, 40U);
        QVERIFY(budget.peak() <= 16 * kMebi);
    }

    void totalComesFirst()
    {
        std::size_t totals = 0;
        std::size_t aloneBefore = 0;
        std::optional<double> told;
        NetworkRun how = runOf();
        how.onTotal = [&](const OutputErrorReport &total) {
            ++totals;
            told = total.relativeError;
        };
        how.onLayer = [&](std::size_t, const LayerOutputError &error) {
            QVERIFY(error.upToHere.has_value());
            aloneBefore += error.alone && totals == 0 ? 1 : 0;
        };
        MemoryBudget budget(kEnough);
        const auto result = measure(budget, 3, how);
        QS_VERIFY(result);
        QCOMPARE(totals, 1U);
        QCOMPARE(aloneBefore, 0U);
        QVERIFY(told.has_value());
        QCOMPARE(told, result->total.relativeError);
    }

    /// From nothing to everything, and never back.
    void progressIsTrue()
    {
        std::mutex mutex;
        std::vector<double> fractions;
        TaskContext context;
        context.progress = [&](double fraction, const Text &) {
            const std::lock_guard lock(mutex);
            fractions.push_back(fraction);
        };
        setThreadCount(1);
        MemoryBudget budget(kEnough);
        const auto result = measure(budget, 3, {}, context);
        setThreadCount(0);
        QS_VERIFY(result);
        for (std::size_t i = 1; i < fractions.size(); ++i)
            QVERIFY2(fractions[i] >= fractions[i - 1] - 1e-12,
                     qPrintable(QString("%1 behind %2").arg(fractions[i]).arg(fractions[i - 1])));
        QVERIFY(fractions.size() > static_cast<std::size_t>(2 * kLayers));
        QVERIFY(fractions.front() < 0.1 && std::abs(fractions.back() - 1) < 1e-6);
    }

private:
    /// Weights are rounded to quarters where they are quantized; their memory does not count here.
    Result<ValuePtr> weights(std::size_t layer, bool quantized)
    {
        QS_ASSIGN(const ValuePtr floats, tensorValue(*m_model, m_model->layers[layer].tensor, m_weights, {}));
        if (!quantized)
            return floats;
        QS_ASSIGN(const auto rounded, Value::make(ElementKind::Float, floats->shape(), m_weights));
        for (std::size_t i = 0; i < floats->size(); ++i)
            rounded->floats()[i] = std::round(floats->floats()[i] * 4) / 4;
        return rounded;
    }

    NetworkRun runOf()
    {
        return {.model = *m_model,
                .decisions = m_decisions,
                .weights = [this](std::size_t layer, bool quantized,
                                  const TaskContext &) { return weights(layer, quantized); },
                .whole = true};
    }

    Result<NetworkResult> measure(MemoryBudget &budget, std::uint64_t samples, std::optional<NetworkRun> how,
                                  const TaskContext &context = {})
    {
        QS_ASSIGN(const NetworkSearch search, findNetwork(*m_model, {}, {}));
        QS_ASSIGN(auto plan, RunPlan::make(*m_model, search.network));
        QS_ASSIGN(NetworkFeed feed, graphFeed(*search.network, {.samples = samples}, budget));
        NetworkSession session(std::move(plan), std::move(feed), budget);
        return session.measure(how ? *how : runOf(), context);
    }

    NetworkResult measured(MemoryBudget budget, std::uint64_t samples)
    {
        auto result = measure(budget, samples, {});
        if (!result)
            qFatal("%s", result.error().text().c_str());
        return std::move(*result);
    }

    QTemporaryDir m_folder;
    MemoryBudget m_weights{kEnough};
    std::shared_ptr<const Model> m_model = openBytes(m_folder, "deep.onnx", deepNetwork());
    std::vector<Decision> m_decisions = std::vector<Decision>(m_model->layers.size(), quantizedDecision());

    static Decision quantizedDecision()
    {
        Decision decision;
        decision.quantize = true;
        return decision;
    }
};

QTEST_GUILESS_MAIN(TestEvalSession)
#include "tst_eval_session.moc"
