// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Activations against their definitions in double.
#include "core/eval/ops.h"

#include <QTest>

#include <cmath>

using namespace qs;

class TestEvalActivations : public QObject
{
    Q_OBJECT
private slots:
    void values_data();
    void values();
};

void TestEvalActivations::values_data()
{
    QTest::addColumn<int>("activation");
    QTest::addColumn<double>("x");
    QTest::addColumn<double>("expected");
    for (const double x : {-30.0, -2.5, -1.0, -0.125, 0.0, 0.125, 1.0, 2.5, 30.0}) {
        const auto row = [x](const char *name, Activation activation, double expected) {
            QTest::addRow("%s of %g", name, x) << static_cast<int>(activation) << x << expected;
        };
        row("none", Activation::None, x);
        row("relu", Activation::Relu, x > 0 ? x : 0);
        row("gelu", Activation::Gelu, x * 0.5 * std::erfc(-x / std::sqrt(2.0)));
        row("silu", Activation::Silu, x / (1 + std::exp(-x)));
        row("tanh", Activation::Tanh, std::tanh(x));
    }
}

void TestEvalActivations::values()
{
    QFETCH(const int, activation);
    QFETCH(const double, x);
    QFETCH(const double, expected);
    std::vector<float> values(5, static_cast<float>(x));
    applyActivation(static_cast<Activation>(activation), values);
    for (const float value : values)
        QVERIFY2(std::abs(static_cast<double>(value) - expected) <= 1e-6 * std::max(1.0, std::abs(expected)),
                 qPrintable(QString::number(static_cast<double>(value))));
}

QTEST_GUILESS_MAIN(TestEvalActivations)
#include "tst_eval_activations.moc"
