// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/export/rules_dialog.h"

#include "core/base/atomic_file.h"
#include "ui/document/document.h"
#include "ui/text/format.h"
#include "ui/widgets/file_chooser.h"

#include <QClipboard>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QFontDatabase>
#include <QGuiApplication>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace qs::ui {

RulesDialog::RulesDialog(Setup *setup, FileChooser *chooser, QWidget *parent)
    : QDialog(parent)
    , m_setup(setup)
    , m_chooser(chooser)
    , m_tool(new QComboBox)
    , m_text(new QPlainTextEdit)
{
    setAttribute(Qt::WA_DeleteOnClose);
    setObjectName(QStringLiteral("rulesDialog"));
    setWindowTitle(tr("Rules for another tool"));
    for (const RuleTool *each : ruleTools())
        m_tool->addItem(text::words(Text::of(each->description)), text::fromView(each->name));
    m_tool->setAccessibleName(tr("Tool"));
    m_text->setReadOnly(true);
    m_text->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_text->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_text->setAccessibleName(windowTitle());
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    m_copy = buttons->addButton(tr("Copy"), QDialogButtonBox::ActionRole);
    m_save = buttons->addButton(tr("Save…"), QDialogButtonBox::ActionRole);
    connect(m_tool, &QComboBox::currentIndexChanged, this, &RulesDialog::make);
    connect(m_copy, &QPushButton::clicked, this,
            [this] { QGuiApplication::clipboard()->setText(m_text->toPlainText()); });
    connect(m_save, &QPushButton::clicked, this, &RulesDialog::save);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::close);
    // Rules are about layers of the model that is open.
    connect(&m_setup->document(), &Document::modelChanged, this, &QDialog::close);
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(m_tool);
    layout->addWidget(m_text);
    layout->addWidget(buttons);
    resize(fontMetrics().averageCharWidth() * 100, fontMetrics().height() * 28);
    make();
}

const RuleTool &RulesDialog::tool() const
{
    return *ruleTools()[static_cast<std::size_t>(m_tool->currentIndex())];
}

void RulesDialog::make()
{
    m_text->clear();
    m_copy->setEnabled(false);
    m_save->setEnabled(false);
    m_setup->document().tasks().run(
        {QLatin1String(kRulesTask), tr("Making the rules …"), JobRank::View}, this,
        [model = m_setup->model(), decisions = m_setup->decisions(), tool = &tool()](const TaskContext &context) {
            return rulesFor(*tool, *model, decisions, context);
        },
        [this](const Result<ToolRules> &rules) { show(rules); });
}

void RulesDialog::show(const Result<ToolRules> &rules)
{
    m_copy->setEnabled(rules.has_value());
    m_save->setEnabled(rules.has_value());
    m_text->setPlainText(rules ? QString::fromStdString(rules->text) : text::sentence(rules.error().sentence()));
}

void RulesDialog::save()
{
    const QString suffix = text::fromView(tool().suffix);
    const QString path =
        m_chooser->fileToSave(this, windowTitle(), QStringLiteral("rules") + suffix, QStringLiteral("*") + suffix);
    if (path.isEmpty())
        return;
    // The dialog has asked already whether an existing file may go.
    if (const auto written = writeWholeFile(path.toStdString(), m_text->toPlainText().toStdString(), true); !written)
        m_text->setPlainText(text::sentence(written.error().sentence()));
}

} // namespace qs::ui
