// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The gpt-fast export as PyTorch sees it.
#include "tests/cli/cli_program.h"
#include "tests/support/safetensors_bytes.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <cmath>

using namespace qs::test;

class TestCliPyTorch : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void notebookLoads();
    void scriptGivesTheFloats_data();
    void scriptGivesTheFloats();
    void digitsGivesThePredictedOutput();
};

namespace {

constexpr const char *kPython = "/usr/bin/python3";

std::string npyHeader(std::size_t rows, std::size_t columns)
{
    std::string text = "{'descr': '<f4', 'fortran_order': False, 'shape': (" + std::to_string(rows) + ", " +
                       std::to_string(columns) + "), }";
    text.append(64 - (text.size() + 11) % 64, ' ');
    text += '\n';
    std::string header("\x93NUMPY\x01\x00", 8);
    header += static_cast<char>(text.size() & 0xFF);
    header += static_cast<char>(text.size() >> 8);
    return header + text;
}

/// The data of a two-dimensional f4 array.
std::vector<float> npyValues(const QString &path)
{
    const QByteArray bytes = fileBytes(path);
    const qsizetype data = 10 + static_cast<unsigned char>(bytes[8]) + 256 * static_cast<unsigned char>(bytes[9]);
    std::vector<float> values(static_cast<std::size_t>(bytes.size() - data) / sizeof(float));
    std::memcpy(values.data(), bytes.constData() + data, values.size() * sizeof(float));
    return values;
}

/// fc1…fc4 with ReLU between them, in double.
std::vector<double> run(const SafetensorsFile &model, const std::vector<float> &inputs, std::size_t samples)
{
    std::vector<double> x(inputs.begin(), inputs.end());
    for (const std::string layer : {"fc1", "fc2", "fc3", "fc4"}) {
        const std::vector<float> weight = model.floats(layer + ".weight");
        const std::vector<float> bias = model.floats(layer + ".bias");
        const std::size_t out = bias.size();
        const std::size_t in = weight.size() / out;
        std::vector<double> y(samples * out);
        for (std::size_t s = 0; s < samples; ++s) {
            for (std::size_t o = 0; o < out; ++o) {
                double sum = bias[o];
                for (std::size_t i = 0; i < in; ++i)
                    sum += x[s * in + i] * double(weight[o * in + i]);
                y[s * out + o] = layer == "fc4" ? sum : std::max(sum, 0.0);
            }
        }
        x = std::move(y);
    }
    return x;
}

template <class A, class B> double relativeDistance(const A &value, const B &reference)
{
    double error = 0;
    double norm = 0;
    for (std::size_t i = 0; i < reference.size(); ++i) {
        error += (value[i] - reference[i]) * (value[i] - reference[i]);
        norm += double(reference[i]) * reference[i];
    }
    return std::sqrt(error / norm);
}

} // namespace

void TestCliPyTorch::initTestCase()
{
    if (runProgram(kPython, {"-c", "import numpy, torch"}).exitCode != 0)
        QSKIP("python3-torch and python3-numpy are not installed");
}

void TestCliPyTorch::scriptGivesTheFloats_data()
{
    QTest::addColumn<QStringList>("scheme");
    QTest::newRow("4 bits, groups, zero points")
        << QStringList{"--bits", "4", "--mode", "asymmetric", "--granularity", "group:24"};
    QTest::newRow("5 bits on axis 1") << QStringList{"--bits", "5", "--set", "*:axis=1"};
    QTest::newRow("offsets") << QStringList{"--convention", "gguf-q4_1"};
}

/// The script beside a state dict of codes makes the very floats that the format float writes.
void TestCliPyTorch::scriptGivesTheFloats()
{
    QFETCH(const QStringList, scheme);
    const QTemporaryDir folder;
    const QString codes = folder.filePath("codes.pth");
    const QString floats = folder.filePath("floats.pth");
    COMPARE_EXIT(runCli(QStringList{"quantize", "demo:digits", "-o", codes, "--format", "torch"} + scheme), 0);
    COMPARE_EXIT(runCli(QStringList{"quantize", "demo:digits", "-o", floats, "--format", "float"} + scheme), 0);
    COMPARE_EXIT(runProgram(kPython, {"-c", R"(
import sys, torch
sys.path.insert(0, sys.argv[1])
from codes_load import load
got, want = load(sys.argv[2]), torch.load(sys.argv[3], weights_only=True)
assert got.keys() == want.keys(), got.keys() ^ want.keys()
for name in want:
    assert got[name].dtype == want[name].dtype and torch.equal(got[name], want[name]), name)",
                                      folder.path(), codes, floats}),
                 0);
    QVERIFY(fileBytes(folder.filePath("codes_load.py")).count('\n') <= 60);
}

void TestCliPyTorch::notebookLoads()
{
    const QTemporaryDir folder;
    const QString out = folder.filePath("m.pth");
    COMPARE_EXIT(runCli({"quantize", "demo:notebook", "-o", out, "--format", "gpt-fast", "--exclude", "layer1",
                         "--exclude", "layer5"}),
                 0);
    const ProgramResult loaded = runProgram(kPython, {"-c", R"(
import json, sys, torch
state = torch.load(sys.argv[1], weights_only=True)
print(json.dumps({k: [str(v.dtype), list(v.shape), v.contiguous().numpy().tobytes().hex()] for k, v in state.items()})))",
                                                      out});
    COMPARE_EXIT(loaded, 0);
    const auto state = loaded.json();
    const SafetensorsFile source(QStringLiteral(QUANTOSCOPE_SOURCE_DIR "/resources/models/notebook.safetensors"));
    for (int i = 1; i <= 5; ++i) {
        const std::string name = "layer" + std::to_string(i);
        const bool quantized = i >= 2 && i <= 4;
        const auto shape = source.shape(name + ".weight");
        const auto &weight = state.at(name + ".weight");
        QCOMPARE(weight[0].get<std::string>(), quantized ? "torch.int8" : "torch.float32");
        QCOMPARE(weight[1].get<std::vector<std::uint64_t>>(), shape);
        QCOMPARE(state.contains(name + ".scales"), quantized);
        const auto &bias = state.at(name + ".bias");
        QCOMPARE(bias[2].get<std::string>(), source.bytes(name + ".bias").toHex().toStdString());
        if (quantized) {
            QCOMPARE(state[name + ".scales"][0].get<std::string>(), "torch.float32");
            QCOMPARE(state[name + ".scales"][1].get<std::vector<std::uint64_t>>(),
                     std::vector<std::uint64_t>{shape[0]});
        } else {
            QCOMPARE(weight[2].get<std::string>(), source.bytes(name + ".weight").toHex().toStdString());
        }
    }
}

void TestCliPyTorch::digitsGivesThePredictedOutput()
{
    const QTemporaryDir folder;
    const QString archive = folder.filePath("m.pth");
    const QString dequantized = folder.filePath("float.safetensors");
    const QString x = folder.filePath("x.npy");
    const QString y = folder.filePath("y.npy");
    COMPARE_EXIT(runCli({"quantize", "demo:digits", "-o", archive, "--format", "gpt-fast"}), 0);
    COMPARE_EXIT(runCli({"quantize", "demo:digits", "-o", dequantized, "--format", "float"}), 0);

    constexpr std::size_t kSamples = 100;
    constexpr std::size_t kIn = 64;
    std::vector<float> inputs(kSamples * kIn);
    std::uint32_t state = 1;
    for (float &value : inputs) {
        state = state * 1664525U + 1013904223U;
        value = float(state >> 8) / float(1 << 24);
    }
    const std::string header = npyHeader(kSamples, kIn);
    writeFile(x, QByteArray(header.data(), qsizetype(header.size())) + floatBytes(inputs));

    COMPARE_EXIT(runProgram(kPython, {QUANTOSCOPE_SOURCE_DIR "/tests/data/golden/run_gpt_fast.py", archive, x, y,
                                      "fc1:relu,fc2:relu,fc3:relu,fc4:none"}),
                 0);
    const std::vector<float> byPyTorch = npyValues(y);
    const std::vector<double> quantized = run(SafetensorsFile(dequantized), inputs, kSamples);
    QCOMPARE(byPyTorch.size(), quantized.size());
    QVERIFY2(relativeDistance(byPyTorch, quantized) < 1e-5, "PyTorch's output is not that of the dequantized weights");

    // The error that analyze predicts for these inputs is the one that PyTorch's output has.
    const SafetensorsFile original(QStringLiteral(QUANTOSCOPE_SOURCE_DIR "/resources/models/digits.safetensors"));
    const double measured = relativeDistance(byPyTorch, run(original, inputs, kSamples));
    const auto report = cliJson({"analyze", "demo:digits", "--inputs", x});
    const double predicted = report["output_error"]["relative_error"];
    QVERIFY2(std::abs(predicted - measured) < 1e-5,
             qPrintable(QStringLiteral("predicted %1, measured %2").arg(predicted).arg(measured)));
}

QTEST_GUILESS_MAIN(TestCliPyTorch)
#include "tst_cli_pytorch.moc"
