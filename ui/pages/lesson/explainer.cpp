// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/lesson/explainer.h"

#include "ui/actions/action_registry.h"
#include "ui/document/document.h"
#include "ui/models/layer_model.h"
#include "ui/pages/lesson/explanation_popup.h"
#include "ui/pages/lesson/lesson_files.h"
#include "ui/plots/plot_panel.h"
#include "ui/selection/selection.h"
#include "ui/text/format.h"

#include <QAbstractItemView>
#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QHelpEvent>
#include <QLabel>
#include <QMenu>
#include <QTimer>
#include <QToolTip>

#include <algorithm>

namespace qs::ui {

namespace {

QString idOf(const QWidget *widget)
{
    return widget->property("explains").toString();
}

/// The widget itself or the nearest one around it that says what it shows.
QWidget *explainedAround(QWidget *widget)
{
    for (QWidget *around = widget; around; around = around->isWindow() ? nullptr : around->parentWidget())
        if (!idOf(around).isEmpty())
            return around;
    return nullptr;
}

/// Tables and lists that have a menu of their own.
const QAbstractItemView *viewWithMenu(const QWidget *widget)
{
    const auto *view = qobject_cast<const QAbstractItemView *>(widget);
    if (!view && widget->parentWidget())
        view = qobject_cast<const QAbstractItemView *>(widget->parentWidget());
    return view && view->contextMenuPolicy() != Qt::DefaultContextMenu ? view : nullptr;
}

QRect onScreen(const QWidget *widget)
{
    return {widget->mapToGlobal(QPoint()), widget->size()};
}

} // namespace

Explainer::Explainer(const PageContext &context, QWidget *owner)
    : QObject(owner)
    , m_context(context)
    , m_owner(owner)
{
    context.actions->add({.id = QStringLiteral("learn.explain"),
                          .text = tr("Explain this n&umber"),
                          .tip = tr("What a value means"),
                          .icon = QStringLiteral("explain"),
                          .keys = {QKeySequence(Qt::SHIFT | Qt::Key_F1)},
                          .work = [this] { explainFocus(); },
                          .enabledWhen = [this] { return m_context.setup->model() != nullptr; }});
    qApp->installEventFilter(this);
    // Once the other pages are there.
    QTimer::singleShot(0, this, &Explainer::addToPlots);
}

void Explainer::addToPlots()
{
    for (PlotPanel *plot : m_owner->window()->findChildren<PlotPanel *>()) {
        if (idOf(plot).isEmpty())
            continue;
        QAction *entry = plot->toolsMenu()->addAction(tr("Explain this number"), plot,
                                                      [this, plot] { explain(idOf(plot), onScreen(plot)); });
        entry->setObjectName(QStringLiteral("explainPlot"));
    }
    for (auto *view : m_owner->window()->findChildren<QAbstractItemView *>()) {
        QWidget *explained = explainedAround(view);
        if (!explained || view->contextMenuPolicy() != Qt::ActionsContextMenu)
            continue;
        auto *entry = new QAction(tr("Explain this number"), view);
        entry->setObjectName(QStringLiteral("explainList"));
        connect(entry, &QAction::triggered, this, [this, explained] { explain(idOf(explained), onScreen(explained)); });
        view->addAction(entry);
    }
}

QString Explainer::filled(const QString &id) const
{
    const Explanation *explanation = findExplanation(id);
    const std::shared_ptr<const Report> report = m_context.setup->shownReport();
    if (!explanation || !report || !m_context.setup->model())
        return {};
    const std::shared_ptr<const Report> other = m_context.setup->document().sideB().report();
    ExplainedPlace place{*m_context.setup->model(), *report, other.get()};
    if (const int layer = m_context.selection->layer(); layer >= 0)
        place.layer = static_cast<std::size_t>(layer);
    if (const qint64 channel = m_context.selection->channel(); channel >= 0)
        place.channel = static_cast<std::uint64_t>(channel);
    const std::string *numbers = filledTemplate(*explanation, place);
    const QString value = shownTemplate(explanation->value, place);
    if (!numbers)
        return value;
    const QString left = shownTemplate(*numbers, place);
    return value.isEmpty() || left == value ? left : QStringLiteral("%1 = %2").arg(left, value);
}

bool Explainer::explain(const QString &id, const QRect &beside)
{
    const Explanation *explanation = findExplanation(id);
    if (!explanation)
        return false;
    auto *popup = new ExplanationPopup(*explanation, filled(id), m_owner->window());
    connect(popup, &ExplanationPopup::lessonWanted, this, &Explainer::lessonWanted);
    connect(popup, &ExplanationPopup::termWanted, this, &Explainer::termWanted);
    popup->showBeside(beside);
    return true;
}

void Explainer::explainFocus()
{
    QWidget *focus = QApplication::focusWidget();
    if (auto *view = qobject_cast<QAbstractItemView *>(focus); view && view->currentIndex().isValid()) {
        const QModelIndex index = view->currentIndex();
        const QString id = index.data(LayerModel::ExplainRole).toString();
        const QRect cell(view->viewport()->mapToGlobal(view->visualRect(index).topLeft()),
                         view->visualRect(index).size());
        if (!id.isEmpty() && explain(id, cell))
            return;
    }
    if (QWidget *widget = focus ? explainedAround(focus) : nullptr; widget && explain(idOf(widget), onScreen(widget)))
        return;
    chooseFromAll();
}

/// Everything in sight that can be explained, each once, from top to bottom.
void Explainer::chooseFromAll()
{
    QList<QWidget *> widgets = m_owner->window()->findChildren<QWidget *>();
    widgets.removeIf([](const QWidget *widget) { return idOf(widget).isEmpty() || !widget->isVisible(); });
    std::ranges::stable_sort(widgets, {}, [](const QWidget *widget) { return onScreen(widget).top(); });
    auto *menu = new QMenu(m_owner->window());
    menu->setObjectName(QStringLiteral("explainMenu"));
    menu->setAttribute(Qt::WA_DeleteOnClose);
    QStringList known;
    for (QWidget *widget : std::as_const(widgets)) {
        const QString id = idOf(widget);
        const Explanation *explanation = findExplanation(id);
        if (!explanation || known.contains(id))
            continue;
        known << id;
        menu->addAction(text::buttonText(wordsOf(explanation->name)), widget,
                        [this, id, widget] { explain(id, onScreen(widget)); });
    }
    if (known.isEmpty()) {
        delete menu;
        return;
    }
    menu->popup(onScreen(m_owner->window()).center() - menu->sizeHint().width() / 2 * QPoint(1, 0));
}

void Explainer::offer(QWidget *widget, const QPoint &at)
{
    auto *menu = new QMenu(widget);
    menu->setObjectName(QStringLiteral("explainMenu"));
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(tr("Explain this number"), widget, [this, widget] { explain(idOf(widget), onScreen(widget)); });
    if (auto *label = qobject_cast<QLabel *>(widget)) {
        const QString words = label->hasSelectedText() ? label->selectedText() : label->text();
        menu->addAction(tr("Copy"), widget, [words] { QGuiApplication::clipboard()->setText(words); });
    }
    menu->popup(at);
}

/// The widget's own tip, and how to hear more: nobody would guess that.
bool Explainer::showTip(const QWidget *widget, const QPoint &at)
{
    if (widget->toolTip().isEmpty())
        return false;
    const QString more = tr("A right click, or Shift+F1, explains this number.");
    const bool isRich = Qt::mightBeRichText(widget->toolTip());
    QToolTip::showText(at, isRich ? QStringLiteral("%1<p>%2</p>").arg(widget->toolTip(), more.toHtmlEscaped())
                                  : QStringLiteral("%1\n%2").arg(widget->toolTip(), more));
    return true;
}

/// Tables and plots have menus of their own.
bool Explainer::eventFilter(QObject *watched, QEvent *event)
{
    const bool isTip = event->type() == QEvent::ToolTip;
    if ((event->type() != QEvent::ContextMenu && !isTip) || !watched->isWidgetType())
        return QObject::eventFilter(watched, event);
    auto *widget = static_cast<QWidget *>(watched);
    QWidget *explained = widget->window() == m_owner->window() ? explainedAround(widget) : nullptr;
    if (!explained || qobject_cast<PlotPanel *>(explained) || viewWithMenu(widget))
        return QObject::eventFilter(watched, event);
    if (isTip)
        return showTip(widget, static_cast<QHelpEvent *>(event)->globalPos()) || QObject::eventFilter(watched, event);
    offer(explained, static_cast<QContextMenuEvent *>(event)->globalPos());
    return true;
}

} // namespace qs::ui
