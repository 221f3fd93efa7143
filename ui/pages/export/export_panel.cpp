// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/export/export_panel.h"

#include "core/export/registry.h"
#include "ui/actions/action_registry.h"
#include "ui/document/document.h"
#include "ui/document/result_view.h"
#include "ui/pages/export/export_extras.h"
#include "ui/pages/export/export_names.h"
#include "ui/pages/export/export_units.h"
#include "ui/settings/settings.h"
#include "ui/text/format.h"
#include "ui/theme/theme.h"
#include "ui/widgets/file_chooser.h"

#include <QBoxLayout>
#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QFileInfo>
#include <QGridLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QScrollArea>
#include <QStandardItemModel>
#include <QToolButton>

#include <algorithm>
#include <ranges>
#include <utility>

namespace qs::ui {

namespace {

/// While somebody types a path, every letter would be a plan of its own.
constexpr int kTypingPause = 200;
constexpr int kOutcomeHeight = 84;
constexpr int kProgressSteps = 1000;
constexpr std::size_t kShownRefusals = 1;

QLabel *grey(const QString &text)
{
    auto *label = new QLabel(text);
    label->setObjectName(QStringLiteral("secondary"));
    return label;
}

} // namespace

PageInfo ExportPanel::page()
{
    return {
        .id = QStringLiteral("export"), .place = PagePlace::Sheet, .make = [](const PageContext &context) -> QWidget * {
            return new ExportPanel(context.setup, context.chooser, context.settings, context.actions);
        }};
}

ExportPanel::ExportPanel(Setup *setup, FileChooser *chooser, Settings *settings, ActionRegistry *actions,
                         QWidget *parent)
    : QFrame(parent)
    , m_setup(setup)
    , m_chooser(chooser)
    , m_settings(settings)
    , m_format(new QComboBox)
    , m_target(new QLineEdit)
    , m_choose(new QPushButton(tr("Choose…")))
    , m_replace(new QCheckBox(tr("Replace the file that is there")))
    , m_size(new QLabel)
    , m_problems(new QLabel)
    , m_outcome(new QLabel)
    , m_progress(new QProgressBar)
    , m_export(new QPushButton(tr("Export")))
    , m_extras(new ExportExtras(setup, chooser))
    , m_units(new ExportUnits)
    , m_cancel(new QPushButton(tr("Cancel")))
{
    build();
    m_planTimer.setSingleShot(true);
    m_planTimer.setInterval(kTypingPause);
    connect(&m_planTimer, &QTimer::timeout, this, &ExportPanel::plan);
    connect(m_format, &QComboBox::currentIndexChanged, this, [this] {
        propose();
        plan();
    });
    connect(m_target, &QLineEdit::textEdited, this, [this] {
        m_ownTarget = true;
        m_planned = false;
        m_writeWhenPlanned = false;
        updateButtons();
        m_planTimer.start();
    });
    connect(m_target, &QLineEdit::returnPressed, this, &ExportPanel::writeWhenPlanned);
    connect(m_choose, &QPushButton::clicked, this, &ExportPanel::chooseTarget);
    connect(m_replace, &QCheckBox::toggled, this, &ExportPanel::updateButtons);
    connect(m_export, &QPushButton::clicked, this, &ExportPanel::write);
    connect(m_cancel, &QPushButton::clicked, this,
            [this] { m_setup->document().tasks().cancel(QLatin1String(kExportTask)); });
    connect(m_extras, &ExportExtras::formatWanted, this, &ExportPanel::setFormat);
    connect(m_extras, &ExportExtras::commandWanted, this, [this] { emit commandWanted(order().file); });
    connect(m_units, &ExportUnits::changed, this, &ExportPanel::updateButtons);
    followDocument();
    actions->add({.id = QStringLiteral("model.export"),
                  .text = tr("&Export…"),
                  .tip = tr("Write the quantized weights to a file"),
                  .icon = QStringLiteral("export"),
                  .keys = {QKeySequence(tr("Ctrl+E"))},
                  .work = [this] { open(); },
                  .enabledWhen = [this] { return bool(m_setup->model()); }});
    hide();
}

void ExportPanel::followDocument()
{
    auto *view = new ResultView(this, [this](Changes changes) {
        if (changes & Change::Recipe) {
            propose();
            plan();
        } else {
            preview();
        }
    });
    view->follow(m_setup, Change::Recipe | Change::Analysis);
    // Plans are about layers that are gone.
    const auto forget = [this] {
        m_plan.reset();
        m_setup->document().tasks().drop(QLatin1String(kPlanTask));
        m_setup->document().tasks().drop(QLatin1String(kPreviewTask));
        hide();
    };
    connect(&m_setup->document(), &Document::rolesChanged, this, forget);
    connect(&m_setup->document(), &Document::modelChanged, this, [this, forget] {
        m_ownTarget = false;
        forget();
    });
    TaskRunner *tasks = &m_setup->document().tasks();
    connect(tasks, &TaskRunner::progressed, this, [this](const QString &tag, double fraction) {
        if (tag == QLatin1String(kExportTask))
            m_progress->setValue(static_cast<int>(fraction * kProgressSteps));
    });
    connect(tasks, &TaskRunner::started, this, &ExportPanel::updateButtons);
    connect(tasks, &TaskRunner::ended, this, &ExportPanel::updateButtons);
}

QWidget *ExportPanel::buildTexts()
{
    m_outcome->setObjectName(QStringLiteral("secondary"));
    m_problems->setObjectName(QStringLiteral("errorText"));
    auto *texts = new QWidget;
    auto *textsLayout = new QVBoxLayout(texts);
    textsLayout->setContentsMargins(0, 0, 0, 0);
    textsLayout->setSpacing(2);
    for (QLabel *label : {m_problems, m_outcome}) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
        label->setAlignment(Qt::AlignTop);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
        textsLayout->addWidget(label);
    }
    textsLayout->addStretch();
    m_problems->hide();
    auto *scroll = new QScrollArea;
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setWidget(texts);
    scroll->setMinimumHeight(fontMetrics().height() * 2);
    scroll->setMaximumHeight(kOutcomeHeight);
    scroll->viewport()->setAutoFillBackground(false);
    texts->setAutoFillBackground(false);
    return scroll;
}

void ExportPanel::build()
{
    for (const ExportFormat *each : exportFormats())
        m_format->addItem(text::words(Text::of(each->description)), text::fromView(each->name));
    m_format->setMaxVisibleItems(m_format->count());
    m_format->setAccessibleName(tr("Format"));
    m_format->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_target->setAccessibleName(tr("File to write"));
    m_size->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_size->setProperty("explains", QStringLiteral("export.size"));
    m_size->setWordWrap(true); // it must not set the width of a narrow window
    m_export->setObjectName(QStringLiteral("primary"));
    m_progress->setRange(0, kProgressSteps);
    m_progress->setTextVisible(false);
    m_progress->setFixedHeight(6);

    auto *title = new QLabel(tr("Export quantized weights"));
    title->setObjectName(QStringLiteral("panelTitle"));
    auto *close = new QToolButton;
    close->setObjectName(QStringLiteral("tiny"));
    close->setIcon(themedIcon(QStringLiteral("close")));
    close->setToolTip(tr("Close"));
    close->setAccessibleName(tr("Close the export"));
    connect(close, &QToolButton::clicked, this, &QWidget::hide);
    auto *layout = new QGridLayout(this);
    layout->setContentsMargins(12, 8, 10, 10);
    layout->setHorizontalSpacing(8);
    layout->setVerticalSpacing(5);
    layout->addWidget(title, 0, 0, 1, 3);
    layout->addWidget(close, 0, 3, Qt::AlignRight);
    layout->addWidget(grey(tr("Format")), 1, 0);
    layout->addWidget(m_format, 1, 1, 1, 3);
    layout->addWidget(grey(tr("File")), 2, 0);
    layout->addWidget(m_target, 2, 1, 1, 2);
    layout->addWidget(m_choose, 2, 3);
    layout->addWidget(grey(tr("Size")), 3, 0);
    layout->addWidget(m_size, 3, 1);
    layout->addWidget(m_replace, 3, 2, 1, 2, Qt::AlignRight);
    layout->addWidget(buildTexts(), 4, 1, 1, 3);
    layout->addWidget(m_units, 5, 1, 1, 3);
    auto *buttons = new QHBoxLayout;
    buttons->addWidget(m_progress, 1);
    buttons->addWidget(m_extras);
    buttons->addStretch();
    buttons->addWidget(m_cancel);
    buttons->addWidget(m_export);
    layout->addLayout(buttons, 6, 1, 1, 3);
    layout->setColumnStretch(1, 1);
}

const ExportFormat *ExportPanel::format() const
{
    return findExportFormat(m_format->currentData().toString().toStdString());
}

void ExportPanel::open()
{
    if (!m_setup->model())
        return;
    emit opened();
    enableFormats();
    m_units->propose(*m_setup->model());
    propose();
    show();
    plan();
    m_target->setFocus();
}

/// Those that are made of files of another format only cannot be chosen, and say why.
void ExportPanel::enableFormats()
{
    auto *items = qobject_cast<QStandardItemModel *>(m_format->model());
    for (int i = 0; items != nullptr && i < items->rowCount(); ++i) {
        const ExportFormat &each = *exportFormats()[static_cast<std::size_t>(i)];
        const Text reason = each.whyNot != nullptr ? each.whyNot(*m_setup->model()) : Text();
        items->item(i)->setEnabled(reason.empty());
        items->item(i)->setToolTip(text::words(reason));
        if (!reason.empty() && m_format->currentIndex() == i)
            m_format->setCurrentIndex(0);
    }
}

void ExportPanel::setFormat(const QString &name)
{
    m_format->setCurrentIndex(m_format->findData(name));
}

void ExportPanel::setTarget(const QString &path, bool replace)
{
    m_ownTarget = true;
    m_target->setText(path);
    m_replace->setChecked(replace);
    plan();
}

QString ExportPanel::planText() const
{
    return QStringList{m_size->text(), m_problems->text(), m_outcome->text()}.join(QLatin1Char('\n'));
}

void ExportPanel::propose()
{
    if (m_ownTarget || !m_setup->model() || !format())
        return;
    m_target->setText(proposedTarget(*format(), m_setup->document().location(), m_setup->recipe().scheme.bits,
                                     m_settings->data().lastFolder));
    m_replace->setChecked(false);
}

void ExportPanel::chooseTarget()
{
    if (format()->folder) {
        const QString inside =
            m_chooser->folderToOpen(this, tr("Export quantized weights"), QFileInfo(m_target->text()).absolutePath());
        if (!inside.isEmpty())
            setTarget(folderFor(inside, m_target->text()), false);
        return;
    }
    const QString path = m_chooser->fileToSave(this, tr("Export quantized weights"), m_target->text(),
                                               text::fromView(format()->suffixes));
    // The dialog has asked already whether an existing file may go.
    if (!path.isEmpty())
        setTarget(path, true);
}

void ExportPanel::plan()
{
    m_planned = false;
    m_planTimer.stop();
    endPreview();
    if (isHidden() || !m_setup->model() || !format())
        return;
    const QFileInfo there(m_target->text());
    m_replace->setVisible(there.isFile() || (format()->folder && there.isDir() && !QDir(there.filePath()).isEmpty()));
    m_extras->setFormat(format());
    updateButtons();
    m_setup->document().tasks().run(
        {QLatin1String(kPlanTask), tr("Planning the export …"), JobRank::View}, this,
        [order = order(), decisions = m_setup->decisions(), cache = m_setup->document().cache()](
            const TaskContext &context) { return planOrder(order, decisions, *cache, context); },
        [this](const PlannedOrder &planned) { showPlan(planned); });
}

void ExportPanel::preview()
{
    if (isHidden() || !m_plan || m_setup->analysis() != Setup::Analysis::Done)
        return;
    m_setup->document().tasks().run(
        {QLatin1String(kPreviewTask), tr("Previewing the export …"), JobRank::View}, this,
        [model = m_setup->model(), recipe = m_setup->recipe(), format = format(), cache = m_setup->document().cache(),
         filePlan = *m_plan, options = m_setup->analysisJob().options()](const TaskContext &context) {
            return previewPlan(*format, filePlan, *model, recipe, *cache, options, context);
        },
        [this, recipe = m_setup->recipe()](Result<Preview> file) {
            if (file && recipe == m_setup->recipe())
                m_setup->setPreview(std::make_shared<const Preview>(std::move(*file)));
        });
}

void ExportPanel::endPreview()
{
    m_plan.reset();
    m_setup->document().tasks().drop(QLatin1String(kPlanTask));
    m_setup->document().tasks().drop(QLatin1String(kPreviewTask));
    m_setup->setPreview(nullptr);
}

void ExportPanel::hideEvent(QHideEvent *event)
{
    // Not when only the tab that it is on, or the window, is out of sight.
    if (isHidden())
        endPreview();
    QFrame::hideEvent(event);
}

QStringList ExportPanel::outcome(const ExportPlan &plan) const
{
    QStringList lines;
    for (const Text &note : plan.notes)
        lines << text::words(note);
    for (std::size_t i = 0; i < plan.decisions.size(); ++i)
        if (!plan.decisions[i].quantize)
            lines << tr("%1 is kept: %2")
                         .arg(text::oneLine(m_setup->model()->layers[i].module), Setup::reasonOf(plan.decisions[i]));
    return lines + usageLines(*format(), m_target->text());
}

QString ExportPanel::nothingQuantized(const ExportPlan &plan) const
{
    const Model &model = *m_setup->model();
    if (!quantizesNothing(model, plan))
        return {};
    const auto layer = layerThatSaysWhy(plan, [this](std::size_t index) { return m_setup->isQuantized(index); });
    if (!layer)
        return tr("Nothing would be quantized: the model has no layers.");
    return tr("0 of %1 layers would be quantized. %2 is kept: %3")
        .arg(plan.decisions.size())
        .arg(text::oneLine(model.layers[*layer].module), Setup::reasonOf(plan.decisions[*layer]));
}

void ExportPanel::showProblems(const QStringList &lines)
{
    m_problems->setText(lines.join(QLatin1Char('\n')));
    m_problems->setVisible(!lines.isEmpty());
}

void ExportPanel::showPlan(const PlannedOrder &planned)
{
    const Result<ExportPlan> &plan = planned.plan;
    m_extras->offerInstead(nullptr, format());
    m_extras->offerRemedies(plan ? plan->preflight : std::vector<PreflightLine>());
    m_units->showKept(planned.kept, m_target->text(), plan ? plan->decisions : std::vector<Decision>());
    if (!plan) {
        m_size->setText(text::none());
        m_outcome->clear();
        showProblems({text::words(plan.error().sentence())});
        return;
    }
    m_size->setText(tr("%1 (%2), %3 of %4 layers quantized")
                        .arg(text::bytes(plan->bytes), text::exactBytes(plan->bytes))
                        .arg(plan->quantized())
                        .arg(plan->decisions.size()));
    m_outcome->setText(outcome(*plan).join(QLatin1Char('\n')));
    // One for the target is enough, and it goes first.
    std::vector<Text> refusals = planned.ofTarget;
    refusals.insert(refusals.end(), plan->refusals.begin(), plan->refusals.end());
    QStringList problems;
    for (const Text &refusal : refusals | std::views::take(kShownRefusals))
        problems << tr("Not possible: %1").arg(text::words(refusal));
    // They are alike: one per layer.
    if (refusals.size() > kShownRefusals)
        problems << tr("… and %1 more").arg(refusals.size() - kShownRefusals);
    const QString nothing = nothingQuantized(*plan);
    if (!nothing.isEmpty())
        problems << nothing;
    showProblems(problems);
    if (plan->refusals.empty())
        m_plan = *plan;
    m_extras->offerInstead(planned.instead, format());
    m_planned = problems.isEmpty();
    updateButtons();
    preview();
    if (std::exchange(m_writeWhenPlanned, false))
        m_export->click();
}

void ExportPanel::writeWhenPlanned()
{
    if (m_planned) {
        m_export->click();
        return;
    }
    m_writeWhenPlanned = true;
    plan();
}

void ExportPanel::keyPressEvent(QKeyEvent *event)
{
    // While a file is being written, Esc is for that job.
    if (event->key() == Qt::Key_Escape && !m_setup->document().tasks().isRunning(QLatin1String(kExportTask)))
        hide();
    else
        QFrame::keyPressEvent(event);
}

void ExportPanel::updateButtons()
{
    const bool running = m_setup->document().tasks().isRunning(QLatin1String(kExportTask));
    m_progress->setVisible(running);
    m_cancel->setVisible(running);
    m_export->setText(m_units->resumes() ? tr("Resume") : tr("Export"));
    m_export->setEnabled(m_planned && !running && (m_replace->isHidden() || m_replace->isChecked()));
    for (QWidget *widget :
         {static_cast<QWidget *>(m_format), static_cast<QWidget *>(m_target), static_cast<QWidget *>(m_choose),
          static_cast<QWidget *>(m_replace), static_cast<QWidget *>(m_units)})
        widget->setEnabled(!running);
}

ExportOrder ExportPanel::order() const
{
    return {.file = {format(), m_target->text(), 0, false, m_setup->model(), m_setup->recipe()},
            .location = m_setup->document().location(),
            .options = {.overwrite = m_replace->isChecked(),
                        .keepNonFinite = true,
                        .allowUnmatched = true,
                        .keepChannels = true,
                        .feed = m_setup->analysisJob().options()},
            .inUnits = m_units->isChosen()};
}

void ExportPanel::write()
{
    const ExportOrder order = this->order();
    m_progress->setValue(0);
    m_setup->document().tasks().run(
        {QLatin1String(kExportTask), tr("Exporting …"), JobRank::Writing}, this,
        [order, cache = m_setup->document().cache()](const TaskContext &on) { return carryOut(order, *cache, on); },
        [this, file = order.file](const Result<ExportPlan> &result) { written(file, result); });
}

void ExportPanel::written(Exported file, const Result<ExportPlan> &result)
{
    if (!result) {
        if (result.error().code != ErrorCode::Cancelled)
            emit failed(text::words(result.error().sentence()));
        plan(); // for what is kept of it
        return;
    }
    m_settings->setLastFolderOf(file.path);
    hide();
    file.bytes = result->bytes;
    file.reopens = result->reopens;
    emit exported(file);
}

} // namespace qs::ui
