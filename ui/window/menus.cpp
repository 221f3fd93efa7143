// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/menus.h"

#include "ui/actions/action_registry.h"
#include "ui/pages/layers/layer_actions.h"
#include "ui/pages/page.h"
#include "ui/text/translation.h"

#include <QAction>
#include <QCoreApplication>
#include <QMainWindow>
#include <QMenuBar>
#include <QToolBar>
#include <QToolButton>

namespace qs::ui {

namespace {

struct Menus {
    Q_DECLARE_TR_FUNCTIONS(Menus)
};

/// Names, "" for separators.
std::vector<MenuItem> items(const std::vector<QString> &ids)
{
    std::vector<MenuItem> result;
    for (const QString &id : ids)
        result.push_back({id});
    return result;
}

void append(std::vector<MenuItem> &items, const std::vector<MenuItem> &more)
{
    items.insert(items.end(), more.begin(), more.end());
}

std::vector<MenuItem> pageItems(const QString &prefix, const QList<PagePlace> &places)
{
    std::vector<MenuItem> result;
    for (const PageInfo &page : pages())
        if (places.contains(page.place) && !page.onRequest)
            result.push_back({prefix + page.id});
    return result;
}

std::vector<MenuItem> fileItems()
{
    std::vector<MenuItem> result =
        items({QStringLiteral("model.open"), QStringLiteral("model.openFolder"), QStringLiteral("model.recent")});
    result.push_back({.title = Menus::tr("Open &demo"),
                      .items = items({QStringLiteral("demo.digits"), QStringLiteral("demo.lesson"),
                                      QStringLiteral("demo.notebook")})});
    append(result, items({{},
                          QStringLiteral("model.export"),
                          QStringLiteral("model.report"),
                          QStringLiteral("model.nodeData"),
                          {},
                          QStringLiteral("recipe.open"),
                          QStringLiteral("recipe.save"),
                          QStringLiteral("recipe.saveAs"),
                          {},
                          QStringLiteral("window.quit")}));
    return result;
}

std::vector<MenuItem> editItems()
{
    return items({QStringLiteral("edit.undo"),
                  QStringLiteral("edit.redo"),
                  {},
                  QStringLiteral("layers.find"),
                  QStringLiteral("palette.open"),
                  QStringLiteral("history.back"),
                  QStringLiteral("history.forward"),
                  {},
                  QStringLiteral("figure.copy")});
}

std::vector<MenuItem> viewItems()
{
    std::vector<MenuItem> result = pageItems(QStringLiteral("dock."), {PagePlace::LeftDock, PagePlace::RightDock});
    append(result,
           items({QStringLiteral("layout.left"), QStringLiteral("layout.right"), QStringLiteral("layout.restore")}));
    // All other letters of this menu are taken.
    result.push_back({.title = Menus::tr("&Columns and groups of layers"),
                      .items = items({QStringLiteral("layers.columns"), QStringLiteral("layers.groups")})});
    result.push_back({});
    result.push_back({.title = Menus::tr("&Theme"),
                      .items = items({QStringLiteral("theme.light"), QStringLiteral("theme.dark"),
                                      QStringLiteral("theme.system")})});
    append(result, items({QStringLiteral("theme.toggle")}));
    std::vector<MenuItem> languages = items({QStringLiteral("language.system")});
    for (const text::Language &language : text::languages())
        languages.push_back({QStringLiteral("language.") + language.name});
    result.push_back({.title = Menus::tr("&Language"), .items = languages});
    result.push_back({});
    append(result, pageItems(QStringLiteral("tab."), {PagePlace::Tab}));
    append(result,
           items({QStringLiteral("view.present"), {}, QStringLiteral("pane.next"), QStringLiteral("pane.previous")}));
    return result;
}

std::vector<MenuItem> compareItems()
{
    return items({QStringLiteral("compare.toggle"),
                  {},
                  QStringLiteral("compare.copy"),
                  QStringLiteral("compare.floats"),
                  QStringLiteral("compare.file"),
                  {},
                  QStringLiteral("compare.swap"),
                  QStringLiteral("compare.blink"),
                  {},
                  QStringLiteral("snapshot.take"),
                  QStringLiteral("snapshot.list")});
}

std::vector<MenuItem> quantizeItems()
{
    std::vector<MenuItem> result = LayerActions::itemsForAll();
    result.push_back({});
    append(result, LayerActions::itemsForSelection());
    append(result, items({QStringLiteral("rules.fromFilter"), {}, QStringLiteral("analysis.continue")}));
    return result;
}

std::vector<MenuItem> learnItems()
{
    return items({QStringLiteral("learn.lessons"),
                  QStringLiteral("learn.exercises"),
                  QStringLiteral("learn.glossary"),
                  QStringLiteral("learn.explain"),
                  {},
                  QStringLiteral("lesson.forward"),
                  QStringLiteral("lesson.back"),
                  QStringLiteral("lesson.free"),
                  QStringLiteral("lesson.leave"),
                  {},
                  QStringLiteral("learn.open"),
                  QStringLiteral("learn.record"),
                  QStringLiteral("learn.handOut"),
                  QStringLiteral("learn.answers"),
                  QStringLiteral("learn.bothLanguages"),
                  QStringLiteral("learn.slides"),
                  QStringLiteral("dock.lesson")});
}

} // namespace

void buildMenuBar(QMainWindow &window, const ActionRegistry &actions)
{
    const std::vector<MenuItem> menus{
        {.title = Menus::tr("&File"), .items = fileItems()},
        {.title = Menus::tr("&Edit"), .items = editItems()},
        {.title = Menus::tr("&View"), .items = viewItems()},
        {.title = Menus::tr("&Quantize"), .items = quantizeItems()},
        {.title = Menus::tr("&Compare"), .items = compareItems()},
        {.title = Menus::tr("&Learn"), .items = learnItems()},
        {.title = Menus::tr("&Help"),
         .items =
             items({QStringLiteral("help.keys"), QStringLiteral("learn.explain"), {}, QStringLiteral("help.about")})},
    };
    for (const MenuItem &menu : menus)
        fillMenu(window.menuBar()->addMenu(menu.title), actions, menu.items);
}

void buildToolBar(QMainWindow &window, const ActionRegistry &actions, QWidget *scheme)
{
    QToolBar *bar = window.addToolBar(Menus::tr("Tools"));
    bar->setObjectName(QStringLiteral("toolBar"));
    bar->setMovable(false);
    bar->setFloatable(false);
    bar->setContextMenuPolicy(Qt::PreventContextMenu);
    bar->toggleViewAction()->setVisible(false);
    bar->setIconSize(QSize(20, 20));
    for (const QString &id : {QStringLiteral("model.open"), QStringLiteral("model.export")}) {
        bar->addAction(actions.action(id));
        static_cast<QToolButton *>(bar->widgetForAction(actions.action(id)))
            ->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    }
    bar->addSeparator();
    bar->addAction(actions.action(QStringLiteral("edit.undo")));
    bar->addAction(actions.action(QStringLiteral("edit.redo")));
    bar->addSeparator();
    bar->addWidget(scheme);
    auto *space = new QWidget;
    space->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    bar->addWidget(space);
    bar->addAction(actions.action(QStringLiteral("compare.toggle")));
    bar->addAction(actions.action(QStringLiteral("theme.toggle")));
}

} // namespace qs::ui
