// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What the window says of odd files without being asked: the bar above the pages, the mark in the table, the role.
#include "tests/support/test_model.h"
#include "tests/ui/window_test.h"
#include "tests/ui/window_under_test.h"
#include "ui/models/layer_model.h"
#include "ui/pages/details/details_panel.h"
#include "ui/selection/selection.h"
#include "ui/widgets/message_bar.h"

#include <QLabel>

#include <cmath>

using namespace qs;
using namespace qs::test;
using namespace qs::ui;

namespace {

QByteArray doubleBytes(const std::vector<double> &values)
{
    return {reinterpret_cast<const char *>(values.data()), static_cast<qsizetype>(values.size() * sizeof(double))};
}

bool labelSays(QWidget *panel, const QString &words)
{
    const QList<QLabel *> labels = panel->findChildren<QLabel *>();
    return std::ranges::any_of(
        labels, [&](const QLabel *label) { return label->isVisibleTo(panel) && label->text() == words; });
}

} // namespace

class TestRemarks : public WindowTest
{
    Q_OBJECT
private slots:
    void storedScaleThatIsNoNumber();
    void lostDoubles();
    void strangeScales();
    void experts();
};

void TestRemarks::storedScaleThatIsNoNumber()
{
    WindowUnderTest t;
    std::vector<float> scales(8, 0.01F);
    scales[3] = std::nanf("");
    QVERIFY(t.open(QString::fromStdString(
        writeFile(t.folder, "codes.safetensors",
                  safetensorsBytes(R"({"fc.weight":{"dtype":"I8","shape":[8,4],"data_offsets":[0,32]},)"
                                   R"("fc.scales":{"dtype":"F32","shape":[8],"data_offsets":[32,64]}})",
                                   QByteArray(32, '\3') + floatBytes(scales))))));
    QVERIFY2(t.find<MessageBar>("messages")->sentence().contains("a stored scale is not finite"),
             qPrintable(t.find<MessageBar>("messages")->sentence()));
    t.find<Selection>("selection")->setCurrent(0);
    QTRY_VERIFY(labelSays(t.find<DetailsPanel>("details"),
                          "Kept as i8: already quantized: 8 bits, symmetric, per channel, but a stored scale is not "
                          "finite"));
}

void TestRemarks::lostDoubles()
{
    WindowUnderTest t;
    const std::vector<double> values{1e-50, 2e-50, 3e-50, -1e-50, 0.5, 0.25, -0.5, 1};
    QVERIFY(t.open(QString::fromStdString(
        writeFile(t.folder, "doubles.safetensors",
                  safetensorsBytes(R"({"fc.weight":{"dtype":"F64","shape":[2,4],"data_offsets":[0,64]}})",
                                   doubleBytes(values))))));
    QCOMPARE(t.find<MessageBar>("messages")->sentence(),
             "fc: 4 weights are too small for float32 and lost: they count as 0");
}

/// What is kept is named first, and that there is more.
void TestRemarks::strangeScales()
{
    WindowUnderTest t;
    QVERIFY(t.open(QString::fromStdString(
        writeFile(t.folder, "codes.safetensors",
                  safetensorsBytes(R"({"a.weight":{"dtype":"I8","shape":[4,4],"data_offsets":[0,16]},)"
                                   R"("b.weight":{"dtype":"F8_E4M3","shape":[4,4],"data_offsets":[16,32]},)"
                                   R"("b.w_scale":{"dtype":"F32","shape":[1],"data_offsets":[32,36]}})",
                                   QByteArray(36, '\3'))))));
    const QString said = t.find<MessageBar>("messages")->sentence();
    QVERIFY2(said.contains("a: already quantized by a tool that is not known") && said.contains("(and 1 more remarks)"),
             qPrintable(said));
}

void TestRemarks::experts()
{
    WindowUnderTest t;
    std::vector<float> values = randomValues(4 * 8 * 16, 3);
    for (std::size_t i = 2 * 8 * 16; i < 3 * 8 * 16; i += 16)
        values[i] = 10; // of expert 2
    QVERIFY(t.open(QString::fromStdString(writeFile(
        t.folder, "experts.safetensors",
        safetensorsBytes(std::vector<FloatTensor>{{"layers.0.mlp.experts.gate_up_proj", {4, 8, 16}, values}})))));
    t.find<Selection>("selection")->setCurrent(0);
    QTRY_VERIFY(labelSays(t.find<DetailsPanel>("details"),
                          "Role: Stack of matrices, because: matrices on top of each other, one per expert"));
    QCOMPARE(t.find<DetailsPanel>("details")->layerValues()->valueOf("Role"), QString()); // said once
    const LayerModel model(t.setup, nullptr);
    const QString tip = model.index(0, LayerModel::ErrorColumn).data(Qt::ToolTipRole).toString();
    QVERIFY2(tip.contains("Experts that lose most: 2: "), qPrintable(tip));
}

QTEST_MAIN(TestRemarks)
#include "tst_remarks.moc"
