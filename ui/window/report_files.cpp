// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/report_files.h"

#include "core/base/atomic_file.h"
#include "core/reports/node_data.h"
#include "core/reports/report_html.h"
#include "ui/actions/action_registry.h"
#include "ui/document/document.h"
#include "ui/settings/settings.h"
#include "ui/text/translation.h"
#include "ui/widgets/file_chooser.h"
#include "ui/widgets/message_bar.h"

#include <QDesktopServices>
#include <QFileInfo>
#include <QUrl>
#include <QWidget>

#include <utility>

namespace qs::ui {

namespace {

constexpr auto kReportJob = "report";

/// All that a report is made of, alive for as long as it takes.
struct Content {
    std::shared_ptr<const Model> model;
    std::shared_ptr<const Recipe> recipe;
    std::shared_ptr<const Report> report;
    std::string otherTitle;
    std::shared_ptr<const Report> otherReport;
    std::shared_ptr<const Recipe> otherRecipe;
    std::shared_ptr<const Comparison> comparison;
};

Result<void> writeReport(const Content &content, const std::string &path)
{
    const ComparedSide side{.title = content.otherTitle,
                            .report = content.otherReport.get(),
                            .recipe = content.otherRecipe.get(),
                            .comparison = content.comparison.get()};
    const std::string html =
        reportHtml(*content.model, *content.recipe, *content.report, content.otherReport ? &side : nullptr);
    return writeWholeFile(path, html, true); // the dialog has asked
}

} // namespace

ReportFiles::ReportFiles(Setup *setup, Settings *settings, FileChooser *chooser, MessageBar *messages,
                         ActionRegistry *actions, QWidget *window)
    : QObject(window)
    , m_setup(setup)
    , m_settings(settings)
    , m_chooser(chooser)
    , m_messages(messages)
    , m_window(window)
{
    actions->add({.id = QStringLiteral("model.report"),
                  .text = tr("Report as &HTML…"),
                  .tip = tr("Save figures, table and recipe, and B beside them, as one HTML file"),
                  .work = [this] { choose(); },
                  .enabledWhen = [this] { return m_setup->model() && m_setup->analysis() == Setup::Analysis::Done; }});
    // Queued: what has changed may still count as running.
    connect(&setup->document().sideB(), &SideB::changed, this, &ReportFiles::writeOnceComplete, Qt::QueuedConnection);
    connect(setup, &Setup::changed, this, &ReportFiles::writeOnceComplete, Qt::QueuedConnection);
    connect(&setup->document(), &Document::modelAboutToChange, this, [this] { m_waiting.clear(); });
    actions->add({.id = QStringLiteral("model.nodeData"),
                  .text = tr("&Node data for Model Explorer…"),
                  .tip = tr("Save the errors of layers so that Google's Model Explorer colours its graph by them"),
                  .work = [this] { chooseNodeData(); },
                  .enabledWhen =
                      [this] {
                          return m_setup->model() && m_setup->model()->graph &&
                                 m_setup->analysis() == Setup::Analysis::Done;
                      }});
}

QString ReportFiles::askFor(const QString &title, const QString &ending, const QString &filter)
{
    const QString name = QFileInfo(QString::fromStdString(m_setup->model()->title)).completeBaseName() + ending;
    const QString folder = m_settings->data().lastFolder;
    const QString path =
        m_chooser->fileToSave(m_window, title, folder.isEmpty() ? name : folder + QLatin1Char('/') + name, filter);
    if (!path.isEmpty())
        m_settings->setLastFolderOf(path);
    return path;
}

void ReportFiles::chooseNodeData()
{
    const QString path = askFor(tr("Save node data"), QStringLiteral(".node-data.json"), tr("JSON (*.json)"));
    if (path.isEmpty())
        return;
    m_setup->document().tasks().run(
        {kReportJob, tr("Writing node data …"), JobRank::Writing}, this,
        [model = m_setup->model(), report = m_setup->report(), activation = m_setup->recipe().activation,
         to = path.toStdString()](const TaskContext &context) -> Result<void> {
            QS_ASSIGN(const std::string json, nodeDataJson(*model, *report, activation, context));
            return writeWholeFile(to, json, true);
        },
        [this, path](const Result<void> &written) { told(path, written); });
}

void ReportFiles::told(const QString &path, const Result<void> &written)
{
    if (!written) {
        m_messages->show(MessageBar::Kind::Error, text::words(written.error().sentence()));
        return;
    }
    m_messages->show(MessageBar::Kind::Good, tr("Saved %1.").arg(QFileInfo(path).fileName()),
                     {{tr("Open it"), [path] { QDesktopServices::openUrl(QUrl::fromLocalFile(path)); }}});
}

void ReportFiles::choose()
{
    const QString path = askFor(tr("Save a report"), QStringLiteral(".report.html"), tr("HTML (*.html)"));
    if (path.isEmpty())
        return;
    m_waiting = path;
    if (m_setup->document().sideB().isPending())
        m_messages->show(MessageBar::Kind::Info, tr("The report is written as soon as the results of B are there."),
                         {{tr("Cancel"), [this] { m_waiting.clear(); }}});
    writeOnceComplete();
}

/// A report with half of B would look like one without it.
void ReportFiles::writeOnceComplete()
{
    if (m_waiting.isEmpty() || !m_setup->model() || m_setup->document().sideB().isPending() ||
        m_setup->analysis() != Setup::Analysis::Done)
        return;
    write(std::exchange(m_waiting, QString()));
}

void ReportFiles::write(const QString &path)
{
    Content content{m_setup->model(), m_setup->sharedRecipe(), m_setup->report(), {}, {}, {}, {}};
    if (const SideB &sideB = m_setup->document().sideB(); sideB.isOpen()) {
        content.otherTitle = sideB.title().toStdString();
        content.otherReport = sideB.report();
        content.otherRecipe = sideB.setup() ? sideB.setup()->sharedRecipe() : nullptr;
        content.comparison = sideB.comparison();
    }
    m_setup->document().tasks().run(
        {kReportJob, tr("Writing the report …"), JobRank::Writing}, this,
        [content, to = path.toStdString()](const TaskContext &) { return writeReport(content, to); },
        [this, path](const Result<void> &written) { told(path, written); });
}

} // namespace qs::ui
