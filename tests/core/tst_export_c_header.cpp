// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Headers of C: text of the planned size, numbers that are the codes and scales.
#include "core/export/preview.h"
#include "tests/support/test_model.h"
#include "tests/support/written_export.h"

#include <QRegularExpression>

using namespace qs;
using namespace qs::test;

namespace {

std::vector<double> numbersOf(const QString &text, const QString &array)
{
    const QRegularExpression pattern(QStringLiteral(" %1\\[(\\d+)\\] = \\{([^}]*)\\};").arg(array));
    const auto match = pattern.match(text);
    std::vector<double> numbers;
    const QStringList parts = match.captured(2).remove('f').split(',', Qt::SkipEmptyParts);
    for (const QString &part : parts)
        if (const QString number = part.trimmed(); !number.isEmpty())
            numbers.push_back(number.toDouble());
    if (numbers.size() != match.captured(1).toULongLong())
        qFatal("%s has another size", qPrintable(array));
    return numbers;
}

} // namespace

class TestExportCHeader : public QObject
{
    Q_OBJECT

private slots:
    void numbers_data()
    {
        QTest::addColumn<Mode>("mode");
        QTest::addColumn<int>("axis");
        for (const Mode mode : {Mode::Symmetric, Mode::Asymmetric})
            for (const int axis : {0, 1})
                QTest::addRow("%s, axis %d", textOf(mode).data(), axis) << mode << axis;
    }

    void numbers()
    {
        QFETCH(const Mode, mode);
        QFETCH(const int, axis);
        const auto model = source();
        Recipe recipe;
        recipe.scheme.mode = mode;
        recipe.rules = {{"*", Rule::Action::None, {}, {}, axis}};
        AnalysisCache cache;
        const auto before = preview(*findExportFormat("c-header"), *model, recipe, m_out, m_replace, cache, {}, {});
        QS_VERIFY(before);
        QS_VERIFY(writeAs("c-header", *model, recipe, m_out, m_replace));
        const QByteArray bytes = written();
        QCOMPARE(static_cast<std::uint64_t>(bytes.size()), before->plan.bytes);
        const std::string codes = m_folder.filePath("codes.safetensors").toStdString();
        QS_VERIFY(writeAs("safetensors", *model, recipe, codes, m_replace));
        const SafetensorsFile file(QString::fromStdString(codes));
        const QString text = QString::fromLatin1(bytes);
        QVERIFY(
            text.contains(QStringLiteral("/* tensor: fc.weight shape: 7,43 axis: %1 codes: fc_weight */\n").arg(axis)));
        const std::vector<double> found = numbersOf(text, "fc_weight_codes");
        const QByteArray expected = file.bytes("fc.weight");
        QCOMPARE(found.size(), std::size_t(expected.size()));
        for (qsizetype i = 0; i < expected.size(); ++i)
            QCOMPARE(found[std::size_t(i)], double(static_cast<signed char>(expected[i])));
        const std::vector<double> scales = numbersOf(text, "fc_weight_scales");
        const std::vector<float> expectedScales = file.floats("fc.scales");
        QCOMPARE(scales.size(), expectedScales.size());
        for (std::size_t i = 0; i < scales.size(); ++i)
            QCOMPARE(static_cast<float>(scales[i]), expectedScales[i]);
        QCOMPARE(text.contains("fc_weight_zero_points["), mode == Mode::Asymmetric);
    }

    void refusesGroups()
    {
        const auto model = source();
        Recipe recipe;
        recipe.scheme.granularity = Granularity::group(8);
        AnalysisCache cache;
        const auto plan = planExport(*findExportFormat("c-header"), *model, recipe, m_out, m_replace, cache, {});
        QS_VERIFY(plan);
        QCOMPARE(plan->preflight.size(), std::size_t(2));
        QCOMPARE(plan->preflight[0].level, PreflightLine::Level::Refused);
        QCOMPARE(plan->preflight[0].tensor, std::string("fc.weight"));
        QCOMPARE(plan->preflight[0].remedy.str(), std::string("use one scale per channel"));
        QCOMPARE(plan->preflight[1].level, PreflightLine::Level::Note);
    }

private:
    std::shared_ptr<const Model> source()
    {
        return openBytes(m_folder, "in.safetensors",
                         safetensorsBytes({FloatTensor{"fc.weight", {7, 43}, randomValues(301, 5)},
                                           FloatTensor{"fc.bias", {7}, randomValues(7, 6)}}));
    }

    QByteArray written() const
    {
        QFile file(QString::fromStdString(m_out));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

    QTemporaryDir m_folder;
    const std::string m_out = m_folder.filePath("out.h").toStdString();
    const ExportOptions m_replace{.overwrite = true};
};

QTEST_GUILESS_MAIN(TestExportCHeader)
#include "tst_export_c_header.moc"
