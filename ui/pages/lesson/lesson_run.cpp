// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/lesson/lesson_run.h"

#include "ui/actions/action_registry.h"
#include "ui/document/document.h"
#include "ui/selection/selection.h"
#include "ui/settings/settings.h"
#include "ui/text/translation.h"
#include "ui/widgets/file_chooser.h"

#include <QCryptographicHash>
#include <QTabWidget>

#include <algorithm>
#include <mutex>

namespace qs::ui {

namespace {

/// The number line with a weight of the model instead of numbers of a lesson.
WalkExample weightOfTheModel()
{
    WalkExample example;
    example.step = 0;
    return example;
}

} // namespace

struct LessonRun::Found {
    QString location; ///< empty: no model was open
    Recipe recipe;
    int layer = -1;
    qint64 channel = -1;
    QString tab;
    bool isClean = true;
};

/// Jobs that follow each other share what they found out.
struct LessonRun::Player {
    explicit Player(Lesson lesson)
        : player(std::move(lesson))
    {}
    std::mutex mutex;
    LessonPlayer player;
};

struct LessonRun::Carried {
    std::unique_ptr<const Lesson> lesson;
    std::shared_ptr<Player> player;
    std::unique_ptr<Found> found;
    std::optional<LessonValues> values;
    std::size_t step = 0;
    bool isRevealed = false;
    bool isFree = false;
};

LessonRun::LessonRun(const PageContext &context, QWidget *page)
    : QObject(page)
    , m_context(context)
    , m_page(page)
{
    Document &document = context.setup->document();
    // After the window itself, which selects a layer in a new model. The page was made before the window listened.
    connect(
        &document, &Document::modelChanged, this,
        [this] {
            if (m_restores)
                restore();
            else if (m_awaitsModel)
                applyState();
            else if (isRunning() && !hasModel())
                tryFreely();
        },
        Qt::QueuedConnection);
    connect(&document, &Document::openFailed, this, [this](const OpenProblem &problem) {
        if (!m_awaitsModel)
            return;
        m_awaitsModel = false;
        emit failed(text::words(problem.error.sentence()));
    });
}

LessonRun::~LessonRun() = default;

/// The model of the step is open, or it has none.
bool LessonRun::hasModel() const
{
    const Document &document = m_context.setup->document();
    const QString wanted = QString::fromStdString(modelLocation(*m_lesson, m_step));
    return wanted.isEmpty() || (document.model() && document.location() == wanted);
}

QString LessonRun::currentTab() const
{
    const auto *tabs = m_page->window()->findChild<QTabWidget *>(QStringLiteral("tabs"));
    return tabs && tabs->currentWidget() ? tabs->currentWidget()->objectName() : QString();
}

void LessonRun::remember()
{
    Setup *setup = m_context.setup;
    m_found = std::make_unique<Found>();
    if (setup->model())
        m_found->location = setup->document().location();
    m_found->recipe = setup->recipe();
    m_found->layer = m_context.selection->layer();
    m_found->channel = m_context.selection->channel();
    m_found->tab = currentTab();
    m_found->isClean = setup->document().undoStack().isClean();
}

/// Edits that are not saved come back when the lesson ends, unless its model replaces theirs.
bool LessonRun::mayStart()
{
    if (m_context.setup->document().undoStack().isClean())
        return true;
    switch (m_context.chooser->unsavedRecipe(m_page->window())) {
    case FileChooser::Unsaved::Cancel:
        return false;
    case FileChooser::Unsaved::Save:
        m_context.actions->trigger(QStringLiteral("recipe.save"));
        return m_context.setup->document().undoStack().isClean();
    case FileChooser::Unsaved::Discard:
        break;
    }
    return true;
}

void LessonRun::start(const Lesson &lesson, std::size_t step)
{
    if (!isRunning()) {
        if (!mayStart())
            return;
        remember();
    }
    m_lesson = std::make_unique<const Lesson>(lesson);
    m_player = std::make_shared<Player>(lesson);
    m_step = std::min(step, lesson.steps.size() - 1);
    apply();
}

void LessonRun::goTo(std::size_t step)
{
    if (!isRunning() || step >= m_lesson->steps.size())
        return;
    m_step = step;
    apply();
}

void LessonRun::forward()
{
    if (!isRunning())
        return;
    if (m_isFree)
        backToLesson();
    else if (!m_isRevealed && (step().question || !step().cover.empty()))
        reveal();
    else
        goTo(m_step + 1);
}

void LessonRun::back()
{
    if (!isRunning())
        return;
    if (m_isFree)
        backToLesson();
    else if (m_step > 0)
        goTo(m_step - 1);
}

void LessonRun::reveal()
{
    if (!isRunning() || m_isRevealed)
        return;
    m_isRevealed = true;
    if (!m_isFree && !m_awaitsModel)
        setState();
    emit changed();
}

const LessonState &LessonRun::state() const
{
    return step().start && !m_isRevealed ? *step().start : step();
}

void LessonRun::tryFreely()
{
    if (!isRunning() || m_isFree)
        return;
    m_isFree = true;
    emit changed();
}

void LessonRun::backToLesson()
{
    if (!isRunning())
        return;
    const bool wasRevealed = m_isRevealed;
    apply();
    if (wasRevealed)
        reveal();
}

/// A step of undo, which does not make the recipe one that has to be saved.
void LessonRun::edit(const EditText &text, const Recipe &recipe)
{
    QUndoStack &stack = m_context.setup->document().undoStack();
    const bool wasClean = stack.isClean();
    m_context.setup->edit(text, recipe);
    if (wasClean)
        stack.setClean();
}

void LessonRun::apply()
{
    m_values.reset();
    m_isRevealed = !step().question && step().cover.empty();
    m_isFree = false;
    m_isBlinking = false;
    m_restores = false;
    Document &document = m_context.setup->document();
    m_awaitsModel = !hasModel();
    if (m_awaitsModel) {
        document.undoStack().setClean(); // asked for already
        document.open(QString::fromStdString(modelLocation(*m_lesson, m_step)));
        emit changed();
        return;
    }
    applyState();
}

void LessonRun::applyState()
{
    m_awaitsModel = false;
    setState();
    if (!step().tab.empty())
        m_context.actions->trigger(QStringLiteral("tab.") + QString::fromStdString(step().tab));
    keepProgress();
    evaluate();
    emit changed();
}

void LessonRun::setState()
{
    Setup *setup = m_context.setup;
    if (setup->model()) {
        setup->setSlips(state().slips);
        edit([number = m_step + 1] { return tr("Lesson, step %1").arg(number); }, state().recipe);
        const auto &layers = setup->model()->layers;
        const auto found = std::ranges::find(layers, state().layer, &Layer::module);
        const int layer = found == layers.end() ? (layers.empty() ? -1 : 0) : static_cast<int>(found - layers.begin());
        m_context.selection->setCurrent(layer, state().channel ? static_cast<qint64>(*state().channel) : -1);
    }
    showWalk();
}

/// Of a question no more than the division is shown until the answer is, unless the step says what it starts with.
void LessonRun::showWalk()
{
    constexpr int kDivided = 2;
    if (!state().walk) {
        // Not what the step before has left there.
        m_context.selection->showExample(weightOfTheModel());
        return;
    }
    const LessonWalk &walk = *state().walk;
    const bool isAll = m_isRevealed || step().start;
    m_context.selection->showExample({walk.value, scaleOf(walk, state().slips), codingOf(walk), state().slips,
                                      isAll ? walk.step : std::min(walk.step, kDivided)});
}

void LessonRun::keepProgress()
{
    SettingsData data = m_context.settings->data();
    const QString id = QString::fromStdString(m_lesson->id) + QLatin1Char('=');
    int furthest = 0;
    for (const QString &entry : std::as_const(data.lessonSteps))
        if (entry.startsWith(id))
            furthest = entry.mid(id.size()).toInt();
    if (static_cast<int>(m_step) + 1 > furthest) {
        data.lessonSteps.removeIf([&](const QString &entry) { return entry.startsWith(id); });
        data.lessonSteps << id + QString::number(m_step + 1);
        m_context.settings->set(data);
    }
}

void LessonRun::evaluate()
{
    m_context.setup->document().tasks().run(
        {QStringLiteral("lesson"), tr("Numbers of the lesson"), JobRank::View}, this,
        [player = m_player, step = m_step](const TaskContext &context) {
            const std::lock_guard lock(player->mutex);
            return player->player.values(step, context);
        },
        [this, player = m_player, step = m_step](Result<LessonValues> values) {
            if (player != m_player || step != m_step)
                return;
            if (!values) {
                emit failed(text::words(values.error().sentence()));
                return;
            }
            m_values = std::move(*values);
            emit changed();
        });
}

void LessonRun::blink(bool on)
{
    if (!isRunning() || on == m_isBlinking || m_step == 0 || m_awaitsModel || m_isFree)
        return;
    const LessonStep &before = m_lesson->steps[m_step - 1];
    if (modelLocation(*m_lesson, m_step) != modelLocation(*m_lesson, m_step - 1))
        return;
    m_isBlinking = on;
    m_context.setup->setSlips(on ? before.slips : state().slips);
    edit([] { return tr("The step before"); }, on ? before.recipe : state().recipe);
}

void LessonRun::leave()
{
    if (!isRunning())
        return;
    m_context.setup->document().tasks().drop(QStringLiteral("lesson"));
    m_lesson.reset();
    m_player.reset();
    m_values.reset();
    m_awaitsModel = false;
    m_isFree = false;
    Document &document = m_context.setup->document();
    if (!m_found->location.isEmpty() && document.location() != m_found->location) {
        m_restores = true;
        document.undoStack().setClean();
        document.open(m_found->location);
    } else {
        restore();
    }
    emit changed();
}

void LessonRun::restore()
{
    m_restores = false;
    Setup *setup = m_context.setup;
    setup->setSlips({});
    m_context.selection->showExample(weightOfTheModel());
    if (!m_found || !setup->model() || m_found->location.isEmpty())
        return;
    edit([] { return tr("Leave the lesson"); }, m_found->recipe);
    m_context.selection->setCurrent(m_found->layer, m_found->channel);
    m_context.actions->trigger(QStringLiteral("tab.") + m_found->tab);
    if (!m_found->isClean)
        setup->document().undoStack().resetClean();
    m_found.reset();
}

/// What the number line shows, when it is on show and its numbers are those of no weight.
void LessonRun::recordWalk(LessonStep &step) const
{
    const auto *page = m_page->window()->findChild<QWidget *>(QStringLiteral("numberLine"));
    if (!page || currentTab() != page->objectName())
        return;
    const auto shown = page->property("walk").value<WalkExample>();
    if (shown.step <= 0)
        return;
    LessonWalk &walk = step.walk.emplace();
    walk.value = shown.value;
    walk.scale = shown.scale.stored;
    while (walk.bits > kMinBits && shown.coding.codeMax < 1 << (walk.bits - 2))
        --walk.bits;
    walk.narrow = shown.coding.codeMin == -shown.coding.codeMax;
    walk.asymmetric = shown.scale.zeroPoint != 0;
    walk.zeroPoint = shown.scale.zeroPoint;
    walk.step = shown.step;
    step.slips = shown.slips;
}

LessonStep LessonRun::recorded() const
{
    const Setup *setup = m_context.setup;
    LessonStep step;
    if (setup->model()) {
        step.model = setup->document().location().section(QLatin1Char('/'), -1).toStdString();
        step.recipe = setup->recipe();
        step.slips = setup->slips();
        if (const int layer = m_context.selection->layer(); layer >= 0)
            step.layer = setup->model()->layers[static_cast<std::size_t>(layer)].module;
        if (const qint64 channel = m_context.selection->channel(); channel >= 0)
            step.channel = static_cast<std::uint64_t>(channel);
    }
    step.tab = currentTab().toStdString();
    step.target = step.tab;
    recordWalk(step);
    step.say.english = "What this step says.";
    return step;
}

std::shared_ptr<LessonRun::Carried> LessonRun::handOver()
{
    if (!isRunning())
        return nullptr;
    auto carried = std::make_shared<Carried>();
    carried->lesson = std::move(m_lesson);
    carried->player = std::move(m_player);
    carried->found = std::move(m_found);
    carried->values = std::move(m_values);
    carried->step = m_step;
    carried->isRevealed = m_isRevealed;
    carried->isFree = m_isFree;
    m_values.reset();
    emit changed();
    return carried;
}

void LessonRun::resume(const std::shared_ptr<Carried> &carried)
{
    if (!carried)
        return;
    m_lesson = std::move(carried->lesson);
    m_player = std::move(carried->player);
    m_found = std::move(carried->found);
    m_values = std::move(carried->values);
    m_step = carried->step;
    m_isRevealed = carried->isRevealed;
    m_isFree = carried->isFree;
    if (!m_values)
        evaluate();
    if (!m_isFree)
        showWalk();
    emit changed();
}

QByteArray LessonRun::stateText() const
{
    Lesson state;
    state.id = "state";
    state.title.english = "state";
    state.steps.push_back(recorded());
    return QByteArray::fromStdString(toJson(state));
}

} // namespace qs::ui
