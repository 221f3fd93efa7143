// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/export/export_extras.h"

#include "core/export/remedies.h"
#include "ui/document/document.h"
#include "ui/pages/export/rules_dialog.h"
#include "ui/text/format.h"

#include <QBoxLayout>
#include <QMenu>
#include <QPushButton>
#include <QToolButton>

#include <algorithm>

namespace qs::ui {

namespace {

constexpr qsizetype kMostRemedies = 2; // buttons; what is left comes up when these are done

} // namespace

QStringList usageLines(const ExportFormat &format, const QString &path)
{
    QString quoted = path;
    quoted.replace(u'\\', QLatin1String("\\\\")).replace(u'"', QLatin1String("\\\""));
    QString lines = text::fromView(format.usage);
    lines.replace(QLatin1String("{}"), QLatin1Char('"') + quoted + QLatin1Char('"'));
    return lines.split(u'\n', Qt::SkipEmptyParts);
}

ExportExtras::ExportExtras(Setup *setup, FileChooser *chooser)
    : m_setup(setup)
    , m_chooser(chooser)
    , m_layout(new QHBoxLayout(this))
    , m_instead(new QPushButton)
    , m_more(new QToolButton)
{
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_instead->setObjectName(QStringLiteral("insteadButton"));
    m_instead->hide();
    m_more->setObjectName(QStringLiteral("moreOfExport"));
    m_more->setText(tr("More"));
    m_more->setPopupMode(QToolButton::InstantPopup);
    m_more->setToolTip(tr("Schemes that suit the format, the command line, rules for other tools"));
    m_more->setMenu(new QMenu(m_more));
    m_layout->addWidget(m_instead);
    m_layout->addWidget(m_more);
    connect(m_instead, &QPushButton::clicked, this,
            [this] { emit formatWanted(m_instead->property("format").toString()); });
}

void ExportExtras::offerInstead(const ExportFormat *other, const ExportFormat *current)
{
    const bool offered = other != nullptr && other != current;
    m_instead->setVisible(offered);
    if (!offered)
        return;
    m_instead->setText(tr("Use %1").arg(text::fromView(other->name)));
    m_instead->setProperty("format", text::fromView(other->name));
}

void ExportExtras::offerRemedies(const std::vector<PreflightLine> &preflight)
{
    for (QPushButton *button : std::as_const(m_remedies))
        button->deleteLater();
    m_remedies.clear();
    QList<QPair<QString, std::vector<RemedyEdit>>> kinds;
    for (const PreflightLine &line : preflight) {
        if (line.level != PreflightLine::Level::Refused || line.remedy.empty() || line.edit.layers.empty())
            continue;
        const QString words = text::words(line.remedy);
        const auto found = std::ranges::find(kinds, words, &QPair<QString, std::vector<RemedyEdit>>::first);
        if (found == kinds.end())
            kinds.append({words, {line.edit}});
        else
            found->second.push_back(line.edit);
    }
    for (const auto &[words, edits] : kinds.first(std::min(kinds.size(), kMostRemedies))) {
        QString label = words;
        label[0] = label[0].toUpper();
        auto *button = new QPushButton(text::buttonText(label));
        button->setObjectName(QStringLiteral("remedyButton"));
        button->setProperty("remedy", words);
        connect(button, &QPushButton::clicked, this, [this, label, edits] { apply(label, edits); });
        m_layout->insertWidget(0, button);
        m_remedies << button;
    }
}

void ExportExtras::apply(const QString &text, const std::vector<RemedyEdit> &edits)
{
    Recipe recipe = m_setup->recipe();
    for (const RemedyEdit &edit : edits)
        applyRemedy(recipe, *m_setup->model(), edit);
    m_setup->edit(text, recipe);
}

void ExportExtras::applyPreset(const SchemePatch &patch)
{
    Recipe recipe = m_setup->recipe();
    patch.applyTo(recipe.scheme);
    widenIfAsymmetric(recipe.scheme);
    m_setup->edit([summary = recipe.scheme.summary()] { return tr("Set to %1").arg(text::words(summary)); }, recipe);
}

void ExportExtras::setFormat(const ExportFormat *format)
{
    QMenu *menu = m_more->menu();
    menu->clear();
    for (const std::string_view preset : format != nullptr ? format->presets : decltype(format->presets)()) {
        if (preset.empty())
            continue;
        const SchemePatch patch = presetOf(preset);
        Scheme scheme;
        patch.applyTo(scheme);
        QAction *action = menu->addAction(tr("Use %1").arg(text::buttonText(text::words(scheme.summary()))), this,
                                          [this, patch] { applyPreset(patch); });
        action->setObjectName(QStringLiteral("presetAction"));
    }
    menu->addSeparator();
    menu->addAction(tr("Copy command"), this, &ExportExtras::commandWanted)->setObjectName("copyCommandAction");
    menu->addAction(tr("Rules for another tool…"), this,
                    [this] { (new RulesDialog(m_setup, m_chooser, window()))->open(); })
        ->setObjectName("rulesAction");
}

} // namespace qs::ui
