// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The report as one HTML file: everything in it, nothing from outside, names of files as text, the recipe read back.
#include "core/analysis/analyze.h"
#include "core/analysis/compare.h"
#include "core/analysis/compared_report.h"
#include "core/formats/open_model.h"
#include "core/reports/report_html.h"
#include "core/reports/svg_figure.h"
#include "tests/core/model_builder.h"

#include <QTest>
#include <QXmlStreamReader>

using namespace qs;

class TestReportHtml : public QObject
{
    Q_OBJECT
private slots:
    void holdsEverything();
    void recipeReadsBack();
    void namesAreText();
    void besideAnotherFile();
    void figuresAreWellFormed();
    void noRecipeInside();
};

namespace {

struct Made {
    std::shared_ptr<const Model> model = *openModel("demo:digits", {});
    Recipe recipe;
    std::shared_ptr<const Report> report;

    Made()
    {
        recipe.scheme.bits = 4;
        recipe.rules.push_back({.match = "fc1", .action = Rule::Action::Exclude, .why = "</script><b>why"});
        AnalysisCache cache;
        report = *analyze(*model, recipe, {}, cache, {});
    }
};

bool isWellFormed(const std::string &svg)
{
    QXmlStreamReader reader(QByteArray::fromStdString(svg));
    while (!reader.atEnd())
        reader.readNext();
    return !reader.hasError();
}

} // namespace

void TestReportHtml::holdsEverything()
{
    const Made made;
    const std::string html = reportHtml(*made.model, made.recipe, *made.report);
    const QString text = QString::fromStdString(html);
    for (const char *word :
         {"fc1", "fc4", "Output error", "held-out images", "Quantoscope", "quantoscope_recipe", "<svg"})
        QVERIFY2(text.contains(word), word);
    // Nothing is fetched from anywhere.
    QVERIFY(!QString(text).remove("http://www.w3.org/2000/svg").contains("http"));
    QVERIFY(!text.contains("src="));
}

void TestReportHtml::recipeReadsBack()
{
    const Made made;
    const auto recipe = recipeFromHtml(reportHtml(*made.model, made.recipe, *made.report), "x.html");
    QVERIFY(recipe);
    QVERIFY(*recipe == made.recipe);
}

/// A name is never markup: not in the table, not in a figure, not inside of the JSON.
void TestReportHtml::namesAreText()
{
    const Made made;
    Model model = *made.model;
    model.title = "<img onerror=x>";
    Report report = *made.report;
    auto layer = std::make_shared<LayerReport>(*report.layers[1]);
    layer->module = "<script>alert('1')</script>\x01";
    report.layers[1] = layer;
    const std::string html = reportHtml(model, made.recipe, report);
    QVERIFY(html.find("<img") == std::string::npos);
    QVERIFY(html.find("<script>alert") == std::string::npos);
    QVERIFY(html.find("</script><b>") == std::string::npos);
    QVERIFY(html.find("&lt;img onerror") != std::string::npos);
    QVERIFY(html.find('\x01') == std::string::npos);
}

void TestReportHtml::besideAnotherFile()
{
    const Made made;
    const auto other = openModel("demo:notebook", {});
    const auto comparison = compare(*made.model, **other, {});
    AnalysisCache cache;
    const auto own = analyze(**other, Recipe(), {}, cache, {});
    const ComparedReport compared = comparedReport(*made.model, **other, *comparison, **own);
    const ComparedSide side{.title = "other <file>", .report = compared.report.get(), .comparison = &*comparison};
    const std::string html = reportHtml(*made.model, made.recipe, *made.report, &side);
    QVERIFY(html.find("other &lt;file&gt;") != std::string::npos);
    // Every tensor of both is there, with the reason where it has no partner.
    for (const UnmatchedTensor &tensor : comparison->unmatched) {
        QVERIFY2(html.find(reports::escaped(tensor.name)) != std::string::npos, tensor.name.c_str());
        QVERIFY(html.find(reports::escaped(tensor.reason.str())) != std::string::npos);
    }
}

void TestReportHtml::figuresAreWellFormed()
{
    const Made made;
    const std::string errors = reports::errorFigure(*made.report, nullptr);
    const std::string scales = reports::scaleFigure(*made.report, made.report.get());
    QVERIFY(isWellFormed(errors) && isWellFormed(scales));
    // Three layers are quantized: a bar each.
    QCOMPARE(QString::fromStdString(errors).count("<rect class=\"a\""), 3);
    const auto pairs = QString::fromStdString(scales);
    QCOMPARE(pairs.count("<rect class=\"m\""), 6);
    Report nothing = *made.report;
    nothing.layers.clear();
    QVERIFY(reports::errorFigure(nothing, nullptr).empty() && reports::scaleFigure(nothing, nullptr).empty());
}

void TestReportHtml::noRecipeInside()
{
    QVERIFY(!recipeFromHtml("<html></html>", "x.html"));
    QVERIFY(!recipeFromHtml("<script type=\"application/json\" id=\"quantoscope-recipe\">{", "x.html"));
}

QTEST_APPLESS_MAIN(TestReportHtml)
#include "tst_reports_html.moc"
