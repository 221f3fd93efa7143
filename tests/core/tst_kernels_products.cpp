// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Kernels of network runs, on every level, against plain double loops.
#include "core/kernels/kernels.h"
#include "tests/support/test_model.h"

#include <QTest>

#include <cmath>
#include <limits>

using namespace qs;
using namespace qs::test;

namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

/// One row per level that this processor has, and per name.
template <class Row> void forEachLevel(Row row)
{
    for (const char *level : {"v2", "v3", "v4", "generic"})
        if (const Kernels *table = kernelsForLevel(level))
            row(level, table);
}

double plainTransform(Transform kind, double x, double parameter)
{
    switch (kind) {
    case Transform::Exp:
        return std::exp(x);
    case Transform::Log:
        return std::log(x);
    case Transform::Tanh:
        return std::tanh(x);
    case Transform::Sigmoid:
        return 1 / (1 + std::exp(-x));
    case Transform::Erf:
        return std::erf(x);
    case Transform::Gelu:
        return x / 2 * (1 + std::erf(x / std::sqrt(2.0)));
    case Transform::GeluTanh:
        return x / 2 * (1 + std::tanh(0.7978845608028654 * (x + 0.044715 * x * x * x)));
    case Transform::Swish:
        return x / (1 + std::exp(-parameter * x));
    }
    return kNan;
}

} // namespace

class TestKernelsProducts : public QObject
{
    Q_OBJECT

private slots:
    void products_data();
    void products();
    void convolutions_data();
    void convolutions();
    void transforms_data();
    void transforms();
    void softmax_data();
    void softmax();
};

void TestKernelsProducts::products_data()
{
    QTest::addColumn<const Kernels *>("table");
    QTest::addColumn<int>("rows");
    QTest::addColumn<int>("columns");
    QTest::addColumn<int>("depth");
    forEachLevel([](const char *level, const Kernels *table) {
        for (const int rows : {1, 2, 5, 6, 7, 11, 12, 13, 25})
            for (const int columns : {1, 7, 8, 31, 32, 33, 300})
                for (const int depth : {1, 3, 16, 300})
                    QTest::addRow("%s %d x %d x %d", level, rows, columns, depth) << table << rows << columns << depth;
    });
}

/// Both factors row by row and turned; with and without adding.
void TestKernelsProducts::products()
{
    QFETCH(const Kernels *, table);
    QFETCH(int, rows);
    QFETCH(int, columns);
    QFETCH(int, depth);
    const auto m = static_cast<std::size_t>(rows);
    const auto n = static_cast<std::size_t>(columns);
    const auto k = static_cast<std::size_t>(depth);
    const std::vector<float> a = randomValues(m * k, 1, 1);
    const std::vector<float> b = randomValues(n * k, 2, 1);
    for (int manner = 0; manner < 8; ++manner) {
        const bool turnsA = (manner & 1) != 0;
        const bool turnsB = (manner & 2) != 0;
        std::vector<float> c(m * (n + 3), 0.5F);
        ProductPiece piece{
            a.data(), turnsA ? 1 : k,   turnsA ? m : 1, b.data(), turnsB ? 1 : n, turnsB ? k : 1, c.data(), n + 3, m, n,
            k,        (manner & 4) != 0};
        std::vector<float> scratch(piece.scratch());
        table->multiply(&piece, scratch.data());
        for (std::size_t i = 0; i < m; ++i) {
            for (std::size_t j = 0; j < n + 3; ++j) {
                double sum = piece.add || j >= n ? 0.5 : 0;
                for (std::size_t l = 0; j < n && l < k; ++l)
                    sum += static_cast<double>(a[i * piece.aRow + l * piece.aColumn]) *
                           b[l * piece.bRow + j * piece.bColumn];
                QVERIFY(std::abs(sum - c[i * (n + 3) + j]) < 1e-4);
            }
        }
    }
}

void TestKernelsProducts::convolutions_data()
{
    QTest::addColumn<const Kernels *>("table");
    QTest::addColumn<int>("channels");
    QTest::addColumn<int>("width");
    QTest::addColumn<int>("kernel");
    QTest::addColumn<int>("step");
    QTest::addColumn<int>("dilation");
    forEachLevel([](const char *level, const Kernels *table) {
        for (const int channels : {1, 3, 40})
            for (const int width : {1, 5, 16, 33, 70})
                for (const int kernel : {1, 3, 9})
                    for (const int step : {1, 2, 3})
                        QTest::addRow("%s %d channels, %d wide, kernel %d, step %d", level, channels, width, kernel,
                                      step)
                            << table << channels << width << kernel << step << (kernel == 3 ? 2 : 1);
    });
}

/// Filters over an image that is padded and split by phases already; for one channel, depthwise too.
void TestKernelsProducts::convolutions()
{
    QFETCH(const Kernels *, table);
    QFETCH(int, channels);
    QFETCH(int, width);
    QFETCH(int, kernel);
    QFETCH(int, step);
    QFETCH(int, dilation);
    const auto size = [](int value) { return static_cast<std::size_t>(value); };
    const int height = 4;
    const int filters = 7;
    const int extent = (kernel - 1) * dilation + 1;
    const int phase = (extent - 1) / step + width;
    const int imageRows = (height - 1) * step + extent;
    const std::vector<float> image = randomValues(size(channels * imageRows * step * phase) + kLanes, 3, 1);
    const std::vector<float> weights = randomValues(size(filters * channels * kernel * kernel), 4, 1);
    const std::vector<float> bias = randomValues(size(filters), 5, 1);
    std::vector<float> packed(packedFloats(size(filters), size(channels * kernel * kernel)));
    std::vector<float> y(size(filters * height * width));
    std::vector<float> scratch(kProductPanel);
    table->packFilters(weights.data(), size(filters), size(channels * kernel * kernel), packed.data());
    ConvolutionPiece piece;
    piece.filters = packed.data();
    piece.bias = bias.data();
    piece.image = image.data();
    piece.imageChannel = size(imageRows * step * phase);
    piece.imageRow = size(step * phase);
    piece.imagePhase = size(phase);
    piece.channels = size(channels);
    piece.kernelHeight = piece.kernelWidth = size(kernel);
    piece.stepDown = piece.stepAcross = size(step);
    piece.dilationDown = piece.dilationAcross = size(dilation);
    piece.outWidth = size(width);
    piece.positions = size(height * width);
    piece.rows = size(filters);
    piece.y = y.data();
    piece.yRow = size(height * width);
    table->convolve(&piece, scratch.data());
    std::vector<float> alone(size(height * width));
    piece.y = alone.data();
    if (channels == 1)
        table->convolveDepthwise(&piece, weights.data());
    for (int filter = 0; filter < filters; ++filter) {
        for (int at = 0; at < height * width; ++at) {
            double sum = bias[size(filter)];
            for (int tap = 0; tap < channels * kernel * kernel; ++tap) {
                const int channel = tap / kernel / kernel;
                const int row = at / width * step + tap / kernel % kernel * dilation;
                const int column = at % width * step + tap % kernel * dilation;
                const int place = ((channel * imageRows + row) * step + column % step) * phase + column / step;
                sum +=
                    static_cast<double>(image[size(place)]) * weights[size(filter * channels * kernel * kernel + tap)];
            }
            QVERIFY(std::abs(sum - y[size(filter * height * width + at)]) < 1e-3);
            if (channels == 1 && filter == 0)
                QVERIFY(std::abs(sum - alone[size(at)]) < 1e-3);
        }
    }
}

void TestKernelsProducts::transforms_data()
{
    QTest::addColumn<const Kernels *>("table");
    QTest::addColumn<int>("kind");
    forEachLevel([](const char *level, const Kernels *table) {
        for (int kind = 0; kind <= static_cast<int>(Transform::Swish); ++kind)
            QTest::addRow("%s %d", level, kind) << table << kind;
    });
}

/// Near the true value; the same bits in every place of a row; NaN stays NaN.
void TestKernelsProducts::transforms()
{
    QFETCH(const Kernels *, table);
    QFETCH(int, kind);
    const auto which = static_cast<Transform>(kind);
    const float parameter = 1.5F;
    std::vector<float> x = randomValues(997, 6, 12);
    x.insert(x.end(), {0, -0.0F, 1e-30F, -1e-6F, 30, -30});
    for (float &value : x)
        value = which == Transform::Log ? std::abs(value) + 1e-30F : value;
    std::vector<float> y(x.size());
    table->transform(which, x.data(), x.size(), parameter, y.data());
    for (std::size_t i = 0; i < x.size(); ++i) {
        const double expected = plainTransform(which, x[i], parameter);
        QVERIFY2(std::abs(y[i] - expected) <= 4e-7 * std::max({1.0, std::abs(x[i] * 1.0), std::abs(expected)}),
                 qPrintable(QString("f(%1) is %2").arg(x[i]).arg(y[i])));
        float again = 0;
        table->transform(which, &x[i], 1, parameter, &again);
        QVERIFY(std::memcmp(&again, &y[i], sizeof again) == 0);
    }
    const float nan = kNan;
    table->transform(which, &nan, 1, parameter, y.data());
    QVERIFY(std::isnan(y[0]));
}

void TestKernelsProducts::softmax_data()
{
    QTest::addColumn<const Kernels *>("table");
    QTest::addColumn<int>("count");
    forEachLevel([](const char *level, const Kernels *table) {
        for (const int count : {1, 2, 15, 16, 17, 1000})
            QTest::addRow("%s %d", level, count) << table << count;
    });
}

void TestKernelsProducts::softmax()
{
    QFETCH(const Kernels *, table);
    QFETCH(int, count);
    std::vector<float> x = randomValues(static_cast<std::size_t>(count), 7, 5);
    std::vector<float> y(x.size());
    const auto compare = [&] {
        double sum = 0;
        for (const float value : x)
            sum += std::exp(static_cast<double>(value));
        table->softmax(x.data(), x.size(), false, y.data());
        for (std::size_t i = 0; i < x.size(); ++i)
            QVERIFY(std::abs(y[i] - std::exp(static_cast<double>(x[i])) / sum) < 1e-6);
        table->softmax(x.data(), x.size(), true, y.data());
        for (std::size_t i = 0; i < x.size(); ++i)
            QVERIFY(std::isinf(x[i]) ? y[i] == -kInfinity : std::abs(y[i] - (x[i] - std::log(sum))) < 1e-5);
    };
    compare();
    if (count > 1) {
        x.back() = -kInfinity;
        compare();
    }
    for (const float bad : {kNan, kInfinity}) {
        x.back() = bad;
        table->softmax(x.data(), x.size(), false, y.data());
        for (const float value : y)
            QVERIFY(std::isnan(value));
    }
    std::ranges::fill(x, -kInfinity);
    table->softmax(x.data(), x.size(), false, y.data());
    QVERIFY(std::isnan(y.front()));
}

QTEST_GUILESS_MAIN(TestKernelsProducts)
#include "tst_kernels_products.moc"
