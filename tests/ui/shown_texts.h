// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// All texts of a window, shown or ready to be shown: of every widget, action, header, list and undo step.
#pragma once

#include "ui/plots/plot_panel.h"
#include "ui/window/main_window.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QAction>
#include <QComboBox>
#include <QDockWidget>
#include <QGroupBox>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QTabBar>

namespace qs::test {

struct ShownText {
    QString place; ///< class and object name of the widget, and which of its texts
    QString text;
};

class ShownTexts
{
public:
    explicit ShownTexts(const QWidget &window)
    {
        add(window);
        for (const QWidget *widget : window.findChildren<QWidget *>())
            add(*widget);
        for (const QAction *action : window.findChildren<QAction *>()) {
            take(*action, "text", action->text());
            take(*action, "icon text", action->iconText());
            take(*action, "tip", action->toolTip());
        }
    }

    const QList<ShownText> &list() const { return m_list; }

private:
    void take(const QObject &whose, const char *what, const QString &text)
    {
        if (!text.isEmpty())
            m_list << ShownText{
                QStringLiteral("%1 %2 %3")
                    .arg(QLatin1String(whose.metaObject()->className()), whose.objectName(), QLatin1String(what)),
                text};
    }

    void add(const QWidget &widget)
    {
        take(widget, "tip", widget.toolTip());
        take(widget, "accessible name", widget.accessibleName());
        take(widget, "accessible description", widget.accessibleDescription());
        take(widget, "title", widget.windowTitle());
        if (const auto *label = qobject_cast<const QLabel *>(&widget))
            take(widget, "text", label->text());
        if (const auto *button = qobject_cast<const QAbstractButton *>(&widget))
            take(widget, "text", button->text());
        if (const auto *line = qobject_cast<const QLineEdit *>(&widget))
            take(widget, "placeholder", line->placeholderText());
        if (const auto *edit = qobject_cast<const QPlainTextEdit *>(&widget)) {
            take(widget, "placeholder", edit->placeholderText());
            take(widget, "text", edit->toPlainText());
        }
        if (const auto *combo = qobject_cast<const QComboBox *>(&widget))
            for (int i = 0; i < combo->count(); ++i)
                take(widget, "item", combo->itemText(i));
        if (const auto *tabs = qobject_cast<const QTabBar *>(&widget))
            for (int i = 0; i < tabs->count(); ++i) {
                take(widget, "tab", tabs->tabText(i));
                take(widget, "tab tip", tabs->tabToolTip(i));
            }
        if (const auto *view = qobject_cast<const QAbstractItemView *>(&widget))
            addItems(*view);
        if (const auto *plot = qobject_cast<const ui::PlotPanel *>(&widget))
            addPlot(*plot);
    }

    void addItems(const QAbstractItemView &view)
    {
        const QAbstractItemModel *model = view.model();
        if (!model)
            return;
        const auto takeAll = [&](const auto &valueOf) {
            for (const int role : {int(Qt::DisplayRole), int(Qt::ToolTipRole), int(Qt::AccessibleTextRole)})
                take(view, "item", valueOf(role).toString());
        };
        for (int column = 0; column < model->columnCount(); ++column) {
            takeAll([&](int role) { return model->headerData(column, Qt::Horizontal, role); });
            for (int row = 0; row < model->rowCount(); ++row)
                takeAll([&](int role) { return model->index(row, column).data(role); });
        }
    }

    void addPlot(const ui::PlotPanel &plot)
    {
        // Without data there is a message, and nothing to sum up.
        const QString summary = plot.message().isEmpty() ? plot.summary() : QString();
        for (const QString &text : {plot.title(), plot.subtitle(), plot.note(), plot.message(), summary})
            take(plot, "words", text);
        for (const auto &series : plot.series())
            take(plot, "series", series.name);
        for (const QString &column : plot.message().isEmpty() ? plot.table().headers : QStringList())
            take(plot, "table", column);
    }

    QList<ShownText> m_list;
};

} // namespace qs::test
