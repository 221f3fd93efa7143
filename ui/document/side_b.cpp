// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/document/side_b.h"

#include "core/analysis/analyze.h"
#include "core/analysis/compared_network.h"
#include "core/formats/open_model.h"
#include "core/model/names.h"
#include "ui/document/document.h"
#include "ui/text/format.h"
#include "ui/text/translation.h"

#include <QUndoStack>

#include <numeric>
#include <utility>

namespace qs::ui {

namespace {

constexpr auto kFileJob = "other file";
constexpr auto kNetworkJob = "network of other file";
constexpr auto kDistributionJob = "distribution of other file";

/// Nothing is quantized: what the file holds is looked at as it is.
Recipe keepingAll(const Model &model, Recipe recipe)
{
    LayerIndices all(model.layers.size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    setQuantized(recipe, model, {}, all);
    return recipe;
}

/// The network, with all layers alone.
bool hasRunAll(const Report &report)
{
    return report.complete && report.outputError.kind == OutputErrorKind::Network && !report.outputError.onRequest;
}

} // namespace

struct SideB::FileOutcome {
    std::shared_ptr<const Model> model;
    std::shared_ptr<const Comparison> comparison;
    std::shared_ptr<const Report> report;
    std::shared_ptr<const ComparedReport> compared;

    static Result<FileOutcome> of(const std::string &location, const Model &reference, const TaskContext &context)
    {
        FileOutcome outcome;
        QS_ASSIGN(outcome.model, openModel(location, context));
        QS_ASSIGN(Comparison comparison, compare(reference, *outcome.model, context));
        outcome.comparison = std::make_shared<const Comparison>(std::move(comparison));
        AnalyzeOptions options;
        options.outputError = OutputErrorRequest::None;
        options.keepChannels = true;
        options.previewKept = true;
        options.allowUnmatched = true;
        AnalysisCache cache;
        QS_ASSIGN(outcome.report, analyze(*outcome.model, keepingAll(*outcome.model, {}), options, cache, context));
        outcome.compared = std::make_shared<const ComparedReport>(
            comparedReport(reference, *outcome.model, *outcome.comparison, *outcome.report));
        return outcome;
    }
};

SideB::SideB(Document &document)
    : m_document(document)
{
    connect(&document.inputs(), &Inputs::changed, this, &SideB::runFileNetwork);
}

Setup &SideB::setupA() const
{
    return *m_document.setups().front();
}

std::shared_ptr<const Report> SideB::report() const
{
    if (m_kind == Kind::File)
        return m_networkReport ? m_networkReport : m_compared->report;
    return m_kind == Kind::Recipe ? m_setup->report() : nullptr;
}

bool SideB::isPending() const
{
    return m_document.tasks().isRunning(kFileJob) || m_document.tasks().isRunning(kNetworkJob) ||
           (m_kind == Kind::Recipe && m_setup->analysis() == Setup::Analysis::Running);
}

void SideB::compareWith(const Recipe &recipe, const EditText &title)
{
    if (!m_document.model())
        return;
    if (!m_setup) {
        m_setup = m_document.addSetup();
        connect(m_setup, &Setup::changed, this, [this](Changes changes) {
            if (m_kind == Kind::Recipe && (changes & (Change::Recipe | Change::Results | Change::Analysis |
                                                      Change::Distribution | Change::Clipping)))
                emit changed();
        });
    }
    m_setup->analysisJob().setIdle(false);
    if (m_kind == Kind::Recipe) {
        if (!m_setup->edit([title] { return tr("Compare with %1").arg(title()); }, recipe))
            return;
    } else if (recipe != m_setup->recipe()) {
        // What B was before nobody has seen, so there is nothing to go back to.
        m_setup->applyRecipe(std::make_shared<const Recipe>(recipe));
    }
    forgetFile();
    m_kind = Kind::Recipe;
    m_title = title;
    // Roles or ties may have changed since somebody asked for a layer.
    const bool has = m_wanted.layer && *m_wanted.layer < m_document.model()->layers.size();
    m_setup->distribution().show(has ? m_wanted : DistributionJob::Target{});
    emit changed();
}

void SideB::compareWithFloats()
{
    if (m_document.model())
        compareWith(keepingAll(*m_document.model(), setupA().recipe()), [] { return tr("float32"); });
}

void SideB::openFile(const QString &location)
{
    if (!m_document.model())
        return;
    const std::shared_ptr<const Model> reference = m_document.model();
    m_document.tasks().run(
        {kFileJob, tr("Comparing …"), JobRank::Reading}, this,
        [path = location.toStdString(), reference](const TaskContext &context) {
            return FileOutcome::of(path, *reference, context);
        },
        [this, location, reference](Result<FileOutcome> outcome) {
            if (m_document.model() != reference) {
                openFile(location); // roles or ties were changed meanwhile, so the layers are others
                return;
            }
            if (outcome) {
                const QString title = text::oneLine(outcome->model->title); // before the model is handed on
                adoptFile(title, std::move(*outcome));
            } else if (outcome.error().code != ErrorCode::Cancelled) {
                emit failed(tr("%1 cannot be compared: %2")
                                .arg(location.section(QLatin1Char('/'), -1), text::words(outcome.error().sentence())));
            }
            emit changed();
        });
    emit changed();
}

void SideB::adoptFile(const QString &title, FileOutcome outcome)
{
    m_document.tasks().drop(kDistributionJob);
    m_kind = Kind::File;
    m_title = title;
    m_model = std::move(outcome.model);
    m_comparison = std::move(outcome.comparison);
    m_compared = std::move(outcome.compared);
    m_fileReport = std::move(outcome.report);
    if (m_setup)
        m_setup->analysisJob().setIdle(true);
    runFileNetwork();
    showFileDistribution();
}

void SideB::followA(Changes changes)
{
    if (m_kind != Kind::File || !(changes & (Change::Recipe | Change::Analysis)))
        return;
    const bool asksMore = m_networkReport && m_networkReport->outputError.onRequest && hasRunAll(*setupA().report());
    if (setupA().recipe().activation != m_activation || asksMore)
        runFileNetwork();
}

/// With the inputs and the activation that A is run with, so that both have the same kind of error.
void SideB::runFileNetwork()
{
    m_networkReport.reset();
    if (m_kind != Kind::File)
        return;
    m_activation = setupA().recipe().activation;
    AnalyzeOptions options;
    options.inputs = m_document.inputs().current();
    options.heldOut = !setupA().report()->chosenOn.empty();
    if (hasRunAll(*setupA().report()))
        options.outputError = OutputErrorRequest::Network; // what A has done, B may do
    m_document.tasks().run(
        {kNetworkJob, tr("Running the network with B …"), JobRank::Analysis}, this,
        [reference = m_document.model(), candidate = m_model, compared = m_compared, options,
         activation = m_activation](const TaskContext &context) {
            return comparedNetwork(*reference, *candidate, *compared, options, activation, context);
        },
        [this](Result<std::shared_ptr<const Report>> report) {
            // Where it fails, errors of the weights stand; why A cannot be run says A's own report.
            if (report)
                m_networkReport = std::move(*report);
            emit changed();
        });
}

void SideB::forgetFile()
{
    m_document.tasks().drop(kFileJob);
    m_document.tasks().drop(kNetworkJob);
    m_networkReport.reset();
    m_document.tasks().drop(kDistributionJob);
    m_model.reset();
    m_comparison.reset();
    m_compared.reset();
    m_fileReport.reset();
    m_distribution = {};
}

void SideB::close()
{
    forgetFile();
    m_kind = Kind::None;
    m_title = QString();
    if (m_setup)
        m_setup->analysisJob().setIdle(true);
    emit changed();
}

void SideB::copyFromA()
{
    if (m_kind == Kind::Recipe) {
        if (m_setup->edit([] { return tr("Copy A to B"); }, setupA().recipe()))
            m_title = [] { return tr("copy of A"); };
        emit changed();
    } else {
        compareWith(setupA().recipe(), [] { return tr("copy of A"); });
    }
}

void SideB::swap()
{
    if (m_kind != Kind::Recipe || m_setup->recipe() == setupA().recipe())
        return;
    const Recipe a = setupA().recipe();
    const Recipe b = m_setup->recipe();
    m_title = [] { return tr("A before the swap"); };
    m_document.undoStack().beginMacro(tr("Swap A and B"));
    const EditText name([] { return tr("Swap A and B"); });
    setupA().edit(name, b);
    m_setup->edit(name, a);
    m_document.undoStack().endMacro();
    emit changed();
}

const DistributionJob::Shown &SideB::distribution() const
{
    return m_kind == Kind::Recipe ? m_setup->distribution().shown() : m_distribution;
}

void SideB::showDistribution(const DistributionJob::Target &target)
{
    if (m_wanted == target)
        return;
    m_wanted = target;
    if (m_kind == Kind::Recipe)
        m_setup->distribution().show(target);
    else if (m_kind == Kind::File)
        showFileDistribution();
}

/// The file's own layer: its channels are counted along its own axis.
void SideB::showFileDistribution()
{
    m_distribution = {};
    m_distribution.target = m_wanted;
    const bool has = m_wanted.layer && *m_wanted.layer < m_compared->layers.size();
    const auto layer = has ? m_compared->layers[*m_wanted.layer] : std::nullopt;
    const std::shared_ptr<const LayerQuantization> source =
        layer ? m_fileReport->layers[*layer]->quantization : nullptr;
    const LayerPart part = m_wanted.part;
    if (!source || !part.isOf({source->scheme.granularity, source->shape})) {
        m_document.tasks().drop(kDistributionJob);
        emit changed();
        return;
    }
    m_document.tasks().run(
        {kDistributionJob, tr("Counting weights …"), JobRank::View}, this,
        [model = m_model, layer = *layer, source, part](const TaskContext &context) {
            return qs::distribution(*model, model->layers[layer], source->channelAxis, *source, part, context);
        },
        [this](Result<Distribution> result) {
            if (result)
                m_distribution.values = std::make_shared<const Distribution>(std::move(*result));
            emit changed();
        });
}

} // namespace qs::ui
