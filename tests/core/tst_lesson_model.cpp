// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The lesson model: its troubles change no output, and screening finds exactly those that its metadata names.
#include "core/analysis/screening.h"
#include "core/formats/open_model.h"
#include "core/recipe/recipe.h"
#include "tests/core/quantized_tensor.h"
#include "tests/support/test_model.h"

#include <cmath>

using namespace qs;
using qs::test::elementsOf;

namespace {

using Json = nlohmann::json;

constexpr std::array kLayers{"fc1", "fc2", "fc3", "fc4"};

struct Weights {
    std::array<std::vector<float>, kLayers.size()> weights;
    std::array<std::vector<float>, kLayers.size()> biases;
};

std::vector<float> outputs(const Weights &network, std::vector<float> values, std::size_t samples)
{
    for (std::size_t layer = 0; layer < kLayers.size(); ++layer) {
        const std::size_t inputs = values.size() / samples;
        const std::size_t rows = network.biases[layer].size();
        std::vector<float> next;
        for (std::size_t sample = 0; sample < samples; ++sample) {
            for (std::size_t row = 0; row < rows; ++row) {
                float sum = network.biases[layer][row];
                for (std::size_t k = 0; k < inputs; ++k)
                    sum += network.weights[layer][row * inputs + k] * values[sample * inputs + k];
                next.push_back(layer + 1 < kLayers.size() ? std::max(sum, 0.0F) : sum);
            }
        }
        values = std::move(next);
    }
    return values;
}

std::vector<std::uint64_t> channelsOf(const Json &planted, const char *kind, const char *layer)
{
    return planted.at(kind).at(layer).get<std::vector<std::uint64_t>>();
}

} // namespace

class TestLessonModel : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        auto model = openModel("demo:lesson", {});
        QS_VERIFY(model);
        m_model = *model;
        m_planted = Json::parse(m_model->metadata.at("quantoscope.lesson"));
    }

    /// Loud rows as they were, and what nobody hears taken away: the same bits for every sample.
    void troublesAreNotHeard()
    {
        const auto inputs = samplesOf(*m_model);
        QS_VERIFY(inputs);
        QCOMPARE((*inputs)->samples, std::uint64_t(360));
        Weights planted;
        for (std::size_t i = 0; i < kLayers.size(); ++i) {
            planted.weights[i] = elementsOf<float>(*m_model, std::string(kLayers[i]) + ".weight");
            planted.biases[i] = elementsOf<float>(*m_model, std::string(kLayers[i]) + ".bias");
        }
        Weights plain = planted;
        for (const std::uint64_t row : channelsOf(m_planted, "loud", "fc2")) {
            for (std::size_t k = 0; k < 128; ++k) {
                plain.weights[1][row * 128 + k] /= 16;
                plain.weights[2][k * 256 + row] *= 16;
            }
            plain.biases[1][row] /= 16;
        }
        for (const char *kind : {"dead", "silent"}) {
            for (const std::uint64_t row : channelsOf(m_planted, kind, "fc2")) {
                std::fill_n(plain.weights[1].begin() + std::ptrdiff_t(row * 128), 128, 0.0F);
                plain.biases[1][row] = 0;
            }
        }
        std::size_t outliers = 0;
        for (const std::uint64_t row : channelsOf(m_planted, "outliers", "fc1")) {
            for (std::size_t k = 0; k < 64; ++k) {
                float &weight = plain.weights[0][row * 64 + k];
                outliers += std::fabs(weight) == 3;
                weight = std::fabs(weight) == 3 ? 0.1F : weight;
            }
        }
        QCOMPARE(outliers, std::size_t(32));
        const std::vector<float> before = outputs(plain, (*inputs)->values, 360);
        const std::vector<float> after = outputs(planted, (*inputs)->values, 360);
        QCOMPARE(before.size(), std::size_t(3600));
        QVERIFY(std::memcmp(before.data(), after.data(), before.size() * sizeof(float)) == 0);
        // The comparison does see what is heard.
        plain.weights[3][0] += 0.01F;
        QVERIFY(outputs(plain, (*inputs)->values, 360) != after);
    }

    void screeningNamesWhatWasPlanted()
    {
        AnalysisCache cache;
        const auto troubles = findTroubles(*m_model, cache, {});
        QS_VERIFY(troubles);
        Json found = {{"dead", Json::object()},
                      {"silent", Json::object()},
                      {"loud", Json::object()},
                      {"outliers", Json::object()},
                      {"one_sided", Json::array()}};
        for (const Trouble &trouble : *troubles) {
            const std::string &layer = m_model->layers[trouble.layer].module;
            QVERIFY(!trouble.sentence.empty());
            switch (trouble.kind) {
            case TroubleKind::DeadChannels:
                found["dead"][layer] = trouble.channels;
                break;
            case TroubleKind::SilentChannels:
                found["silent"][layer] = trouble.channels;
                break;
            case TroubleKind::LoudChannels:
                found["loud"][layer] = trouble.channels;
                break;
            case TroubleKind::Outliers:
                found["outliers"][layer] = trouble.channels;
                break;
            case TroubleKind::OneSided:
                found["one_sided"].push_back(layer);
                break;
            }
        }
        QCOMPARE(QByteArray::fromStdString(found.dump()), QByteArray::fromStdString(m_planted.dump()));
    }

    void nothingElsewhere()
    {
        const auto model = openModel("demo:notebook", {});
        QS_VERIFY(model);
        AnalysisCache cache;
        const auto troubles = findTroubles(**model, cache, {});
        QS_VERIFY(troubles);
        for (const Trouble &trouble : *troubles)
            QFAIL(trouble.sentence.str().c_str());
    }

    /// The codes, scales and zero points that PyTorch makes with the arithmetic of lecture notebooks.
    void lectureCodes_data()
    {
        QTest::addColumn<QString>("layer");
        QTest::addColumn<QString>("mode");
        QTest::addColumn<QString>("granularity");
        for (const char *layer : {"layer1", "layer2", "layer3", "layer4", "layer5"})
            for (const char *mode : {"symmetric", "asymmetric"})
                for (const char *granularity : {"channel", "tensor"})
                    QTest::addRow("%s %s %s", layer, mode, granularity) << layer << mode << granularity;
    }

    void lectureCodes()
    {
        QFETCH(const QString, layer);
        QFETCH(const QString, mode);
        QFETCH(const QString, granularity);
        const auto model = openModel("demo:notebook", {});
        const auto golden = openModel(QUANTOSCOPE_SOURCE_DIR "/tests/data/golden/lecture.safetensors", {});
        QS_VERIFY(model);
        QS_VERIFY(golden);
        const Scheme scheme = test::schemeOf(QStringLiteral("convention=lecture mode=%1 granularity=%2 code_range=%3")
                                                 .arg(mode, granularity, mode == "symmetric" ? "narrow" : "full"));
        const auto result = test::quantizeTensor(**model, layer.toStdString() + ".weight", scheme);
        QS_VERIFY(result);
        const std::string key = QStringLiteral("%1.%2.%3").arg(layer, mode, granularity).toStdString();
        QCOMPARE(result->codes, elementsOf<std::int8_t>(**golden, key + ".codes"));
        QCOMPARE(result->layer.scales, elementsOf<float>(**golden, key + ".scales"));
        if (mode == "asymmetric")
            QCOMPARE(result->layer.zeroPoints, elementsOf<std::int8_t>(**golden, key + ".zero_points"));
    }

private:
    std::shared_ptr<const Model> m_model;
    Json m_planted;
};

QTEST_GUILESS_MAIN(TestLessonModel)
#include "tst_lesson_model.moc"
