// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/rules/rule_list.h"

#include "ui/text/format.h"
#include "ui/theme/theme.h"

#include <QDropEvent>
#include <QHeaderView>
#include <QKeyEvent>

#include <algorithm>

namespace qs::ui {

namespace {

enum Column { Number, Match, Does, Hits, Decides, Remark, Columns };
constexpr int kNarrowestMatch = 56;
constexpr int kWidestMatch = 320;
constexpr int kWidestDoes = 200;

} // namespace

RuleList::RuleList(QWidget *parent)
    : QTreeWidget(parent)
{
    setObjectName(QStringLiteral("ruleList"));
    setAccessibleName(tr("Rules of the recipe, in order"));
    setColumnCount(Columns);
    setHeaderLabels({tr("No."), tr("Match"), tr("Does"), tr("Layers"), tr("Decides"), tr("Remark")});
    setRootIsDecorated(false);
    setUniformRowHeights(true);
    setAlternatingRowColors(true);
    setDragDropMode(QAbstractItemView::InternalMove);
    setDefaultDropAction(Qt::MoveAction);
    header()->setMinimumSectionSize(36); // the last column takes what is left
}

QString RuleList::wordsOf(const Rule &rule)
{
    QStringList words;
    switch (actionOf(rule)) {
    case Rule::Action::Exclude:
        words << tr("exclude");
        break;
    case Rule::Action::Include:
        words << tr("quantize");
        break;
    case Rule::Action::None:
        break;
    }
    if (rule.scheme.convention)
        words << QString::fromStdString(*rule.scheme.convention);
    if (rule.scheme.mode)
        words << text::fromView(textOf(*rule.scheme.mode));
    if (rule.scheme.bits)
        words << tr("%1 bits").arg(*rule.scheme.bits);
    if (rule.scheme.granularity)
        words << QString::fromStdString(textOf(*rule.scheme.granularity));
    if (rule.scheme.range)
        words << QString::fromStdString(textOf(*rule.scheme.range));
    if (rule.scheme.codeRange)
        words << text::fromView(textOf(*rule.scheme.codeRange));
    if (rule.scheme.scaleType)
        words << text::fromView(textOf(*rule.scheme.scaleType));
    if (rule.scheme.codes)
        words << text::fromView(textOf(*rule.scheme.codes));
    if (rule.axis)
        words << tr("axis %1").arg(*rule.axis);
    if (rule.role)
        words << tr("role %1").arg(text::fromView(textOf(*rule.role)));
    return words.join(QStringLiteral(", "));
}

QString RuleList::remarkOf(const RuleEffect &effect)
{
    if (!effect.problem.empty())
        return text::sentence(effect.problem);
    if (effect.matchesNothing()) {
        QStringList near;
        for (const std::string &name : effect.near)
            near << text::oneLine(name);
        return near.isEmpty() ? tr("matches nothing")
                              : tr("matches nothing; near names: %1").arg(near.join(QStringLiteral(", ")));
    }
    return effect.isShadowed() ? tr("shadowed: later rules decide all of its layers") : QString();
}

void RuleList::setRules(const Recipe &recipe, const RuleEffects &effects)
{
    const int current = currentRule();
    const QSignalBlocker blocker(this);
    clear();
    QList<QTreeWidgetItem *> items;
    for (std::size_t i = 0; i < recipe.rules.size(); ++i) {
        const Rule &rule = recipe.rules[i];
        const RuleEffect &effect = effects.rules[i];
        auto *item = new QTreeWidgetItem;
        QString remark = remarkOf(effect);
        const bool isFaulty = !effect.problem.empty() || effect.matchesNothing();
        if (remark.isEmpty())
            remark = text::oneLine(rule.why);
        item->setText(Number, QString::number(i + 1));
        item->setText(Match, text::oneLine(rule.match));
        item->setText(Does, wordsOf(rule));
        item->setText(Hits, text::count(effect.layers.empty() && rule.role ? effect.tensors : effect.layers.size()));
        item->setText(Decides, text::count(effect.decides.size()));
        item->setText(Remark, remark);
        for (const int column : {Number, Hits, Decides})
            item->setTextAlignment(column, Qt::AlignRight | Qt::AlignVCenter);
        for (int column = 0; column < Columns; ++column) {
            item->setToolTip(column, text::plainToolTip(item->text(column)));
            if (isFaulty && (column == Hits || column == Remark))
                item->setForeground(column, theme().error);
            else if (effect.isShadowed())
                item->setForeground(column, theme().secondaryText);
        }
        if (isFaulty)
            item->setIcon(Remark, themedIcon(QStringLiteral("error"), &Theme::error));
        else if (effect.isShadowed())
            item->setIcon(Remark, themedIcon(QStringLiteral("warning"), &Theme::warning));
        item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsDragEnabled | Qt::ItemNeverHasChildren);
        items << item;
    }
    addTopLevelItems(items);
    if (current >= 0 && current < topLevelItemCount())
        setCurrentItem(topLevelItem(current));
}

/// All columns are in sight; patterns, deeds and remarks share what the numbers leave.
void RuleList::resizeEvent(QResizeEvent *event)
{
    QTreeWidget::resizeEvent(event);
    fitColumns();
}

/// Titles are as wide as the style makes them, which is known by now.
void RuleList::showEvent(QShowEvent *event)
{
    QTreeWidget::showEvent(event);
    fitColumns();
}

void RuleList::fitColumns()
{
    int room = viewport()->width();
    for (const int column : {Number, Hits, Decides}) {
        header()->resizeSection(column, header()->sectionSizeHint(column));
        room -= header()->sectionSize(column);
    }
    // The last one takes what is left, and no less than it was given.
    header()->resizeSection(Remark, header()->sectionSizeHint(Remark));
    room -= header()->sectionSizeHint(Remark);
    header()->resizeSection(Match, std::clamp(room / 2, kNarrowestMatch, kWidestMatch));
    header()->resizeSection(Does, std::clamp(room * 2 / 5, header()->sectionSizeHint(Does), kWidestDoes));
}

int RuleList::currentRule() const
{
    return indexOfTopLevelItem(currentItem());
}

/// The recipe is what moves; the list shows it afterwards.
void RuleList::dropEvent(QDropEvent *event)
{
    const int from = currentRule();
    const QModelIndex target = indexAt(event->position().toPoint());
    int to = target.isValid() ? target.row() : topLevelItemCount();
    if (target.isValid() && dropIndicatorPosition() == QAbstractItemView::BelowItem)
        ++to;
    if (to > from)
        --to;
    event->setDropAction(Qt::CopyAction); // else the view would take its row out
    event->accept();
    if (from >= 0 && to != from)
        emit moved(from, std::clamp(to, 0, topLevelItemCount() - 1));
}

void RuleList::keyPressEvent(QKeyEvent *event)
{
    const int current = currentRule();
    const bool isMove = event->modifiers() & Qt::AltModifier;
    if (event->key() == Qt::Key_Delete && current >= 0)
        emit removeRequested(current);
    else if (isMove && event->key() == Qt::Key_Up && current > 0)
        emit moved(current, current - 1);
    else if (isMove && event->key() == Qt::Key_Down && current >= 0 && current + 1 < topLevelItemCount())
        emit moved(current, current + 1);
    else
        QTreeWidget::keyPressEvent(event);
}

} // namespace qs::ui
