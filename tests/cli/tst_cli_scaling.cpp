// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Every command takes time that grows with the number of layers, and not with its square. What counts is the time
// of the processor, which other programs beside this one hardly change.
#include "tests/cli/cli_program.h"
#include "tests/support/safetensors_bytes.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <sys/resource.h>

using namespace qs::test;

namespace {

constexpr std::array<int, 3> kLayers{2'500, 5'000, 10'000};
constexpr double kMostGrowth = 2.6; // per doubling; n · log n takes 2.2, n² takes 4
constexpr int kTries = 3;           // the least time of some runs counts

std::string moduleName(int layer)
{
    return fmt::format("model.layers.{}.mlp.up_proj", layer);
}

/// Layers [2, 3] with biases: tensors as small as they can be, and no chain that would be run.
QByteArray manyLayers(int layers)
{
    std::string header = "{";
    std::size_t at = 0;
    const auto add = [&](const std::string &name, std::string_view shape, std::size_t bytes) {
        header += fmt::format(R"({}"{}":{{"dtype":"F32","shape":{},"data_offsets":[{},{}]}})", at == 0 ? "" : ",", name,
                              shape, at, at + bytes);
        at += bytes;
    };
    for (int i = 0; i < layers; ++i) {
        add(moduleName(i) + ".weight", "[2,3]", 6 * sizeof(float));
        add(moduleName(i) + ".bias", "[2]", 2 * sizeof(float));
    }
    std::vector<float> values(at / sizeof(float));
    for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = static_cast<float>(i % 251) - 125;
    return safetensorsBytes(header + '}', floatBytes(values));
}

/// Every other layer is excluded, the others have 4 bits.
QByteArray ruleForEachLayer(int layers)
{
    std::string rules;
    for (int i = 0; i < layers; ++i)
        rules += fmt::format(R"({}{{"match":"{}.weight",{}}})", i == 0 ? "" : ",", moduleName(i),
                             i % 2 == 0 ? R"("action":"exclude")" : R"("scheme":{"bits":4})");
    return QByteArray::fromStdString(fmt::format(R"({{"quantoscope_recipe":1,"rules":[{}]}})", rules));
}

double processorSeconds()
{
    rusage usage{};
    getrusage(RUSAGE_CHILDREN, &usage);
    const auto seconds = [](const timeval &time) {
        return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

} // namespace

class TestCliScaling : public QObject
{
    Q_OBJECT

    /// Processor time of the command, where MODEL, FILE (quantized), WORK (a plan of it), RECIPE (a rule for each
    /// layer) and OUT stand for the files of this size.
    void run(QStringList arguments, std::size_t size, double *seconds)
    {
        for (QString &argument : arguments)
            argument.replace("MODEL", path(size, "safetensors"))
                .replace("FILE", path(size, "quantized.safetensors"))
                .replace("WORK", path(size, "plan"))
                .replace("RECIPE", path(size, "recipe.json"))
                .replace("OUT", m_folder.filePath("out"));
        QFile::remove(path(size, "plan.parts/merged.json")); // else there is nothing to merge
        const double before = processorSeconds();
        COMPARE_EXIT(runCli(arguments), 0);
        *seconds = processorSeconds() - before;
    }

    QString path(std::size_t size, const char *suffix) const
    {
        return m_folder.filePath(QStringLiteral("%1.%2").arg(kLayers[size]).arg(QLatin1String(suffix)));
    }

    QTemporaryDir m_folder;

private slots:
    void initTestCase()
    {
        for (std::size_t size = 0; size < kLayers.size(); ++size) {
            writeFile(path(size, "safetensors"), manyLayers(kLayers[size]));
            writeFile(path(size, "recipe.json"), ruleForEachLayer(kLayers[size]));
            COMPARE_EXIT(runCli({"quantize", path(size, "safetensors"), "-o", path(size, "quantized.safetensors")}), 0);
            COMPARE_EXIT(runCli({"plan", path(size, "safetensors"), "-o", path(size, "merged.safetensors"), "--plan",
                                 path(size, "plan"), "--units", "2", "--force"}),
                         0);
            for (const char *unit : {"0", "1"})
                COMPARE_EXIT(runCli({"part", path(size, "plan"), "--unit", unit}), 0);
        }
    }

    void growsWithTheNumberOfLayers_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::newRow("list") << QStringList{"list", "MODEL"};
        QTest::newRow("list, JSON") << QStringList{"list", "MODEL", "--json"};
        QTest::newRow("list, codes") << QStringList{"list", "FILE"};
        QTest::newRow("analyze") << QStringList{"analyze", "MODEL"};
        QTest::newRow("analyze, JSON") << QStringList{"analyze", "MODEL", "--json"};
        QTest::newRow("analyze, CSV") << QStringList{"analyze", "MODEL", "--csv"};
        QTest::newRow("analyze, codes") << QStringList{"analyze", "FILE"};
        QTest::newRow("analyze, a wildcard that matches nothing")
            << QStringList{"analyze", "MODEL", "--exclude", "*.down_proj", "--allow-unmatched"};
        QTest::newRow("analyze, a rule for each layer") << QStringList{"analyze", "MODEL", "--recipe", "RECIPE"};
        QTest::newRow("quantize, a rule for each layer")
            << QStringList{"quantize", "MODEL", "-o", "OUT.safetensors", "--recipe", "RECIPE", "--force"};
        QTest::newRow("quantize, dry run")
            << QStringList{"quantize", "MODEL", "-o", "OUT.safetensors", "--dry-run", "--force"};
        QTest::newRow("quantize") << QStringList{"quantize", "MODEL", "-o", "OUT.safetensors", "--force"};
        QTest::newRow("quantize to an archive")
            << QStringList{"quantize", "MODEL", "-o", "OUT.pth", "--format", "gpt-fast", "--force"};
        QTest::newRow("quantize, floats again")
            << QStringList{"quantize", "FILE", "-o", "OUT.safetensors", "--format", "float", "--force"};
        QTest::newRow("quantize in units")
            << QStringList{"quantize", "MODEL", "-o", "OUT.safetensors", "--resume", "--force"};
        QTest::newRow("plan") << QStringList{"plan", "MODEL", "-o", "OUT.safetensors", "--units", "16", "--force"};
        QTest::newRow("part") << QStringList{"part", "WORK", "--unit", "1"};
        QTest::newRow("merge") << QStringList{"merge", "WORK"};
        QTest::newRow("formats, which opens no model") << QStringList{"formats"};
        QTest::newRow("search") << QStringList{"search", "MODEL", "--bpw", "20", "--bits", "4"};
        QTest::newRow("report") << QStringList{"report", "MODEL", "-o", "OUT.html", "--force"};
        QTest::newRow("rules") << QStringList{"rules", "MODEL", "--for", "torchao"};
        QTest::newRow("compare") << QStringList{"compare", "MODEL", "FILE"};
    }

    void growsWithTheNumberOfLayers()
    {
        QFETCH(const QStringList, arguments);
        std::array<double, kLayers.size()> least{};
        double growth = 0;
        for (int attempt = 0; attempt < kTries && (attempt == 0 || growth > kMostGrowth); ++attempt) {
            for (std::size_t size = 0; size < kLayers.size(); ++size) {
                double seconds = 0;
                run(arguments, size, &seconds);
                if (QTest::currentTestFailed())
                    return;
                least[size] = attempt == 0 ? seconds : std::min(least[size], seconds);
            }
            growth = std::sqrt(least[2] / least[0]); // of two doublings; single ones move with the caches
        }
        QVERIFY2(growth <= kMostGrowth, fmt::format("{} layers: {:.3f} s, {}: {:.3f} s, {}: {:.3f} s", kLayers[0],
                                                    least[0], kLayers[1], least[1], kLayers[2], least[2])
                                            .c_str());
    }
};

QTEST_GUILESS_MAIN(TestCliScaling)
#include "tst_cli_scaling.moc"
