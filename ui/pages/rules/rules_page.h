// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// RulesPage: the rules of the recipe, what each of them matches and decides, and a line that makes new ones.
#pragma once

#include "core/recipe/bulk_edit.h"
#include "ui/document/changes.h"
#include "ui/document/commands.h"
#include "ui/pages/page.h"
#include "ui/pages/rules/rule_list.h"

#include <QWidget>

#include <memory>

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QToolButton;

namespace qs::ui {

class ElidedLabel;
class TextList;

class RulesPage : public QWidget
{
    Q_OBJECT
public:
    static PageInfo page();
    RulesPage(const PageContext &context, QWidget *parent = nullptr);

    QLineEdit *line() const { return m_line; }
    QLabel *hits() const { return m_hits; }
    QComboBox *action() const { return m_action; }
    QPushButton *addButton() const { return m_add; }
    RuleList *rules() const { return m_rules; }
    TextList *layers() const { return m_layers; }
    const RuleEffects &effects() const { return *m_effects; }

    /// Puts a filter of the layer table into the line.
    void propose(const QString &text);

private:
    /// What the line asks for: a rule with that pattern, or, for conditions that recipes do not have, the layers that
    /// fulfil them now.
    struct Wish {
        QString pattern;
        LayerIndices layers;
        QString problem;
        bool isRule = true;
    };

    void fillActions();
    QWidget *makeTools(ActionRegistry &actions);
    Wish wish() const;
    void showHits();
    void addRule();
    void edit(const EditText &text, const Recipe &recipe);
    void moveRule(int from, int to);
    void removeRule(int rule);
    void refresh(Changes changes);
    void showLayers();
    void showWho();

    Setup *m_setup;
    Selection *m_selection;
    QLineEdit *m_line;
    QComboBox *m_action;
    QPushButton *m_add;
    QLabel *m_hits;
    RuleList *m_rules;
    QToolButton *m_remove;
    ElidedLabel *m_who;
    TextList *m_layers;
    std::shared_ptr<const RuleEffects> m_effects;
};

} // namespace qs::ui
