// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/lesson/lesson_panel.h"

#include "ui/actions/action_registry.h"
#include "ui/document/document.h"
#include "ui/pages/lesson/explainer.h"
#include "ui/pages/lesson/lesson_files.h"
#include "ui/pages/lesson/lesson_overlay.h"
#include "ui/pages/lesson/lesson_question.h"
#include "ui/settings/settings.h"
#include "ui/text/format.h"

#include <QApplication>
#include <QBoxLayout>
#include <QDockWidget>
#include <QKeyEvent>
#include <QLabel>
#include <QMainWindow>
#include <QPushButton>
#include <QScrollArea>
#include <QTimer>

namespace qs::ui {

namespace {

constexpr QSize kSize(300, 420);
constexpr qint64 kMinute = 60'000;
constexpr int kShareOfHeight = 55; // of the window, in percent
constexpr int kShareOfWidth = 38;  // the same, in a presentation
constexpr int kShareOfLayers = 23;
constexpr int kRoomyHeight = 860; // pixels: a step and another panel have room in one column

QLabel *makeText(const char *objectName)
{
    auto *label = new QLabel;
    label->setObjectName(QLatin1String(objectName));
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    return label;
}

QDockWidget *dockAround(const QWidget *widget)
{
    for (QWidget *outer = widget ? widget->parentWidget() : nullptr; outer; outer = outer->parentWidget())
        if (auto *dock = qobject_cast<QDockWidget *>(outer))
            return dock;
    return nullptr;
}

/// "●●○○○".
QString dots(std::size_t step, std::size_t count)
{
    return QString(static_cast<qsizetype>(step + 1), u'●') + QString(static_cast<qsizetype>(count - step - 1), u'○');
}

} // namespace

PageInfo LessonPanel::page()
{
    return {
        .id = QStringLiteral("lesson"),
        .title = tr("Le&sson"),
        .tip = tr("Lessons step by step"),
        .place = PagePlace::RightDock,
        .onRequest = true,
        .make = [](const PageContext &context) -> QWidget * { return new LessonPanel(context); },
        .panes = [](QWidget *page) -> QList<QWidget *> { return {page}; },
        .state = [](QWidget *page) { return QVariant::fromValue(static_cast<LessonPanel *>(page)->m_run->handOver()); },
        .restore =
            [](QWidget *page, const QVariant &state) {
                static_cast<LessonPanel *>(page)->m_run->resume(state.value<std::shared_ptr<LessonRun::Carried>>());
            }};
}

LessonPanel::LessonPanel(const PageContext &context, QWidget *parent)
    : QWidget(parent)
    , m_context(context)
    , m_run(new LessonRun(context, this))
    , m_overlay(new LessonOverlay(this))
    , m_explainer(new Explainer(context, this))
    , m_footer(nullptr)
    , m_title(makeText("panelTitle"))
    , m_head(makeText("secondary"))
    , m_slip(makeText("errorText"))
    , m_say(makeText("lessonSay"))
    , m_question(new LessonQuestionForm)
    , m_reveal(new QPushButton(tr("Reveal")))
    , m_verdict(makeText("panelTitle"))
    , m_explain(makeText("lessonExplain"))
    , m_problem(makeText("errorText"))
    , m_back(new QPushButton(tr("Back")))
    , m_next(new QPushButton(tr("Next")))
    , m_free(new QPushButton)
    , m_leave(new QPushButton(tr("Leave")))
{
    setBackgroundRole(QPalette::Base);
    setAutoFillBackground(true);
    // Not a stack, which would be as wide as the wider of the two.
    auto *pages = new QWidget;
    auto *both = new QVBoxLayout(pages);
    both->setContentsMargins(0, 0, 0, 0);
    both->addWidget(m_lessons = makeList());
    both->addWidget(m_stepPage = makeStep());
    m_footer = makeFooter();
    m_scroll = new QScrollArea;
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setWidgetResizable(true);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setWidget(pages);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_scroll, 1);
    layout->addWidget(m_footer);
    connect(m_run, &LessonRun::changed, this, &LessonPanel::refresh);
    connect(m_run, &LessonRun::failed, this, &LessonPanel::showProblem);
    connect(m_explainer, &Explainer::lessonWanted, this, &LessonPanel::startLesson);
    connect(m_explainer, &Explainer::termWanted, this, &LessonPanel::showGlossary);
    addActions(*context.actions);
    addMenus(*context.actions);
    qApp->installEventFilter(this);
    refresh();
}

QWidget *LessonPanel::makeList()
{
    auto *list = new QWidget;
    m_list = new QVBoxLayout(list);
    m_list->setContentsMargins(12, 10, 12, 10);
    return list;
}

void LessonPanel::fillList()
{
    while (QLayoutItem *item = m_list->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    auto *head = makeText("secondary");
    head->setText(tr("Choose a lesson. PageDown and PageUp go through its steps."));
    m_list->addWidget(head);
    for (const LessonFile &file : lessonFiles()) {
        const QString id = QString::fromStdString(file.lesson.id);
        const QString title = wordsOf(file.lesson.title);
        auto *button = new QPushButton(text::buttonText(file.isExercises ? title : id + QStringLiteral("  ") + title));
        button->setObjectName(QStringLiteral("lesson-") + id);
        connect(button, &QPushButton::clicked, this, [this, name = file.name] { startLesson(name); });
        m_list->addWidget(button);
    }
    for (const QString &problem : unreadableLessons()) {
        auto *label = makeText("errorText");
        label->setText(text::sentence(problem));
        m_list->addWidget(label);
    }
    m_list->addStretch();
}

QWidget *LessonPanel::makeStep()
{
    auto *step = new QWidget;
    auto *layout = new QVBoxLayout(step);
    layout->setContentsMargins(12, 10, 12, 10);
    layout->setSpacing(8);
    m_reveal->setObjectName(QStringLiteral("primary"));
    for (QWidget *widget :
         {static_cast<QWidget *>(m_title), static_cast<QWidget *>(m_head), static_cast<QWidget *>(m_say),
          static_cast<QWidget *>(m_slip), static_cast<QWidget *>(m_question), static_cast<QWidget *>(m_reveal),
          static_cast<QWidget *>(m_verdict), static_cast<QWidget *>(m_explain), static_cast<QWidget *>(m_problem)})
        layout->addWidget(widget);
    layout->addStretch();
    connect(m_question, &LessonQuestionForm::answered, m_run, &LessonRun::reveal);
    connect(m_reveal, &QPushButton::clicked, m_run, &LessonRun::reveal);
    return step;
}

/// Always in sight, however long the step is.
QWidget *LessonPanel::makeFooter()
{
    auto *footer = new QWidget;
    auto *grid = new QGridLayout(footer);
    grid->setContentsMargins(12, 6, 12, 8);
    grid->setSpacing(6);
    m_free->setToolTip(tr("Leaves the window to you; the step comes back as it was"));
    m_leave->setToolTip(tr("The window as it was before the lesson"));
    grid->addWidget(m_back, 0, 0);
    grid->addWidget(m_next, 0, 1);
    grid->addWidget(m_free, 1, 0);
    grid->addWidget(m_leave, 1, 1);
    connect(m_back, &QPushButton::clicked, m_run, &LessonRun::back);
    connect(m_next, &QPushButton::clicked, this, [this] { m_run->goTo(m_run->stepIndex() + 1); });
    connect(m_free, &QPushButton::clicked, this, [this] {
        if (m_run->isFree())
            m_run->backToLesson();
        else
            m_run->tryFreely();
    });
    connect(m_leave, &QPushButton::clicked, m_run, &LessonRun::leave);
    return footer;
}

QSize LessonPanel::sizeHint() const
{
    return kSize;
}

void LessonPanel::begin(const Lesson &lesson, std::size_t step)
{
    m_problem->clear();
    m_clock.start();
    m_run->start(lesson, step);
    comeToFront();
}

void LessonPanel::comeToFront()
{
    if (QDockWidget *dock = dockAround(this)) {
        dock->show();
        dock->raise();
    }
}

bool LessonPanel::startLesson(const QString &name, std::size_t step)
{
    const auto lesson = lessonNamed(name);
    if (lesson)
        begin(*lesson, step);
    return lesson.has_value();
}

void LessonPanel::lessonsChanged()
{
    rereadLessons();
    refresh();
}

void LessonPanel::openLesson(const QString &path)
{
    const auto lesson = readLesson(path);
    if (!lesson) {
        comeToFront();
        showProblem(text::words(lesson.error().sentence()));
        return;
    }
    begin(*lesson, 0);
}

QString LessonPanel::headText() const
{
    const std::size_t count = m_run->lesson().steps.size();
    QString head = tr("Step %1 of %2").arg(m_run->stepIndex() + 1).arg(count);
    if (m_run->lesson().minutes > 0)
        head += tr(" · %1 of %2 min").arg(m_clock.elapsed() / kMinute).arg(m_run->lesson().minutes);
    return head + QLatin1Char('\n') + dots(m_run->stepIndex(), count);
}

void LessonPanel::showQuestion()
{
    const auto now = std::pair(QString::fromStdString(m_run->lesson().id), m_run->stepIndex());
    const bool asks = m_run->step().question.has_value();
    m_question->setVisible(asks);
    // A guess stays while the numbers arrive.
    if (asks && m_shown != now)
        m_question->ask(*m_run->step().question, m_context.setup->model().get());
    m_shown = now;
    m_question->setEnabled(!m_run->isRevealed());
    // Where the key of the next pane leads.
    const bool waits = asks && !m_run->isRevealed();
    setFocusProxy(waits                                                   ? m_question->field()
                  : m_run->stepIndex() + 1 < m_run->lesson().steps.size() ? m_next
                                                                          : m_leave);
}

void LessonPanel::showAnswer()
{
    const LessonStep &step = m_run->step();
    const bool revealed = m_run->isRevealed();
    const auto answer = m_run->values() ? m_run->values()->answer : std::optional<double>();
    const std::vector<std::optional<double>> numbers =
        m_run->values() ? m_run->values()->numbers : std::vector<std::optional<double>>();
    m_say->setText(withNumbers(wordsOf(step.say), step.numbers, numbers));
    m_explain->setText(withNumbers(wordsOf(step.explain), step.numbers, numbers));
    m_verdict->setText(step.question && revealed ? m_question->verdict(answer) : QString());
    m_verdict->setVisible(!m_verdict->text().isEmpty());
    m_explain->setVisible(revealed && !step.explain.empty());
    m_reveal->setVisible(!revealed);
}

void LessonPanel::showOverlay()
{
    const LessonStep &step = m_run->step();
    QList<QString> covered;
    if (!m_run->isRevealed() && !m_run->isFree())
        for (const std::string &name : coveredParts(step))
            covered << QString::fromStdString(name);
    m_overlay->show(window(), m_run->isFree() ? QString() : QString::fromStdString(step.target), covered);
}

void LessonPanel::refresh()
{
    const bool isRunning = m_run->isRunning();
    m_lessons->setVisible(!isRunning);
    m_stepPage->setVisible(isRunning);
    m_footer->setVisible(isRunning);
    m_context.actions->refresh();
    if (!isRunning) {
        bringDocksBack();
        m_overlay->clear();
        m_shown = {};
        fillList();
        return;
    }
    m_title->setText(text::oneLine(m_run->lesson().title.in(lessonLanguage())));
    m_head->setText(headText());
    const bool hasSlip = m_run->step().slips.any() && !m_run->isFree();
    m_slip->setVisible(hasSlip);
    m_slip->setText(hasSlip ? tr("A slip is switched on: no file is written with it.") : QString());
    showQuestion();
    showAnswer();
    m_back->setEnabled(m_run->stepIndex() > 0);
    m_next->setEnabled(m_run->stepIndex() + 1 < m_run->lesson().steps.size());
    m_free->setText(m_run->isFree() ? tr("Back to the lesson") : tr("Let me try"));
    m_problem->setVisible(!m_problem->text().isEmpty());
    showOverlay();
    keepInSight();
}

/// The dock keeps its share of the column when a step brings others back, and so does a dock elsewhere that the step
/// points at; an answer is scrolled to, and so is what shows it.
void LessonPanel::keepInSight()
{
    auto *main = qobject_cast<QMainWindow *>(window());
    QWidget *target = main ? findTarget(main, QString::fromStdString(m_run->step().target)) : nullptr;
    QDockWidget *wanted = dockAround(target);
    if (main && isPresented()) {
        giveRoom(main, wanted);
    } else if (main) {
        giveColumn(main, wanted);
        for (QDockWidget *dock : {dockAround(this), wanted})
            if (dock && (dock != wanted || main->dockWidgetArea(dock) != Qt::RightDockWidgetArea))
                main->resizeDocks({dock}, {main->height() * kShareOfHeight / 100}, Qt::Vertical);
    }
    QTimer::singleShot(0, this, [this] {
        if (!m_run->isRunning()) // somebody has left it in the meantime
            return;
        if (m_explain->isVisible())
            m_scroll->ensureWidgetVisible(m_explain);
        else if (m_reveal->isVisible())
            m_scroll->ensureWidgetVisible(m_reveal);
        // The numbers of a panel lie below its fields.
        auto *panel = qobject_cast<QScrollArea *>(findTarget(window(), QString::fromStdString(m_run->step().target)));
        if (auto *values = panel ? panel->findChild<QWidget *>(QStringLiteral("layerValues")) : nullptr)
            panel->ensureWidgetVisible(values, 0, 0);
    });
}

/// A presentation has room for one dock beside the page and the step: the layers, or what the step points at. The
/// number line needs the whole width.
void LessonPanel::giveRoom(QMainWindow *main, QDockWidget *wanted)
{
    const auto *layers = main->findChild<QWidget *>(QStringLiteral("layers"));
    QDockWidget *ofLayers = dockAround(layers);
    const bool isWide = m_run->step().tab == "numberLine";
    const bool givesWay = isWide || (wanted && wanted != ofLayers);
    if (ofLayers && givesWay && !ofLayers->isHidden()) {
        ofLayers->hide();
        m_gaveWay = ofLayers;
    } else if (m_gaveWay && !givesWay) {
        m_gaveWay->show();
        m_gaveWay = nullptr;
    }
    if (wanted && wanted != ofLayers)
        main->resizeDocks({wanted}, {main->width() * kShareOfWidth / 100}, Qt::Horizontal);
    else if (ofLayers && !givesWay)
        main->resizeDocks({ofLayers}, {main->width() * kShareOfLayers / 100}, Qt::Horizontal);
}

/// Beside other panels, a low window has no room for a whole step.
void LessonPanel::giveColumn(QMainWindow *main, QDockWidget *wanted)
{
    const QDockWidget *own = dockAround(this);
    if (m_below || !own || main->height() >= kRoomyHeight)
        return;
    for (QDockWidget *dock : main->findChildren<QDockWidget *>(Qt::FindDirectChildrenOnly))
        if (dock != own && main->dockWidgetArea(dock) == Qt::RightDockWidgetArea && !dock->isHidden()) {
            m_below = dock;
            if (dock != wanted)
                dock->hide();
        }
}

void LessonPanel::bringDocksBack()
{
    if (m_gaveWay)
        m_gaveWay->show();
    m_gaveWay = nullptr;
    if (isPresented() || !m_below) // it comes back with the window of every day
        return;
    m_below->show();
    m_below = nullptr;
}

bool LessonPanel::isPresented() const
{
    return window()->property("presenting").toBool();
}

void LessonPanel::showProblem(const QString &sentence)
{
    m_problem->setText(text::sentence(sentence));
    m_problem->setVisible(true);
    if (!m_run->isRunning()) {
        auto *label = makeText("errorText");
        label->setText(text::sentence(sentence));
        m_list->insertWidget(1, label);
    }
}

/// As long as the key is held, the step before is on show; everything else goes its way.
bool LessonPanel::eventFilter(QObject *watched, QEvent *event)
{
    const bool isKey = event->type() == QEvent::KeyPress || event->type() == QEvent::KeyRelease;
    if (isKey && m_run->isRunning()) {
        const auto *key = static_cast<QKeyEvent *>(event);
        if (key->key() == Qt::Key_QuoteLeft && !key->isAutoRepeat())
            m_run->blink(event->type() == QEvent::KeyPress);
    }
    // A presentation begins or ends: there is other room for what the step points at.
    if (event->type() == QEvent::DynamicPropertyChange && watched == window()) {
        m_gaveWay = nullptr; // the docks come back as they were
        if (m_run->isRunning()) {
            showOverlay();
            keepInSight();
        } else {
            QMetaObject::invokeMethod(this, &LessonPanel::bringDocksBack, Qt::QueuedConnection);
        }
    }
    // What is remembered is the window without a lesson.
    if (event->type() == QEvent::Close && watched == window() && m_below)
        m_below->show();
    return QWidget::eventFilter(watched, event);
}

} // namespace qs::ui
