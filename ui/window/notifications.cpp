// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/notifications.h"

#include "core/analysis/compare.h"
#include "ui/actions/action_registry.h"
#include "ui/document/document.h"
#include "ui/models/layer_summary.h"
#include "ui/pages/export/export_command.h"
#include "ui/pages/export/export_panel.h"
#include "ui/pages/file/file_page.h"
#include "ui/pages/layers/layers_panel.h"
#include "ui/pages/welcome/readable_formats.h"
#include "ui/selection/selection.h"
#include "ui/text/format.h"
#include "ui/widgets/message_bar.h"

#include <QClipboard>
#include <QCursor>
#include <QDesktopServices>
#include <QFileInfo>
#include <QGuiApplication>
#include <QMenu>
#include <QUrl>

#include <algorithm>
#include <utility>

namespace qs::ui {

namespace {

/// In the banner; the File page has all of them.
constexpr std::size_t kMostNames = 3;
constexpr int kLongestName = 60;

/// Errors of core start like the middle of a sentence; a name at the start stays as it is.
QString asSentence(const QString &text)
{
    const QString word = text.section(QLatin1Char(' '), 0, 0);
    const bool isWord = std::ranges::all_of(word, [](QChar letter) { return letter.isLower(); });
    return isWord && !word.isEmpty() ? text.at(0).toUpper() + text.mid(1) : text;
}

} // namespace

Notifications::Notifications(Setup *setup, Selection *selection, ActionRegistry *actions, const Parts &parts,
                             QObject *parent)
    : QObject(parent)
    , m_setup(setup)
    , m_document(&setup->document())
    , m_selection(selection)
    , m_actions(actions)
    , m_messages(parts.messages)
    , m_codeBanner(parts.codeBanner)
    , m_layers(parts.layers)
    , m_file(parts.file)
{
    connect(m_document, &Document::refused, this, &Notifications::showError);
    connect(&m_document->inputs(), &Inputs::changed, this, &Notifications::inputsChanged);
    connect(m_setup, &Setup::remarked, this,
            [this](const QString &sentence) { m_messages->show(MessageBar::Kind::Warning, sentence); });
    connect(m_setup, &Setup::analysisFailed, this, [this](const QString &sentence) {
        m_messages->show(MessageBar::Kind::Error, asSentence(sentence),
                         {{tr("Try again"), [this] { m_setup->analysisJob().start(); }}});
    });
    connect(&m_document->sideB(), &SideB::changed, this, &Notifications::reportComparison);
    connect(m_setup, &Setup::changed, this, [this](Changes changes) {
        // "Saved" is about another state than the one that is edited now.
        if ((changes & Change::Recipe) && !m_saved.isEmpty() && m_messages->sentence() == std::exchange(m_saved, {}))
            m_messages->dismiss();
        const bool ended = (changes & Change::Analysis) && m_setup->analysis() > Setup::Analysis::Running;
        if (ended && !std::exchange(m_oddsReported, true))
            reportRemarks();
    });
}

/// Other inputs are in force: what was wrong with the last ones is of no interest any more.
void Notifications::inputsChanged()
{
    if (!m_refused.isEmpty() && m_messages->sentence() == m_refused)
        m_messages->dismiss();
}

void Notifications::modelChanged()
{
    m_messages->dismiss();
    m_oddsReported = false;
    warnOfCode();
}

void Notifications::showError(const QString &sentence)
{
    m_refused = asSentence(sentence);
    m_messages->show(MessageBar::Kind::Error, m_refused);
}

void Notifications::openFailed(const OpenProblem &problem, const QString &details)
{
    QList<MessageBar::Action> actions{
        {tr("Open another…"), [this] { m_actions->trigger(QStringLiteral("model.open")); }}};
    if (problem.choices.size() > 1)
        actions.prepend({tr("Choose one…"), [this, choices = problem.choices] { chooseOf(choices); }, false});
    m_messages->show(MessageBar::Kind::Error, asSentence(text::words(problem.error.sentence())), actions,
                     tr("%1\nReadable formats: %2").arg(details, readableFormats()));
}

/// A list of the models of a folder, below the button that asks for it.
void Notifications::chooseOf(const QStringList &paths)
{
    auto *menu = new QMenu(m_messages);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    for (const QString &path : paths)
        connect(menu->addAction(text::buttonText(QFileInfo(path).fileName())), &QAction::triggered, this,
                [this, path] { emit openRequested(path); });
    menu->popup(QCursor::pos());
}

void Notifications::showFileRemarks()
{
    m_actions->trigger(QStringLiteral("tab.") + m_file->objectName());
    m_file->showRemarks();
}

/// The table has those layers only, the first of them selected.
void Notifications::showWarnings(int first)
{
    m_layers->setFilter(QStringLiteral("is:warning"));
    m_selection->setCurrent(first);
}

/// Stays until it is closed or another file comes, whatever else is said in the meantime.
void Notifications::warnOfCode()
{
    const std::vector<std::string> &names = m_document->model()->foreignGlobals;
    if (names.empty()) {
        m_codeBanner->dismiss();
        return;
    }
    QStringList first;
    for (std::size_t i = 0; i < std::min(names.size(), kMostNames); ++i)
        first << text::oneLine(names[i], kLongestName);
    QString list = text::listed(first);
    if (names.size() > kMostNames)
        list = tr("%1 and %2 more").arg(list, text::count(names.size() - kMostNames));
    m_codeBanner->show(MessageBar::Kind::Error,
                       tr("This file would run code in an ordinary loader: %1. Quantoscope runs nothing.").arg(list),
                       {{tr("Show"), [this] { showFileRemarks(); }, false}});
}

void Notifications::reportRemarks()
{
    const Model &model = *m_document->model();
    std::size_t stored = 0;
    QStringList kept;
    QStringList lines;
    int first = -1;
    for (std::size_t i = 0; i < model.layers.size(); ++i) {
        stored += model.layers[i].stored ? 1 : 0;
        const QString name = text::oneLine(model.layers[i].module);
        const LayerReport *report = m_setup->report()->layers[i].get();
        const std::uint64_t lost = report && report->quantization ? report->quantization->lostWeights : 0;
        if (isDamaged(*m_setup, i) || (!m_setup->canQuantize(i) && !m_setup->isStored(i)))
            kept << tr("%1: %2").arg(name, m_setup->keptReason(i));
        else if (lost > 0)
            lines << tr("%1: %2 weights are too small for float32 and lost: they count as 0")
                         .arg(name, text::count(lost));
        else
            continue;
        first = first < 0 ? static_cast<int>(i) : first;
    }
    for (const Text &warning : model.warnings)
        lines << text::sentence(warning);
    if (kept.size() > 1)
        lines.prepend(
            tr("%1 of %2 layers cannot be quantized and stay as they are.").arg(kept.size()).arg(model.layers.size()));
    else if (kept.size() == 1)
        lines.prepend(tr("One layer cannot be quantized and stays as it is. %1").arg(kept.front()));
    if (const QString sentence = incompleteComparison(); !sentence.isEmpty())
        lines.prepend(sentence);
    if (!lines.isEmpty())
        m_messages->show(MessageBar::Kind::Warning,
                         lines.size() == 1 ? lines.front()
                                           : tr("%1 (and %2 more remarks)").arg(lines.front()).arg(lines.size() - 1),
                         {{tr("Show"), [this, first] {
                               if (first >= 0)
                                   showWarnings(first);
                               showFileRemarks();
                           }}});
    else if (stored > 0)
        m_messages->show(MessageBar::Kind::Info, tr("%1 of %2 layers are quantized in this file already; their scales "
                                                    "are shown as they are stored.")
                                                     .arg(stored)
                                                     .arg(model.layers.size()));
}

/// Empty unless B is a file of which not all was compared.
QString Notifications::incompleteComparison() const
{
    const std::shared_ptr<const Comparison> &comparison = m_document->sideB().comparison();
    if (!comparison || !comparison->incomplete())
        return {};
    return tr("The comparison with %1 is incomplete: %2 of the weights were compared; the table says why the rest was "
              "not.")
        .arg(m_document->sideB().title(), text::percent(comparison->coverage()));
}

void Notifications::reportComparison()
{
    if (m_compared == m_document->sideB().comparison())
        return;
    m_compared = m_document->sideB().comparison();
    if (const QString sentence = incompleteComparison(); !sentence.isEmpty() && m_oddsReported)
        m_messages->show(MessageBar::Kind::Warning, sentence,
                         {{tr("Show"), [this] { m_actions->trigger(QStringLiteral("tab.compare")); }}});
}

void Notifications::reportExport(const Exported &done)
{
    const QFileInfo file(done.path);
    QList<MessageBar::Action> actions{
        {tr("Show folder"), [folder = file.absolutePath()] { QDesktopServices::openUrl(QUrl::fromLocalFile(folder)); },
         false},
        {tr("Copy command"), [this, done] { copyExportCommand(done); }, false}};
    // What our own readers do not open is for other programs.
    if (done.reopens)
        actions.prepend({tr("Open it"), [this, path = file.absoluteFilePath()] { emit openRequested(path); }, false});
    m_saved = tr("Saved %1, %2.").arg(file.fileName(), text::bytes(done.bytes));
    m_messages->show(MessageBar::Kind::Good, m_saved, actions,
                     tr("Written to %1, %2").arg(file.absoluteFilePath(), text::exactBytes(done.bytes)));
}

void Notifications::copyExportCommand(const Exported &done)
{
    if (m_document->model() != done.model || m_setup->recipe() != done.recipe) {
        m_messages->show(MessageBar::Kind::Info, tr("The file was written from another state than the one that is open "
                                                    "now. Export again to get the command for this one."));
        return;
    }
    const bool needsRecipe = m_setup->recipe() != defaultRecipe(*m_document->model());
    // The command line reads the recipe from a file, so there must be one that says what the window shows.
    const auto isSaved = [this] { return !m_setup->recipePath().isEmpty() && !m_document->hasUnsavedEdits(); };
    if (needsRecipe && !isSaved())
        m_actions->trigger(QStringLiteral("recipe.save"));
    if (needsRecipe && !isSaved())
        return;
    const QString recipe = needsRecipe ? m_setup->recipePath() : QString();
    QGuiApplication::clipboard()->setText(QString::fromStdString(exportCommand(
        *done.format, m_document->location().toStdString(), done.path.toStdString(), recipe.toStdString())));
}

} // namespace qs::ui
