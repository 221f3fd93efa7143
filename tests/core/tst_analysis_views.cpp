// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What views of one layer show: rows of channels, pictures of the matrix, single weights.
#include "core/analysis/channel_rows.h"
#include "core/analysis/weight_lookup.h"
#include "core/analysis/weight_map.h"
#include "tests/core/quantized_tensor.h"

#include <algorithm>
#include <cmath>

using namespace qs;

namespace {

constexpr std::uint64_t kRows = 13;
constexpr std::uint64_t kColumns = 37;

} // namespace

class TestViews : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        m_weights = test::heavyValues(kRows * kColumns, 9);
        std::fill_n(m_weights.begin() + 5 * kColumns, kColumns, 0.0F); // a dead channel
        m_weights[2 * kColumns + 8] = 4;                               // the outermost weight
        m_model = test::openBytes(m_folder, "w.safetensors",
                                  test::safetensorsBytes({{"fc.weight", {kRows, kColumns}, m_weights}}));
        QVERIFY(m_model);
    }

    void channelsSideBySide()
    {
        const auto quantized = quantize("bits=4 range=percentile:80");
        QS_VERIFY(quantized);
        const std::vector<ChannelRow> rows = channelRows(*quantized);
        QCOMPARE(rows.size(), kRows);
        for (std::size_t channel = 0; channel < rows.size(); ++channel) {
            const auto first = m_weights.begin() + static_cast<std::ptrdiff_t>(channel * kColumns);
            QCOMPARE(rows[channel].min, *std::min_element(first, first + kColumns));
            QCOMPARE(rows[channel].max, *std::max_element(first, first + kColumns));
            QCOMPARE(rows[channel].scale, quantized->scales[channel]);
            QCOMPARE(rows[channel].clipHigh, static_cast<double>(7 * rows[channel].scale));
            QCOMPARE(rows[channel].dead, channel == 5);
        }
        QVERIFY(rows[2].clipped && *rows[2].rmsSteps > 1);
        QVERIFY(!rows[5].clipped);
    }

    void groupsShowTheirMiddle()
    {
        const auto quantized = quantize("bits=4 granularity=group:8");
        QS_VERIFY(quantized);
        const std::vector<ChannelRow> rows = channelRows(*quantized);
        QCOMPARE(rows.size(), kRows);
        std::vector<float> scales(quantized->scales.begin() + 10, quantized->scales.begin() + 15);
        std::ranges::sort(scales);
        QCOMPARE(rows[2].scale, scales[2]);
        QCOMPARE(rows[2].clipHigh, static_cast<double>(7 * scales.back()));
    }

    /// Each group by its own weights and its own scale; the last one is shorter.
    void groupsOfAChannel()
    {
        const auto quantized = quantize("bits=4 granularity=group:8");
        QS_VERIFY(quantized);
        for (const std::uint64_t channel : {2U, 5U, 12U}) {
            const auto rows = groupRows(*m_model, m_model->layers[0], *quantized, channel, {});
            QS_VERIFY(rows);
            QCOMPARE(rows->size(), 5U);
            for (std::size_t group = 0; group < rows->size(); ++group) {
                const ChannelRow &row = (*rows)[group];
                const auto first = m_weights.begin() + static_cast<std::ptrdiff_t>(channel * kColumns + group * 8);
                const auto end = first + (group == 4 ? 5 : 8);
                const float scale = quantized->scales[channel * 5 + group];
                QCOMPARE(row.min, *std::min_element(first, end));
                QCOMPARE(row.max, *std::max_element(first, end));
                QCOMPARE(row.scale, scale);
                QCOMPARE(row.clipHigh, static_cast<double>(7 * scale));
                QCOMPARE(row.clipLow, static_cast<double>(-8 * scale));
                QCOMPARE(row.dead, channel == 5);
                double squares = 0;
                for (auto weight = first; weight != end; ++weight) {
                    const double steps = static_cast<double>(*weight) / static_cast<double>(scale);
                    const double error = std::clamp(std::nearbyint(steps), -8.0, 7.0) - steps;
                    squares += error * error;
                }
                const double expected = std::sqrt(squares / static_cast<double>(end - first));
                QVERIFY2(std::abs(static_cast<double>(*row.rmsSteps) - expected) < 1e-5,
                         qPrintable(
                             QString("%1, group %2: %3, %4").arg(channel).arg(group).arg(*row.rmsSteps).arg(expected)));
            }
        }
        QVERIFY(!groupRows(*m_model, m_model->layers[0], *quantized, kRows, {}));
        const auto single = quantize("bits=4");
        QS_VERIFY(single);
        const auto whole = groupRows(*m_model, m_model->layers[0], *single, 3, {});
        QS_VERIFY(whole);
        QCOMPARE(whole->size(), 1U);
        QVERIFY(std::abs(*whole->front().rmsSteps - *channelRows(*single)[3].rmsSteps) < 1e-5F);
    }

    void nearest()
    {
        const auto quantized = quantize("bits=4");
        QS_VERIFY(quantized);
        const auto outermost = nearestWeight(*m_model, m_model->layers[0], *quantized, {}, 100, {});
        QS_VERIFY(outermost);
        QCOMPARE(outermost->value, 4.0F);
        QCOMPARE(outermost->position, (std::vector<std::uint64_t>{2, 8}));
        const float wanted = m_weights[7 * kColumns + 11];
        const auto exact =
            nearestWeight(*m_model, m_model->layers[0], *quantized, {.channel = 7}, static_cast<double>(wanted), {});
        QS_VERIFY(exact);
        QCOMPARE(exact->channel, 7U);
        QCOMPARE(exact->value, wanted);
        QVERIFY(!nearestWeight(*m_model, m_model->layers[0], *quantized, {.channel = kRows}, 0, {}));
        const auto grouped = quantize("bits=4 granularity=group:4");
        QS_VERIFY(grouped);
        const LayerPart part{.channel = 7, .group = 2};
        const auto inGroup = nearestWeight(*m_model, m_model->layers[0], *grouped, part, 100, {});
        QS_VERIFY(inGroup);
        const auto first = m_weights.begin() + 7 * kColumns + 8;
        QCOMPARE(inGroup->value, *std::max_element(first, first + 4));
        QVERIFY(!nearestWeight(*m_model, m_model->layers[0], *grouped, {.channel = 7, .group = kColumns}, 0, {}));
    }

    /// Convolutions, transposed ones, and stacks of matrices: the place says where the weight is in the tensor.
    void positions_data()
    {
        QTest::addColumn<QList<int>>("shape");
        QTest::addColumn<int>("axis");
        QTest::addColumn<int>("stackAxes");
        QTest::newRow("linear") << QList<int>{4, 5} << 0 << 0;
        QTest::newRow("convolution") << QList<int>{4, 3, 2, 5} << 0 << 0;
        QTest::newRow("transposed") << QList<int>{3, 4, 2, 2} << 1 << 0;
        QTest::newRow("experts") << QList<int>{3, 4, 5} << 1 << 1;
    }

    void positions()
    {
        QFETCH(const QList<int>, shape);
        QFETCH(const int, axis);
        QFETCH(const int, stackAxes);
        TensorInfo tensor;
        std::vector<float> x(1);
        for (const int size : shape) {
            tensor.shape.push_back(static_cast<std::uint64_t>(size));
            x.resize(x.size() * static_cast<std::size_t>(size));
        }
        for (std::size_t i = 0; i < x.size(); ++i)
            x[i] = static_cast<float>(i);
        const auto model = test::openBytes(m_folder, "p.safetensors", test::safetensorsBytes({{"w", tensor.shape, x}}));
        QVERIFY(model);
        TensorInfo info = model->tensors[0];
        info.stackAxes = static_cast<std::uint8_t>(stackAxes);
        const TensorView view{&info, model->view(0).file};
        const FloatBlocks blocks(view, axis);
        std::vector<float> matrix;
        QS_VERIFY(blocks.read({0, blocks.shape().channels, 0, blocks.shape().weights}, matrix));
        for (std::uint64_t i = 0; i < matrix.size(); ++i) {
            const auto place = positionInTensor(info, axis, i / blocks.shape().weights, i % blocks.shape().weights);
            std::uint64_t element = 0;
            for (std::size_t k = 0; k < place.size(); ++k)
                element = element * info.shape[k] + place[k];
            QCOMPARE(static_cast<float>(element), matrix[i]);
        }
    }

    /// Each cell shows the largest magnitude of the weights that it stands for.
    void pictures_data()
    {
        QTest::addColumn<int>("rows");
        QTest::addColumn<int>("columns");
        QTest::newRow("every weight") << 100 << 100;
        QTest::newRow("fewer columns") << 13 << 10;
        QTest::newRow("fewer rows") << 4 << 37;
        QTest::newRow("one cell") << 1 << 1;
    }

    void pictures()
    {
        QFETCH(const int, rows);
        QFETCH(const int, columns);
        const auto quantized = quantize("bits=4 range=percentile:80");
        QS_VERIFY(quantized);
        for (const WeightView view :
             {WeightView::Weight, WeightView::Code, WeightView::Difference, WeightView::Clipped}) {
            for (const BlockRange &part : {BlockRange{0, kRows, 0, kColumns}, BlockRange{2, 9, 3, 30}})
                checkPicture(*quantized,
                             {view, part, static_cast<std::uint64_t>(rows), static_cast<std::uint64_t>(columns)});
        }
        QVERIFY(
            !weightMap(*m_model, m_model->layers[0], *quantized, {WeightView::Weight, {0, kRows + 1, 0, 1}, 1, 1}, {}));
    }

private:
    Result<LayerQuantization> quantize(const QString &fields) const
    {
        return test::quantizeWhole(*m_model, m_model->layers[0], 0, test::schemeOf(fields));
    }

    /// What the view says of one weight, from its way to the code.
    static float shown(WeightView view, const ValueWalk &walk, float scale)
    {
        const auto steps = static_cast<float>(walk.error / static_cast<double>(scale));
        switch (view) {
        case WeightView::Weight:
            return static_cast<float>(walk.value);
        case WeightView::Code:
            return static_cast<float>(walk.code);
        case WeightView::Difference:
            return steps;
        case WeightView::Clipped:
            return walk.clipped ? steps : 0;
        }
        return 0;
    }

    void checkPicture(const LayerQuantization &quantized, const WeightMapRequest &request) const
    {
        const Layer &layer = m_model->layers[0];
        const auto map = weightMap(*m_model, layer, quantized, request, {});
        QS_VERIFY(map);
        QVERIFY(map->rows <= request.mostRows && map->columns <= request.mostColumns);
        const BlockRange &part = request.part;
        std::vector<float> expected(map->rows * map->columns);
        for (std::uint64_t c = 0; c < part.channels; ++c) {
            for (std::uint64_t k = 0; k < part.weights; ++k) {
                const auto walk = weightAt(*m_model, layer, quantized, part.channel + c, part.weight + k);
                QS_VERIFY(walk);
                const float value = shown(request.view, *walk, quantized.scales[part.channel + c]);
                float &cell = expected[c * map->rows / part.channels * map->columns + k * map->columns / part.weights];
                cell = std::abs(value) > std::abs(cell) ? value : cell;
            }
        }
        float largest = 0;
        for (std::size_t i = 0; i < expected.size(); ++i) {
            QVERIFY2(std::abs(map->cells[i] - expected[i]) <= 1e-5F * std::abs(expected[i]),
                     qPrintable(QStringLiteral("view %1, cell %2: %3, expected %4")
                                    .arg(static_cast<int>(request.view))
                                    .arg(i)
                                    .arg(map->cells[i])
                                    .arg(expected[i])));
            largest = std::max(largest, std::abs(map->cells[i]));
        }
        QCOMPARE(map->largest, largest);
        QVERIFY(map->usual <= largest);
    }

    QTemporaryDir m_folder;
    std::vector<float> m_weights;
    std::shared_ptr<const Model> m_model;
};

QTEST_GUILESS_MAIN(TestViews)
#include "tst_analysis_views.moc"
