// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// RulesDialog: the recipe in the words of another tool, to be copied or saved.
#pragma once

#include "core/tools/tool_rules.h"

#include <QDialog>

class QComboBox;
class QPlainTextEdit;
class QPushButton;

namespace qs::ui {

class FileChooser;
class Setup;

inline constexpr auto kRulesTask = "rules";

/// Shows the rules for the setup's recipe as it is when a tool is chosen; deletes itself when it is closed.
class RulesDialog final : public QDialog
{
    Q_OBJECT
public:
    RulesDialog(Setup *setup, FileChooser *chooser, QWidget *parent);

private:
    const RuleTool &tool() const;
    void make();
    void show(const Result<ToolRules> &rules);
    void save();

    Setup *m_setup;
    FileChooser *m_chooser;
    QComboBox *m_tool;
    QPlainTextEdit *m_text;
    QPushButton *m_copy;
    QPushButton *m_save;
};

} // namespace qs::ui
