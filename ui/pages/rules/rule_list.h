// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// RuleList: the rules of a recipe in order; dragging a row moves the rule.
#pragma once

#include "core/recipe/rule_effects.h"

#include <QTreeWidget>

namespace qs::ui {

class RuleList : public QTreeWidget
{
    Q_OBJECT
public:
    explicit RuleList(QWidget *parent = nullptr);

    /// Keeps the current row where it is.
    void setRules(const Recipe &recipe, const RuleEffects &effects);
    /// Index of the current rule; −1: none.
    int currentRule() const;

    /// What a rule does, in words: "exclude", "4 bits, asymmetric".
    static QString wordsOf(const Rule &rule);
    /// What is to be said about its hits: "matches nothing; near names: …", "shadowed by later rules".
    static QString remarkOf(const RuleEffect &effect);

signals:
    /// The rule at `from` was dropped so that it is at `to` afterwards.
    void moved(int from, int to);
    void removeRequested(int rule);

protected:
    void dropEvent(QDropEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void showEvent(QShowEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    void fitColumns();
};

} // namespace qs::ui
