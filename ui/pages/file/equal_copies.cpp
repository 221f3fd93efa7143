// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/file/equal_copies.h"

#include "core/recipe/recipe.h"
#include "ui/document/document.h"
#include "ui/document/setup.h"
#include "ui/text/format.h"
#include "ui/widgets/elided_label.h"

#include <QBoxLayout>
#include <QPushButton>

namespace qs::ui {

namespace {

constexpr auto kTask = "equal copies"; ///< tag of the job that compares weights

} // namespace

EqualCopies::EqualCopies(Setup *setup, QWidget *parent)
    : QWidget(parent)
    , m_setup(setup)
    , m_button(new QPushButton)
    , m_text(new ElidedLabel)
{
    m_button->setObjectName(QStringLiteral("equalCopies"));
    m_text->setObjectName(QStringLiteral("secondary"));
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 2, 0, 0);
    layout->addWidget(m_button);
    layout->addWidget(m_text, 1);
    connect(m_button, &QPushButton::clicked, this, [this] { m_found.empty() ? look() : tie(); });
    forget();
}

void EqualCopies::forget()
{
    m_setup->document().tasks().drop(QLatin1String(kTask));
    m_found.clear();
    m_text->setText({});
    m_button->setText(tr("Find equal copies"));
    m_button->setToolTip(tr("Looks for weights that the file holds several times; reads all that could be equal"));
    m_button->setEnabled(true);
}

void EqualCopies::look()
{
    m_button->setEnabled(false);
    m_text->setText(tr("Comparing weights …"));
    m_setup->document().tasks().run(
        {QLatin1String(kTask), tr("Comparing weights …"), JobRank::View}, this,
        [model = m_setup->model()](const TaskContext &context) { return findEqualTensors(*model, context); },
        [this](const Result<EqualTensors> &found) { showFound(found); });
}

void EqualCopies::showFound(const Result<EqualTensors> &found)
{
    if (!found || found->empty()) {
        forget();
        m_text->setText(found ? tr("No weight is there twice.") : QString::fromStdString(found.error().text()));
        return;
    }
    m_found = *found;
    const Model &model = *m_setup->model();
    QStringList groups;
    std::size_t copies = 0;
    for (const std::vector<std::size_t> &group : m_found) {
        QStringList names;
        for (const std::size_t tensor : group)
            names << text::oneLine(model.tensors[tensor].name);
        groups << names.join(QStringLiteral(" = "));
        copies += group.size() - 1;
    }
    m_text->setText(groups.join(QStringLiteral("; ")));
    m_button->setText(tr("Tie %n copies", nullptr, text::plural(copies)));
    m_button->setToolTip(tr("One layer with several names: it is quantized and counted once"));
    m_button->setEnabled(true);
}

void EqualCopies::tie()
{
    const Model &model = *m_setup->model();
    Recipe recipe = m_setup->recipe();
    std::size_t copies = 0;
    for (const std::vector<std::size_t> &group : m_found)
        for (std::size_t i = 1; i < group.size(); ++i, ++copies)
            recipe.ties[model.tensors[group[i]].name] = model.tensors[group.front()].name;
    m_setup->edit([count = text::plural(copies)] { return tr("Tie %n copies", nullptr, count); }, recipe);
}

} // namespace qs::ui
